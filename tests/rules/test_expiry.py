"""When a permit is near its end, and what is mailed on which day."""

from datetime import date, timedelta

import pytest

from tracker.rules.expiry import is_soon, lives, notice_due

TODAY = date(2026, 5, 26)


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "notice"),
    [(31, None), (30, 30), (20, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, 0), (-7, 0), (-8, None), (-200, None)],
)
def test_one_notice_is_due_at_a_time_and_none_is_stale(days, notice):
    assert notice_due(on(days), TODAY) == notice


@pytest.mark.parametrize(("days", "soon"), [(31, False), (30, True), (0, True), (-3, True)])
def test_from_thirty_days_on_it_is_said_in_bold(days, soon):
    assert is_soon(on(days), TODAY) is soon and is_soon(None, TODAY) is False


@pytest.mark.parametrize(
    ("status", "days", "mailed"),
    [("issued", 7, True), ("inspection_phase", -1, True), ("expired", -1, True), ("expired", 0, False),
     ("expired", 7, False),
     ("finaled", 7, False), ("finaled", -1, False), ("cancelled", 7, False), ("on_hold", 7, False)],
)  # fmt: skip
def test_only_of_a_permit_that_lives_or_died_of_its_date(status, days, mailed):
    assert lives(status, on(days), TODAY) is mailed
