"""The desk where requests are made and changed: what the city decided, read from its settings and rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.letter import Letterhead
from tracker.palette import palette
from tracker.queries.city import calendar, inspection_types
from tracker.rules.calendar import City
from tracker.rules.sequence import Type


@dataclass(frozen=True)
class Desk:
    """The city's calendar and types, the places of a day where no row says otherwise, the letterhead of its mails."""

    city: City
    types: Mapping[str, Type]
    daily_capacity: int
    letterhead: Letterhead


def desk_of(settings: Mapping[str, Any], city: City | None = None) -> Desk:
    """The desk by the settings (names as in the environment), with its calendar where that has been read already."""
    return Desk(
        city=city or calendar(settings),
        types=inspection_types(),
        daily_capacity=settings["DAILY_CAPACITY"],
        letterhead=letterhead_of(settings),
    )


def letterhead_of(settings: Mapping[str, Any]) -> Letterhead:
    """The city as its mails show it."""
    colors = palette(settings["CITY_COLOR"])
    return Letterhead(
        name=settings["CITY_NAME"],
        phone=settings["CITY_PHONE"],
        zone=settings["CITY_TIMEZONE"],
        public_url=settings["PUBLIC_URL"],
        sender=settings["MAIL_DEFAULT_SENDER"],
        cancel_until=settings["CANCEL_UNTIL"],
        bar=colors.bar,
        accent=colors.accent,
    )
