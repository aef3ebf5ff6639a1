"""Working days, the cut-off, the days on offer, and until when a change of mind is taken online.

All moments passed in are aware; all days are dates in the city's zone. Source: the city's how-to
("before 4:00 PM counts for the next available day", "same-day cancellations are made by telephone").
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from tracker.rules.reasons import N_, Reason

ONE_DAY = timedelta(days=1)
A_YEAR = timedelta(days=366)  # as far ahead as the desk may give a day


@dataclass(frozen=True)
class City:
    """What a city decides about its calendar.

    `exceptions` holds the days that a supervisor set: False is closed, True is open although a federal
    holiday. `cancel_until` is a time on the day before the inspection; None is the end of that day.
    """

    zone: ZoneInfo
    cutoff: time = time(16)
    cancel_until: time | None = None
    days_ahead: int = 10
    phone: str = ""
    exceptions: Mapping[date, bool] = field(default_factory=dict)


@lru_cache(maxsize=16)
def federal_holidays(year: int) -> Mapping[date, str]:
    """The federal holidays of a year on the days they are observed (5 U.S.C. 6103)."""
    both = holidays.country_holidays("US", years=(year, year + 1))  # January 1st may be observed on December 31st
    return {day: name for day, name in both.items() if day.year == year}


# As the library calls them, for the catalogue of translations.
HOLIDAYS = (
    N_("New Year's Day"), N_("Martin Luther King Jr. Day"), N_("Washington's Birthday"), N_("Memorial Day"),
    N_("Juneteenth National Independence Day"), N_("Independence Day"), N_("Labor Day"), N_("Columbus Day"),
    N_("Veterans Day"), N_("Thanksgiving Day"), N_("Christmas Day"),
)  # fmt: skip
OBSERVED = " (observed)"


def holiday_on(day: date) -> Reason | None:
    """The name of the federal holiday that makes this weekday a day off, to be put into the reader's language."""
    name = federal_holidays(day.year).get(day)
    if name is None or day.weekday() > 4:
        return None
    if name.endswith(OBSERVED):
        return Reason(N_("{holiday} (observed)"), {"holiday": Reason(name.removesuffix(OBSERVED))})
    return Reason(name)


def works_on(day: date, exception: bool | None) -> bool:
    """Monday to Friday, less the federal holidays; what a supervisor set for the day (see `City`) goes before them."""
    if day.weekday() > 4:
        return False
    return day not in federal_holidays(day.year) if exception is None else exception


def is_working_day(day: date, city: City) -> bool:
    """Monday to Friday, less the federal holidays and the city's own closed days."""
    return works_on(day, city.exceptions.get(day))


def next_working_day(day: date, city: City) -> date:
    """The first working day after `day`."""
    day += ONE_DAY
    while not is_working_day(day, city):
        day += ONE_DAY
    return day


def working_days_after(day: date, count: int, city: City) -> list[date]:
    """The next `count` working days after `day`."""
    days: list[date] = []
    while len(days) < count:
        day = next_working_day(day, city)
        days.append(day)
    return days


def local(moment: datetime, city: City) -> datetime:
    """The moment on the city's clock."""
    return moment.astimezone(city.zone)


def before_cutoff(asked_at: datetime, city: City) -> bool:
    """Whether it is a working day before the cut-off: then the next working day can be had."""
    here = local(asked_at, city)
    return is_working_day(here.date(), city) and here.time() < city.cutoff


def first_day_offered(asked_at: datetime, city: City) -> date:
    """The earliest day an inspection asked for at this moment can have.

    Before the cut-off on a working day it is the next working day, otherwise the one after that.
    """
    day = next_working_day(local(asked_at, city).date(), city)
    return day if before_cutoff(asked_at, city) else next_working_day(day, city)


def offered_days(asked_at: datetime, city: City) -> list[date]:
    """The days on offer at this moment, capacity apart: from the first to the last within `days_ahead` working days."""
    first = first_day_offered(asked_at, city)
    day, days = local(asked_at, city).date(), []
    for _ in range(city.days_ahead):
        day = next_working_day(day, city)
        if day >= first:
            days.append(day)
    return days


def date_problem(day: date, asked_at: datetime, city: City) -> Reason | None:
    """Why an inspection asked for at this moment cannot have this day; None when it can."""
    offered = offered_days(asked_at, city)
    if day in offered:
        return None
    if day > offered[-1]:
        return Reason(N_("{day} is too far ahead. The last day is {last}."), {"day": day, "last": offered[-1]})
    today = local(asked_at, city).date()
    if day > today and not is_working_day(day, city):
        return closed_problem(day)
    if day > today and is_working_day(today, city):
        return Reason(
            N_("It is past {cutoff}, so the first day is {first}."), {"cutoff": city.cutoff, "first": offered[0]}
        )
    return Reason(N_("{day} is too soon. The first day is {first}."), {"day": day, "first": offered[0]})


def past_problem(day: date) -> Reason:
    """Why nothing can be put on this day any more."""
    return Reason(N_("{day} has passed. Pick another day."), {"day": day})


def far_problem(day: date) -> Reason:
    """Why not even the desk gives this day: it is further than A_YEAR ahead."""
    return Reason(N_("{day} is more than a year ahead. Pick another day."), {"day": day})


def closed_problem(day: date) -> Reason:
    """Why nothing can be put on this day: it is a day off."""
    return Reason(N_("The city does not work on {day}. Pick another day."), {"day": day})


def change_problem(day: date, asked_at: datetime, city: City) -> Reason | None:
    """Why an inspection on `day` can no longer be cancelled or moved online; None when it can."""
    deadline = datetime.combine(day, time(0), city.zone)
    if city.cancel_until is not None:
        deadline = datetime.combine(day - ONE_DAY, city.cancel_until, city.zone)
    if local(asked_at, city) < deadline:
        return None
    if local(asked_at, city).date() > day:
        return Reason(N_("This day has passed. Call {phone}."), {"phone": city.phone})
    return Reason(N_("Too late to change this here. Call {phone}."), {"phone": city.phone})


def cutoff_line(asked_at: datetime, city: City) -> Reason:
    """What time it is and what can be had at this moment."""
    now, first = local(asked_at, city), first_day_offered(asked_at, city)
    values = {"now": now.time(), "cutoff": city.cutoff, "first": first}
    if not is_working_day(now.date(), city):
        return Reason(N_("The city is off today. The first day you can have is {first}."), values)
    if before_cutoff(asked_at, city):
        return Reason(N_("It is {now}. Before {cutoff} you can have {first}."), values)
    return Reason(N_("It is {now}, past {cutoff}. The first day you can have is {first}."), values)
