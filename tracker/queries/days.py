"""The days the city can really offer: the calendar's less those that are full."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker.queries.city import limits, loads
from tracker.rules.calendar import City, is_working_day, local, offered_days
from tracker.rules.capacity import Load, Room, half_percent, half_word, places, room


class DayOffer(NamedTuple):
    """A day with places left, and how busy each half is, in percent and in a word."""

    day: date
    am: int
    pm: int
    am_word: str
    pm_word: str


def days_on_offer(city: City, now: datetime, *, daily_capacity: int, trade: str | None = None) -> list[DayOffer]:
    """The days that have a place left in all, and for the trade where one is chosen."""
    days = offered_days(now, city)
    rows, taken = limits(), loads(days)
    offers = []
    for day in days:
        most = places(day, None, rows, daily_capacity) or 0
        load = taken.get((day, ""), Load())
        of_trade = places(day, trade, rows, daily_capacity) if trade else None
        if load.booked < most and (of_trade is None or taken.get((day, trade or ""), Load()).booked < of_trade):
            am, pm = half_percent(load, "am", most), half_percent(load, "pm", most)
            offers.append(DayOffer(day, am, pm, half_word(am), half_word(pm)))
    return offers


def days_for_staff(city: City, now: datetime, *, daily_capacity: int) -> list[DayOffer]:
    """Every working day from today to the last on offer, the full ones too: what a technician may give."""
    today = local(now, city).date()
    days = [day for day in [today, *_days_after(today, offered_days(now, city)[-1])] if is_working_day(day, city)]
    rows, taken = limits(), loads(days)
    offers = []
    for day in days:
        most, load = places(day, None, rows, daily_capacity) or 0, taken.get((day, ""), Load())
        am, pm = half_percent(load, "am", most), half_percent(load, "pm", most)
        words = ("full", "full") if load.booked >= most else (half_word(am), half_word(pm))
        offers.append(DayOffer(day, am, pm, *words))
    return offers


def rooms(days: Collection[date], *, daily_capacity: int) -> list[Room]:
    """What is left of each of these days, in all and by trade."""
    rows, taken = limits(), loads(days)
    return [room(day, taken, rows, daily_capacity) for day in days]


def _days_after(day: date, last: date) -> list[date]:
    return [day + timedelta(days=number) for number in range(1, (last - day).days + 1)]
