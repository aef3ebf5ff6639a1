"""Dana changes the date, by the cut-off for the new one."""

from datetime import date, datetime, timedelta

import pytest

from tests.actions.a_day import given
from tests.actions.told import changes, loads, mails, said, version, wish
from tests.cast import CHICAGO, FRIDAY, NOW, THURSDAY, WEDNESDAY, ask, desk, past, permit_of
from tracker.actions.change_of_mind import TooLate, cancel_inspection, move_inspection
from tracker.actions.requests import NotPossible
from tracker.models import ClosedDay, Inspection, Permit, PermitContractor, Staff

EVENING = datetime(2026, 5, 26, 17, tzinfo=CHICAGO)


@pytest.fixture
def booked(dana, danas_permit) -> Inspection:
    return ask(dana, danas_permit, wish("WH", time_frame="am")).inspections.get()


def move(who, inspection, day: date, half: str = "am", now: datetime = NOW, places: int = 60) -> Inspection:
    return move_inspection(inspection, day=day, time_frame=half, desk=desk(daily_capacity=places), by=who.by, now=now)


@pytest.fixture
def iris() -> Staff:
    return Staff.create(
        email="iris@bluebonnet.example", name="Iris Novak", role="inspector", password_hash="", session_token="t"
    )


def test_a_moved_inspection_has_its_place_on_the_new_day_alone(dana, booked):
    there = move(dana, booked, FRIDAY, "pm")
    assert (there.day, there.time_frame, there.status, there.calendar_sequence) == (FRIDAY, "pm", "requested", 1)
    assert loads() == {(FRIDAY, ""): (1, 0, 1), (FRIDAY, "plumbing"): (1, 0, 1)}
    move(dana, there, THURSDAY, "any")
    assert loads() == {(THURSDAY, ""): (1, 0, 0), (THURSDAY, "plumbing"): (1, 0, 0)}


def test_a_mail_goes_out_the_record_is_kept_and_the_pages_are_told(dana, booked):
    before = version(dana.company)
    move(dana, booked, FRIDAY)
    assert mails()[2:] == [("moved", "dana@lonestar.example")]
    verb, _, was, now = changes()[-1]
    assert (verb, was["day"], now["day"]) == ("move_inspection", "2026-05-27", "2026-05-29")
    assert version(dana.company) == before + 1


def test_another_half_of_the_same_day_keeps_the_inspector(dana, booked, iris):
    Inspection.update(status="scheduled", inspector=iris).where(Inspection.id == booked.id).execute()
    there = move(dana, booked, WEDNESDAY, "pm", now=EVENING)
    assert (there.status, there.inspector_id, there.time_frame) == ("scheduled", iris.id, "pm")
    assert loads() == {(WEDNESDAY, ""): (1, 0, 1), (WEDNESDAY, "plumbing"): (1, 0, 1)}


def test_another_day_goes_back_to_the_technicians(dana, booked, iris):
    Inspection.update(status="scheduled", inspector=iris).where(Inspection.id == booked.id).execute()
    there = move(dana, booked, FRIDAY)
    assert (there.status, there.inspector_id) == ("requested", None)


def test_another_half_is_never_refused_even_on_a_day_beyond_its_places(dana, booked, danas_house):
    ask(dana, danas_house, wish("SEWER"), key="another-form")
    assert move(dana, booked, WEDNESDAY, "pm", places=1).time_frame == "pm"
    assert loads()[(WEDNESDAY, "")] == (2, 0, 1)


def test_nothing_changed_is_nothing_done(dana, booked):
    move(dana, booked, WEDNESDAY, "am")
    assert len(mails()) == 2 and len(changes()) == 1


@pytest.mark.parametrize(
    ("day", "now", "begins"),
    [
        (THURSDAY, EVENING, None),
        (date(2026, 5, 30), NOW, "The city does not work on"),
        (date(2026, 7, 1), NOW, "{day} is too far ahead."),
        (date(2026, 5, 26), NOW, "{day} is too soon."),
    ],
)
def test_the_cutoff_for_the_new_date_counts(dana, booked, day, now, begins):
    if begins is None:
        assert move(dana, booked, day, now=now).day == day
        return
    with pytest.raises(NotPossible) as no:
        move(dana, booked, day, now=now)
    assert said(no.value)[0][2].startswith(begins)
    assert loads()[(WEDNESDAY, "")] == (1, 1, 0)


def test_a_day_that_was_closed_while_dana_looked_is_refused(dana, booked):
    """The desk read the calendar before."""
    ClosedDay.create(day=FRIDAY, name="Ice")
    with pytest.raises(NotPossible) as no:
        move(dana, booked, FRIDAY)
    [(_, field, reason)] = no.value.problems
    assert (field, reason.values) == ("requested_date", {"day": FRIDAY})
    assert reason.message.startswith("The city does not work on")
    assert Inspection.get_by_id(booked.id).day == WEDNESDAY


def test_past_the_cutoff_tomorrow_cannot_be_had_by_moving(dana, danas_permit):
    later = ask(dana, danas_permit, wish("WH", FRIDAY)).inspections.get()
    with pytest.raises(NotPossible) as no:
        move(dana, later, WEDNESDAY, now=EVENING)
    assert said(no.value)[0][2].startswith("It is past {cutoff}")


def test_on_the_day_itself_it_is_too_late(dana, booked):
    with pytest.raises(TooLate):
        move(dana, booked, FRIDAY, now=datetime(2026, 5, 27, 0, 0, tzinfo=CHICAGO))


def test_after_it_was_cancelled_it_is_too_late(dana, booked):
    cancel_inspection(booked, desk=desk(), by=dana.by, now=NOW)
    with pytest.raises(TooLate):
        move(dana, booked, FRIDAY)
    assert loads() == {} and len(mails()) == 3


def test_a_full_day_leaves_it_where_it_was(dana, booked, danas_house):
    ask(dana, danas_house, wish("SEWER", FRIDAY), key="another-form")
    before = loads()
    with pytest.raises(NotPossible) as no:
        move(dana, booked, FRIDAY, places=1)
    assert said(no.value) == [(None, "requested_date", "{day} has just filled up. Pick another day.")]
    assert loads() == before and Inspection.get_by_id(booked.id).day == WEDNESDAY and len(mails()) == 4


def test_it_cannot_be_moved_before_what_it_needs(dana):
    house = permit_of(dana.company, "B-2")
    for code in ("FOUND", "ELRGH", "PLTOP"):
        past(house, dana.company, code, "passed")
    asked = ask(dana, house, wish("MERGH", THURSDAY), wish("FRAME", FRIDAY))
    framing = asked.inspections.order_by(Inspection.id.desc()).get()
    with pytest.raises(NotPossible) as no:
        move(dana, framing, WEDNESDAY)
    assert said(no.value)[0][2] == "{type} cannot be before {missing}, which is on {day}."
    assert move(dana, framing, THURSDAY).day == THURSDAY


def test_what_another_request_counts_on_cannot_move_behind_it(dana, danas_house):
    for code in ("PLRGH", "FORM", "FOUND"):
        past(danas_house, dana.company, code, "passed")
    PermitContractor.update(trade="general").where(PermitContractor.permit == danas_house).execute()
    asked = ask(dana, danas_house, *(wish(code) for code in ("ELRGH", "PLTOP", "MERGH", "FRAME")))
    rough, *_, frame = asked.inspections.order_by(Inspection.id)
    with pytest.raises(NotPossible) as no:
        move(dana, rough, FRIDAY)
    assert said(no.value)[0][2].startswith("{later} on {day} needs {type} first.")
    move(dana, frame, FRIDAY)
    assert move(dana, rough, FRIDAY).day == FRIDAY


@pytest.mark.parametrize(
    ("status", "begins"), [("cancelled", "This permit is void."), ("on_hold", "on hold"), ("finaled", "final")]
)
def test_on_a_permit_that_takes_no_requests_nothing_is_moved_only_cancelled(dana, booked, status, begins):
    Permit.update(status=status).execute()
    with pytest.raises(NotPossible) as no:
        move(dana, booked, FRIDAY)
    assert begins in said(no.value)[0][2] and loads()[(WEDNESDAY, "")] == (1, 1, 0)
    assert move(dana, booked, WEDNESDAY, "pm").time_frame == "pm"
    assert cancel_inspection(booked, desk=desk(), by=dana.by, now=NOW).status == "cancelled"


def test_what_keeps_an_old_permit_alive_can_be_moved_and_moved_again(dana, sam, ray, booked):
    Permit.update(source_expires_on=date(2026, 5, 20), expires_on=WEDNESDAY).execute()
    given(ray, booked)
    for day in (THURSDAY, FRIDAY):
        booked = move(dana, booked, day)
        assert Permit.get().expires_on == day + timedelta(days=180)


def test_what_was_asked_for_again_after_a_pass_can_be_moved(dana, danas_permit, booked):
    past(danas_permit, dana.company, "WH", "passed")
    assert move(dana, booked, FRIDAY).day == FRIDAY
