"""The same form, the same type, the same inspection: two at once, one wins, the other is told."""

import threading
from contextlib import suppress
from functools import partial

import pytest

from tests.actions.told import loads, mails, said, wish
from tests.cast import NOW, THURSDAY, WEDNESDAY, ask, desk
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions import requests
from tracker.actions.change_of_mind import TooLate, cancel_inspection, move_inspection
from tracker.actions.requests import AlreadyRequested, NotPossible
from tracker.models import Change, Inspection, PermitContractor, Request

REQUESTED = "{type} is requested already, for {day}."


@pytest.fixture
def shared(danas_house, eve):
    """Dana's house, on which Eve is the general contractor."""
    PermitContractor.create(permit=danas_house, contractor=eve.company, trade="general")
    return danas_house


@pytest.mark.parametrize("places", [1, 60], ids=["the last place", "many places"])
def test_the_same_form_eight_times_at_once_is_one_request(dana, danas_permit, places):
    answers = at_once([partial(ask, dana, danas_permit, wish("WH"), at=desk(daily_capacity=places))] * 8)
    assert {one.id for one in answers} == {Request.get().id}
    assert Inspection.select().count() == Change.select().count() == 1
    assert len(mails()) == 2 and loads()[(WEDNESDAY, "")] == (1, 0, 0)


@pytest.mark.parametrize("places", [1, 60], ids=["the last place", "many places"])
def test_a_second_press_while_the_first_is_being_written_gets_the_same_request(dana, danas_permit, places):
    press = partial(ask, dana, danas_permit, wish("WH"), at=desk(daily_capacity=places))
    assert meanwhile(press, press, commit=True).id == Request.get().id


def test_the_same_key_with_other_content_at_once_is_told_what_was_booked(dana, danas_permit):
    answers = at_once([partial(ask, dana, danas_permit, wish("WH", day)) for day in (WEDNESDAY, THURSDAY)])
    there = Request.get()
    assert {type(one) for one in answers} == {Request, AlreadyRequested}
    assert [one.request.id for one in answers if isinstance(one, AlreadyRequested)] == [there.id]


def test_two_companies_ask_for_the_same_type_on_one_permit_at_once(dana, eve, shared):
    for round in range(5):
        answers = at_once(
            [
                partial(ask, dana, shared, wish("SEWER"), key=f"{round}"),
                partial(ask, eve, shared, wish("SEWER"), key=f"{round}"),
            ]
        )
        [won] = [one for one in answers if isinstance(one, Request)]
        [told] = [one for one in answers if isinstance(one, NotPossible)]
        assert said(told) == [(0, "inspection_type", REQUESTED)]
        assert loads()[(WEDNESDAY, "plumbing")] == (1, 0, 0)
        cancel_inspection(won.inspections.get(), desk=desk(), by=dana.by, now=NOW)


@pytest.mark.parametrize("first_stays", [True, False])
def test_who_asks_for_the_same_type_second_waits_for_the_first(dana, eve, shared, first_stays):
    answer = meanwhile(
        partial(ask, dana, shared, wish("SEWER")),
        partial(ask, eve, shared, wish("SEWER", THURSDAY)),
        commit=first_stays,
    )
    assert said(answer) == [(0, "inspection_type", REQUESTED)] if first_stays else isinstance(answer, Request)


def test_lists_in_opposite_order_on_one_permit_do_not_wait_for_each_other(dana, eve, shared, monkeypatch):
    """They share no day, and each writes its first line before the other its second."""
    PermitContractor.create(permit=shared, contractor=dana.company, trade="general")
    gate, write = threading.Barrier(2), requests._open

    def write_and_wait(*line):
        written = write(*line)
        with suppress(threading.BrokenBarrierError):
            gate.wait(0.5)
        return written

    monkeypatch.setattr(requests, "_open", write_and_wait)
    answers = at_once(
        [
            partial(ask, dana, shared, wish("SEWER"), wish("TPOLE")),
            partial(ask, eve, shared, wish("TPOLE", THURSDAY), wish("SEWER", THURSDAY)),
        ]
    )
    assert sorted(type(one).__name__ for one in answers) == ["NotPossible", "Request"], answers
    assert [load for (_, trade), load in loads().items() if not trade] == [(2, 0, 0)]


def test_cancelling_twice_at_once_gives_the_place_back_once(dana, danas_permit, danas_house):
    ask(dana, danas_house, wish("SEWER"), key="another-form")
    for round in range(5):
        booked = ask(dana, danas_permit, wish("WH", time_frame="am"), key=f"{round}").inspections.get()
        answers = at_once([partial(cancel_inspection, booked, desk=desk(), by=dana.by, now=NOW)] * 3)
        assert sorted(type(one).__name__ for one in answers) == ["Inspection", "TooLate", "TooLate"]
        assert loads()[(WEDNESDAY, "")] == (1, 0, 0)
    assert [kind for kind, _ in mails()].count("cancelled") == 5


def test_cancelled_while_being_moved_one_of_the_two_is_told(dana, danas_permit):
    for round in range(5):
        booked = ask(dana, danas_permit, wish("WH"), key=f"{round}").inspections.get()
        move = partial(move_inspection, booked, day=THURSDAY, time_frame="pm", desk=desk(), by=dana.by, now=NOW)
        cancel = partial(cancel_inspection, booked, desk=desk(), by=dana.by, now=NOW)
        moved, cancelled = at_once([move, cancel])
        there = Inspection.get_by_id(booked.id)
        if isinstance(cancelled, TooLate):
            assert there.status == "requested" and loads()[(THURSDAY, "")] == (1, 0, 1)
            cancel_inspection(there, desk=desk(), by=dana.by, now=NOW)
        else:  # it came second and took what was moved, or first
            assert there.status == "cancelled" and isinstance(moved, Inspection | TooLate)
        assert loads() == {}


def test_two_changes_of_the_half_at_once_leave_the_counts_right(dana, danas_permit):
    booked = ask(dana, danas_permit, wish("WH", time_frame="am")).inspections.get()
    change = partial(move_inspection, booked, day=WEDNESDAY, desk=desk(), by=dana.by, now=NOW)
    for half, other in (("pm", "any"), ("am", "pm"), ("any", "am")):
        at_once([partial(change, time_frame=half), partial(change, time_frame=other)])
        there = Inspection.get_by_id(booked.id)
        assert loads()[(WEDNESDAY, "")] == (1, int(there.time_frame == "am"), int(there.time_frame == "pm"))
