"""The people who work for the city, and what is still with one of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from peewee import fn

from tracker.models import Inspection, InspectionType, Request, Staff, StaffTrade
from tracker.queries.day import TO_MAKE
from tracker.rules.sequence import Type
from tracker.rules.words import Role

OWN = ("email", "name", "role", "phone", "stops_a_day", "minutes_a_day")


@dataclass
class PersonRow:
    """One of the staff with trades and the stops still to be made."""

    row: Staff
    trades: list[str]
    open: int


class OpenStop(NamedTuple):
    """A stop still to be made; the first four are what `Seen.of` reads."""

    id: int
    status: str
    day: date
    inspector_id: int
    type: Type
    address: str


def people() -> list[PersonRow]:
    """Everybody by name, those who have left among them; three queries."""
    trades: dict[int, list[str]] = {}
    for id, trade in StaffTrade.select(StaffTrade.staff, StaffTrade.trade).order_by(StaffTrade.trade).tuples():
        trades.setdefault(id, []).append(trade)
    count = Inspection.select(Inspection.inspector, fn.COUNT(Inspection.id)).where(Inspection.status.in_(TO_MAKE))
    stops = dict(count.group_by(Inspection.inspector).tuples())
    rows = Staff.select().order_by(Staff.name, Staff.id)
    return [PersonRow(row, trades.get(row.id, []), stops.get(row.id, 0)) for row in rows]


def person_facts(person: Staff) -> dict[str, Any]:
    """What a supervisor writes of a person, trades in the order of the alphabet; no password."""
    trades = StaffTrade.select(StaffTrade.trade).where(StaffTrade.staff == person).order_by(StaffTrade.trade)
    return {**{name: getattr(person, name) for name in OWN}, "trades": [trade for (trade,) in trades.tuples()]}


def open_stops(person_id: int) -> list[OpenStop]:
    """What is still to be made, of days gone by too, the soonest first."""
    rows = (
        Inspection.select(
            Inspection.id, Inspection.status, Inspection.day, Inspection.inspector, InspectionType.id,
            InspectionType.code, InspectionType.name, InspectionType.name_es, InspectionType.trade,
            Request.site_address,
        )
        .join(InspectionType)
        .switch(Inspection)
        .join(Request)
        .where(Inspection.inspector == person_id, Inspection.status.in_(TO_MAKE))
        .order_by(Inspection.day, Inspection.stop_order, Inspection.id)
    )  # fmt: skip
    return [_stop(*row) for row in rows.tuples()]


def _stop(id: int, status: str, day: date, inspector_id: int, *rest: Any) -> OpenStop:
    *kind, address = rest
    return OpenStop(id, status, day, inspector_id, Type(*kind), address)


def other_supervisors(person: Staff) -> int:
    """How many supervisors work here beside this person."""
    others = Staff.select().where(Staff.role == Role.SUPERVISOR, Staff.left_at.is_null(), Staff.id != person.id)
    return others.count()
