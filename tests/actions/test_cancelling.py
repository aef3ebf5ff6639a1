"""Dana cancels until the end of the day before."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from tests.actions.told import changes, loads, mails, version, wish
from tests.cast import CHICAGO, CITY, NOW, THURSDAY, TODAY, WEDNESDAY, ask, desk
from tracker.actions import change_of_mind
from tracker.actions.change_of_mind import TooLate, cancel_inspection
from tracker.actions.places import take_place
from tracker.models import Inspection, Mail, PermitContractor


@pytest.fixture
def booked(dana, danas_permit) -> Inspection:
    return ask(dana, danas_permit, wish("WH", time_frame="am")).inspections.get()


def cancel(who, inspection: Inspection, now: datetime = NOW, city=CITY) -> Inspection:
    return cancel_inspection(inspection, desk=desk(city), by=who.by, now=now)


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def test_a_cancelled_inspection_gives_its_place_back(dana, booked, danas_house):
    ask(dana, danas_house, wish("SEWER", time_frame="pm"), key="another-form")
    gone = cancel(dana, booked)
    assert (gone.status, gone.open_type, gone.closed_by) == ("cancelled", None, "Lone Star Plumbing")
    assert (gone.closed_at, gone.closed_on, gone.calendar_sequence) == (NOW, TODAY, 1)
    assert loads() == {(WEDNESDAY, ""): (1, 0, 1), (WEDNESDAY, "plumbing"): (1, 0, 1)}


def test_its_type_can_be_asked_for_again(dana, danas_permit, booked):
    cancel(dana, booked)
    assert ask(dana, danas_permit, wish("WH"), key="another-form")


def test_a_mail_goes_out_and_the_record_says_what_was_there_before(dana, booked):
    cancel(dana, booked)
    assert mails()[2:] == [("cancelled", "dana@lonestar.example")]
    verb, actor, before, after = changes()[-1]
    assert (verb, actor) == ("cancel_inspection", f"contractor:{dana.company.id}")
    assert (before["status"], after["status"], after["day"]) == ("requested", "cancelled", "2026-05-27")


def test_every_company_on_the_permit_is_told(dana, eve, danas_permit, booked):
    PermitContractor.create(permit=danas_permit, contractor=eve.company, trade="general")
    before = version(dana.company), version(eve.company)
    cancel(dana, booked)
    assert (version(dana.company), version(eve.company)) == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    ("now", "cancel_until", "possible"),
    [
        ("2026-05-26 23:59:59", None, True),
        ("2026-05-27 00:00", None, False),
        ("2026-05-28 09:00", None, False),
        ("2026-05-26 15:59", time(16), True),
        ("2026-05-26 16:00", time(16), False),
    ],
)
def test_it_can_be_cancelled_until_the_city_says(dana, booked, now, cancel_until, possible):
    city = replace(CITY, cancel_until=cancel_until)
    if possible:
        assert cancel(dana, booked, chicago(now), city).status == "cancelled"
        return
    with pytest.raises(TooLate) as no:
        cancel(dana, booked, chicago(now), city)
    assert no.value.reason.values == {"phone": "512-555-0100"}
    assert Inspection.get_by_id(booked.id).status == "requested"
    assert loads()[(WEDNESDAY, "")] == (1, 1, 0) and len(mails()) == 2


def test_the_day_it_was_moved_to_counts_not_the_one_on_an_old_page(dana, booked):
    Inspection.update(day=THURSDAY).where(Inspection.id == booked.id).execute()
    take_place(THURSDAY, "plumbing", "am", limits=[], default=60)
    assert cancel(dana, booked, chicago("2026-05-27 08:00")).day == THURSDAY


def test_cancelling_twice_gives_the_place_back_once(dana, booked):
    cancel(dana, booked)
    with pytest.raises(TooLate) as no:
        cancel(dana, booked)
    assert no.value.reason.message.startswith("This inspection was changed meanwhile.")
    assert loads() == {} and len(mails()) == 3 and len(changes()) == 2


@pytest.mark.parametrize("status", ["on_the_way", "arrived", "declined"])
def test_what_is_under_way_or_over_cannot_be_cancelled_online(dana, booked, status):
    Inspection.update(status=status).where(Inspection.id == booked.id).execute()
    with pytest.raises(TooLate):
        cancel(dana, booked)


def test_when_the_last_step_fails_the_inspection_stays_and_no_mail_goes(dana, booked, monkeypatch):
    def fail(permit_id: int) -> None:
        assert Mail.select().where(Mail.kind == "cancelled").exists()
        raise RuntimeError("the machine went down")

    monkeypatch.setattr(change_of_mind, "tell_pages", fail)
    with pytest.raises(RuntimeError):
        cancel(dana, booked)
    assert Inspection.get_by_id(booked.id).status == "requested"
    assert loads()[(WEDNESDAY, "")] == (1, 1, 0) and len(mails()) == 2
