"""Until when Dana may cancel or move online."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.cast import CHICAGO, CITY
from tracker.rules.calendar import change_problem

WEDNESDAY = date(2026, 5, 27)


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("cancel_until", "now", "possible"),
    [
        (None, "2026-05-26 10:00", True),
        (None, "2026-05-26 23:59:59", True),  # the end of the day before
        (None, "2026-05-27 00:00", False),
        (None, "2026-05-27 08:00", False),
        (None, "2026-05-28 08:00", False),  # a day that is past
        (time(16), "2026-05-26 15:59:59", True),
        (time(16), "2026-05-26 16:00", False),
        (time(16), "2026-05-25 23:00", True),
        (time(16), "2026-05-28 10:00", False),
        (time(0), "2026-05-25 23:59", True),
        (time(0), "2026-05-26 00:00", False),
    ],
)
def test_dana_may_change_it_until_the_city_says(cancel_until, now, possible):
    problem = change_problem(WEDNESDAY, chicago(now), replace(CITY, cancel_until=cancel_until))
    assert (problem is None) is possible


def test_when_it_is_too_late_the_reason_says_whom_to_call():
    problem = change_problem(WEDNESDAY, chicago("2026-05-27 07:00"), CITY)
    assert problem and problem.values == {"phone": "512-555-0100"}


@pytest.mark.parametrize(("now", "past"), [("2026-05-27 23:59", False), ("2026-05-28 00:00", True)])
def test_a_day_has_passed_when_it_is_over(now, past):
    problem = change_problem(WEDNESDAY, chicago(now), CITY)
    assert problem and problem.message.startswith("This day has passed." if past else "Too late to change this here.")


@pytest.mark.parametrize("monday", [date(2026, 3, 9), date(2026, 11, 2), date(2027, 3, 15), date(2027, 11, 8)], ids=str)
def test_the_end_of_the_day_before_is_the_citys_midnight_after_a_clock_change(monday):
    utc_offset = 5 if monday.month == 3 else 6
    midnight = datetime(monday.year, monday.month, monday.day, utc_offset, tzinfo=UTC)
    assert change_problem(monday, midnight - timedelta(seconds=1), CITY) is None
    assert change_problem(monday, midnight, CITY)


def test_a_time_that_the_clock_skips_or_repeats_still_ends_the_day_in_order():
    """On the Sunday before, 2:30 does not exist in March and 1:30 comes twice in November."""
    skipped = replace(CITY, cancel_until=time(2, 30))
    assert change_problem(date(2026, 3, 9), datetime(2026, 3, 8, 7, 59, tzinfo=UTC), skipped) is None
    assert change_problem(date(2026, 3, 9), datetime(2026, 3, 8, 9, 0, tzinfo=UTC), skipped)
    twice = replace(CITY, cancel_until=time(1, 30))
    assert change_problem(date(2026, 11, 2), datetime(2026, 11, 1, 6, 29, tzinfo=UTC), twice) is None
    assert change_problem(date(2026, 11, 2), datetime(2026, 11, 1, 7, 30, tzinfo=UTC), twice)
