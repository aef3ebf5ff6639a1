"""The town under load: companies with houses to build, a desk, inspectors with stops that wait for their results."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from tests.cast import CHICAGO, CITY, Member, Signer, ask, desk, member, permit_of, signer
from tracker.actions.requests import Contact, Wish
from tracker.actions.review import assign
from tracker.actions.seen import Seen
from tracker.db import database
from tracker.rules.calendar import is_working_day, next_working_day

SECRET_KEY = "the same on every machine of the soak"
AT_ONCE = ("SEWER", "TPOLE", "PLRGH", "FORM")  # what a new house may be asked for first
TRADES = "building electrical plumbing mechanical irrigation"


@dataclass(frozen=True)
class Builder:
    """A company and its house."""

    who: Signer
    number: str
    email: str  # that of the requests; the company's own is another

    @property
    def request_page(self) -> str:
        return f"/permits/{quote(self.number)}/request"


@dataclass
class Town:
    builders: list[Builder]
    technician: Member
    supervisor: Member
    inspectors: dict[int, list[int]]  # of each, by id, the inspections of `stops_on` that wait for a result
    emails: dict[int, str]
    stops_on: date


def found(builders: int, inspectors: int, stops: int) -> Town:
    """A town in an empty database: every inspector has that many stops of the last working day without a result."""
    now = datetime.now(UTC)
    today = now.astimezone(CHICAGO).date()
    with database.connection_context():
        companies = [_builder(number, today) for number in range(builders)]
        people = [member(f"{name} Vandermeer", "inspector", TRADES) for name in _names(inspectors)]
        yesterday = _working_day(today)
        waiting = {one.row.id: _stops(one, companies[0].who, stops, yesterday, today) for one in people}
        sam, olu = member("Sam Okafor", "technician"), member("Olu Adeyemi", "supervisor")
    return Town(companies, sam, olu, waiting, {one.row.id: one.row.email for one in people}, yesterday)


def _names(count: int) -> list[str]:
    return [f"Iris{number}" for number in range(count)]


def _builder(number: int, today: date) -> Builder:
    who = signer(f"Bluebonnet Builders No {number}", f"office{number}@builders.example")
    permit = permit_of(who.company, f"BP-{number:05}", issued_on=today - timedelta(days=30))
    return Builder(who, permit.permit_num, f"site{number}@builders.example")


def _working_day(today: date) -> date:
    """The last one before today."""
    return max(day for back in range(1, 9) if is_working_day(day := today - timedelta(days=back), CITY))


def _stops(inspector: Member, who: Signer, count: int, day: date, today: date) -> list[int]:
    """Inspections of that day, asked for a week before and assigned."""
    asked_on = max(on for back in range(5, 9) if next_working_day(on := day - timedelta(days=back), CITY) < day)
    asked_at = datetime.combine(asked_on, time(10), CHICAGO)
    made: list[int] = []
    for house in range(-(-count // len(AT_ONCE))):
        number = f"BP-{inspector.row.id:03}-{house:04}"
        permit = permit_of(who.company, number, issued_on=today - timedelta(days=60), address=f"{house} Heron Bend")
        contact = Contact("Dana Whitfield", "512-555-0170", f"{house} Heron Bend", "site-of-the-week@builders.example")
        wishes = [Wish(code, day, "any") for code in AT_ONCE[: count - len(made)]]
        at = desk(daily_capacity=100_000)
        request = ask(who, permit, *wishes, key=number, now=asked_at, contact=contact, at=at)
        ids = [one.id for one in request.inspections]
        assign([Seen(id) for id in ids], inspector=inspector.row, desk=at, by=inspector.by, now=asked_at)
        made += ids
    return made
