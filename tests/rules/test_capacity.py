"""How many places a day has, and how busy its halves look."""

from datetime import date

import pytest

from tracker.rules.capacity import (
    Effect,
    Limit,
    Load,
    as_limits,
    best_day,
    by_key,
    effects,
    full_problem,
    half_percent,
    half_word,
    places,
    room,
)

DAYS = MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)


@pytest.mark.parametrize(
    ("limits", "day", "trade", "most"),
    [
        ([], MONDAY, None, 60),
        ([], MONDAY, "plumbing", None),
        ([Limit(None, None, 40)], MONDAY, None, 40),
        ([Limit(None, None, 40), Limit(0, None, 25)], MONDAY, None, 25),
        ([Limit(0, None, 25), Limit(None, None, 40)], MONDAY, None, 25),
        ([Limit(None, None, 40), Limit(0, None, 25)], TUESDAY, None, 40),
        ([Limit(0, None, 25)], TUESDAY, None, 60),
        ([Limit(None, "plumbing", 5)], MONDAY, None, 60),
        ([Limit(None, "plumbing", 5)], MONDAY, "plumbing", 5),
        ([Limit(None, "plumbing", 5)], MONDAY, "electrical", None),
        ([Limit(None, "plumbing", 5), Limit(1, "plumbing", 0)], TUESDAY, "plumbing", 0),
        ([Limit(None, None, 40)], MONDAY, "plumbing", None),
    ],
)
def test_the_limit_of_a_weekday_goes_before_that_of_every_day(limits, day, trade, most):
    assert places(day, trade, limits, 60) == most


@pytest.mark.parametrize(
    ("load", "am", "pm"),
    [
        (Load(), 0, 0),
        (Load(10, 5, 5), 50, 50),
        (Load(10, 10, 0), 100, 0),
        (Load(10, 0, 0), 50, 50),  # nobody wished: half of them in each
        (Load(12, 8, 2), 90, 30),
        (Load(30, 30, 0), 100, 0),  # more than there are places, never more than all
    ],
)
def test_who_wishes_for_no_half_counts_half_in_each(load, am, pm):
    assert (half_percent(load, "am", 20), half_percent(load, "pm", 20)) == (am, pm)


def test_a_day_without_places_is_busy():
    assert half_percent(Load(), "am", 0) == 100
    assert half_percent(Load(), "am", 1) == 0


def test_limits_can_be_looked_up_by_weekday_and_trade_and_back():
    limits = [Limit(None, None, 40), Limit(0, "plumbing", 5)]
    assert by_key(limits) == {(None, None): 40, (0, "plumbing"): 5}
    assert as_limits(by_key(limits)) == limits


@pytest.mark.parametrize(
    ("places", "best"),
    [
        ([9, 9, 9], TUESDAY),  # not Monday itself
        ([9, 1, 9], WEDNESDAY),  # all that is wanted fits there
        ([9, 0, 1], WEDNESDAY),  # it fits nowhere: the first with a place
        ([9, 1, 1], TUESDAY),
        ([9, 0, 0], TUESDAY),
    ],
)
def test_what_a_closed_day_held_goes_to_the_best_day_after(places, best):
    rooms = [room(day, {}, [Limit(day.weekday(), None, most)], 60) for day, most in zip(DAYS, places, strict=True)]
    assert best_day(rooms, MONDAY, {"plumbing": 1, "building": 1}) == best


@pytest.mark.parametrize(
    ("percent", "word"), [(0, "quiet"), (49, "quiet"), (50, "filling"), (84, "filling"), (85, "busy"), (100, "busy")]
)
def test_how_busy_a_half_is_has_a_word(percent, word):
    assert half_word(percent) == word


def test_a_full_day_is_named_in_the_reason():
    assert full_problem(MONDAY).values == {"day": MONDAY}


def test_what_is_left_of_a_day_in_all_and_by_trade():
    loads = {(MONDAY, ""): Load(7), (MONDAY, "plumbing"): Load(5)}
    left = room(MONDAY, loads, [Limit(None, "plumbing", 3), Limit(1, "building", 1)], 10)
    assert left.day == MONDAY
    assert left.left == {"": 3, "plumbing": 0}  # never less than nothing; Tuesday's limit is not Monday's
    assert left.lacking({"building": 3}) is None
    assert left.lacking({"building": 4}) == "" and left.lacking({"plumbing": 1}) == "plumbing"


def test_what_other_limits_would_do():
    loads = {(MONDAY, ""): Load(9), (MONDAY, "plumbing"): Load(4)}
    now, then = [Limit(None, "plumbing", 6)], [Limit(0, None, 8), Limit(None, "building", 2)]
    found = effects([MONDAY, TUESDAY], ["building", "plumbing"], now=now, then=then, default=10, loads=loads)
    assert found == [
        Effect(MONDAY, None, 10, 8, 9),
        Effect(MONDAY, "building", None, 2, 0),
        Effect(MONDAY, "plumbing", 6, None, 4),
        Effect(TUESDAY, None, 10, 10, 0),
        Effect(TUESDAY, "building", None, 2, 0),
        Effect(TUESDAY, "plumbing", 6, None, 0),
    ]
    assert [(one.changes, one.over, one.is_full) for one in found[:4]] == [
        (True, 1, True),
        (True, 0, False),
        (True, 0, False),
        (False, 0, False),
    ]
