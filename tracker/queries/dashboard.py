"""A company's dashboard: its open inspections and fresh outcomes, and its active permits by pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case, fn

from tracker.models import Inspection, Permit, PermitContractor, PermitType
from tracker.queries.permits import InspectionRow, inspection_rows
from tracker.rules.words import ACTIVE_PERMIT, OPEN

PAGE = 25
MOST = 400
OUTCOMES_FOR = timedelta(days=30)


@dataclass
class InspectionList:
    rows: list[InspectionRow]
    total: int


def active_inspections(contractor_id: int, today: date, *, shown: int = PAGE) -> InspectionList:
    """Open inspections and results that leave something to do, soonest first; then the other outcomes of the
    last 30 days, newest first."""
    where = (Inspection.contractor == contractor_id) & (
        Inspection.status.in_(OPEN) | (Inspection.closed_on >= today - OUTCOMES_FOR)
    )
    waiting = Inspection.status.in_(OPEN) | (Inspection.to_repeat == True)  # noqa: E712
    order = (
        Case(None, [(waiting, 0)], 1),
        Case(None, [(waiting, Inspection.day)], None),
        Case(None, [(~waiting, Inspection.closed_at)], None).desc(),
        Inspection.id,
    )
    shown = max(PAGE, min(shown, MOST))
    rows = inspection_rows(where, order=order, limit=shown + 1)
    total = len(rows) if len(rows) <= shown else Inspection.select().where(where).count()
    return InspectionList(rows[:shown], total)


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
    """A page of the active permits, the last issued first.

    `q` is part of a number or an address. `after` is the key of the row before the page, `until` that of its
    last row where it was shown already (then the page may be longer).
    """
    mine = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == contractor_id)
    active = (
        Permit.id.in_(mine)
        & Permit.status.in_(ACTIVE_PERMIT)
        & (Permit.expires_on.is_null() | (Permit.expires_on >= today))
    )
    for word in q.split():
        active &= Permit.permit_num.contains(word) | Permit.original_address1.contains(word)
    issued = fn.COALESCE(Permit.issued_on, date(1900, 1, 1))
    query = Permit.select(
        Permit.permit_num,
        Permit.original_address1,
        Permit.original_address2,
        Permit.description,
        PermitType.name,
        PermitType.name_es,
        Permit.status,
        Permit.issued_on,
        Permit.expires_on,
        Permit.id,
    ).join(PermitType, JOIN.LEFT_OUTER)
    all_active = active
    if place := read_key(after):
        active &= (issued < place[0]) | ((issued == place[0]) & (Permit.id < place[1]))
    size = PAGE
    if place := read_key(until):
        active_and_shown = (issued > place[0]) | ((issued == place[0]) & (Permit.id >= place[1]))
        active, size = active & active_and_shown, 2 * PAGE
    query = query.where(active).order_by(issued.desc(), Permit.id.desc()).limit(size + 1)
    rows = [_permit_row(*row) for row in query.tuples()]
    more = len(rows) > size or bool(until)
    rows = rows[:size]
    total = len(rows) if not (more or after) else Permit.select().where(all_active).count()
    return PermitPage(rows, rows[-1].key if more and rows else None, total)


def read_key(text: str) -> tuple[date, int] | None:
    """(issue date, id) of a row from its key '20260502-17'; None where the text is none."""
    day, _, number = text.partition("-")
    try:
        return date.fromisoformat(day), max(0, min(int(number), 2**31 - 1))
    except ValueError:
        return None


def _permit_row(number, address1, address2, work, name, name_es, status, issued_on, expires_on, id) -> PermitRow:
    key = f"{(issued_on or date(1900, 1, 1)):%Y%m%d}-{id}"
    kind = None if name is None else PermitType(name=name, name_es=name_es)
    return PermitRow(number, " ".join((address1, address2)).strip(), work, kind, status, issued_on, expires_on, key)
