"""Both clock changes of any year, and a machine that lives in any zone, make no difference to the rules."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.calendar import (
    City,
    before_cutoff,
    change_problem,
    cutoff_line,
    date_problem,
    first_day_offered,
    is_working_day,
    next_working_day,
    offered_days,
)

CHICAGO = ZoneInfo("America/Chicago")
YEARS = st.integers(2007, 2090)
always = settings(max_examples=120, deadline=None)


def changes(year: int) -> list[datetime]:
    """The two moments of the year at which Chicago's clocks change: on the second Sunday of March, the first of
    November, at 2:00."""
    march, november = date(year, 3, 8), date(year, 11, 1)
    forward, back = (day + timedelta(days=6 - day.weekday()) for day in (march, november))
    return [
        datetime(forward.year, forward.month, forward.day, 8, tzinfo=UTC),
        datetime(back.year, back.month, back.day, 7, tzinfo=UTC),
    ]


def wall_clock(moment: datetime, change: datetime) -> datetime:
    """What the clock in the city's hall shows near a change, without asking any zone."""
    summer = (moment >= change) if change.month == 3 else (moment < change)
    return moment.astimezone(timezone(timedelta(hours=-5 if summer else -6))).replace(tzinfo=None)


near = st.integers(-4 * 24 * 60, 4 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@always
@given(YEARS, st.sampled_from([0, 1]), near, st.times())
def test_near_a_clock_change_the_first_day_is_that_of_the_wall_clock(year, which, distance, cutoff):
    change = changes(year)[which]
    moment, city = change + distance, City(CHICAGO, cutoff=cutoff.replace(microsecond=0))
    here = wall_clock(moment, change)
    in_time = is_working_day(here.date(), city) and here.time() < city.cutoff
    first = next_working_day(here.date(), city)
    assert before_cutoff(moment, city) == in_time
    assert first_day_offered(moment, city) == (first if in_time else next_working_day(first, city))


@always
@given(YEARS, st.sampled_from([0, 1]), near, near)
def test_near_a_clock_change_waiting_never_brings_an_earlier_day_nor_loses_one_twice(year, which, one, other):
    city, change = City(CHICAGO), changes(year)[which]
    sooner, later = sorted((change + one, change + other))
    first, then = offered_days(sooner, city), offered_days(later, city)
    assert first[0] <= then[0] and first[-1] <= then[-1]
    assert {day for day in first if day >= then[0]} <= set(then)


@always
@given(YEARS, st.sampled_from([0, 1]), near, near, st.sampled_from([None, time(0), time(12), time(16), time(23, 59)]))
def test_near_a_clock_change_too_late_stays_too_late(year, which, one, other, until):
    city, change = City(CHICAGO, cancel_until=until), changes(year)[which]
    sooner, later = sorted((change + one, change + other))
    for number in range(-3, 4):
        day = change.astimezone(CHICAGO).date() + timedelta(days=number)
        if change_problem(day, sooner, city):
            assert change_problem(day, later, city)


def answers() -> list[object]:
    """What the calendar's rules say at 400 moments of a year, in two cities."""
    said: list[object] = []
    for zone in ("America/Chicago", "Pacific/Honolulu"):
        city = City(ZoneInfo(zone), cancel_until=time(16), phone="512-555-0100")
        for number in range(200):
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=43 * number, minutes=7 * number)
            days = offered_days(moment, city)
            reasons = [date_problem(days[0] - timedelta(days=1), moment, city), change_problem(days[0], moment, city)]
            reasons += [change_problem(moment.date(), moment, city), cutoff_line(moment, city)]
            said.append([days, [(one.message, one.values) if one else None for one in reasons]])
    return said


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"])
def test_a_process_in_another_zone_says_the_same(zone):
    code = "import json; from tests.rules.test_clocks import answers; print(json.dumps(answers(), default=str))"
    top = Path(__file__).parents[2]
    there = {"cwd": top, "env": {**os.environ, "TZ": zone}}
    said = subprocess.check_output([sys.executable, "-c", code], text=True, **there)
    assert json.loads(said) == json.loads(json.dumps(answers(), default=str))
