"""Places on a day: city-wide and for a trade. The wished half never refuses, it only shows how busy each half is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.rules.reasons import N_, Reason

QUIET, BUSY = 50, 85  # percent of a half's places
# Places by (weekday or None for every one, trade or None for all together).
Limits = Mapping[tuple[int | None, str | None], int]


@dataclass(frozen=True)
class Limit:
    """Places on a weekday (0 is Monday, None every one) for a trade (None: all together)."""

    weekday: int | None
    trade: str | None
    places: int


def by_key(limits: Iterable[Limit]) -> dict[tuple[int | None, str | None], int]:
    """The places by (weekday, trade), to compare and look up; the other way round: `as_limits`."""
    return {(limit.weekday, limit.trade): limit.places for limit in limits}


def as_limits(by_key: Limits) -> list[Limit]:
    """The limits that `by_key` made a mapping of."""
    return [Limit(weekday, trade, places) for (weekday, trade), places in by_key.items()]


@dataclass(frozen=True)
class Load:
    """Places taken on a day; those of `booked` with no wish are neither in `am` nor in `pm`."""

    booked: int = 0
    am: int = 0
    pm: int = 0


@dataclass(frozen=True)
class Room:
    """What is left of a day, by trade ('' is all together); a trade without a limit of its own is not in it."""

    day: date
    left: Mapping[str, int]

    def lacking(self, wanted: Mapping[str, int]) -> str | None:
        """The trade ('' for all together) with fewer places left than are wanted, by trade; None: all can be had."""
        asked = {"": sum(wanted.values()), **wanted}
        return next((trade for trade, left in self.left.items() if asked.get(trade, 0) > left), None)


@dataclass(frozen=True)
class Effect:
    """A day's places for a trade (None: all together), as they are and as they would be; None is no limit."""

    day: date
    trade: str | None
    now: int | None
    then: int | None
    booked: int

    @property
    def changes(self) -> bool:
        return self.now != self.then

    @property
    def over(self) -> int:
        """How many more are booked than there would be places; they stay, and the day counts as full."""
        return 0 if self.then is None else max(0, self.booked - self.then)

    @property
    def is_full(self) -> bool:
        return self.then is not None and self.booked >= self.then


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


def room(day: date, loads: Mapping[tuple[date, str], Load], limits: Sequence[Limit], default: int) -> Room:
    """What is left of a day; at least nothing, where more is booked than there are places."""
    trades = dict.fromkeys([None, *(limit.trade for limit in limits)])
    most = {trade or "": places(day, trade, limits, default) for trade in trades}
    taken = {trade: loads.get((day, trade), Load()).booked for trade in most}
    return Room(day, {trade: max(0, all - taken[trade]) for trade, all in most.items() if all is not None})


def best_day(rooms: Iterable[Room], day: date, wanted: Mapping[str, int]) -> date:
    """The first day after `day` that takes all that is wanted, by trade, else the first with any place, else the first.

    Raises IndexError where none of `rooms` is after the day.
    """
    after = [room for room in rooms if room.day > day]
    fits = [room for room in after if room.lacking(wanted) is None] or [room for room in after if room.left[""]]
    return (fits or after)[0].day


def effects(
    days: Iterable[date],
    trades: Iterable[str],
    *,
    now: Sequence[Limit],
    then: Sequence[Limit],
    default: int,
    loads: Mapping[tuple[date, str], Load],
) -> list[Effect]:
    """What other limits would do: for each day all trades together, and each trade that has or would have a limit."""
    found = []
    for day in days:
        for trade in (None, *trades):
            was, will = (places(day, trade, limits, default) for limits in (now, then))
            if was is not None or will is not None:
                found.append(Effect(day, trade, was, will, loads.get((day, trade or ""), Load()).booked))
    return found


def half_percent(load: Load, half: str, places: int) -> int:
    """How busy 'am' or 'pm' is, 0 to 100; those who wish for no half count as half in each."""
    if places <= 0:
        return 100
    wished = load.am if half == "am" else load.pm
    return min(100, round(100 * (wished + (load.booked - load.am - load.pm) / 2) / (places / 2)))


def half_word(percent: int) -> str:
    """'quiet', 'filling' or 'busy', from `half_percent`."""
    return "quiet" if percent < QUIET else "filling" if percent < BUSY else "busy"


def full_problem(day: date) -> Reason:
    """Why nothing can be put on this day: somebody took the last place."""
    return Reason(N_("{day} has just filled up. Pick another day."), {"day": day})
