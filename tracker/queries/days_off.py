"""The days off of a year, and what is open on a day that is being closed."""

from datetime import date, timedelta
from typing import NamedTuple

from tracker.models import ClosedDay, Inspection
from tracker.models.inspections import IS_OPEN
from tracker.queries.days import rooms
from tracker.queries.queue import QueueRow, queue_rows
from tracker.rules.calendar import City, federal_holidays, holiday_on, next_working_day, working_days_after
from tracker.rules.capacity import Room
from tracker.rules.reasons import Reason

BEFORE, AFTER = timedelta(days=7), 10  # what is offered instead: the week before, and so many working days after


class DayOff(NamedTuple):
    """A federal holiday or a day of the city's own; `works` where the city works on it all the same."""

    day: date
    name: Reason | str
    is_federal: bool
    works: bool


def days_off(year: int) -> list[DayOff]:
    """Those of the year in their order; holidays on a weekend are left out."""
    of_year = ClosedDay.day.between(date(year, 1, 1), date(year, 12, 31))
    set_days = {row.day: row for row in ClosedDay.select().where(of_year)}
    found = []
    for day in federal_holidays(year):
        if name := holiday_on(day):
            row = set_days.pop(day, None)
            found.append(DayOff(day, name, True, bool(row and row.open)))
    found += [DayOff(day, row.name, False, False) for day, row in set_days.items() if not row.open]
    return sorted(found, key=lambda one: one.day)


def closed_day(day: date) -> ClosedDay | None:
    return ClosedDay.get_or_none(ClosedDay.day == day)


def open_on(day: date) -> list[QueueRow]:
    """The open requests on a day, by age."""
    there = Inspection.select(Inspection.id).where(Inspection.day == day, IS_OPEN)
    return queue_rows([id for (id,) in there.tuples()])


def days_instead(day: date, *, today: date, city: City, daily_capacity: int) -> list[Room]:
    """The working days around `day` from tomorrow on, each with what is left of it, in their order."""
    first = max(today, day - BEFORE)
    before = []
    while (first := next_working_day(first, city)) < day:
        before.append(first)
    after = working_days_after(max(day, today), AFTER, city)
    return rooms([*before, *after], daily_capacity=daily_capacity)
