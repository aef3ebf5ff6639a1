"""A city of any size for measuring: few companies with hundreds of permits, most with few, as in real permit files.

    python bench/city.py --url sqlite:////somewhere/city.db [--permits 1000000] [--inspections 5000000]

Fills an empty scratch database. Whatever the size, the first company has 25 active permits and 25 active
inspections, the second 400 permits, and so many requests are open (`OPEN`). What is older than a month was brought
from the city's former system, as `flask import inspections` would have. The dice fall the same way every time.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from werkzeug.security import generate_password_hash  # noqa: E402

from tracker.actions.tallies import recount  # noqa: E402
from tracker.db import connect_to, database, is_postgresql, migrate  # noqa: E402
from tracker.models import (  # noqa: E402
    CompanyName,
    CompanyStart,
    Contractor,
    DayLoad,
    Inspection,
    InspectionResult,
    InspectionType,
    Mail,
    Permit,
    PermitContractor,
    PermitType,
    Request,
    Staff,
    StaffTrade,
)
from tracker.rules.names import company_key, company_starts, company_stem  # noqa: E402

ZONE = ZoneInfo("America/Chicago")
TODAY = date(2026, 5, 26)  # a Tuesday
NOW = datetime(2026, 5, 26, 15, 0, tzinfo=UTC)  # ten o'clock in the morning
YEARS, STOPS, OPEN, DAYS_OPEN, HERE = 3, 15, 3_000, 5, 30
PASSWORD = "larkspur ferry 41 anvil"
AT_ONCE = 50_000

FIRST = (
    "Amber Birch Cedar Clay Cobalt Copper Delta Fern Flint Granite Harbor Hazel Indigo Iron Juniper Lark Linden Maple"
)
FIRST += " Mesa Oak Opal Pecan Pine Prairie Quarry Ridge River Sage Salt Silver Slate Stone Sumac Thistle Timber Willow"
SECOND = (
    "Arrow Bend Bridge Brook Canyon Creek Crest Cross Field Fork Gate Glen Grove Hollow Lake Ledge Meadow Mill Pass"
)
SECOND += " Point Ranch Run Spring Summit Trail Valley View Wells"
TRADE = {
    "Plumbing": "plumbing", "Electric": "electrical", "Air": "mechanical", "Homes": "general",
    "Builders": "general", "Irrigation": "irrigation",
}  # fmt: skip
FORMS = ("", " LLC", " Inc", " Co")
STREETS = ("Lane", "Street", "Drive", "Court", "Cove", "Trail", "Road", "Pass")
WORK = ("New two-storey house", "Re-pipe", "Kitchen and bath remodel", "Change-out of a condenser", "Panel upgrade",
        "Garage made into a room", "Sprinkler system, front and rear", "Deck with stairs")  # fmt: skip
RESULTS = (
    ["passed"] * 14 + ["passed_with_conditions"] + ["failed"] * 3 + ["partial", "no_access", "not_ready", "waived"]
)
WAITS = [1] * 10 + [2] * 6 + [3] * 4 + [4, 4, 5, 5, 6, 7, 8, 10, 13, 16, 24]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="an empty scratch database")
    parser.add_argument("--permits", type=int, default=1_000_000)
    parser.add_argument("--inspections", type=int, default=5_000_000)
    args = parser.parse_args()
    connect_to(args.url)
    migrate()
    with database.connection_context():
        fill(args.permits, args.inspections)


def fill(permits: int, inspections: int) -> None:
    """Fill the database, which is migrated and connected; one that is filled is put back as it was."""
    if there := Inspection.select().count():
        forget_what_was_asked_for(inspections)
        print(f"{there:,} inspections are there")
        return
    start = time.perf_counter()
    dice = random.Random(permits)
    companies = max(60, permits // 10)
    staff = make_staff(inspections)
    with triggers_off():
        load(Contractor, COMPANY, (company(n) for n in range(1, companies + 1)), "companies")
        spellings(companies)
        load(Permit, PERMIT, permit_rows(permits, dice), "permits")
        load(
            PermitContractor, ON_PERMIT, on_permits(permits, companies, random.Random(permits)), "companies on permits"
        )
        past = max(0, inspections - OPEN)
        load(Inspection, PAST, past_inspections(past, permits, companies, staff, dice), "inspections")
        open_requests(permits, staff[:HERE], dice, past)
    counters()
    recount(ZONE)
    database.execute_sql("ANALYZE")
    if not is_postgresql():
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    print(f"{permits:,} permits, {inspections:,} inspections, {companies:,} companies, {len(staff)} inspectors"
          f" in {time.perf_counter() - start:,.0f} s")  # fmt: skip


class triggers_off:
    """The sums of the reports are counted anew afterwards, in one go."""

    def __enter__(self) -> None:
        if is_postgresql():
            database.execute_sql("ALTER TABLE inspection DISABLE TRIGGER USER")
            return
        of_inspections = "FROM sqlite_master WHERE tbl_name = 'inspection' AND type = 'trigger'"
        self.kept = database.execute_sql(f"SELECT name, sql {of_inspections}").fetchall()
        for name, _sql in self.kept:
            database.execute_sql(f"DROP TRIGGER {name}")

    def __exit__(self, *_error: object) -> None:
        if is_postgresql():
            database.execute_sql("ALTER TABLE inspection ENABLE TRIGGER USER")
            return
        for _name, sql in self.kept:
            database.execute_sql(sql)


def load(model: Any, names: Sequence[str], rows: Iterable[Sequence[Any]], what: str) -> None:
    """Rows of values as the driver takes them, by the names of their columns."""
    found, done, table = iter(rows), 0, model._meta.table_name
    columns = ", ".join(f'"{name}"' for name in names)
    while some := list(islice(found, AT_ONCE)):
        with database.atomic():
            if is_postgresql():
                with database.cursor().copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
                    for row in some:
                        copy.write_row(row)
            else:
                places = ", ".join("?" * len(names))
                database.cursor().executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({places})', some)
        done += len(some)
        print(f"\r{done:>12,} {what}", end="", flush=True)
    print()


def forget_what_was_asked_for(inspections: int) -> None:
    """What an earlier measurement wrote: the open requests are then as many as in a city made anew."""
    with database.atomic():
        for model in (Mail, InspectionResult):  # a city made anew has none
            model.delete().execute()
        Inspection.delete().where(Inspection.id > inspections).execute()
        Request.delete().where(Request.id > OPEN).execute()


def counters() -> None:
    """PostgreSQL's next ids, after rows that brought theirs."""
    if is_postgresql():
        for model in (Contractor, Permit, Request, Inspection):
            table = model._meta.table_name
            database.execute_sql(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")


def make_staff(inspections: int) -> list[int]:
    """The ids of as many inspectors as there was work for, 15 stops a day; a technician and a supervisor besides.

    Those who are not needed for what is open have left: who works today does not grow with what is kept.
    """
    kept = {"password_hash": generate_password_hash(PASSWORD), "session_token": "kept"}
    Staff.create(email="sam@bluebonnet.example", name="Sam Okafor", role="technician", **kept)
    Staff.create(email="olu@bluebonnet.example", name="Olu Adeyemi", role="supervisor", **kept)
    made = []
    for n in range(1, max(HERE, round(inspections / YEARS / 261 / STOPS)) + 1):
        one = {"email": f"inspector{n}@bluebonnet.example", "name": f"Inspector {n}", "role": "inspector"}
        row = Staff.create(**one, left_at=None if n <= HERE else NOW, **kept)
        StaffTrade.insert_many(
            [{"staff": row.id, "trade": trade} for trade in set(TRADE.values()) | {"building"}]
        ).execute()
        made.append(row.id)
    return made


COMPANY = ("id", "company_name", "registration_code", "code_key", "address", "city", "state", "zip", "phone", "email",
           "session_token", "version")  # fmt: skip


def company_name(n: int) -> str:
    first, second, trade = FIRST.split(), SECOND.split(), list(TRADE)
    rest, at = divmod(n * 7_919, len(first))  # a prime: neighbours have different names
    rest, and_at = divmod(rest, len(second))
    number, kind = divmod(n, len(trade))
    return f"{first[at]} {second[and_at]} {trade[kind]} {number}{FORMS[n % len(FORMS)]}"


def company(n: int) -> tuple:
    code = f"RR{n:08d}"
    where = (f"{n % 9_000 + 100} Larkspur Lane", "Bluebonnet", "TX", f"78{n % 1_000:03}")
    return (n, company_name(n), code, code, *where, "512-555-0170", f"office{n}@company.example", f"token{n}", 1)


def spellings(companies: int) -> None:
    names = [(n, company_name(n)) for n in range(1, companies + 1)]
    load(CompanyName, ("contractor_id", "name", "key", "stem"),
         ((n, name, company_key(name), company_stem(name)) for n, name in names), "spellings")  # fmt: skip
    load(CompanyStart, ("contractor_id", "key"),
         ((n, start) for n, name in names for start in company_starts(name)), "beginnings")  # fmt: skip


PERMIT = ("id", "permit_num", "permit_type_id", "description", "work_class", "status_current", "status", "applied_on",
          "issued_on", "source_expires_on", "expires_on", "completed_on", "original_address1", "original_address2",
          "original_city", "original_state", "original_zip", "source_digest", "corrected")  # fmt: skip
SPECIAL = 25 + 400  # the first permits, active, are those of the first two companies


def permit_number(n: int) -> str:
    return f"BP-{n:08}"


def permit_rows(count: int, dice: random.Random) -> Iterator[tuple]:
    kinds = [row.id for row in PermitType.select(PermitType.id).order_by(PermitType.id)]
    [house] = PermitType.select().where(PermitType.code == "NEW")
    words = FIRST.split()
    for n in range(1, count + 1):
        active = n <= SPECIAL or dice.random() < 0.4
        age = dice.randrange(10, 150) if active else dice.randrange(200, YEARS * 365)
        issued = TODAY - timedelta(days=age)
        ends = str(issued + timedelta(days=365 if active else 180))
        state = ("Active", "issued") if active else ("Final", "complete")
        yield (
            n, permit_number(n), house.id if n <= SPECIAL else dice.choice(kinds), dice.choice(WORK), "New",
            *state, str(issued - timedelta(days=9)), str(issued), ends, ends,
            None if active else str(issued + timedelta(days=100)),
            f"{dice.randrange(100, 9_999)} {dice.choice(words)} {dice.choice(STREETS)}", "", "Bluebonnet", "TX",
            f"78{dice.randrange(700, 760)}", "", "",
        )  # fmt: skip


ON_PERMIT = ("permit_id", "contractor_id", "trade", "origin")


def on_permits(permits: int, companies: int, dice: random.Random) -> Iterator[tuple]:
    """Who works on what: a general contractor on each, and often somebody of a trade."""
    others = owner_of(companies, dice)
    for n in range(1, permits + 1):
        mine = 1 if n <= 25 else 2 if n <= SPECIAL else next(others)
        yield n, mine, "general", "source"
        if n > SPECIAL and dice.random() < 0.5:
            yield n, next(others), dice.choice(("plumbing", "electrical", "mechanical")), "source"


def owner_of(companies: int, dice: random.Random) -> Iterator[int]:
    """Companies but the first two, the size of each by Pareto's rule: one in a hundred has over 60 permits."""
    sizes = [min(400, int(dice.paretovariate(1.1))) for _ in range(3, companies + 1)]
    who = [n for n, size in enumerate(sizes, start=3) for _ in range(size)]
    while True:
        yield dice.choice(who)


PAST = ("id", "permit_id", "contractor_id", "inspection_type_id", "status", "day", "time_frame", "inspector_id",
        "closed_at", "closed_by", "closed_on", "result", "comment", "requested_at", "source_key", "remarks",
        "stop_order", "staff_comment", "corrections", "to_repeat", "calendar_sequence", "source_digest", "source_type",
        "source_result")  # fmt: skip


def past_inspections(
    count: int, permits: int, companies: int, staff: Sequence[int], dice: random.Random
) -> Iterator[tuple]:
    """The oldest first, none of the last month; each inspector has eight types."""
    types = [row.id for row in InspectionType.select(InspectionType.id).order_by(InspectionType.position)]
    own = {id: dice.sample(types, 8) for id in staff}
    days = [day for n in range(YEARS * 365, 31, -1) if (day := TODAY - timedelta(days=n)).weekday() < 5]
    for n in range(count):
        day, who = days[n * len(days) // count], staff[n % len(staff)]
        permit = SPECIAL + 1 + n // 8 % max(1, permits - SPECIAL)
        asked = datetime.combine(day - timedelta(days=dice.choice(WAITS)), datetime.min.time())
        asked += timedelta(minutes=dice.randrange(11 * 60, 27 * 60))
        chance = dice.random()
        if chance < 0.07:
            state = ("cancelled", "Office", str(day - timedelta(days=chance < 0.03)), None, "")
        elif chance < 0.08:
            state = ("declined", "Sam Okafor", str(day - timedelta(days=1)), None, "")
        else:
            state = ("done", "An inspector", str(day), dice.choice(RESULTS), "As on the plans.")
        status, by, closed_on, result, comment = state
        given = None if status == "declined" else who
        yield (n + 1, permit, 3 + permit % (companies - 2), dice.choice(own[who]), status, str(day), "any", given,
               f"{closed_on} 15:00:00", by, closed_on, result, comment, str(asked), f"k{n}", "", 1, "", "",
               False, 0, "", "", "")  # fmt: skip


REQUEST = ("id", "key", "digest", "permit_id", "contractor_id", "contact_name", "phone", "site_address", "email",
           "language", "requested_at")  # fmt: skip
OPEN_ONE = ("id", "request_id", "permit_id", "contractor_id", "inspection_type_id", "open_type", "status", "day",
            "time_frame", "inspector_id", "requested_at", "scheduled_at", "remarks", "stop_order", "closed_by",
            "comment", "staff_comment", "corrections", "to_repeat", "calendar_sequence", "source_digest", "source_type",
            "source_result")  # fmt: skip


def open_requests(permits: int, staff: Sequence[int], dice: random.Random, past: int) -> None:
    """Open requests on the next days, the first company's 25 among them; two in five have their inspector."""
    types = [row.id for row in InspectionType.select(InspectionType.id).order_by(InspectionType.position)]
    working = [day for n in range(1, 14) if (day := TODAY + timedelta(days=n)).weekday() < 5][:DAYS_OPEN]
    active = list(
        PermitContractor.select(PermitContractor.permit, PermitContractor.contractor)
        .join(Permit)
        .where(Permit.status == "issued", PermitContractor.trade == "general")
        .order_by(PermitContractor.permit)
        .limit(OPEN)
        .tuples()
    )
    asked = f"{TODAY} 08:00:00"
    rows, requests, loads = [], [], {}
    for n in range(OPEN):
        # Everybody gets one; where there are fewer permits than open requests, those after the first 25 get more.
        more, place = divmod(n - len(active), len(active) - 25) if n >= len(active) else (-1, n - 25)
        permit, contractor = active[place + 25]
        kind, day = types[more + 1 + place % 7], working[n % len(working)]
        given = dice.choice(staff) if n % 5 < 2 else None
        state = "scheduled" if given else "requested"
        requests.append((n + 1, f"open{n}", "", permit, contractor, "Rosa Delgado", "512-555-0170",
                         f"{n + 100} Larkspur Lane", "rosa@company.example", "en", asked))  # fmt: skip
        rows.append((past + n + 1, n + 1, permit, contractor, kind, kind, state, str(day), "am" if n % 3 else "any",
                     given, asked, asked if given else None, "Gate code 2580." if n % 4 else "", n + 1, "", "", "", "",
                     False, 0, "", "", ""))  # fmt: skip
        loads[day] = loads.get(day, 0) + 1
    load(Request, REQUEST, requests, "open requests")
    load(Inspection, OPEN_ONE, rows, "open inspections")
    DayLoad.insert_many([{"day": day, "trade": "", "booked": booked} for day, booked in loads.items()]).execute()


if __name__ == "__main__":
    main()
