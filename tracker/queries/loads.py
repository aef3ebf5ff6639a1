"""How full a day's inspectors are."""

from datetime import date
from typing import Any

from peewee import JOIN, Select, fn

from tracker.models import Inspection, InspectionType, Staff, StaffTrade
from tracker.queries.day import COUNTS
from tracker.rules.plan import Inspector
from tracker.rules.words import Role
from tracker.statements import statement


def inspectors_on(day: date) -> list[Inspector]:
    """Everybody who inspects, by name, with what they have on that day and what it holds; two queries.

    A supervisor is among them on a day of which they hold stops.
    """
    trades: dict[int, set[str]] = {}
    for staff_id, trade in _trades_of_all():
        trades.setdefault(staff_id, set()).add(trade)
    return [
        Inspector(id, name, frozenset(trades.get(id, ())), most_stops, most_minutes, int(stops), int(minutes))
        for id, name, most_stops, most_minutes, stops, minutes in _loads(day)
    ]


@statement
def _trades_of_all() -> Select:
    return StaffTrade.select(StaffTrade.staff, StaffTrade.trade).join(Staff).where(Staff.left_at.is_null())


@statement
def _loads(day: Any) -> Select:
    return (
        Staff.select(
            Staff.id, Staff.name, Staff.stops_a_day, Staff.minutes_a_day,
            fn.COUNT(Inspection.id), fn.COALESCE(fn.SUM(InspectionType.minutes), 0),
        )
        .join(Inspection, JOIN.LEFT_OUTER, on=(Inspection.inspector == Staff.id) & (Inspection.day == day) & COUNTS)
        .join(InspectionType, JOIN.LEFT_OUTER)
        .where(Staff.role.in_((Role.INSPECTOR, Role.SUPERVISOR)), Staff.left_at.is_null())
        .group_by(Staff.id, Staff.name, Staff.role, Staff.stops_a_day, Staff.minutes_a_day)
        .having((Staff.role == Role.INSPECTOR) | (fn.COUNT(Inspection.id) > 0))
        .order_by(Staff.name, Staff.id)
    )  # fmt: skip
