"""How often an inspector comes within the window that was shown, and how wide it was: a simulated week.

    python bench/arrival_windows.py [--weeks 1] [--seed 1]

Twelve inspectors, five days, 10 to 20 stops a day, in six cities. The rule was set on the first with seed 1; the
others differ from it in pace, travel, delays and mishaps. Asks for every stop to come at 8:00, 10:00 and 13:00, knowing
only what has been recorded by then, and prints for each hour
  asked      stops to come that the inspector still had on the list
  none       of these, those with no window, as the day is likely to end first
  inside     of the windows shown, those the inspector came in, of those stops where somebody came
  early/late came before or after the window (late within a quarter of an hour: `late 15`)
  never      windows shown for a stop that nobody came to that day: skipped, or the day was over (stops that the
             contractor cancels later are left out of all figures)
  kept       inside, with those nobody came to counted as broken
  width      mean minutes from start to end; then for the next stop, and with 1-3, 4-8 and 9 or more before
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from math import log
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tracker.rules.eta import Stop, Window, expected_window, stops_before  # noqa: E402

ZONE = ZoneInfo("America/Chicago")
MONDAY = date(2026, 3, 2)
HOURS = (8, 10, 13)
TYPES = (15, 20, 20, 20, 20, 25, 25, 25, 30, 30, 30, 40, 40, 45)  # minutes
CAPACITY = 420  # minutes of a day's stops
DAY_ENDS = 17 * 60 + 15
INSPECTORS, DAYS = 12, 5
HEADER = ("asked", "none", "inside", "early", "late", "late 15", "never", "kept", "width", "next", "1-3", "4-8", "9+")


@dataclass(frozen=True)
class City:
    """What is true there and unknown to the rule. Minutes, shares of one, and sigmas of lognormals."""

    pace: float = 0.95
    pace_of_inspector: float = 0.12
    pace_of_day: float = 0.10
    work_sigma: float = 0.45
    travel: float = 10
    travel_of_day: float = 0.25
    travel_sigma: float = 0.5
    leaves_after: float = 12
    late_start: float = 0.08  # another 20 to 90 minutes
    long_stop: float = 0.04  # twice to three times as long
    no_access: float = 0.05  # five minutes at the door
    cancelled: float = 0.05
    skipped: float = 0.03
    swapped: float = 0.03  # done after the next one
    same_site: float = 0.15
    lunch: float = 0.85
    results_only: float = 0.15  # inspectors who tap neither On my way nor Arrived


CITIES = {
    "as set": City(),
    "slower, wider": City(pace=1.05, travel=13, leaves_after=18, late_start=0.12, lunch=0.95, same_site=0.05),
    "quicker, smaller": City(pace=0.85, travel=7, travel_of_day=0.35, leaves_after=6, lunch=0.7, same_site=0.3),
    "rougher": City(work_sigma=0.6, long_stop=0.07, no_access=0.1, cancelled=0.1, skipped=0.05, swapped=0.06,
                    pace_of_inspector=0.18, travel_sigma=0.7, late_start=0.12, results_only=0.4),
    "minutes far too short": City(pace=1.2, travel=16),
    "minutes far too long": City(pace=0.7, travel=6),
}  # fmt: skip


@dataclass
class Visit:
    """What becomes of one stop, in minutes since midnight; `gone_at` is when it leaves the list without a visit."""

    minutes: int
    site: int
    left_at: float | None = None
    arrived_at: float | None = None
    closed_at: float | None = None
    gone_at: float | None = None
    cancelled: bool = False


@dataclass
class Count:
    asked: int = 0
    none: int = 0
    inside: int = 0
    early: int = 0
    late: int = 0
    late_15: int = 0
    never: int = 0


Widths = dict[int, list[tuple[int, float]]]  # by hour: stops before, minutes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weeks", type=int, default=1)
    parser.add_argument("--seed", type=int, default=None, help="of all cities; else 1 for the first, then 2, 3 …")
    args = parser.parse_args()
    for place, (name, city) in enumerate(CITIES.items(), start=1):
        seed = place if args.seed is None else args.seed
        print(f"\n{name}, seed {seed}")
        print(" hour" + "".join(f"{word:>8}" for word in HEADER))
        counts, widths = measured(city, args.weeks, random.Random(seed))
        for hour in HOURS:
            print(line(hour, counts[hour], widths[hour]))


def line(hour: int, count: Count, widths: list[tuple[int, float]]) -> str:
    """One row of the table."""
    came = count.inside + count.early + count.late
    shares = [count.inside / came, count.early / came, count.late / came, count.late_15 / came]
    shares += [count.never / (came + count.never), count.inside / (came + count.never)]
    inside, early, late, late_15, never, kept = (f"{share:.0%}" for share in shares)
    means = []
    for first, last in ((0, 99), (0, 0), (1, 3), (4, 8), (9, 99)):
        of_these = [width for before, width in widths if first <= before <= last]
        means.append(f"{sum(of_these) / len(of_these):.0f}" if of_these else "-")
    figures = (count.asked, count.none, inside, early, late, late_15, never, kept, *means)
    return f"{hour:>2}:00" + "".join(f"{figure:>8}" for figure in figures)


def measured(city: City, weeks: int, dice: random.Random) -> tuple[dict[int, Count], Widths]:
    """For each hour what came of the windows, and of each its stops before and its minutes."""
    counts, widths = {hour: Count() for hour in HOURS}, {hour: [] for hour in HOURS}
    for day, taps, visits in simulated(city, weeks, dice):
        for hour in HOURS:
            now = datetime.combine(day, time(hour), ZONE)
            stops = [seen(id, visit, hour * 60, day, taps) for id, visit in enumerate(visits)]
            stops = [stop for stop in stops if stop is not None]
            for stop in stops:
                visit = visits[stop.id]
                if stop.status == "done" or visit.cancelled or (visit.arrived_at or DAY_ENDS) <= hour * 60:
                    continue  # also where the inspector is there already and has not said so
                window = expected_window(stops, stop.id, now=now, day_starts_at=datetime.combine(day, time(8), ZONE))
                tally(counts[hour], window, visit, day)
                if window:
                    width = (window.end - window.start) / timedelta(minutes=1)
                    widths[hour].append((stops_before(stops, stop.id), width))
    return counts, widths


def tally(count: Count, window: Window | None, visit: Visit, day: date) -> None:
    count.asked += 1
    if window is None:
        count.none += 1
    elif visit.arrived_at is None:
        count.never += 1
    elif instant(day, visit.arrived_at) < window.start:
        count.early += 1
    elif instant(day, visit.arrived_at) <= window.end:
        count.inside += 1
    else:
        count.late += 1
        count.late_15 += instant(day, visit.arrived_at) <= window.end + timedelta(minutes=15)


def instant(day: date, minute: float | None) -> datetime | None:
    return None if minute is None else datetime.combine(day, time(0), ZONE) + timedelta(minutes=minute)


def seen(id: int, visit: Visit, now: float, day: date, taps: bool) -> Stop | None:
    """The stop as it is recorded by `now`; None once it is off the list."""
    if visit.gone_at is not None and visit.gone_at <= now:
        return None
    left, arrived, closed = (
        instant(day, moment) if moment is not None and moment <= now else None
        for moment in (visit.left_at if taps else None, visit.arrived_at if taps else None, visit.closed_at)
    )
    status = "done" if closed else "arrived" if arrived else "on_the_way" if left else "scheduled"
    return Stop(id, visit.minutes, status, left, arrived, closed, site=visit.site)


def simulated(city: City, weeks: int, dice: random.Random) -> Iterator[tuple[date, bool, list[Visit]]]:
    """Each day of each inspector: the day, whether every step is tapped, and what becomes of the stops in order."""
    for week in range(weeks):
        for _ in range(INSPECTORS):
            own = city.pace * dice.lognormvariate(0, city.pace_of_inspector)
            taps = dice.random() >= city.results_only
            for number in range(DAYS):
                pace = own * dice.lognormvariate(0, city.pace_of_day)
                travel = city.travel * dice.lognormvariate(0, city.travel_of_day)
                visits = planned(city, dice)
                live(visits, replace(city, pace=pace, travel=travel), dice)
                yield MONDAY + timedelta(days=7 * week + number), taps, visits


def planned(city: City, dice: random.Random) -> list[Visit]:
    """Ten to twenty stops that fit the day's minutes, some in a row at one site."""
    wanted, minutes = dice.randint(10, 20), []
    while len(minutes) < wanted and sum(minutes) < CAPACITY - 15:
        minutes.append(min(dice.choice(TYPES), CAPACITY - sum(minutes)) if len(minutes) >= 10 else dice.choice(TYPES))
    visits: list[Visit] = []
    for place, planned_minutes in enumerate(minutes):
        same = visits and dice.random() < city.same_site
        visits.append(Visit(planned_minutes, visits[-1].site if same else place))
    return visits


def live(visits: list[Visit], city: City, dice: random.Random) -> None:
    """The day as it goes: fills in when the inspector leaves, arrives and is done, and what is never reached."""
    clock = 8 * 60 + dice.expovariate(1 / city.leaves_after)
    if dice.random() < city.late_start:
        clock += dice.uniform(20, 90)
    lunch_at = dice.triangular(11.25 * 60, 13.25 * 60, 12 * 60) if dice.random() < city.lunch else None
    site = None
    for place in route(visits, city, dice):
        visit = visits[place]
        if visit.gone_at is not None and visit.gone_at <= clock:
            visit.cancelled = True
            continue
        if lunch_at is not None and clock >= lunch_at:
            clock, lunch_at = clock + dice.triangular(15, 60, 30), None
        trip = 1 if visit.site == site else lognormal(dice, city.travel, city.travel_sigma)
        if clock + trip > DAY_ENDS or dice.random() < city.skipped:
            visit.gone_at = min(clock, DAY_ENDS)
            continue
        work = lognormal(dice, visit.minutes * city.pace, city.work_sigma)
        work *= dice.uniform(2, 3) if dice.random() < city.long_stop else 1
        work = dice.uniform(3, 7) if dice.random() < city.no_access else work
        visit.gone_at, visit.left_at, visit.arrived_at = None, clock, clock + trip
        clock = visit.closed_at = clock + trip + work
        site = visit.site


def route(visits: list[Visit], city: City, dice: random.Random) -> list[int]:
    """The places in the order they are really taken; calls off some for a moment of the day."""
    order = list(range(len(visits)))
    for place in range(len(order) - 1):
        if dice.random() < city.swapped:
            order[place], order[place + 1] = order[place + 1], order[place]
    for visit in visits:
        if dice.random() < city.cancelled:
            visit.gone_at = dice.uniform(7 * 60, 15 * 60)
    return order


def lognormal(dice: random.Random, mean: float, sigma: float) -> float:
    return dice.lognormvariate(log(mean) - sigma * sigma / 2, sigma)


if __name__ == "__main__":
    main()
