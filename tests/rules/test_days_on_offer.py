"""No day on offer is a day off, full, before the cut-off allows it or too far; and none is kept back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cast import CITY
from tests.rules.test_calendar_always import works
from tracker.queries import days as queries
from tracker.queries.days import days_on_offer
from tracker.rules.calendar import date_problem
from tracker.rules.capacity import Limit, Load

TRADES = ("plumbing", "electrical")
NOW = datetime(2026, 5, 26, 15, tzinfo=UTC)
always = settings(max_examples=60, deadline=None)

moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
days = st.integers(0, 80).map(lambda number: NOW.date() + timedelta(days=number))
cities = st.builds(
    lambda closed, ahead: replace(CITY, exceptions=dict.fromkeys(closed, False), days_ahead=ahead),
    st.sets(days, max_size=8),
    st.integers(2, 12),
)
trades = st.sampled_from([None, *TRADES])
limits = st.lists(st.builds(Limit, st.none() | st.integers(0, 4), trades, st.integers(0, 4)), max_size=6)
halves = st.integers(0, 2)
counts = st.builds(lambda am, pm, any: Load(am + pm + any, am, pm), halves, halves, halves)
loads = st.dictionaries(st.tuples(days, st.sampled_from(["", *TRADES])), counts, max_size=60)


def most(day, trade, rows, default):
    """Places of a day in the plainest words: the weekday's own, else those of every day."""
    own = [row.places for row in rows if row.trade == trade and row.weekday == day.weekday()]
    every = [row.places for row in rows if row.trade == trade and row.weekday is None]
    return (own or every or [default if trade is None else 1_000])[0]


def on_offer(rows, taken, city, moment, trade):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(queries, "limits", lambda: rows)
        patched.setattr(queries, "loads", lambda wanted: {key: load for key, load in taken.items() if key[0] in wanted})
        return days_on_offer(city, moment, daily_capacity=3, trade=trade)


@always
@given(limits, loads, cities, moments, trades)
def test_exactly_the_days_with_room_that_the_calendar_allows_are_on_offer(rows, taken, city, moment, trade):
    offered = [one.day for one in on_offer(rows, taken, city, moment, trade)]
    today = moment.astimezone(city.zone).date()
    for number in range(-3, 40):
        day = today + timedelta(days=number)
        full = any(taken.get((day, one or ""), Load()).booked >= most(day, one, rows, 3) for one in {None, trade})
        assert (day in offered) == (date_problem(day, moment, city) is None and not full)
        assert day not in offered or (works(day, city) and day > today)


@always
@given(limits, loads, cities, moments, trades, st.randoms(use_true_random=False))
def test_a_wished_half_decides_how_busy_a_day_looks_and_never_whether_it_is_offered(
    rows, taken, city, moment, trade, chance
):
    others = {}
    for key, load in taken.items():
        am = chance.randint(0, load.booked)
        others[key] = Load(load.booked, am, chance.randint(0, load.booked - am))
    one, other = (on_offer(rows, loads, city, moment, trade) for loads in (taken, others))
    assert [offer.day for offer in one] == [offer.day for offer in other]
    assert all(0 <= half <= 100 for offer in other for half in (offer.am, offer.pm))
