"""Percentiles from a histogram of days, against the days themselves."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.spread import RANGES, Range, percentile, place_of, shown


def histogram(days: list[int]) -> list[int]:
    counts = [0] * len(RANGES)
    for one in days:
        counts[place_of(one)] += 1
    return counts


def test_the_ranges_follow_each_other_without_a_gap():
    assert RANGES[0].first == 0 and RANGES[-1].last is None
    assert all(one.last + 1 == following.first for one, following in zip(RANGES, RANGES[1:], strict=False))


@pytest.mark.parametrize(
    ("days", "there"),
    [(0, (0, 0)), (15, (15, 15)), (20, (20, 20)), (21, (21, 30)), (30, (21, 30)), (31, (31, 60)), (60, (31, 60)),
     (61, (61, None)), (4000, (61, None)), (-1, (0, 0))],
)  # fmt: skip
def test_where_so_many_days_stand(days, there):
    assert RANGES[place_of(days)] == there


def test_of_one_day_and_two_days_half_were_done_within_one():
    assert percentile(histogram([1, 2]), 50) == Range(1, 1)
    assert percentile(histogram([1, 2, 2]), 50) == Range(2, 2)
    assert percentile(histogram([1] * 9 + [14]), 90) == Range(1, 1)
    assert percentile(histogram([1] * 8 + [14, 14]), 90) == Range(14, 14)


def test_of_nothing_there_is_no_half():
    assert percentile([0] * len(RANGES), 50) is None


@given(days=st.lists(st.integers(0, 90), min_size=1, max_size=60), percent=st.integers(1, 100))
def test_as_if_all_days_stood_in_a_row(days, percent):
    wanted = sorted(days)[ceil(len(days) * percent / 100) - 1]
    assert percentile(histogram(days), percent) == RANGES[place_of(wanted)]


def test_a_chart_goes_as_far_as_anything_was_counted():
    assert shown(histogram([1, 16]), 6) == 17
    assert shown(histogram([1]), 6) == 6
    assert shown(histogram([]), 0) == 0


def test_a_hundred_and_one_are_more_than_a_hundred():
    assert percentile(histogram([1] * 100 + [2]), 100) == Range(2, 2)
    assert percentile(histogram([1] * 99 + [2]), 99) == Range(1, 1)
