"""A day has so many places: in all, and for a trade where the city set it."""

import pytest
from peewee import IntegrityError

from tests.actions.told import loads, nothing_was_written, said, wish
from tests.cast import CITY, NOW, THURSDAY, WEDNESDAY, ask, desk, permit_of
from tracker.actions.requests import NotPossible
from tracker.models import Capacity, DayLoad
from tracker.queries.days import days_on_offer

FULL = "{day} has just filled up. Pick another day."


def test_a_full_day_is_refused_and_the_next_one_taken(dana, danas_permit, danas_house):
    ask(dana, danas_permit, wish("WH"), at=desk(daily_capacity=1))
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_house, wish("SEWER"), key="another-form", at=desk(daily_capacity=1))
    assert said(no.value) == [(0, "requested_date", FULL)]
    assert loads() == {(WEDNESDAY, ""): (1, 0, 0), (WEDNESDAY, "plumbing"): (1, 0, 0)}
    ask(dana, danas_house, wish("SEWER", THURSDAY), key="another-form", at=desk(daily_capacity=1))


def test_the_reason_names_the_inspection_that_found_no_place_and_the_others_give_theirs_back(dana, danas_house):
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_house, wish("SEWER", THURSDAY), wish("SEWER"), at=desk(daily_capacity=1))
    assert said(no.value)[0][0] == 1  # told before places are taken: it is on the list twice
    general = permit_of(dana.company, "B-2")
    list_of_three = wish("TPOLE", THURSDAY), wish("SEWER"), wish("FORM", THURSDAY)
    with pytest.raises(NotPossible) as no:
        ask(dana, general, *list_of_three, at=desk(daily_capacity=1))
    [(place, field, message)] = said(no.value)
    assert place in (0, 2) and (field, message) == ("requested_date", FULL)
    assert nothing_was_written()


def test_a_trade_has_a_limit_of_its_own(dana, danas_permit, danas_house):
    Capacity.create(weekday=None, trade="plumbing", places=1)
    ask(dana, danas_permit, wish("WH"))
    general = permit_of(dana.company, "B-2")
    with pytest.raises(NotPossible) as no:
        ask(dana, general, wish("TPOLE"), wish("SEWER"), key="another-form")
    assert said(no.value) == [(1, "requested_date", FULL)]
    ask(dana, general, wish("TPOLE"), wish("SEWER", THURSDAY), key="another-form")
    assert loads()[(WEDNESDAY, "")] == (2, 0, 0)


def test_a_weekday_can_have_fewer_places_or_none(dana, danas_permit):
    Capacity.create(weekday=WEDNESDAY.weekday(), trade=None, places=0)
    with pytest.raises(NotPossible):
        ask(dana, danas_permit, wish("WH"))
    ask(dana, danas_permit, wish("WH", THURSDAY))


def test_a_wished_half_never_refuses(dana, danas_permit, danas_house):
    ask(dana, danas_permit, wish("WH", time_frame="am"), wish("GAS", time_frame="am"), at=desk(daily_capacity=3))
    ask(dana, danas_house, wish("SEWER", time_frame="am"), key="another-form", at=desk(daily_capacity=3))
    assert loads()[(WEDNESDAY, "")] == (3, 3, 0)


def test_the_days_on_offer_leave_out_what_is_full_in_all_or_for_the_trade(dana, danas_permit):
    Capacity.create(weekday=None, trade="plumbing", places=1)
    ask(dana, danas_permit, wish("WH", time_frame="am"))

    def first(trade: str | None = None, places: int = 60):
        return days_on_offer(CITY, NOW, daily_capacity=places, trade=trade)[0]

    assert (first().day, first("electrical").day) == (WEDNESDAY, WEDNESDAY)
    assert first("plumbing").day == THURSDAY
    assert first(places=1).day == THURSDAY
    assert (first(places=2).am, first(places=2).am_word, first(places=2).pm_word) == (100, "busy", "quiet")


def test_the_database_refuses_less_than_no_places(dana, danas_permit):
    ask(dana, danas_permit, wish("WH"))
    with pytest.raises(IntegrityError, match="(?i)check"):
        DayLoad.update(booked=DayLoad.booked - 2).execute()
