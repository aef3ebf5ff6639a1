"""When the inspector is expected at a stop: an estimate, and to be shown as one.

Walks along the stops to come, adding up each type's minutes times today's pace, the trips between them and lunch,
and beside them how far the sum may be off. What is off by chance adds up by its squares: the window grows with the
square root of the stops ahead. What is off for all alike, the pace, grows with the minutes ahead and shrinks with
each result. How the figures were set, and what they cannot know: docs/decisions/arrival-window.md.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor, hypot, sqrt
from typing import NamedTuple

from tracker.rules.words import Status

# Minutes, or minutes after the start of the day, save where another unit is named.
TRAVEL, LONGEST_GAP = 10.0, 45.0  # from one site to the next until today's own is known; a longer gap is no trip
FIRST_DELAY, FIRST_CHANCE = 12.0, 20.0  # until the inspector sets out, and its deviation
LUNCH, LUNCH_FROM, LUNCH_TO, LUNCHES = 30.0, 195.0, 330.0, 0.85  # begins from, to; on how many days (a share)
KNOWN_MINUTES, KNOWN_GAPS = 150.0, 3.0  # how much of today counts as much as a pace of 1 and TRAVEL
LONGEST_PACE = 2.5  # times its minutes: a stop beyond that was a mishap, and says no more of the next
CHANCE, PACE_CHANCE, LEAST_CHANCE = 0.65, 0.24, 5.0  # deviation of a stop or trip, of the pace (shares); of anything
STILL = 0.4  # what is left of something overdue: so much of its minutes, or of what it took so far
EARLY, LATE = 1.2, 1.4  # deviations to each side: late is likelier than early
DAY, NARROWEST, STEP = 540.0, 20, 5  # 8 to 5, as in the calendar files; of a window, and what it is rounded to


@dataclass(frozen=True)
class Stop:
    """One inspection of an inspector's day; `minutes` are its type's, instants are aware.

    Between two in a row at the same `site` (not None), such as two inspections on one permit, there is no trip.
    """

    id: int
    minutes: int
    status: str
    on_the_way_at: datetime | None = None
    arrived_at: datetime | None = None
    closed_at: datetime | None = None
    site: Hashable = None


class Window(NamedTuple):
    """The inspector is expected from `start` to `end`: on the city's clock, in steps of 5 minutes of the day."""

    start: datetime
    end: datetime


class _Today(NamedTuple):
    pace: float  # actual by planned minutes
    doubt: float  # deviation of the pace
    travel: float
    had_lunch: bool
    taps: bool  # arrivals are recorded, not results only
    free: float | None  # when the last result was given
    site: Hashable


def stops_before(stops: Sequence[Stop], id: int) -> int | None:
    """How many stops the inspector has before this one: 0 is next, or going on. None where it is not to come.

    `stops` are all of one inspector's day, in order; one that is going on comes before those that are not.
    """
    return next((place for place, stop in enumerate(_to_come(stops)) if stop.id == id), None)


def expected_window(
    stops: Sequence[Stop], id: int, *, now: datetime, day_starts_at: datetime, day_ends_at: datetime | None = None
) -> Window | None:
    """Between when and when the inspector is expected at a stop; meant to be right four times in five.

    `stops` as for `stops_before`. `day_starts_at` carries the city's zone, which the answer is in; the day ends nine
    hours later where nothing else is said. None where nothing sensible can be said: the stop is not in the order,
    over or going on; it is another day; the day is likely to end before its turn. The start is never before `now`,
    and a later stop never has an earlier start or end.
    """
    zone, zero, low, high = day_starts_at.tzinfo, day_starts_at.astimezone(UTC), 0.0, 0.0
    clock, last = _minutes(now, zero), _minutes(day_ends_at, zero, DAY)
    for stop, mean, deviation in _arrivals(stops, zero, clock):
        low, high = max(low, mean - EARLY * deviation), max(high, mean + LATE * deviation)
        if stop.id == id:
            never = stop.status == Status.ARRIVED or (stop.status == Status.SCHEDULED and mean >= last)
            if never or now.astimezone(zone).date() != day_starts_at.date():
                return None
            start = max(STEP * floor(low / STEP), STEP * ceil(clock / STEP))
            end = max(STEP * ceil(min(high, last) / STEP), start + NARROWEST)
            return Window(*((zero + timedelta(minutes=edge)).astimezone(zone) for edge in (start, end)))
    return None


def _to_come(stops: Sequence[Stop]) -> list[Stop]:
    states = (Status.ARRIVED, Status.ON_THE_WAY, Status.SCHEDULED)
    return [stop for state in states for stop in stops if stop.status == state]


def _minutes(at: datetime | None, zero: datetime, otherwise: float = 0.0) -> float:
    """Since `zero`, which is in UTC: across a change of clocks, minutes stay minutes."""
    return (at.astimezone(UTC) - zero) / timedelta(minutes=1) if at else otherwise


def _left(expected: float, spent: float) -> float:
    """What is left of something after `spent`: overdue, it may take the longer still, unless a tap was forgotten."""
    return max(expected - spent, STILL * min(max(expected, spent), 2 * expected))


def _lunched(minute: float) -> float:
    """How likely lunch has begun by then, 0 to LUNCHES."""
    return LUNCHES * min(max((minute - LUNCH_FROM) / (LUNCH_TO - LUNCH_FROM), 0.0), 1.0)


def _today(stops: Sequence[Stop], zero: datetime, clock: float) -> _Today:
    """Pace and travel so far, as if KNOWN_MINUTES and KNOWN_GAPS before them had gone as assumed."""
    planned, took, gaps, trips = KNOWN_MINUTES, KNOWN_MINUTES, KNOWN_GAPS * TRAVEL, KNOWN_GAPS
    seen = [stop for stop in stops if stop.status in (Status.DONE, Status.ARRIVED, Status.ON_THE_WAY)]
    had_lunch, free, site, taps = False, None, None, any(stop.arrived_at for stop in seen)
    for stop in sorted(seen, key=lambda stop: _minutes(stop.closed_at or stop.arrived_at or stop.on_the_way_at, zero)):
        done = stop.status == Status.DONE
        if done and not (stop.closed_at and (stop.arrived_at or not taps)):
            continue  # decided at the desk
        closed = _minutes(stop.closed_at, zero, clock)
        came = _minutes(stop.arrived_at, zero, closed - stop.minutes if done else clock)
        out = _minutes(stop.on_the_way_at, zero, came - TRAVEL)
        if free is not None:
            lunch = not had_lunch and out - free > LUNCH / 2 and LUNCH_FROM < out < LUNCH_TO + 2 * LUNCH
            had_lunch |= lunch
            if stop.arrived_at and (site is None or stop.site != site):
                gaps, trips = gaps + min(max(came - (out if lunch else free), 0.0), LONGEST_GAP), trips + 1
            came = max(came, free) if stop.arrived_at else free + TRAVEL + LUNCH * lunch
        if done:
            planned, took = planned + stop.minutes, took + min(max(closed - came, 0.0), LONGEST_PACE * stop.minutes)
            free, site = closed, stop.site
    doubt = PACE_CHANCE * sqrt(KNOWN_MINUTES / planned)
    return _Today(took / planned, doubt, gaps / trips, had_lunch, taps, free, site)


def _arrivals(stops: Sequence[Stop], zero: datetime, clock: float) -> Iterator[tuple[Stop, float, float]]:
    """Each stop to come with its mean arrival and the standard deviation of that, in minutes since `zero`."""
    today = _today(stops, zero, clock)
    reached, ahead, by_chance, site = max(clock, 0.0), 0.0, LEAST_CHANCE, today.site
    for place, stop in enumerate(_to_come(stops)):
        trip = 0.0 if stop.site is not None and stop.site == site else today.travel
        work, chance = stop.minutes * today.pace, CHANCE * trip
        if place == 0:
            trip, work, chance = _going_on(stop, trip, work, today, zero, clock)
        reached, ahead, by_chance = reached + trip, ahead + trip, hypot(by_chance, chance)
        noon = 0.0 if today.had_lunch else max(_lunched(reached) - _lunched(clock), 0.0) / (1 - _lunched(clock))
        yield stop, reached + LUNCH * noon, hypot(by_chance, today.doubt * ahead, LUNCH * sqrt(noon * (1 - noon)))
        reached, ahead, site = reached + work, ahead + work, stop.site
        by_chance = hypot(by_chance, CHANCE * max(work, stop.minutes * today.pace))


def _going_on(stop: Stop, trip: float, work: float, today: _Today, zero: datetime, clock: float) -> tuple[float, ...]:
    """What is left of the trip to the first stop and of the work there, and the deviation of the trip."""
    since, chance, waits = today.free or 0.0, CHANCE * trip, stop.status == Status.SCHEDULED
    if stop.status == Status.ARRIVED:
        return 0.0, _left(work, clock - max(_minutes(stop.arrived_at, zero, clock), since)), 0.0
    if waits and today.free is None:  # nobody has moved yet
        trip, chance = trip + FIRST_DELAY, FIRST_CHANCE
    elif waits and LUNCH_FROM < clock < LUNCH_TO + LUNCH:
        chance = LUNCH / 2
    spent = max(clock - (since if waits else _minutes(stop.on_the_way_at, zero, clock)), 0.0)
    if waits and not today.taps and today.free is not None and spent > trip:
        return 0.0, _left(work, spent - trip), chance  # only results are recorded: the work began unseen
    return _left(trip, spent), work, max(chance, CHANCE * _left(trip, spent))
