"""One soak: a town at work over HTTP, processes killed at random moments, and the reckoning."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers import smtp_sink
from tests.soak.ledger import Ledger
from tests.soak.people import Person, everybody
from tests.soak.phone import PATIENCE, Phone
from tests.soak.reckoning import reckon
from tests.soak.services import Services, services
from tests.soak.town import SECRET_KEY, Town, found
from tracker import outbox
from tracker.db import database
from tracker.models import Mail

Say = Callable[[str], None]
PLACES = 40  # a day: few enough that days fill up
BACK_AT_WORK = 0.75  # of the kills come once something is confirmed after the one before; the others while it starts


@dataclass(frozen=True)
class Plan:
    """How much: kills, the longest pause before one (seconds), people, stops of each inspector, web servers."""

    kills: int = 120
    pause: float = 3.0
    builders: int = 8
    inspectors: int = 2
    stops: int = 300
    webs: int = 1
    wait_for_leases: bool = True  # or they are ended by hand, which saves three minutes


@dataclass(frozen=True)
class Outcome:
    troubles: list[str]
    figures: dict[str, int]
    killed: Counter[str]
    heard: Counter[str]


def soak(url: str, folder: Path, plan: Plan, say: Say = lambda words: None) -> Outcome:
    """On the migrated, empty database of `url`, to which the models are bound. Logs go to `folder`."""
    town, ledger, stop, began = (
        found(plan.builders, plan.inspectors, plan.stops),
        Ledger(),
        threading.Event(),
        time.time(),
    )
    env = {"DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "DAILY_CAPACITY": str(PLACES)}
    with smtp_sink() as sink:
        with services(env, sink, folder, plan.webs) as running:
            _wait_until_ready(running)
            with _at_work(town, running, ledger, stop):
                _kill(running, plan, ledger, say)
            say("everybody has stopped; the mail that waits goes out")
            drain(wait_for_leases=plan.wait_for_leases)
        with database.connection_context():
            troubles = [*reckon(ledger, sink), *_in_the_logs(folder)]
            figures = _figures(ledger, len(sink.messages), int(time.time() - began))
    return Outcome(troubles, figures, running.killed, ledger.heard)


@contextmanager
def _at_work(town: Town, running: Services, ledger: Ledger, stop: threading.Event) -> Iterator[list[Person]]:
    people = everybody(town, running.addresses, ledger, stop)
    for one in people:
        one.start()
    try:
        yield people
    finally:
        stop.set()
        for one in people:
            one.join(120)
            if one.is_alive():
                ledger.trouble(f"{type(one).__name__} hangs")


def _kill(running: Services, plan: Plan, ledger: Ledger, say: Say) -> None:
    chance = random.Random()
    for number in range(1, plan.kills + 1):
        if number == 1 or chance.random() < BACK_AT_WORK:
            go_on(ledger, chance.randint(1, 8))
        time.sleep(chance.uniform(0, plan.pause))
        running.kill_one(chance)
        if number % 10 == 0:
            say(f"{number} kills, {ledger.count} confirmed, {len(ledger.troubles)} troubles")
    go_on(ledger)


def go_on(ledger: Ledger, more: int = 10, seconds: float = PATIENCE) -> None:
    """Until that much more is confirmed."""
    wanted, until = ledger.count + more, time.monotonic() + seconds
    while ledger.count < wanted and time.monotonic() < until:
        time.sleep(0.05)
    if ledger.count < wanted:
        ledger.trouble(f"only {ledger.count - wanted + more} confirmed in {seconds:.0f} seconds")


def _wait_until_ready(running: Services) -> None:
    for address in running.addresses:
        assert Phone([address]).ask("GET", "/readyz").status_code == 200


def drain(*, wait_for_leases: bool, seconds: float = 300) -> None:
    """Until every mail is sent: a worker that was killed with one in hand leaves it to the end of its lease."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with database.connection_context():
            if not wait_for_leases:
                end_leases(datetime.now(UTC))
            if not outbox.waiting(now=datetime.now(UTC)).count:
                return
        time.sleep(1)


def end_leases(now: datetime) -> None:
    """Of mails that somebody took three seconds ago or more: whoever lives has sent them by now."""
    over = (Mail.due_at > now + outbox.LEASE / 2) & (Mail.due_at < now + outbox.LEASE - timedelta(seconds=3))
    Mail.update(due_at=now).where(over).execute()


def _in_the_logs(folder: Path) -> Iterator[str]:
    for log in sorted(folder.glob("*.log")):
        text = log.read_text(errors="replace")
        for line in text.splitlines():
            if "unexpected" in line or "deadlock" in line.lower():
                yield f"{log.name}: {line[:200]}"


def _figures(ledger: Ledger, arrived: int, seconds: int) -> dict[str, int]:
    confirmed = Counter(act.verb for act in ledger.acts if act.confirmed)
    return {
        "seconds": seconds,
        "requests confirmed": len(ledger.bookings),
        "of these after a try without an answer": sum(one.tries > 1 for one in ledger.bookings),
        "inspections requested": sum(one.inspections for one in ledger.bookings),
        **{f"confirmed: {verb}": count for verb, count in sorted(confirmed.items())},
        "acts refused": sum(not act.confirmed for act in ledger.acts),
        "requests refused (day full and the like)": sum(ledger.refused.values()),
        "mails": Mail.select().count(),
        "mails that went twice": arrived - Mail.select().count(),
    }
