"""The people of the town, the same in every test. Nobody in it exists."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from tracker.actions.changes import By
from tracker.actions.companies import make_company
from tracker.actions.desk import Desk
from tracker.actions.hashes import hashed
from tracker.actions.requests import Contact, Wish, request_inspections
from tracker.letter import Letterhead
from tracker.models import (
    Contractor,
    Inspection,
    Permit,
    PermitContractor,
    PermitType,
    Request,
    SignIn,
    Staff,
    StaffTrade,
)
from tracker.queries.city import inspection_types
from tracker.rules.calendar import City

CHICAGO = ZoneInfo("America/Chicago")
# Tuesday 26 May 2026, 10:00 in Chicago: before the cut-off, the first day is Wednesday 27.
NOW = datetime(2026, 5, 26, 15, 0, tzinfo=UTC)
TODAY = date(2026, 5, 26)
WEDNESDAY, THURSDAY, FRIDAY = date(2026, 5, 27), date(2026, 5, 28), date(2026, 5, 29)
CITY = City(CHICAGO, phone="512-555-0100")
LETTERHEAD = Letterhead(
    name="City of Bluebonnet",
    phone="512-555-0100",
    zone=CHICAGO,
    public_url="http://127.0.0.1:8000",
    sender="permits@city.example",
)
CONTACT = Contact("Dana Whitfield", "512-555-0170", "418 Larkspur Lane", "dana@lonestar.example")
CLERK = By("system", "system")


@dataclass
class Signer:
    """A company with somebody who signs in for it."""

    company: Contractor
    pin: str

    @property
    def by(self) -> By:
        return By(f"contractor:{self.company.id}", self.company.company_name)


@dataclass
class Member:
    """Somebody of the city's staff."""

    row: Staff

    @property
    def by(self) -> By:
        return By(f"staff:{self.row.id}", self.row.name)


PASSWORD = "larkspur ferry 41 anvil"


def member(name: str, role: str, trades: str = "", **fields: object) -> Member:
    """One of the staff who signs in with first name and PASSWORD, and inspects these trades."""
    row = Staff.create(
        email=f"{name.split()[0].lower()}@bluebonnet.example",
        name=name,
        role=role,
        phone="512-555-0141",
        password_hash=hashed(PASSWORD),
        session_token=f"token of {name}",
        **fields,
    )
    for trade in trades.split():
        StaffTrade.create(staff=row, trade=trade)
    return Member(row)


def signer(name: str, email: str) -> Signer:
    company = make_company(name, phone="512-555-0170", email=email)
    return Signer(company, company.registration_code)


def session_of(person: Staff, at: datetime = NOW) -> str:
    """A session of this member of staff without the sign-in page, as its cookie names it."""
    made = SignIn.create(staff=person, device="", session=uuid4().hex, token=person.session_token, at=at)
    return f"staff:{made.session}"


def permit_of(
    company: Contractor,
    number: str,
    *,
    kind: str = "NEW",
    trade: str = "general",
    status: str = "issued",
    address: str = "418 Larkspur Lane",
    issued_on: date = TODAY - timedelta(days=30),
) -> Permit:
    """A permit issued a month ago, with this company on it."""
    expires_on = issued_on + timedelta(days=180)
    permit = Permit.create(
        permit_num=number,
        permit_type=PermitType.get(PermitType.code == kind),
        description="New house",
        status=status,
        issued_on=issued_on,
        source_expires_on=expires_on,
        expires_on=expires_on,
        original_address1=address,
        original_city="Bluebonnet",
        original_state="TX",
        original_zip="78664",
    )
    PermitContractor.create(permit=permit, contractor=company, trade=trade)
    return permit


def desk(city: City = CITY, daily_capacity: int = 60) -> Desk:
    return Desk(city, inspection_types(), daily_capacity, LETTERHEAD)


def ask(
    who: Signer,
    permit: Permit,
    *wishes: Wish,
    key: str = "a-form",
    now: datetime = NOW,
    contact: Contact = CONTACT,
    at: Desk | None = None,
) -> Request:
    """A request as the form makes it."""
    return request_inspections(
        permit, who.company, wishes, contact=contact, key=key, desk=at or desk(), by=who.by, now=now
    )


def past(
    permit: Permit, company: Contractor, code: str, result: str, day: date = TODAY - timedelta(days=7)
) -> Inspection:
    """An inspection that has its result."""
    request = Request.create(
        key=f"past:{permit.id}:{code}:{result}:{day}:{Request.select().count()}",
        digest="",
        permit=permit,
        contractor=company,
        contact_name="Dana Whitfield",
        phone="512-555-0170",
        site_address=permit.original_address1,
        email="dana@lonestar.example",
        requested_at=NOW - timedelta(days=9),
    )
    return Inspection.create(
        request=request,
        permit=permit,
        contractor=company,
        inspection_type=inspection_types()[code].id,
        status="done",
        result=result,
        day=day,
        time_frame="any",
        closed_at=datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=16),
        closed_on=day,
        closed_by="Ray Ortega",
        to_repeat=result in ("failed", "partial", "no_access", "not_ready"),
        requested_at=request.requested_at,
    )
