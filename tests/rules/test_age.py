"""How long a request waits, and from when on the law lets others inspect."""

from datetime import date, timedelta

import pytest

from tracker.rules.age import age_days, is_near_limit, is_over_limit

TUESDAY = date(2026, 5, 26)


@pytest.mark.parametrize("days", [0, 1, 15, 400])
def test_a_request_is_as_old_as_the_days_since(days):
    assert age_days(TUESDAY - timedelta(days=days), TUESDAY) == days


def test_a_clock_that_was_wrong_makes_no_request_younger_than_new():
    assert age_days(TUESDAY + timedelta(days=2), TUESDAY) == 0


@pytest.mark.parametrize(
    ("days", "near", "over"),
    [(0, False, False), (11, False, False), (12, True, False), (14, True, False), (15, False, True), (40, False, True)],
)
def test_by_the_fifteenth_day_the_city_has_inspected(days, near, over):
    assert (is_near_limit(days), is_over_limit(days)) == (near, over)
