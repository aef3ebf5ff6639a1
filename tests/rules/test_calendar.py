"""The calendar as tables: days off, the cut-off and the clock changes, what is on offer."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from tests.cast import CHICAGO, CITY
from tracker.rules.calendar import (
    HOLIDAYS,
    before_cutoff,
    cutoff_line,
    date_problem,
    federal_holidays,
    first_day_offered,
    holiday_on,
    is_working_day,
    next_working_day,
    offered_days,
    working_days_after,
)

# Sundays on which the clocks go forward and back.
FORWARD = [date(2024, 3, 10), date(2025, 3, 9), date(2026, 3, 8), date(2027, 3, 14), date(2030, 3, 10)]
BACK = [date(2024, 11, 3), date(2025, 11, 2), date(2026, 11, 1), date(2027, 11, 7), date(2030, 11, 3)]
STANDARD, SUMMER = timezone(timedelta(hours=-6)), timezone(timedelta(hours=-5))


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-05-26", True),  # a Tuesday
        ("2026-05-30", False),  # Saturday
        ("2026-05-31", False),  # Sunday
        ("2026-05-25", False),  # Memorial Day
        ("2026-06-19", False),  # Juneteenth
        ("2020-06-19", True),  # not a federal holiday yet
        ("2026-07-03", False),  # July 4th is a Saturday
        ("2021-07-05", False),  # July 4th is a Sunday
        ("2026-11-26", False),  # Thanksgiving
        ("2026-11-27", True),
        ("2023-11-10", False),  # Veterans Day is a Saturday
        ("2021-12-31", False),  # New Year's Day 2022 is a Saturday
        ("2027-12-31", False),  # and that of 2028
        ("2022-12-30", True),  # that of 2023 is a Sunday
        ("2023-01-02", False),
        ("2026-12-31", True),
    ],
)
def test_the_city_works_on_weekdays_that_are_no_federal_holiday(day, works):
    assert is_working_day(date.fromisoformat(day), CITY) is works


def test_a_closed_day_is_off_and_a_holiday_switched_off_is_worked():
    friday, memorial_day, saturday = date(2026, 5, 29), date(2026, 5, 25), date(2026, 5, 30)
    city = replace(CITY, exceptions={friday: False, memorial_day: True, saturday: True})
    assert not is_working_day(friday, city)
    assert is_working_day(memorial_day, city)
    assert not is_working_day(saturday, city)
    assert next_working_day(date(2026, 5, 28), city) == date(2026, 6, 1)


@pytest.mark.parametrize(
    ("asked_at", "first"),
    [
        ("2020-05-22 15:59:59", "2020-05-26"),  # the city's known-good case: Memorial Day is the 25th
        ("2020-05-22 16:00", "2020-05-27"),
        ("2020-05-22 00:00", "2020-05-26"),
        ("2020-05-21 16:00", "2020-05-26"),
        ("2026-05-26 10:00", "2026-05-27"),
        ("2026-05-26 23:59", "2026-05-28"),
        ("2026-05-30 09:00", "2026-06-02"),  # Saturday
        ("2026-05-31 23:59", "2026-06-02"),  # Sunday
        ("2026-06-01 00:00", "2026-06-02"),  # Monday, a minute later
        ("2026-05-25 09:00", "2026-05-27"),  # a holiday
        ("2021-12-30 15:00", "2022-01-03"),  # New Year's Day is observed on the 31st
        ("2021-12-31 09:00", "2022-01-04"),
    ],
)
def test_the_first_day_depends_on_the_cutoff_of_a_working_day(asked_at, first):
    assert first_day_offered(chicago(asked_at), CITY) == date.fromisoformat(first)


def test_a_holiday_switched_off_can_be_had_and_has_a_cutoff_of_its_own():
    city = replace(CITY, exceptions={date(2020, 5, 25): True})
    assert first_day_offered(chicago("2020-05-22 15:59"), city) == date(2020, 5, 25)
    assert first_day_offered(chicago("2020-05-25 15:59"), city) == date(2020, 5, 26)


@pytest.mark.parametrize("sunday", [*FORWARD, *BACK], ids=str)
def test_the_cutoff_is_the_citys_wall_clock_on_both_sides_of_a_clock_change(sunday):
    before, after = (STANDARD, SUMMER) if sunday in FORWARD else (SUMMER, STANDARD)
    for day, zone in ((sunday - timedelta(days=2), before), (sunday + timedelta(days=1), after)):
        cutoff = datetime(day.year, day.month, day.day, 16, tzinfo=zone).astimezone(UTC)
        assert before_cutoff(cutoff - timedelta(seconds=1), CITY)
        assert not before_cutoff(cutoff, CITY)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kolkata"])
def machine_zone(request, monkeypatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def test_the_machines_own_zone_makes_no_difference(machine_zone):
    late = datetime(2020, 5, 22, 21, 0, tzinfo=UTC)  # 16:00 in Chicago
    assert first_day_offered(late - timedelta(seconds=1), CITY) == date(2020, 5, 26)
    assert first_day_offered(late, CITY) == date(2020, 5, 27)
    assert first_day_offered(late.astimezone(timezone(timedelta(hours=9))), CITY) == date(2020, 5, 27)


def test_ten_working_days_ahead_are_on_offer():
    days = offered_days(chicago("2026-05-26 10:00"), CITY)
    assert days[0] == date(2026, 5, 27) and days[-1] == date(2026, 6, 9) and len(days) == 10
    late = offered_days(chicago("2026-05-26 16:00"), CITY)
    assert late == days[1:]


@pytest.mark.parametrize(
    ("day", "asked_at", "said"),
    [
        ("2026-06-09", "2026-05-26 10:00", None),
        ("2026-06-10", "2026-05-26 10:00", "{day} is too far ahead. The last day is {last}."),
        ("2026-05-30", "2026-05-26 10:00", "The city does not work on {day}. Pick another day."),
        ("2026-05-27", "2026-05-26 16:00", "It is past {cutoff}, so the first day is {first}."),
        ("2026-05-26", "2026-05-26 10:00", "{day} is too soon. The first day is {first}."),
        ("2026-05-01", "2026-05-26 16:00", "{day} is too soon. The first day is {first}."),
        ("2026-06-01", "2026-05-30 10:00", "{day} is too soon. The first day is {first}."),
    ],
)
def test_a_refused_day_says_why(day, asked_at, said):
    problem = date_problem(date.fromisoformat(day), chicago(asked_at), CITY)
    assert (problem and problem.message) == said


@pytest.mark.parametrize(
    ("asked_at", "begins"),
    [
        ("2026-05-26 10:00", "It is {now}. Before {cutoff}"),
        ("2026-05-26 16:00", "It is {now}, past {cutoff}."),
        ("2026-05-30 10:00", "The city is off today."),
    ],
)
def test_the_line_about_the_cutoff_tells_what_can_be_had(asked_at, begins):
    line = cutoff_line(chicago(asked_at), CITY)
    assert line.message.startswith(begins)
    assert line.values["first"] == first_day_offered(chicago(asked_at), CITY)


def test_every_holiday_on_a_weekday_has_a_name_that_can_be_translated():
    found = [reason for year in range(2000, 2100) for day in federal_holidays(year) if (reason := holiday_on(day))]
    names = {reason.values.get("holiday", reason).message for reason in found}
    assert names == set(HOLIDAYS)
    assert holiday_on(date(2026, 7, 4)) is None  # a Saturday
    assert holiday_on(date(2026, 7, 3)).values["holiday"].message == "Independence Day"
    assert holiday_on(date(2026, 11, 27)) is None


def test_so_many_working_days_after_a_day():
    friday = date(2026, 5, 22)
    assert working_days_after(friday, 3, CITY) == [date(2026, 5, day) for day in (26, 27, 28)]
    assert working_days_after(friday, 0, CITY) == []
