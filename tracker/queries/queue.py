"""The queue: requests by day with what a technician decides by, in pages by key."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from peewee import JOIN, Case, Select, fn

from tracker.models import Change, Contractor, Inspection, InspectionType, Permit, Request, Staff
from tracker.models.inspections import IS_OPEN
from tracker.queries.queue_order import SORTS, beyond, key_of, read_key
from tracker.rules.sequence import Type
from tracker.rules.words import NOBODY, OPEN, Status
from tracker.statements import statement

PAGE = 50
MOST_WORDS = 8
CLOSED_FOR = timedelta(days=30)  # what was closed longer ago is found by its day, or on its permit
EVERY = "all"  # the state filter that leaves nothing out


@dataclass(frozen=True)
class Filter:
    """What the queue shows: without anything, all that is open. `past` are the days gone by."""

    day: date | None = None
    past: bool = False
    trade: str = ""
    inspector: int | None = None
    state: str = ""
    q: str = ""
    sort: str = "day"
    backwards: bool = False


class QueueRow(NamedTuple):
    """An inspection as the queue prints it, remarks included; `requested_at` is aware."""

    id: int
    status: str
    result: str | None
    day: date
    time_frame: str
    remarks: str
    requested_at: datetime
    inspector_id: int | None
    inspector_name: str
    type: Type
    permit_num: str
    address: str
    zip: str
    company_name: str
    contact_name: str
    phone: str


@dataclass
class QueuePage:
    rows: list[QueueRow]
    # The key that the next page begins after; None on the last one.
    after: str | None
    total: int


def queue_page(wanted: Filter, *, today: date, after: str = "") -> QueuePage:
    """A page of the requests that the filter lets through, and how many there are in all; two queries at most."""
    keys = SORTS[wanted.sort]
    if wanted == Filter() and not after:
        found = _first_page(PAGE + 1)
    else:
        place = read_key(after, keys)
        further = [beyond(keys, place, wanted.backwards)] if place else []
        order = [key.desc() if wanted.backwards else key for key in keys]
        found = list(_rows().where(*conditions(wanted, today), *further).order_by(*order).limit(PAGE + 1).tuples())
    rows = [_row(*row) for row in found[:PAGE]]
    last = key_of(rows[-1], wanted.sort) if len(found) > PAGE else None
    return QueuePage(rows, last, _total(wanted, today) if after or last else len(rows))


@statement
def _first_page(limit: Any) -> Select:
    return _rows().where(IS_OPEN).order_by(*SORTS["day"]).limit(limit)


def _total(wanted: Filter, today: date) -> int:
    """What is open was asked for here, so that one index tells how much it is; what else is filtered by is joined."""
    if wanted == Filter(sort=wanted.sort, backwards=wanted.backwards):
        return int(_how_many_open()[0][0])
    return int(_joined(Inspection.select()).where(*conditions(wanted, today)).count())


@statement
def _how_many_open() -> Select:
    return Inspection.select(fn.COUNT(Inspection.id)).where(IS_OPEN)


def queue_rows(ids: Collection[int]) -> list[QueueRow]:
    """These inspections, by day and age."""
    rows = _rows().where(Inspection.id.in_(list(ids))).order_by(*SORTS["day"])
    return [_row(*row) for row in rows.tuples()]


def rows_to_plan(wanted: Filter, *, day: date, today: date, limit: int) -> list[QueueRow]:
    """What of the filter's requests on `day` has no inspector yet, by age."""
    where = (*conditions(wanted, today), Inspection.day == day, Inspection.status == Status.REQUESTED)
    rows = _rows().where(*where, Inspection.inspector.is_null()).order_by(*SORTS["age"]).limit(limit)
    return [_row(*row) for row in rows.tuples()]


def conditions(wanted: Filter, today: date) -> list[Any]:
    """The filter as conditions of a query over `_joined`."""
    where: list[Any] = [_of_state(wanted, today)]
    if wanted.day:
        where.append(Inspection.day == wanted.day)
    if wanted.past:
        where.append(Inspection.day < today)
    if wanted.trade:
        where.append(InspectionType.trade == wanted.trade)
    if wanted.inspector is not None:
        nobody = wanted.inspector == NOBODY
        where.append(Inspection.inspector.is_null() if nobody else Inspection.inspector == wanted.inspector)
    return where + [_holds(word) for word in wanted.q.split()[:MOST_WORDS]]


def _of_state(wanted: Filter, today: date) -> Any:
    if not wanted.state:
        return IS_OPEN
    recent = Inspection.day >= today - CLOSED_FOR
    if wanted.state == EVERY:
        return (Inspection.day == wanted.day) if wanted.day else (IS_OPEN | recent)
    state = Inspection.status == wanted.state
    return state if wanted.day or wanted.state in OPEN else state & recent


def _holds(word: str) -> Any:
    """The word stands in the address, the permit number, a name, the trade or the remarks, or begins the ZIP code."""
    return (
        Request.site_address.contains(word)
        | Permit.permit_num.contains(word)
        | Permit.original_zip.startswith(word)
        | Contractor.company_name.contains(word)
        | InspectionType.name.contains(word)
        | InspectionType.trade.contains(word)
        | Inspection.remarks.contains(word)
    )


def open_days() -> list[tuple[date, int, int]]:
    """(day, open requests, those without an inspector) of every day that has any."""
    return [(day, int(count), int(free)) for day, count, free in _open_days()]


@statement
def _open_days() -> Select:
    unassigned = fn.SUM(Case(None, [(Inspection.inspector.is_null(), 1)], 0))
    rows = Inspection.select(Inspection.day, fn.COUNT(Inspection.id), unassigned).where(IS_OPEN)
    return rows.group_by(Inspection.day).order_by(Inspection.day)


def queue_version() -> str:
    """Changes with every line in the record of changes, also one that is committed after a later one."""
    ((most, total),) = _last_changes()
    return f"{most or 0}.{int(total or 0) % 99_991}"


@statement
def _last_changes() -> Select:
    last = Change.select(Change.id).order_by(Change.id.desc()).limit(100).alias("last")
    return Change.select(fn.MAX(last.c.id), fn.SUM(last.c.id)).from_(last)


def _joined(query: Any) -> Any:
    """What was asked for here, with all that it has; outer joins, so that the inspections' own order is kept to."""
    for model in (InspectionType, Permit, Request, Contractor):
        query = query.switch(Inspection).join(model, JOIN.LEFT_OUTER)
    return query.where(Inspection.source_key.is_null())  # and so with a request, of which there are more than are open


def _rows() -> Any:
    columns = (
        Inspection.id, Inspection.status, Inspection.result, Inspection.day, Inspection.time_frame, Inspection.remarks,
        Inspection.requested_at, Inspection.inspector, Staff.name, InspectionType.id, InspectionType.code,
        InspectionType.name, InspectionType.name_es, InspectionType.trade, InspectionType.minutes, Permit.permit_num,
        Request.site_address, Permit.original_zip, Contractor.company_name, Request.contact_name, Request.phone,
    )  # fmt: skip
    return _joined(Inspection.select(*columns)).switch(Inspection).join(Staff, JOIN.LEFT_OUTER)


def _row(id, status, result, day, frame, remarks, requested_at, inspector_id, inspector, *rest) -> QueueRow:
    *kind, number, address, zip_code, company, contact, phone = rest
    who, where = inspector or "", (number, address, zip_code, company, contact, phone)
    return QueueRow(
        id, Status(status), result, day, frame, remarks, requested_at, inspector_id, who, Type(*kind), *where
    )
