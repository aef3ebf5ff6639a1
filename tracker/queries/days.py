"""The days the city can really offer: the calendar's less those that are full."""

from datetime import date, datetime
from typing import NamedTuple

from tracker.queries.city import limits, loads
from tracker.rules.calendar import City, offered_days
from tracker.rules.capacity import Load, half_percent, half_word, places


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
