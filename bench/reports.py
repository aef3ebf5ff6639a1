"""What each report costs over many inspections, and what keeping its sums in step costs those who write.

    python bench/reports.py [--inspections 200000] [--url sqlite:////somewhere/scratch.db] [--writes 300]

Fills an empty scratch database (one of its own, unless `--url` names one) with the city of `bench/city.py`: a permit
for every eight inspections. Prints how long the sums take to count anew, then for each report its seconds (the best
of three, and the first), its queries and its kilobytes; last, what a request and a result cost with the triggers and
without.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from flask import Flask  # noqa: E402

from bench.city import NOW, SPECIAL, ZONE, fill, triggers_off  # noqa: E402
from tests.cast import session_of  # noqa: E402
from tracker import clock, create_app  # noqa: E402
from tracker.actions.changes import By  # noqa: E402
from tracker.actions.desk import Desk, desk_of  # noqa: E402
from tracker.actions.requests import Contact, Wish, request_inspections  # noqa: E402
from tracker.actions.results import Outcome, record_result  # noqa: E402
from tracker.actions.review import assign  # noqa: E402
from tracker.actions.seen import Seen  # noqa: E402
from tracker.actions.tallies import count_changes, recount  # noqa: E402
from tracker.db import database, migrate  # noqa: E402
from tracker.models import (  # noqa: E402
    Contractor,
    Inspection,
    Permit,
    PermitContractor,
    PermitType,
    Staff,
    Tally,
    Uncounted,
)
from tracker.rules.words import OPEN, Result  # noqa: E402

PER_PERMIT = 8
REPORTS = (
    ("last 90 days, by type", "reports/results"),
    ("last 365 days, by type", "reports/results?period=365"),
    ("three years, by type", "reports/results?period=months&from=2023-05&to=2026-05"),
    ("three years, by trade", "reports/results?by=trade&period=months&from=2023-05&to=2026-05"),
    ("three years, by inspector", "reports/results?by=inspector&period=months&from=2023-05&to=2026-05"),
    ("three years, by month", "reports/results?by=month&period=months&from=2023-05&to=2026-05"),
    ("last 365 days, by inspector", "reports/results?by=inspector&period=365"),
    ("one inspector, by month", "reports/results?by=month&inspector=3&period=months&from=2023-05&to=2026-05"),
    ("one trade, by inspector", "reports/results?by=inspector&trade=plumbing&period=months&from=2023-05&to=2026-05"),
    ("requests, by month", "reports/requests?by=month&period=365"),
    ("days, three years, by inspector", "reports/days?by=inspector&period=months&from=2023-05&to=2026-05"),
    ("open requests", "reports/queue"),
    ("one type, by inspector", "reports/results?by=inspector&type=FRAME&period=365"),
    ("results.csv by inspector", "reports/results.csv?by=inspector&period=months&from=2023-05&to=2026-05"),
    ("days.csv", "reports/days.csv?period=365"),
    ("requests.csv", "reports/requests.csv?period=365"),
    ("queue.csv", "reports/queue.csv"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inspections", type=int, default=200_000)
    parser.add_argument("--url", help="an empty scratch database; one that this filled before is put back as it was")
    parser.add_argument("--writes", type=int, default=300, help="requests to time, with the triggers and without")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/scratch.db"
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "for this measurement, for no city", "TESTING": True})
        clock.now = lambda: NOW  # type: ignore[assignment]
        migrate()
        with database.connection_context():
            fill(args.inspections // PER_PERMIT, args.inspections)
            timed("counted anew", lambda: recount(ZONE))
            print(f"{Tally.select().count():,} tallies, {Uncounted.select().count()} changes uncounted")
        measure(app)
        if args.writes:
            with database.connection_context():
                measure_writes(app, args.writes)


def measure(app: Flask) -> None:
    browsing = app.test_client()
    browsing.get("/staff")
    with browsing.session_transaction() as session, database.connection_context():
        olu = Staff.get(Staff.role == "supervisor")
        session["_user_id"], session["_fresh"] = session_of(olu, clock.now()), True
    counter = Queries()
    logger = logging.getLogger("peewee")
    logger.addHandler(counter)
    logger.setLevel(logging.DEBUG)
    browsing.get("/staff/reports")  # templates are compiled once
    print(f"\n{'report':<30}{'best':>8}{'first':>8}{'queries':>9}{'KB':>7}")
    for name, address in REPORTS:
        took = []
        for _ in range(3):
            counter.sent = 0
            start = time.perf_counter()
            answer = browsing.get(f"/staff/{address}")
            size = len(answer.data)
            took.append(time.perf_counter() - start)
            assert answer.status_code == 200, f"{address} answers {answer.status_code}"
        print(f"{name:<30}{min(took):>7.3f}s{took[0]:>7.3f}s{counter.sent:>9}{size / 1024:>7.1f}")
    logger.removeHandler(counter)
    logger.setLevel(logging.NOTSET)


class Queries(logging.Handler):
    sent = 0

    def emit(self, record: logging.LogRecord) -> None:
        sql = record.msg[0] if isinstance(record.msg, tuple) else ""
        self.sent += bool(sql) and not sql.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK"))


def measure_writes(app: Flask, count: int) -> None:
    """A request, and its life from there to the result: in turn with the triggers and without, ten at a time."""
    took: dict[tuple[str, bool], list[float]] = {}
    desk = desk_of({**app.config, "DAILY_CAPACITY": 10**6})
    never_asked = Permit.id.not_in(Inspection.select(Inspection.permit).where(Inspection.status.in_(OPEN)))
    permits = list(Permit.select().where(never_asked, Permit.id > SPECIAL).order_by(Permit.id).limit(count))
    for turn in range(count // 10):
        counted = turn % 2 == 0
        with nullcontext() if counted else triggers_off():
            for permit in permits[10 * turn : 10 * turn + 10]:
                for step, seconds in a_life(permit, desk).items():
                    took.setdefault((step, counted), []).append(seconds * 1000)
    print()
    for step in ("request", "assign and result"):
        with_them, without = (sorted(took[step, counted])[len(took[step, counted]) // 2] for counted in (True, False))
        print(f"{step + ' (median, processor)':<40}{with_them:>7.2f} ms with the triggers, {without:.2f} without")
    waiting = Uncounted.select().count()
    timed(f"{waiting:,} changes counted", lambda: count_changes(ZONE, most=10**9))


def a_life(permit: Permit, desk: Desk) -> dict[str, float]:
    """Seconds of the processor, by step: what the disk takes for a commit is the same and varies far more."""
    company, who = Contractor.get(), Staff.get(Staff.role == "inspector")
    permit.permit_type, permit.status = PermitType.get(PermitType.code == "NEW"), "issued"
    permit.issued_on, permit.expires_on = date(2026, 5, 1), date(2027, 1, 1)
    permit.save()
    PermitContractor.get_or_create(permit=permit, contractor=company, trade="general")
    contact = Contact("Dana Whitfield", "512-555-0170", "418 Larkspur Lane", "dana@lonestar.example")
    by: Any = {"desk": desk, "by": By("system", "bench")}
    start = time.process_time()
    wishes = [Wish("FLAT", date(2026, 5, 27), "any")]
    request = request_inspections(permit, company, wishes, contact=contact, key=f"{permit.id}", now=NOW, **by)
    requested = time.process_time()
    row = request.inspections.get()
    assign([Seen.of(row)], inspector=who, now=NOW, **by)
    record_result(Seen(row.id), Outcome(Result.PASSED), person=who, now=NOW + timedelta(days=1), **by)
    return {"request": requested - start, "assign and result": time.process_time() - requested}


def timed(name: str, act: Callable[[], object]) -> None:
    start = time.perf_counter()
    said = act()
    print(f"{name}: {time.perf_counter() - start:,.2f} s ({said})")


if __name__ == "__main__":
    main()
