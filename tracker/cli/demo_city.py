"""What the demo city holds. Nobody in it exists; numbers and addresses are those kept for fiction.

A date is written as days from today, so that the city looks alive whenever it is loaded.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tracker.actions.changes import SYSTEM
from tracker.actions.companies import make_company, new_session_token
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.hashes import hashed
from tracker.actions.places import NO_LIMIT, take_place
from tracker.actions.requests import Contact, Wish, request_inspections
from tracker.cli.demo_work import put_to_work
from tracker.db import database
from tracker.models import (
    Contractor,
    Inspection,
    InspectionResult,
    Permit,
    PermitContractor,
    PermitType,
    Request,
    Staff,
    StaffTrade,
)
from tracker.queries.city import inspection_types
from tracker.queries.companies import code_key
from tracker.rules.calendar import City, is_working_day, local, next_working_day
from tracker.rules.words import LEAVES_OPEN, PermitStatus, Result, Status, Trade

PASSWORD = "larkspur ferry 41 anvil"
VALID_FOR = timedelta(days=180)  # a permit expires 180 days after issue


@dataclass(frozen=True)
class Company:
    name: str
    code: str
    phone: str
    email: str
    shown: bool = True


COMPANIES = (
    Company("Lone Star Plumbing", "RR-LNST-2345", "512-555-0170", "office@lonestarplumbing.example"),
    Company("Hill Country Homes", "RR-HCHM-6789", "512-555-0171", "permits@hillcountryhomes.example"),
    Company("Sweetgum Irrigation", "RR-SWGM-3456", "512-555-0172", "yard@sweetgumirrigation.example"),
    Company("Brightwire Electric", "RR-BRWR-7892", "512-555-0173", "desk@brightwire.example"),
    Company("Cool Creek Air", "RR-CLCK-4568", "512-555-0174", "service@coolcreekair.example", shown=False),
    Company(
        "Lone Star Plastering & Stucco", "RR-LSPS-5679", "512-555-0175", "hello@lonestarstucco.example", shown=False
    ),
)
STAFF = (
    ("sam@bluebonnet.example", "Sam Okafor", "technician", "", "512-555-0140"),
    ("iris@bluebonnet.example", "Iris Vandermeer", "inspector", "building electrical", "512-555-0141"),
    ("ray@bluebonnet.example", "Ray Ortega", "inspector", "plumbing mechanical irrigation", "512-555-0142"),
    ("june@bluebonnet.example", "June Tran", "inspector", "building plumbing irrigation", "512-555-0143"),
    ("olu@bluebonnet.example", "Olu Adeyemi", "supervisor", "", "512-555-0144"),
)
STREETS = (
    "Larkspur Lane", "Quarry Hill", "Cedar Brake Drive", "Old Mill Road", "Sweetgum Court", "Heron Bend", "Agarita Way",
    "Limestone Loop", "Pecan Fork", "Windmill Run", "Prickly Pear Path", "Mockingbird Row", "Dry Creek Trail",
)  # fmt: skip
ZIPS = ("78664", "78665", "78681")
# number, permit type, address, work, issued (days from today), status, contractors as company number:trade
PERMITS = (
    ("BP-1184", "NEW", "418 Larkspur Lane", "New house, two floors", -60, "inspection_phase",
     "1:general 0:plumbing 3:electrical 4:mechanical"),
    ("PP-0932", "WATER_HEATER", "77 Cedar Brake Drive", "Water heater replacement", -171, "issued", "0:plumbing"),
    ("PP-0871", "PLUMBING", "15 Quarry Hill", "Sewer yard line and repairs", -60, "inspection_phase", "0:plumbing"),
    ("PP-0700", "PLUMBING", "3 Heron Bend", "Bath remodel", -200, "issued", "0:plumbing"),
    ("PP-0655", "PLUMBING", "64 Agarita Way", "Gas line", -90, "finaled", "0:plumbing"),
    ("PP-0640", "PLUMBING", "65 Agarita Way", "Gas line", -88, "finaled_with_conditions", "0:plumbing"),
    ("PP-0631", "PLUMBING", "66 Agarita Way", "Gas line, withdrawn", -87, "cancelled", "0:plumbing"),
    ("PP-0622", "PLUMBING", "12 Windmill Run", "Repipe", -30, "on_hold", "0:plumbing"),
    ("PP-1201", "PLUMBING", "90 Pecan Fork", "Shower replacement", -3, "in_review", "0:plumbing"),
    ("PP-1202", "PLUMBING", "91 Pecan Fork", "Shower replacement", -3, "application_accepted", "0:plumbing"),
    ("PP-1203", "PLUMBING", "92 Pecan Fork", "Shower replacement", -3, "fees_payment", "0:plumbing"),
    ("BP-0512", "REMODEL", "7 Limestone Loop", "Garage to studio", -150, "occupancy", "1:general"),
    ("BP-0513", "BUILDING", "8 Limestone Loop", "Deck", -20, "appeal", "1:general"),
    ("PP-0401", "PLUMBING", "21 Dry Creek Trail", "Water softener", -300, "expired", "0:plumbing"),
    ("IR-0317", "IRRIGATION", "901 Sweetgum Court", "Irrigation system", -40, "issued", "2:irrigation"),
    ("IR-0318", "IRRIGATION", "44 Mockingbird Row", "Irrigation system, front yard", -12, "issued", "2:irrigation"),
    ("EP-0777", "ELECTRICAL", "301 Windmill Run", "Service upgrade", -25, "inspection_phase", "3:electrical"),
    ("MP-0444", "HVAC", "18 Heron Bend", "Condenser and coil", -8, "issued", "4:mechanical"),
)  # fmt: skip
BUILDER, BUILDERS_PERMITS = 1, 400
# What happened on permits: number, type, working days from today, result or status, corrections, comment
PAST = (
    ("BP-1184", "FORM", -30, "passed", "", ""),
    ("BP-1184", "PLRGH", -29, "passed", "", ""),
    ("BP-1184", "FOUND", -26, "passed", "", "Rebar and vapor barrier as on the plans."),
    ("BP-1184", "SEWER", -20, "passed", "", ""),
    ("BP-1184", "ELRGH", -12, "passed", "", ""),
    ("BP-1184", "MERGH", -11, "no_access", "", "Gate locked. Called the office twice."),
    ("BP-1184", "MERGH", -9, "passed", "", ""),
    ("BP-1184", "PLTOP", -6, "partial", "Upper floor not reachable", "Lower floor is good."),
    ("PP-0871", "SEWER", -2, "failed", "Missing cleanout|Cover pipe with 12 in of clean fill",
     "Slope is good. Leave the trench open at the tap."),
    ("PP-0655", "GAS", -40, "passed", "", ""),
    ("EP-0777", "ELRGH", -5, "passed_with_conditions", "", "Label the panel before the final."),
)  # fmt: skip


def build(desk: Desk, *, now: datetime) -> None:
    """Put the whole city into the empty database, in one transaction."""
    with database.atomic():
        companies = [_company(company) for company in COMPANIES]
        staff = [_staff(*person) for person in STAFF]
        types = {row.code: row for row in PermitType.select()}
        today = local(now, desk.city).date()
        permits = {row[0]: _permit(row, types, companies, today) for row in PERMITS}
        _builders_permits(types, companies[BUILDER], today)
        for row in PAST:
            _past(row, permits, staff, desk.city, now)
        set_expiry([permit.id for permit in permits.values()], by=SYSTEM, now=now)
        _requests(permits, companies, desk, now)
        put_to_work(desk, companies[BUILDER], [one for one in staff if one.role == "inspector"], now=now)


def _company(company: Company) -> Contractor:
    made = make_company(company.name, phone=company.phone, email=company.email)
    made.registration_code, made.code_key = company.code, code_key(company.code)
    made.save()
    return made


def _staff(email: str, name: str, role: str, trades: str, phone: str) -> Staff:
    person = Staff.create(
        email=email,
        name=name,
        role=role,
        phone=phone,
        password_hash=hashed(PASSWORD),
        session_token=new_session_token(),
    )
    for trade in trades.split():
        StaffTrade.create(staff=person, trade=trade)
    return person


def _permit(row: tuple, types: dict[str, PermitType], companies: list[Contractor], today: date) -> Permit:
    number, kind, address, work, issued, status, on_it = row
    permit = Permit.create(
        permit_num=f"{number[:3]}{today.year}-{number[3:]}", **_facts(types[kind], address, work, issued, status, today)
    )
    for place in on_it.split():
        company, trade = place.split(":")
        PermitContractor.create(permit=permit, contractor=companies[int(company)], trade=trade)
    return permit


def _facts(kind: PermitType, address: str, work: str, issued: int, status: str, today: date) -> dict:
    was_issued = status not in ("application_accepted", "fees_payment", "in_review")
    issued_on = today + timedelta(days=issued)
    expires_on = issued_on + VALID_FOR if was_issued else None
    return {
        "permit_type": kind,
        "description": work,
        "status": PermitStatus(status),
        "status_current": status.replace("_", " ").capitalize(),
        "applied_on": issued_on - timedelta(days=20),
        "issued_on": issued_on if was_issued else None,
        "source_expires_on": expires_on,
        "expires_on": expires_on,
        "completed_on": today - timedelta(days=30) if status.startswith("finaled") else None,
        "original_address1": address,
        "original_city": "Bluebonnet",
        "original_state": "TX",
        "original_zip": ZIPS[len(address) % len(ZIPS)],
    }


def _builders_permits(types: dict[str, PermitType], builder: Contractor, today: date) -> None:
    """So many that the builder has 400 active ones: BP-1184 is theirs too."""
    dice = Random(400)  # the same streets every time
    rows = []
    for number in range(1, BUILDERS_PERMITS):
        address = f"{dice.randrange(100, 9900)} {dice.choice(STREETS)}"
        work = f"New house, plan {dice.choice('ABCDEFG')}, lot {number}"
        facts = _facts(types["NEW"], address, work, -dice.randrange(1, 178), "issued", today)
        rows.append({"permit_num": f"BP-{today.year}-{2000 + number}", **facts})
    made = [id for (id,) in Permit.insert_many(rows).returning(Permit.id).tuples().execute()]
    PermitContractor.insert_many(
        [{"permit": id, "contractor": builder, "trade": Trade.GENERAL} for id in made]
    ).execute()


def _past(row: tuple, permits: dict[str, Permit], staff: list[Staff], city: City, now: datetime) -> None:
    number, code, days, result, corrections, comment = row
    permit, one = permits[number], inspection_types()[code]
    day = _working_days_ago(-days, local(now, city).date(), city)
    company, inspector = _who(permit, one.trade), next(person for person in staff if _may_inspect(person, one.trade))
    recorded_at = datetime.combine(day, datetime.min.time(), city.zone) + timedelta(hours=10, minutes=day.day)
    request = Request.create(
        key=f"demo:{number}:{code}:{days}", digest="", permit=permit, contractor=company, contact_name="Dana Whitfield",
        phone=company.phone, site_address=permit.original_address1, email=company.email,
        requested_at=recorded_at - timedelta(days=2),
    )  # fmt: skip
    words = {"comment": comment, "corrections": corrections.replace("|", "\n"), "result": Result(result)}
    inspection = Inspection.create(
        request=request, permit=permit, contractor=company, inspection_type=one.id, status=Status.DONE, day=day,
        time_frame="any", inspector=inspector, closed_at=recorded_at, closed_on=day, closed_by=inspector.name,
        to_repeat=result in LEAVES_OPEN and (number, code) != ("BP-1184", "MERGH"),
        requested_at=request.requested_at, **words,
    )  # fmt: skip
    InspectionResult.create(inspection=inspection, recorded_by=inspector, recorded_at=recorded_at, **words)
    take_place(day, one.trade, "any", limits=(), default=NO_LIMIT)


def _requests(permits: dict[str, Permit], companies: list[Contractor], desk: Desk, now: datetime) -> None:
    """Requests of the coming days, made as a contractor makes them: with their mail."""
    first = next_working_day(next_working_day(local(now, desk.city).date(), desk.city), desk.city)
    later = next_working_day(first, desk.city)
    plan = (
        ("BP-1184", 0, [Wish("PLTOP", first, "am", "Upper floor is open now.")]),
        ("PP-0932", 0, [Wish("WH", first, "am", "Side gate is open.")]),
        ("IR-0317", 2, [Wish("IRRIG", later, "any", "Marco, 512-555-0163. Controller is in the garage.")]),
        ("MP-0444", 4, [Wish("HVAC", later, "pm")]),
    )
    for number, company, wishes in plan:
        permit, who = permits[number], companies[company]
        contact = Contact("Dana Whitfield", who.phone, permit.original_address1, who.email)
        request_inspections(permit, who, wishes, contact=contact, key=f"demo-{number}", desk=desk, by=SYSTEM, now=now)


def _who(permit: Permit, trade: str) -> Contractor:
    rows = {row.trade: row.contractor for row in permit.contractors}
    return rows.get(trade) or rows.get(Trade.GENERAL) or next(iter(rows.values()))


def _may_inspect(person: Staff, trade: str) -> bool:
    return person.role == "inspector" and trade in [row.trade for row in person.trades]


def _working_days_ago(number: int, today: date, city: City) -> date:
    day = today
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day, city)
    return day
