"""Every page and write in a small city and in a big one: what they cost must not grow with the city."""

import itertools
import random
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode

from bench import city, load
from bench.people import Writer, contractor, supervisor, technician
from bench.subjects import Requests, Subject, Target, always, measured, port_of, served, tracker_on
from bench.visitor import Visitor

MOST = 1.2
REPORTS = (
    "results?period=months&from=2023-05&to=2026-05",
    "results?by=inspector&period=months&from=2023-05&to=2026-05",
    "results?by=month&period=months&from=2023-05&to=2026-05",
    "requests?by=month&period=365",
    "days?by=inspector&period=months&from=2023-05&to=2026-05",
    "queue",
)


def targets(small: str, big: str, *, rounds: int, seconds: float) -> list[Target]:
    """Of two cities by their URLs."""
    with ExitStack() as stack:
        subjects = []
        for size, url in (("small", small), ("big", big)):
            server = stack.enter_context(tracker_on(url))
            for name, requests, status, most in asked(port_of(server)):
                subjects.append(Subject(f"{name}, {size}", server, requests, status, most))
        figures = measured(subjects, rounds=rounds, seconds=seconds)
    names = [name.removesuffix(", big") for name in figures if name.endswith(", big")]
    grown = {name: figures[f"{name}, big"].cost / figures[f"{name}, small"].cost for name in names}
    return [
        Target(f"growth: {name}", f"at most {MOST} times", f"{times:.2f} times", times <= MOST)
        for name, times in grown.items()
    ]


def asked(port: int) -> Iterator[tuple[str, Requests, int, int]]:
    """Name, requests, status and the most of them: every page that a company and the staff use, and the writes."""
    nobody, company, clerk, new = Visitor(port), contractor(port, 1), technician(port), itertools.count()
    permit = city.permit_number(1)
    link = company.look("/dashboard").select_one("a[href^='/inspections/']")
    inspection = str(link["href"]).split("/")[2] if link else "1"
    for visitor, name, path in (
        (nobody, "sign-in", "/"),
        (nobody, "company look-up", "/companies?company=cedar+br"),
        (company, "dashboard", "/dashboard"),
        (company, "dashboard, a search", "/dashboard/permits?q=lane"),
        (company, "permit", f"/permits/{permit}"),
        (company, "print version", f"/permits/{permit}/print"),
        (company, "request", f"/permits/{permit}/request"),
        (company, "cancel", f"/inspections/{inspection}/cancel"),
        (company, "change date", f"/inspections/{inspection}/move"),
        (company, "profile", "/profile"),
        (clerk, "queue", "/staff/queue"),
        (clerk, "queue, by company", "/staff/queue?sort=contractor"),
        (clerk, "queue, done", "/staff/queue?state=done"),
        (clerk, "plan", "/staff/queue/plan"),
        (clerk, "telephone, company", "/staff/phone/found?q=cedar+bridge"),
        (clerk, "telephone, permit", f"/staff/phone/found?q={permit}"),
        (clerk, "telephone, address", "/staff/phone/found?q=12+larkspur"),
        (clerk, "staff permit", f"/staff/permits/{permit}"),
        (clerk, "staff inspection", f"/staff/inspections/{inspection}"),
        (clerk, "staff company", "/staff/contractors/1"),
        (clerk, "mail", "/staff/mail"),
    ):
        yield name, always(visitor.raw(path)), 200, 10**9
    # A search that nobody has made yet, or the page would be one that is kept; it looks at all that is open.
    yield "queue, a search", lambda: (clerk.raw(f"/staff/queue?q=never{n}") for n in new), 200, 10**9
    writer = Writer(port)
    yield "submitted request", lambda: writer.forms(40), 303, 40


def look_up(big: str, *, rounds: int, seconds: float) -> list[Target]:
    """A company looked up while somebody types, in the big city."""
    with ExitStack() as stack:
        ours = stack.enter_context(tracker_on(big))
        flask = stack.enter_context(served("bench.rivals.flask_pages:app"))
        visitor = Visitor(port_of(ours))
        raws = itertools.cycle([visitor.raw(f"/companies?{urlencode({'company': typed})}") for typed in beginnings()])
        figures = measured(
            [
                Subject("company look-up", ours, lambda: raws),
                Subject("bare Flask", flask, always(Visitor(port_of(flask)).raw("/bare"))),
            ],
            rounds=rounds, seconds=seconds,
        )  # fmt: skip
        paced = load.at_a_pace(
            port_of(ours), lambda: next(raws), a_second=50, seconds=5 * seconds, pids=load.workers_of(ours.process.pid)
        )
    ratio = figures["company look-up"].a_second / figures["bare Flask"].a_second
    slowest = paced.wait(0.99)
    return [
        Target("company look-up", "0.5 of bare Flask", f"{ratio:.2f}", ratio >= 0.5),
        Target("… 50 a second, 99 %", "under 20 ms", f"{slowest:.1f} ms", slowest < 20),
    ]


def beginnings() -> list[str]:
    """What a thousand people have typed so far, four to twelve letters of a name: each some company's of 100,000."""
    draw = random.Random(1)
    return [city.company_name(draw.randint(1, 100_000))[: draw.randint(4, 12)] for _ in range(1000)]


def reports(big: str) -> list[Target]:
    """The slowest of the reports in the big city, each asked for three times."""
    with tracker_on(big) as server:
        boss, worst = supervisor(port_of(server)), ("", 0.0)
        for path in REPORTS:
            got = load.run(
                port_of(server), iter([boss.raw(f"/staff/reports/{path}")] * 3), connections=1, seconds=60, pids=(),
            )  # fmt: skip
            if set(got.statuses) != {200}:
                raise RuntimeError(f"{path} answers {got.statuses}")
            worst = max(worst, (path, max(got.waits)), key=lambda one: one[1])
    return [
        Target(f"reports, slowest ({worst[0].partition('?')[0]})", "at most 2 s", f"{worst[1]:.2f} s", worst[1] <= 2)
    ]
