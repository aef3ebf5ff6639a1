"""What the city decided, as the rules want it: its calendar, limits and inspection types."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from peewee import Select

from tracker.models import Capacity, ClosedDay, DayLoad, InspectionType, Prerequisite
from tracker.rules.calendar import City
from tracker.rules.capacity import Limit, Load
from tracker.rules.sequence import Need, Type
from tracker.rules.words import Trade
from tracker.statements import statement


def calendar(settings: Mapping[str, Any]) -> City:
    """The city's calendar with the days that a supervisor set."""
    return City(
        zone=settings["CITY_TIMEZONE"],
        cutoff=settings["CUTOFF"],
        cancel_until=settings["CANCEL_UNTIL"],
        days_ahead=settings["DAYS_AHEAD"],
        phone=settings["CITY_PHONE"],
        exceptions=dict(_exceptions()),
    )


@statement
def _exceptions() -> Select:
    return ClosedDay.select(ClosedDay.day, ClosedDay.open)


def limits() -> list[Limit]:
    return [Limit(*row) for row in _capacities()]


@statement
def _capacities() -> Select:
    return Capacity.select(Capacity.weekday, Capacity.trade, Capacity.places)


def trades() -> list[str]:
    """The trades of the inspection types, in the order in which they are always named."""
    found = {trade for (trade,) in InspectionType.select(InspectionType.trade).distinct().tuples()}
    return [trade for trade in Trade if trade in found]


def loads(days: Collection[date]) -> dict[tuple[date, str], Load]:
    """Places taken on each day, by (day, trade); the trade '' is all together."""
    rows = DayLoad.select().where(DayLoad.day.in_(days)).tuples()
    return {(day, trade): Load(booked, am, pm) for _, day, trade, booked, am, pm in rows}


def inspection_types() -> dict[str, Type]:
    """Every inspection type by its code, in the order the city gave them, with what it needs first."""
    rows = _types()
    code = {id: code for id, code, *_rest in rows}
    needs: dict[int, list[Need]] = {}
    for wanted, needed, by_request in _needs():
        needs.setdefault(wanted, []).append(Need(code[needed], by_request))
    return {row[1]: Type(*(*row, tuple(needs.get(row[0], ())))) for row in rows}


@statement
def _types() -> Select:
    fields = [getattr(InspectionType, one.name) for one in dataclasses.fields(Type) if one.name != "needs"]
    return InspectionType.select(*fields).order_by(InspectionType.position, InspectionType.id)


@statement
def _needs() -> Select:
    return Prerequisite.select(Prerequisite.inspection_type, Prerequisite.needs, Prerequisite.by_request)
