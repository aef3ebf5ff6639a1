"""A company's dashboard: its open inspections and fresh outcomes, and its active permits by pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, Case, Select, fn

from tracker.models import Inspection, Permit, PermitContractor, PermitType
from tracker.queries.permits import InspectionRow, all_inspections, read_rows
from tracker.rules.expiry import AROUND, SHOWN_EXPIRED
from tracker.rules.words import ACTIVE_PERMIT, OPEN, UNDER_WAY, PermitStatus
from tracker.statements import statement

PAGE = 25
MOST = 400
OUTCOMES_FOR = timedelta(days=30)
NEVER, FOREVER = date(1900, 1, 1), date(9999, 1, 1)  # stand for no day where days are put in order


@dataclass
class InspectionList:
    rows: list[InspectionRow]
    total: int


def active_inspections(contractor_id: int, today: date, *, shown: int = PAGE) -> InspectionList:
    """What is under way; other open inspections and results that leave something to do, soonest first; then the
    other outcomes of the last 30 days, newest first."""
    shown, since = max(PAGE, min(shown, MOST)), today - OUTCOMES_FOR
    rows = read_rows(_inspections(contractor_id, since, shown + 1))
    total = len(rows) if len(rows) <= shown else _how_many_inspections(contractor_id, since)[0][0]
    return InspectionList(rows[:shown], total)


def _is_shown(contractor_id: Any, since: Any) -> Any:
    return (Inspection.contractor == contractor_id) & (Inspection.status.in_(OPEN) | (Inspection.closed_on >= since))


@statement
def _inspections(contractor_id: Any, since: Any, limit: Any) -> Select:
    waiting = Inspection.status.in_(OPEN) | (Inspection.to_repeat == True)  # noqa: E712
    order = (
        Case(None, [(Inspection.status.in_(UNDER_WAY), 0), (waiting, 1)], 2),
        Case(None, [(waiting, Inspection.day)], None),
        Case(None, [(~waiting, Inspection.closed_at)], None).desc(),
        Inspection.id,
    )
    return all_inspections().where(_is_shown(contractor_id, since)).order_by(*order).limit(limit)


@statement
def _how_many_inspections(contractor_id: Any, since: Any) -> Select:
    return Inspection.select(fn.COUNT(Inspection.id)).where(_is_shown(contractor_id, since))


@dataclass
class PermitRow:
    number: str
    address: str
    work: str
    type: Any
    status: str
    issued_on: date | None
    expires_on: date | None
    key: str


@dataclass
class PermitPage:
    rows: list[PermitRow]
    # Where the next page begins; None on the last one.
    after: str | None
    total: int


def active_permits(contractor_id: int, today: date, *, q: str = "", after: str = "", until: str = "") -> PermitPage:
    """A page of the active permits and of those that expired within 30 days: in the week before and after its
    end a permit stands on top, soonest first; then the last issued first.

    `q` is part of a number or an address. `after` is the key of the row before the page, `until` that of its
    last row where it was shown already (then the page may be longer).
    """
    days = Days.around(today)
    order, size = Order(days), PAGE
    listed = _listed(contractor_id, days)
    for word in q.split():
        listed &= Permit.permit_num.contains(word) | Permit.original_address1.contains(word)
    here = listed
    if place := read_key(after):
        here &= order.is_after(*place)
    if place := read_key(until):
        here, size = here & ~order.is_after(*place), 2 * PAGE
    if q or after or until:
        found = _permits().where(here).order_by(*order.by).limit(size + 1).tuples()
    else:
        found = _first_permits(contractor_id, *days, size + 1)
    rows = [_permit_row(order, *row) for row in found]
    more = len(rows) > size or bool(until)
    rows = rows[:size]
    total = len(rows) if not (more or after) else Permit.select().where(listed).count()
    return PermitPage(rows, rows[-1].key if more and rows else None, total)


@statement
def _first_permits(contractor_id: Any, today: Any, lately: Any, first: Any, last: Any, limit: Any) -> Select:
    days = Days(today, lately, first, last)
    return _permits().where(_listed(contractor_id, days)).order_by(*Order(days).by).limit(limit)


def _permits() -> Select:
    columns = (
        Permit.permit_num, Permit.original_address1, Permit.original_address2, Permit.description,
        PermitType.name, PermitType.name_es, Permit.status, Permit.issued_on, Permit.expires_on, Permit.id,
    )  # fmt: skip
    return Permit.select(*columns).join(PermitType, JOIN.LEFT_OUTER)


class Days(NamedTuple):
    """The days that decide what is listed and where: today, 30 days ago, and the week before and after."""

    today: Any
    lately: Any
    first: Any
    last: Any

    @classmethod
    def around(cls, today: date) -> "Days":
        return cls(today, today - SHOWN_EXPIRED, today - AROUND, today + AROUND)


def _listed(contractor_id: Any, days: Days) -> Any:
    mine = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == contractor_id)
    lately = Permit.expires_on >= days.lately
    active = Permit.status.in_(ACTIVE_PERMIT) & (Permit.expires_on.is_null() | lately)
    # Of one that its source calls expired, only where that is what the date says.
    expired = (Permit.status == PermitStatus.EXPIRED) & lately & (Permit.expires_on < days.today)
    return Permit.id.in_(mine) & (active | expired)


class Order:
    """The order of the list: first what is near its end, by that day; then the others, the last issued first.

    A place in it is (the day it ends, if that is near; the day of issue; id), and its key is the same as text:
    '20260529-20260101-17', '99990101-20260502-17'.
    """

    def __init__(self, days: Days) -> None:
        self.first, self.last = days.first, days.last
        self.ends = Case(None, [(Permit.expires_on.between(self.first, self.last), Permit.expires_on)], FOREVER)
        self.issued = fn.COALESCE(Permit.issued_on, NEVER)
        self.by = (self.ends, self.issued.desc(), Permit.id.desc())

    def is_after(self, ends: date, issued: date, id: int) -> Any:
        older = (self.issued < issued) | ((self.issued == issued) & (Permit.id < id))
        return (self.ends > ends) | ((self.ends == ends) & older)

    def key(self, issued_on: date | None, expires_on: date | None, id: int) -> str:
        ends = expires_on if expires_on and self.first <= expires_on <= self.last else FOREVER
        return f"{ends:%Y%m%d}-{issued_on or NEVER:%Y%m%d}-{id}"


def read_key(text: str) -> tuple[date, date, int] | None:
    """A place in the order from the key of its row; None where the text is none."""
    try:
        ends, issued, number = text.split("-", 2)
        return date.fromisoformat(ends), date.fromisoformat(issued), max(0, min(int(number), 2**31 - 1))
    except ValueError:
        return None


def _permit_row(order, number, address1, address2, work, name, name_es, status, issued_on, expires_on, id) -> PermitRow:
    key = order.key(issued_on, expires_on, id)
    kind = None if name is None else PermitType(name=name, name_es=name_es)
    return PermitRow(number, " ".join((address1, address2)).strip(), work, kind, status, issued_on, expires_on, key)
