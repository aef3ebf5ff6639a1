"""Places on a day: city-wide and for a trade. The wished half never refuses, it only shows how busy each half is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.rules.reasons import N_, Reason

QUIET, BUSY = 50, 85  # percent of a half's places


@dataclass(frozen=True)
class Limit:
    """Places on a weekday (0 is Monday, None every one) for a trade (None: all together)."""

    weekday: int | None
    trade: str | None
    places: int


@dataclass(frozen=True)
class Load:
    """Places taken on a day; those of `booked` with no wish are neither in `am` nor in `pm`."""

    booked: int = 0
    am: int = 0
    pm: int = 0


def places(day: date, trade: str | None, limits: Iterable[Limit], default: int) -> int | None:
    """How many inspections the day takes, for a trade or (None) for all together.

    A limit for the weekday goes before one for every weekday. Without any, `default` counts for all together,
    and a trade has no limit of its own: None.
    """
    found = [limit for limit in limits if limit.trade == trade and limit.weekday in (None, day.weekday())]
    found.sort(key=lambda limit: limit.weekday is None)
    if found:
        return found[0].places
    return default if trade is None else None


def half_percent(load: Load, half: str, places: int) -> int:
    """How busy 'am' or 'pm' is, 0 to 100; those who wish for no half count as half in each."""
    if places <= 0:
        return 100
    wished = load.am if half == "am" else load.pm
    return min(100, round(100 * (wished + (load.booked - load.am - load.pm) / 2) / (places / 2)))


def half_word(percent: int) -> str:
    return "quiet" if percent < QUIET else "filling" if percent < BUSY else "busy"


def full_problem(day: date) -> Reason:
    return Reason(N_("{day} has just filled up. Pick another day."), {"day": day})
