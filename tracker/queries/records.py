"""The record of changes about a permit, an inspection or a company, and what the staff see of a permit."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, Select, fn

from tracker.db import any_of
from tracker.models import Change, Contractor, Inspection, Permit, PermitContractor, PermitType, Request
from tracker.models.permits import Lower
from tracker.rules.words import OPEN, Trade
from tracker.statements import statement

PAGE = 50


@dataclass
class Line:
    """One change: `facts` are (what, before, after); `at` is aware."""

    id: int
    at: datetime
    who: str
    address: str
    verb: str
    subject: str
    subject_id: int
    facts: list[tuple[str, Any, Any]]
    despite: list[str]
    reason: str


def changes_of(
    subjects: dict[str, Collection[int]], *, before: int | None = None, but: Collection[str] = ()
) -> tuple[list[Line], int | None]:
    """A page of the changes of these (ids by subject), newest first, and the id that the next page is before.

    `but` are verbs that are left out.
    """
    about: Any = None
    for subject, ids in subjects.items():
        one = (Change.subject == subject) & Change.subject_id.in_(list(ids))
        about = one if about is None else about | one
    query = Change.select().where(about).order_by(Change.id.desc())
    if but:
        query = query.where(Change.verb.not_in(list(but)))
    if before:
        query = query.where(Change.id < min(before, 2**31 - 1))
    rows = list(query.limit(PAGE + 1))
    return [line_of(row) for row in rows[:PAGE]], rows[PAGE - 1].id if len(rows) > PAGE else None


def line_of(row: Change) -> Line:
    """A row of the record as pages print it."""
    was, now = json.loads(row.before or "{}"), json.loads(row.after or "{}")
    names = [name for name in dict.fromkeys([*was, *now]) if name != "despite" and was.get(name) != now.get(name)]
    facts = [(name, was.get(name), now.get(name)) for name in names]
    return Line(
        row.id, row.at, row.actor_name, row.address, row.verb, row.subject, row.subject_id, facts,
        now.get("despite", []), row.reason,
    )  # fmt: skip


def ids_on(permit: Permit) -> list[int]:
    """The inspections on a permit."""
    return [id for (id,) in Inspection.select(Inspection.id).where(Inspection.permit == permit).tuples()]


def companies_on(permit: Permit) -> list[PermitContractor]:
    """Who is on the permit, each with its company; the general contractor first."""
    rows = PermitContractor.select(PermitContractor, Contractor).join(Contractor)
    order = (PermitContractor.trade != Trade.GENERAL, PermitContractor.trade, Contractor.company_name)
    return list(rows.where(PermitContractor.permit == permit).order_by(*order))


def requests_on(permit: Permit) -> dict[int, Request]:
    """The requests on a permit by their number, for the contacts in them."""
    return {row.id: row for row in Request.select().where(Request.permit == permit)}


def remarks_on(permit: Permit) -> dict[int, tuple[str, str]]:
    """(remarks, comment for the city) of the inspections on a permit, by id."""
    rows = Inspection.select(Inspection.id, Inspection.remarks, Inspection.staff_comment)
    return {id: (remarks, comment) for id, remarks, comment in rows.where(Inspection.permit == permit).tuples()}


def source_words(id: int) -> tuple[str, str]:
    """(type, result) of an inspection as the source of an import says them; '' where it was asked for here."""
    words = Inspection.select(Inspection.source_type, Inspection.source_result).where(Inspection.id == id)
    return tuple(words.tuples().get())  # type: ignore[return-value]


def permits_found(text: str, *, limit: int = 20) -> list[Permit]:
    """Permits whose number or address begins like this, without case; of the first hundred of each the newest first."""
    typed = text.strip()
    if len(typed) < 2:
        return []
    span = typed, f"{typed}\U0010ffff"
    ids = [id for (id,) in [*_numbers_between(*span), *_addresses_between(*span)]]
    found = _with_types().where(any_of(Permit.id, ids))
    return list(found.order_by(Permit.issued_on.desc(), Permit.id.desc()).limit(limit))


@statement
def _numbers_between(first: Any, last: Any) -> Select:
    return _between(Lower(Permit.permit_num), first, last)


@statement
def _addresses_between(first: Any, last: Any) -> Select:
    return _between(Lower(Permit.original_address1), first, last)


def _between(key: Any, first: Any, last: Any) -> Select:
    # In lower case as the database has it: SQLite's own leaves letters with accents alone.
    begins = (key >= fn.LOWER(first)) & (key < fn.LOWER(last))
    return Permit.select(Permit.id).where(begins).order_by(key).limit(100)


def _with_types() -> Any:
    return Permit.select(Permit, PermitType).join(PermitType, JOIN.LEFT_OUTER)


def permits_of(company: Contractor, *, q: str = "", limit: int = 25) -> list[Permit]:
    """A company's permits, the last issued first; `q` is part of a number or an address."""
    mine = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == company)
    query = _with_types().where(Permit.id.in_(mine))
    for word in q.split():
        query = query.where(Permit.permit_num.contains(word) | Permit.original_address1.contains(word))
    return list(query.order_by(Permit.issued_on.desc(), Permit.id.desc()).limit(limit))


def left_behind(permit: Permit, link_id: int) -> list[int]:
    """The open inspections that a company asked for on a permit that it leaves with this line; none where it stays."""
    link = PermitContractor.get_or_none(PermitContractor.id == link_id, PermitContractor.permit == permit)
    if link is None:
        return []
    on_it = (PermitContractor.permit == permit) & (PermitContractor.contractor == link.contractor_id)
    if PermitContractor.select().where(on_it).count() > 1:
        return []
    mine = Inspection.select(Inspection.id).where(open_inspections_of(link.contractor), Inspection.permit == permit)
    return [id for (id,) in mine.order_by(Inspection.day, Inspection.id).tuples()]


def open_inspections_of(company: Contractor) -> Any:
    """The condition of a company's open inspections, for `inspection_rows`."""
    return (Inspection.contractor == company) & Inspection.status.in_(OPEN)
