"""When the inspector is expected at a stop: an estimate, and to be shown as one.

Walks along the stops that are still open, adding up the minutes of each (times the inspector's pace today), the
travel between them and lunch, and with them how far the sum may be off. What is off by chance adds up by its
square: the window grows with the square root of the stops ahead. What is off for all of them alike, the pace and
the travel not known yet, grows with the minutes ahead and shrinks with each result. All figures were set with
`bench/arrival_windows.py`; docs/decisions/arrival-window.md says how well they hold.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor, hypot, sqrt
from typing import NamedTuple

from tracker.rules.words import Status

# Minutes, save where another unit is named.
TRAVEL = 10.0  # between two sites, until today's own are known
FIRST_DELAY = 15.0  # from the start of the day to the moment the inspector leaves for the first stop
DAY_LENGTH = timedelta(hours=9)  # 8 to 5, as in the calendar files
LUNCH, LUNCH_FROM, LUNCH_TO = 30.0, 195.0, 330.0  # its length; it begins within these, counted from the day's start
KNOWN_MINUTES, KNOWN_GAPS = 120.0, 3.0  # how much of today outweighs the assumed pace of 1, and TRAVEL
LONGEST_PACE, LONGEST_GAP = 2.5, 45.0  # one stop's ratio, one gap: beyond it is a mishap that says little of the next
CHANCE = 0.55  # how far one stop or trip is off, as a share of its minutes (one standard deviation)
PACE_CHANCE = 0.22  # the same for the pace before anything is known
STILL = 0.4  # what is left of something overdue, as a share of the longer of its minutes and what it took so far
EARLY, LATE = 1.15, 1.45  # standard deviations to each side: late is likelier, and it is worse to miss who came early
NARROWEST, STEP = 15, 5

_FIRST = {Status.ARRIVED: 0, Status.ON_THE_WAY: 1, Status.SCHEDULED: 2}


@dataclass(frozen=True)
class Stop:
    """One inspection of an inspector's day. `minutes` are its type's; instants are aware.

    Two stops in a row with the same `site` (not None), such as two inspections on one permit, need no travel.
    """

    id: int
    minutes: int
    status: str
    on_the_way_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    site: Hashable = None


class Window(NamedTuple):
    """The inspector is expected from `start` to `end`, on the city's clock, in steps of 5 minutes."""

    start: datetime
    end: datetime


class _Today(NamedTuple):
    """What the results so far tell: `pace` is actual by planned minutes, `free` when the last was given."""

    pace: float
    travel: float
    doubt: float  # standard deviation of the pace
    had_lunch: bool
    taps: bool  # whether arrivals are recorded at all, or results only
    free: float | None
    site: Hashable


def stops_before(stops: Sequence[Stop], id: int) -> int | None:
    """How many stops the inspector has before this one; 0 is next, or going on. None where it is not to come.

    `stops` are an inspector's of one day, in order. What is going on counts as before all that is not.
    """
    return next((place for place, stop in enumerate(_to_come(stops)) if stop.id == id), None)


def expected_window(
    stops: Sequence[Stop], id: int, *, now: datetime, day_starts_at: datetime, day_ends_at: datetime | None = None
) -> Window | None:
    """Between when and when the inspector is expected at a stop, right about five times in six.

    `stops` as in `stops_before`; `day_starts_at` carries the city's zone, which is that of the answer, and the day
    ends 9 hours later where nothing else is said. None where nothing sensible can be said: the stop is not on the
    list, over, or going on; it is another day; or the day is likely to end before its turn.
    The start is never before `now`, and later stops never have an earlier start or end.
    """
    zone, zero = day_starts_at.tzinfo, day_starts_at.astimezone(UTC)
    if now.astimezone(zone).date() != day_starts_at.date():
        return None
    clock, last = _minutes(zero, now), _minutes(zero, day_ends_at or zero + DAY_LENGTH)
    low = high = 0.0
    for stop, mean, deviation in _arrivals(stops, zero, clock):
        low, high = max(low, mean - EARLY * deviation), max(high, mean + LATE * deviation)
        if stop.id != id or stop.status == Status.ARRIVED:
            continue
        if stop.status == Status.SCHEDULED and max(mean, clock) >= last:
            return None
        start = max(STEP * floor(low / STEP), STEP * ceil(clock / STEP))
        end = max(STEP * ceil(high / STEP), start + NARROWEST)
        return Window(*((zero + timedelta(minutes=edge)).astimezone(zone) for edge in (start, end)))
    return None


def _to_come(stops: Sequence[Stop]) -> list[Stop]:
    return sorted((stop for stop in stops if stop.status in _FIRST), key=lambda stop: _FIRST[Status(stop.status)])


def _minutes(zero: datetime, moment: datetime) -> float:
    """From `zero`, which is in UTC: a day with a change of clocks counts as it passes."""
    return (moment.astimezone(UTC) - zero) / timedelta(minutes=1)


def _left(expected: float, spent: float) -> float:
    """What is left of something after `spent` minutes: overdue, it is as likely to go on the longer it took."""
    return max(expected - spent, STILL * max(expected, spent))


def _lunch_begun(minute: float) -> float:
    """How likely lunch has begun by then, from 0 to 1."""
    return min(1.0, max(0.0, (minute - LUNCH_FROM) / (LUNCH_TO - LUNCH_FROM)))


def _today(stops: Sequence[Stop], zero: datetime) -> _Today:
    """The pace and the travel so far, as if KNOWN_MINUTES and KNOWN_GAPS before them had gone as assumed."""
    results = [(_minutes(zero, stop.closed_at), stop) for stop in stops if stop.status == Status.DONE and stop.closed_at]
    taps = any(stop.arrived_at for stop in stops)
    planned, took, gaps, trips = KNOWN_MINUTES, KNOWN_MINUTES, KNOWN_GAPS * TRAVEL, KNOWN_GAPS
    had_lunch, free, site = False, None, None
    for closed, stop in sorted(results, key=lambda result: result[0]):
        if taps and stop.arrived_at is None:
            continue  # decided at the desk
        came = _minutes(zero, stop.arrived_at) if stop.arrived_at else closed - stop.minutes
        if free is not None:
            gap, there = came - free, stop.site is not None and stop.site == site
            if not had_lunch and gap > TRAVEL + LUNCH / 2 and LUNCH_FROM < came < LUNCH_TO + 2 * LUNCH:
                had_lunch, gap = True, gap - LUNCH
            if not there:
                gaps, trips = gaps + min(max(gap, 0.0), LONGEST_GAP), trips + 1
        if taps:
            planned += stop.minutes
            took += min(closed - max(came, free or came), LONGEST_PACE * stop.minutes)
        free, site = closed, stop.site
    doubt = PACE_CHANCE * sqrt(KNOWN_MINUTES / planned)
    return _Today(took / planned, gaps / trips, doubt, had_lunch, taps, free, site)


def _arrivals(stops: Sequence[Stop], zero: datetime, clock: float) -> Iterator[tuple[Stop, float, float]]:
    """Each stop to come with its mean arrival and the standard deviation of it, in minutes since `zero`."""
    today = _today(stops, zero)
    begun, site = _lunch_begun(clock), today.site
    reached, ahead, by_chance = max(clock, 0.0), 0.0, 0.0
    for place, stop in enumerate(_to_come(stops)):
        there = stop.status == Status.ARRIVED or (stop.site is not None and stop.site == site)
        trip, work = 0.0 if there else today.travel, stop.minutes * today.pace
        chance = CHANCE * trip
        if place == 0:
            trip, work, chance = _going_on(stop, trip, work, today, zero, clock)
        reached, ahead, by_chance = reached + trip, ahead + trip, hypot(by_chance, chance)
        likely = 0.0 if today.had_lunch or begun == 1 else (_lunch_begun(reached) - begun) / (1 - begun)
        lunch_chance = LUNCH * sqrt(likely * (1 - likely))
        yield stop, reached + LUNCH * likely, hypot(by_chance, today.doubt * ahead, lunch_chance)
        reached, ahead, site = reached + work, ahead + work, stop.site
        by_chance = hypot(by_chance, CHANCE * max(work, stop.minutes * today.pace))


def _going_on(
    stop: Stop, trip: float, work: float, today: _Today, zero: datetime, clock: float
) -> tuple[float, float, float]:
    """What is left of the trip to the first stop to come, and of the work there; how far the trip may be off."""
    if stop.status == Status.ARRIVED:
        since = max(_minutes(zero, stop.arrived_at) if stop.arrived_at else clock, today.free or 0.0)
        return 0.0, _left(work, clock - since), 0.0
    if stop.status == Status.SCHEDULED and today.free is None:
        trip += FIRST_DELAY  # nobody has moved yet
    since = today.free or 0.0
    if stop.status == Status.ON_THE_WAY and stop.on_the_way_at:
        since = _minutes(zero, stop.on_the_way_at)
    spent = max(clock - since, 0.0)
    if today.free is not None and not today.taps and spent > trip:
        return 0.0, _left(work, spent - trip), CHANCE * trip  # results only: the work has begun unseen
    left = _left(trip, spent)
    return left, work, CHANCE * max(trip, left)
