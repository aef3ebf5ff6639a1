"""What each report costs over many inspections, and what keeping its sums in step costs those who write.

    python bench/reports.py [--inspections 200000] [--url sqlite:////somewhere/scratch.db] [--writes 300]

Fills an empty scratch database (one of its own, unless `--url` names one) with so many inspections over three years:
inspectors with 15 stops a day, eight types each, seven results in ten passed. Prints how long the sums take to count
anew, then for each report its seconds (the best of three, and the first), its queries and its kilobytes; last, what
a request and a result cost with the triggers and without.
"""

import argparse
import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from flask import Flask  # noqa: E402

from tests.cast import session_of  # noqa: E402
from tracker import clock, create_app  # noqa: E402
from tracker.actions.bulk import insert_rows  # noqa: E402
from tracker.actions.changes import By  # noqa: E402
from tracker.actions.desk import Desk, desk_of  # noqa: E402
from tracker.actions.requests import Contact, Wish, request_inspections  # noqa: E402
from tracker.actions.results import Outcome, record_result  # noqa: E402
from tracker.actions.review import assign  # noqa: E402
from tracker.actions.seen import Seen  # noqa: E402
from tracker.actions.tallies import count_changes, recount  # noqa: E402
from tracker.db import database, is_postgresql, migrate  # noqa: E402
from tracker.models import (  # noqa: E402
    Contractor,
    Inspection,
    InspectionType,
    Permit,
    PermitContractor,
    PermitType,
    Request,
    Staff,
    StaffTrade,
    Tally,
    Uncounted,
)
from tracker.rules.words import Result  # noqa: E402

TODAY = date(2026, 5, 26)
NOW = datetime(2026, 5, 26, 15, 0, tzinfo=UTC)
YEARS, STOPS, PER_PERMIT = 3, 15, 8
RESULTS = ["passed"] * 14 + ["passed_with_conditions"] + ["failed"] * 3
RESULTS += ["partial", "no_access", "not_ready", "waived"]
WAITS = [1] * 10 + [2] * 6 + [3] * 4 + [4, 4, 5, 5, 6, 7, 8, 10, 13, 16, 24]
REPORTS = (
    ("last 90 days, by type", "reports/results"),
    ("last 365 days, by type", "reports/results?period=365"),
    ("three years, by type", "reports/results?period=months&from=2023-05&to=2026-05"),
    ("three years, by trade", "reports/results?by=trade&period=months&from=2023-05&to=2026-05"),
    ("three years, by inspector", "reports/results?by=inspector&period=months&from=2023-05&to=2026-05"),
    ("three years, by month", "reports/results?by=month&period=months&from=2023-05&to=2026-05"),
    ("last 365 days, by inspector", "reports/results?by=inspector&period=365"),
    ("one inspector, by month", "reports/results?by=month&inspector=2&period=months&from=2023-05&to=2026-05"),
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
    parser.add_argument("--url", help="an empty scratch database; one that this filled before is used as it is")
    parser.add_argument("--writes", type=int, default=300, help="requests to time, with the triggers and without")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = args.url or f"sqlite:///{folder}/scratch.db"
        app = create_app({"DATABASE_URL": url, "SECRET_KEY": "for this measurement, for no city", "TESTING": True})
        clock.now = lambda: NOW  # type: ignore[assignment]
        migrate()
        with database.connection_context():
            fill(args.inspections)
        measure(app)
        if args.writes:
            with database.connection_context():
                measure_writes(app, args.writes)


def fill(count: int) -> None:
    if there := Inspection.select().count():
        print(f"{there:,} inspections are there")
        return
    start = time.perf_counter()
    dice = random.Random(count)
    company, inspectors = people(count)
    with database.atomic():
        permits(count // PER_PERMIT + 1, company)
    rows = inspections(count, inspectors, company, dice)
    done = 0
    while some := [row for row, _ in zip(rows, range(50_000), strict=False)]:
        with database.atomic():
            requests(some, done, company)
            insert_rows(Inspection, FIELDS, [(done + place + 1, *row) for place, row in enumerate(some)])
            # As a city has it that counts every day: nothing waits but what is new.
            database.execute_sql("DELETE FROM uncounted")
        done += len(some)
        print(f"\r{done:,} inspections", end="", flush=True)
    print(f" of {len(inspectors)} inspectors in {time.perf_counter() - start:,.0f} s")
    timed("counted anew", lambda: recount(clock_zone()))
    print(f"{Tally.select().count():,} tallies, {Uncounted.select().count()} changes uncounted")
    if not is_postgresql():
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        database.execute_sql("SELECT setval('request_id_seq', (SELECT MAX(id) FROM request))")
    database.execute_sql("ANALYZE")


def people(count: int) -> tuple[Contractor, list[int]]:
    company = Contractor.create(
        company_name="Lone Star Plumbing", registration_code="RR-1", code_key="RR1", session_token="x"
    )
    olu = {"role": "supervisor", "password_hash": "", "session_token": "kept"}
    Staff.create(email="olu@bluebonnet.example", name="Olu Adeyemi", **olu)
    days = YEARS * 261
    names = [f"Inspector {n}" for n in range(1, max(2, round(count / days / STOPS)) + 1)]
    olu["role"] = "inspector"
    return company, [Staff.create(email=f"{n}@bluebonnet.example", name=name, **olu).id for n, name in enumerate(names)]


def permits(count: int, company: Contractor) -> None:
    kind = PermitType.get(PermitType.code == "NEW").id
    model = Permit(permit_num="", permit_type=kind, status="issued", original_address1="418 Larkspur Lane")
    names = [name for name in Permit._meta.sorted_field_names if name != "id"]
    values = [getattr(model, "permit_type_id" if name == "permit_type" else name) for name in names]
    place, fields = names.index("permit_num"), [Permit._meta.fields[name] for name in names]
    for first in range(0, count, 50_000):
        many = range(first, min(first + 50_000, count))
        insert_rows(Permit, fields, [(*values[:place], f"BP-{n:08}", *values[place + 1 :]) for n in many])


FIELDS = [Inspection._meta.fields[name] for name in (
    "request", "permit", "contractor", "inspection_type", "status", "day", "time_frame", "remarks", "inspector",
    "stop_order", "closed_at", "closed_by", "closed_on", "result", "comment", "staff_comment", "corrections",
    "to_repeat", "calendar_sequence", "requested_at",
)]  # fmt: skip


def requests(rows: list[tuple], done: int, company: Contractor) -> None:
    names = ["id", "key", "digest", "permit", "contractor", "contact_name", "phone", "site_address", "email"]
    names += ["language", "requested_at"]
    whole = [company.id, "Dana Whitfield", "512-555-0170", "418 Larkspur Lane", "dana@lonestar.example", "en"]
    made = [(done + n, f"k{done + n}", "", row[0], *whole, row[-1]) for n, row in enumerate(rows, start=1)]
    insert_rows(Request, [Request._meta.fields[name] for name in names], made)


def inspections(count: int, inspectors: list[int], company: Contractor, dice: random.Random) -> Iterator[tuple]:
    """Rows by FIELDS without the request, the oldest first; those of the next days are open, some are too old."""
    types = [(row.id, row.trade) for row in InspectionType.select().order_by(InspectionType.position)]
    own = {id: dice.sample([type_id for type_id, _trade in types], 8) for id in inspectors}
    days = [TODAY - timedelta(days=n) for n in range(YEARS * 365, -4, -1)]
    days = [day for day in days if day.weekday() < 5]
    made = 0
    for place, day in enumerate(days):
        until = count * (place + 1) // len(days)
        for n in range(made, until):
            who = inspectors[n % len(inspectors)]
            permit = n // PER_PERMIT % (count // PER_PERMIT + 1) + 1
            yield one(permit, dice.choice(own[who]), who, day, company.id, dice)
        made = until


def one(permit: int, type_id: int, who: int, day: date, company: int, dice: random.Random) -> tuple:
    asked = datetime.combine(day, datetime.min.time()) - timedelta(days=dice.choice(WAITS))
    asked += timedelta(minutes=dice.randrange(11 * 60, 27 * 60))
    chance, text = dice.random(), [str(asked)]
    still_open = day > TODAY or (day == TODAY and chance < 0.7) or (day > TODAY - timedelta(days=20) and chance < 0.01)
    if still_open:
        state = ("scheduled", None, None, "", None)
    elif chance < 0.04:
        state = ("cancelled", str(day), "Lone Star Plumbing", "", None)
    elif chance < 0.07:
        state = ("cancelled", str(day - timedelta(days=1)), "Lone Star Plumbing", "", None)
    elif chance < 0.08:
        state = ("declined", str(day - timedelta(days=1)), "Sam Okafor", "", None)
    else:
        state = ("done", str(day), "An inspector", "As on the plans.", dice.choice(RESULTS))
    status, closed_on, by, comment, result = state
    given = None if status == "declined" else who
    closed_at = f"{closed_on} 15:00:00" if closed_on else None
    return (permit, company, type_id, status, str(day), "any", "", given, 1, closed_at, by or "", closed_on, result,
            comment, "", "", FALSE, 0, *text)  # fmt: skip


FALSE: Any = False


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
    for turn in range(count // 10):
        counted = turn % 2 == 0
        set_triggers(counted)
        for n in range(10):
            for step, seconds in a_life(10 * turn + n + 1, desk).items():
                took.setdefault((step, counted), []).append(seconds * 1000)
    set_triggers(True)
    print()
    for step in ("request", "assign and result"):
        with_them, without = (sorted(took[step, counted])[len(took[step, counted]) // 2] for counted in (True, False))
        print(f"{step + ' (median, processor)':<40}{with_them:>7.2f} ms with the triggers, {without:.2f} without")
    waiting = Uncounted.select().count()
    timed(f"{waiting:,} changes counted", lambda: count_changes(clock_zone(), most=10**9))


def set_triggers(on: bool) -> None:
    """Only ever in a scratch database."""
    if is_postgresql():
        database.execute_sql(f"ALTER TABLE inspection {'ENABLE' if on else 'DISABLE'} TRIGGER USER")
        return
    if not kept_triggers:
        kept_triggers.update(database.execute_sql(f"SELECT name, sql {OF_INSPECTIONS}").fetchall())
    there = {name for (name,) in database.execute_sql(f"SELECT name {OF_INSPECTIONS}").fetchall()}
    for name, sql in kept_triggers.items():
        if on and name not in there:
            database.execute_sql(sql)
        elif not on and name in there:
            database.execute_sql(f"DROP TRIGGER {name}")


kept_triggers: dict[str, str] = {}
OF_INSPECTIONS = "FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'inspection'"


def a_life(permit_id: int, desk: Desk) -> dict[str, float]:
    """Seconds of the processor, by step: what the disk takes for a commit is the same and varies far more."""
    permit, company, who = Permit.get_by_id(permit_id), Contractor.get(), Staff.get(Staff.role == "inspector")
    Permit.update(expires_on=date(2027, 1, 1), issued_on=date(2026, 5, 1)).where(Permit.id == permit_id).execute()
    PermitContractor.get_or_create(permit=permit, contractor=company, trade="general")
    StaffTrade.get_or_create(staff=who, trade="building")
    contact = Contact("Dana Whitfield", "512-555-0170", "418 Larkspur Lane", "dana@lonestar.example")
    by: Any = {"desk": desk, "by": By("system", "bench")}
    start = time.process_time()
    wishes = [Wish("FLAT", date(2026, 5, 27), "any")]
    request = request_inspections(permit, company, wishes, contact=contact, key=f"{permit_id}", now=NOW, **by)
    requested = time.process_time()
    row = request.inspections.get()
    assign([Seen.of(row)], inspector=who, now=NOW, **by)
    record_result(Seen(row.id), Outcome(Result.PASSED), person=who, now=NOW + timedelta(days=1), **by)
    return {"request": requested - start, "assign and result": time.process_time() - requested}


def timed(name: str, act: Callable[[], object]) -> None:
    start = time.perf_counter()
    said = act()
    print(f"{name}: {time.perf_counter() - start:,.2f} s ({said})")


def clock_zone() -> ZoneInfo:
    return ZoneInfo("America/Chicago")


if __name__ == "__main__":
    main()
