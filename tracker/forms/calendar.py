"""Places by weekday and trade, and a day off of the city's own."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, StringField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, a_date, needed, one_line, read_day
from tracker.rules.reasons import N_, Reason
from tracker.saying import say

MOST_PLACES = 9999
YEARS_AHEAD = 2
WEEKDAYS = (None, 0, 1, 2, 3, 4)  # None: every working day
Key = tuple[int | None, str | None]


def box(weekday: int | None, trade: str | None) -> str:
    """The name of the box of a weekday and a trade, as in `plumbing-2` and `all-every`."""
    return f"{trade or 'all'}-{'every' if weekday is None else weekday}"


class PlacesForm:
    """A box for each weekday and trade; an empty one is no limit.

    `typed` and `errors` are by the name of the box, `places` by (weekday, trade). `kept` are limits that have no
    box, such as a Sunday's: they stay.
    """

    most = MOST_PLACES

    def __init__(self, trades: Collection[str], typed: Mapping[str, str], kept: Mapping[Key, int]) -> None:
        self.trades = list(trades)
        boxes = {box(weekday, trade): (weekday, trade) for trade in (None, *trades) for weekday in WEEKDAYS}
        self.typed = {name: one_line(typed.get(name))[:20] for name in boxes}
        self.errors: dict[str, str] = {}
        self.places = {key: places for key, places in kept.items() if key not in boxes.values()}
        for name, key in boxes.items():
            text = self.typed[name]
            if text.isdecimal() and text.isascii() and int(text) <= MOST_PLACES:
                self.places[key] = int(text)
            elif text:
                reason = Reason(N_("A whole number from 0 to {most}, or nothing."), {"most": MOST_PLACES})
                self.errors[name] = say(reason)

    @classmethod
    def of(cls, trades: Collection[str], places: Mapping[Key, int]) -> "PlacesForm":
        """The boxes as the limits stand."""
        return cls(trades, {box(*key): str(number) for key, number in places.items()}, places)


def as_text(places: Mapping[Key, int]) -> str:
    """Limits for a hidden field: all-every.60 plumbing-2.5"""
    return " ".join(sorted(f"{box(*key)}.{number}" for key, number in places.items()))


def from_text(text: str) -> dict[Key, int] | None:
    """From `as_text`; None for anything else."""
    found: dict[Key, int] = {}
    try:
        for part in text.split():
            name, number = part.split(".")
            trade, day = name.split("-")
            found[None if day == "every" else int(day), None if trade == "all" else trade] = int(number)
    except ValueError:
        return None
    return found


def not_far(today: date) -> Any:
    """A day at most two calendar years ahead: a mistyped year is told."""

    def check(form: Form, field: Field) -> None:
        day = read_day(field.data)
        if day and day.year > today.year + YEARS_AHEAD:
            raise ValidationError(say(Reason(N_("That is more than two years ahead. Look at the year."))))

    return check


class DayOffForm(PostedForm):
    """A day and what it is called."""

    day = StringField(filters=[one_line], validators=[*needed(_l("Choose the day."), 20), a_date])
    name = StringField(filters=[one_line], validators=needed(_l("Type what the day is called."), 100))

    @property
    def chosen(self) -> date | None:
        return read_day(self.day.data)
