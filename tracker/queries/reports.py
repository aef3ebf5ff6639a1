"""The supervisor's reports: sums by type, trade, inspector or month, and the age of what is open. Read from tallies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple

from peewee import Case, fn

from tracker.models import Inspection, InspectionType, Staff, Tally
from tracker.models.inspections import IS_OPEN
from tracker.rules.age import LIMIT, NEAR
from tracker.rules.tallies import COLUMNS, Sums
from tracker.rules.words import NOBODY, Role

# Ages of open requests in days, from so many on; the last are those beyond the limit.
AGES = (0, 4, 8, NEAR, LIMIT)


@dataclass(frozen=True)
class Scope:
    """From a day to a day, both counted; of one type, one trade, one inspector (NOBODY: not assigned), or of all."""

    first: date
    last: date
    type_id: int | None = None
    trade: str = ""
    inspector_id: int | None = None


class Named(NamedTuple):
    """An inspection type as reports name it."""

    id: int
    code: str
    name: str
    name_es: str
    trade: str


def named_types() -> list[Named]:
    columns = (InspectionType.id, InspectionType.code, InspectionType.name, InspectionType.name_es)
    rows = InspectionType.select(*columns, InspectionType.trade).order_by(InspectionType.position, InspectionType.id)
    return [Named(*row) for row in rows.tuples()]


def inspector_names() -> list[tuple[int, str]]:
    """(id, name) of whoever inspects or has inspected, also those who have left."""
    ever = Tally.select(Tally.inspector_id).where(Tally.span == "month", Tally.inspector_id != NOBODY)
    them = (Staff.role == Role.INSPECTOR) | Staff.id.in_(ever.distinct())
    return list(Staff.select(Staff.id, Staff.name).where(them).order_by(Staff.name, Staff.id).tuples())


def first_month() -> date | None:
    """The first of the month from which on anything is counted."""
    day = Tally.select(fn.MIN(Tally.day)).where(Tally.span == "month").scalar()
    return day if day is None or isinstance(day, date) else date.fromisoformat(day)


def sums_by_type(scope: Scope) -> dict[int, Sums]:
    return {id: Sums(dict(zip(COLUMNS, sums, strict=True))) for id, *sums in _sums(scope, Tally.type_id)}


def sums_by_inspector(scope: Scope) -> dict[int, Sums]:
    return {id: Sums(dict(zip(COLUMNS, sums, strict=True))) for id, *sums in _sums(scope, Tally.inspector_id)}


def sums_by_month(scope: Scope) -> dict[date, Sums]:
    """By the first of the month."""
    found: dict[date, Sums] = {}
    for day, *sums in _sums(scope, Tally.day):
        month = day.replace(day=1)
        found[month] = found.get(month, Sums({})) + Sums(dict(zip(COLUMNS, sums, strict=True)))
    return found


def _sums(scope: Scope, key: Any) -> Iterable[tuple]:
    sums = [fn.SUM(getattr(Tally, name)).coerce(False) for name in COLUMNS]
    where = (_within(scope.first, scope.last), *_of(scope, Tally.type_id, Tally.inspector_id))
    query = Tally.select(key, *sums).where(*where)
    return ((key, *map(int, sums)) for key, *sums in query.group_by(key).order_by(key).tuples())


def _within(first: date, last: date) -> Any:
    """Whole months by their own rows, the days before and after them by theirs."""
    begin, end = _month_from(first), _month_until(last)
    if begin >= end:
        return (Tally.span == "day") & Tally.day.between(first, last)
    return (
        ((Tally.span == "month") & (Tally.day >= begin) & (Tally.day < end))
        | ((Tally.span == "day") & (Tally.day >= first) & (Tally.day < begin))
        | ((Tally.span == "day") & (Tally.day >= end) & (Tally.day <= last))
    )


def _month_from(day: date) -> date:
    """The first month that begins on this day or later."""
    return day if day.day == 1 else next_month(day)


def _month_until(day: date) -> date:
    """The first of the month that follows the last one that ends by this day."""
    after = day + timedelta(days=1)
    return after.replace(day=1)


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _of(scope: Scope, type_id: Any, inspector_id: Any) -> list[Any]:
    where: list[Any] = []
    if scope.type_id is not None:
        where.append(type_id == scope.type_id)
    if scope.trade:
        where.append(type_id.in_(InspectionType.select(InspectionType.id).where(InspectionType.trade == scope.trade)))
    if scope.inspector_id is not None:
        where.append(inspector_id == scope.inspector_id)
    return where


def open_ages(scope: Scope, *, today: date, zone: tzinfo) -> dict[int, list[int]]:
    """Type → open requests by AGES as they are now; the scope's days do not matter here."""
    asked = Inspection.requested_at
    # What is at least so many days old was asked for before midnight of the day after.
    before = [datetime.combine(today - timedelta(days=age - 1), time.min, zone) for age in AGES[1:]]
    older = [fn.SUM(Case(None, [(asked < moment, 1)], 0)) for moment in before]
    where = _of(scope, Inspection.inspection_type, fn.COALESCE(Inspection.inspector, NOBODY))
    rows = (
        Inspection.select(Inspection.inspection_type, fn.COUNT(Inspection.id), *older)
        .where(IS_OPEN, *where)
        .group_by(Inspection.inspection_type)
        .order_by(Inspection.inspection_type)
    )
    found = {}
    for id, *counts in rows.tuples():
        least = [int(count) for count in counts]
        found[id] = [more - fewer for more, fewer in zip(least, [*least[1:], 0], strict=True)]
    return found
