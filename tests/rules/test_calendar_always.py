"""What holds of the calendar at any moment, in any zone, with any closed days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.calendar import City, change_problem, date_problem, first_day_offered, offered_days

FEDERAL = holidays.country_holidays("US", years=range(2018, 2043))
ZONES = ["America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "Asia/Kolkata", "UTC"]
DAYS = st.dates(date(2019, 1, 1), date(2040, 12, 31))

moments = st.datetimes(datetime(2019, 1, 2), datetime(2040, 11, 30), timezones=st.just(UTC))
cities = st.builds(
    City,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    cutoff=st.times().map(lambda one: one.replace(microsecond=0)),
    cancel_until=st.none() | st.sampled_from([time(0), time(12), time(16), time(23, 59)]),
    days_ahead=st.integers(2, 40),
    exceptions=st.dictionaries(DAYS, st.booleans(), max_size=30),
)
always = settings(max_examples=150, deadline=None)


def works(day: date, city: City) -> bool:
    """The rule once more, in the plainest words."""
    if day.isoweekday() in (6, 7):
        return False
    return city.exceptions.get(day, day not in FEDERAL)


def working_days_after(today: date, until: date, city: City) -> int:
    return sum(works(today + timedelta(days=n), city) for n in range(1, (until - today).days + 1))


@always
@given(moments, cities)
def test_a_day_on_offer_is_never_a_day_off_nor_today(asked_at, city):
    today = asked_at.astimezone(city.zone).date()
    days = offered_days(asked_at, city)
    assert days and days == sorted(set(days))
    assert all(works(day, city) and day > today for day in days)


@always
@given(moments, cities)
def test_the_first_day_is_as_near_as_the_cutoff_allows_and_the_last_as_far_as_the_city_plans(asked_at, city):
    here = asked_at.astimezone(city.zone)
    in_time = works(here.date(), city) and here.time() < city.cutoff
    days = offered_days(asked_at, city)
    assert first_day_offered(asked_at, city) == days[0]
    assert working_days_after(here.date(), days[0], city) == (1 if in_time else 2)
    assert working_days_after(here.date(), days[-1], city) == city.days_ahead


@always
@given(moments, cities, st.integers(-400, 400))
def test_exactly_the_days_on_offer_have_no_problem(asked_at, city, distance):
    day = asked_at.astimezone(city.zone).date() + timedelta(days=distance)
    assert (date_problem(day, asked_at, city) is None) == (day in offered_days(asked_at, city))


@always
@given(moments, cities, st.timedeltas(timedelta(0), timedelta(days=5)))
def test_who_asks_later_never_gets_an_earlier_day(asked_at, city, pause):
    assert first_day_offered(asked_at, city) <= first_day_offered(asked_at + pause, city)


@always
@given(moments, cities, st.sampled_from(ZONES).map(ZoneInfo))
def test_how_the_moment_is_written_makes_no_difference(asked_at, city, zone):
    assert offered_days(asked_at, city) == offered_days(asked_at.astimezone(zone), city)


@always
@given(moments, cities, st.integers(-3, 3))
def test_a_change_of_mind_is_never_taken_on_the_day_itself_or_after_it(asked_at, city, distance):
    today = asked_at.astimezone(city.zone).date()
    day = today + timedelta(days=distance)
    problem = change_problem(day, asked_at, city)
    if day <= today:
        assert problem
    elif city.cancel_until is None or day > today + timedelta(days=1):
        assert problem is None
