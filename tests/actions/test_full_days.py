"""A day has so many places: in all, and for a trade where the city set it."""

from functools import partial

import pytest
from peewee import IntegrityError

from tests.actions.told import changes, loads, nothing_was_written, said, wish
from tests.cast import CITY, CONTACT, FRIDAY, NOW, THURSDAY, WEDNESDAY, ask, desk, permit_of
from tracker.actions.change_of_mind import cancel_inspection, move_inspection
from tracker.actions.requests import NotPossible
from tracker.actions.review import decline, move_by_staff
from tracker.actions.seen import Refused, Seen
from tracker.actions.telephone import NeedsReason, Override, problem_key, request_by_telephone
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


@pytest.fixture
def one_plumber(dana, danas_permit, danas_house):
    """The city takes one plumbing inspection a day: Wednesday's is Dana's heater, Thursday's her sewer line."""
    Capacity.create(weekday=None, trade="plumbing", places=1)
    heater = ask(dana, danas_permit, wish("WH", time_frame="am")).inspections.get()
    sewer = ask(dana, danas_house, wish("SEWER", THURSDAY), key="another-form").inspections.get()
    return heater, sewer


ONE_EACH = {
    (WEDNESDAY, ""): (1, 1, 0), (WEDNESDAY, "plumbing"): (1, 1, 0),
    (THURSDAY, ""): (1, 0, 0), (THURSDAY, "plumbing"): (1, 0, 0),
}  # fmt: skip


def test_a_contractor_cannot_move_to_a_day_that_is_full_for_the_trade(dana, one_plumber):
    heater, sewer = one_plumber
    for inspection, day in ((heater, THURSDAY), (sewer, WEDNESDAY)):
        with pytest.raises(NotPossible) as no:
            move_inspection(inspection, day=day, time_frame="any", desk=desk(), by=dana.by, now=NOW)
        assert said(no.value) == [(None, "requested_date", FULL)] and loads() == ONE_EACH
    move_inspection(heater, day=FRIDAY, time_frame="pm", desk=desk(), by=dana.by, now=NOW)
    move_inspection(sewer, day=WEDNESDAY, time_frame="any", desk=desk(), by=dana.by, now=NOW)
    assert loads() == {
        (WEDNESDAY, ""): (1, 0, 0), (WEDNESDAY, "plumbing"): (1, 0, 0),
        (FRIDAY, ""): (1, 0, 1), (FRIDAY, "plumbing"): (1, 0, 1),
    }  # fmt: skip


def test_staff_go_beyond_the_places_of_a_trade_only_with_a_reason(sam, one_plumber):
    heater, sewer = one_plumber
    by_sam = {"desk": desk(), "by": sam.by, "now": NOW}
    with pytest.raises(Refused):
        move_by_staff([Seen.of(heater)], day=THURSDAY, **by_sam)
    assert loads() == ONE_EACH
    with pytest.raises(Refused):  # both find room on Friday, one alone would
        move_by_staff([Seen.of(heater), Seen.of(sewer)], day=FRIDAY, **by_sam)
    assert loads() == ONE_EACH
    move_by_staff([Seen.of(heater)], day=THURSDAY, reason="Ray works late.", **by_sam)
    assert loads() == {(THURSDAY, ""): (2, 1, 0), (THURSDAY, "plumbing"): (2, 1, 0)}


def test_by_telephone_the_places_of_a_trade_are_passed_on_purpose_and_on_record(dana, sam, one_plumber):
    shed = permit_of(dana.company, "PP-3", kind="PLUMBING", trade="plumbing")
    call = partial(
        request_by_telephone, shed, dana.company, [wish("SEWER")],
        contact=CONTACT, key="called", taken_by=sam.row, desk=desk(), by=sam.by, now=NOW,
    )  # fmt: skip
    with pytest.raises(NeedsReason) as no:
        call(override=Override())
    assert said(no.value) == [(0, "requested_date", FULL)] and loads() == ONE_EACH
    named = [problem_key(one) for one in no.value.problems]
    call(override=Override("The street is open today only.", named))
    assert loads() == {**ONE_EACH, (WEDNESDAY, ""): (2, 1, 0), (WEDNESDAY, "plumbing"): (2, 1, 0)}
    assert changes()[-1][3]["despite"] == named


def test_what_is_cancelled_or_declined_gives_the_place_of_the_trade_back(dana, sam, one_plumber):
    heater, sewer = one_plumber
    cancel_inspection(heater, desk=desk(), by=dana.by, now=NOW)
    decline([Seen.of(sewer)], reason="No plans on site", desk=desk(), by=sam.by, now=NOW)
    assert loads() == {}
