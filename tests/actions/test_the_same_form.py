"""Pressing twice, a retry from a dead zone, the back button: one request."""

from dataclasses import replace

import pytest

from tests.actions.told import loads, mails, wish
from tests.cast import CONTACT, THURSDAY, WEDNESDAY, ask, desk
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.requests import AlreadyRequested, NotPossible
from tracker.models import Change, Inspection, PermitContractor, Request


def test_the_same_form_twice_is_one_request(dana, danas_permit):
    first = ask(dana, danas_permit, wish("WH"))
    again = ask(dana, danas_permit, wish("WH"))
    assert again.id == first.id
    assert Request.select().count() == Inspection.select().count() == Change.select().count() == 1
    assert len(mails()) == 2
    assert loads()[(WEDNESDAY, "")] == (1, 0, 0)


def test_a_retry_is_answered_though_the_day_is_full_by_now(dana, danas_permit):
    first = ask(dana, danas_permit, wish("WH"), at=desk(daily_capacity=1))
    assert ask(dana, danas_permit, wish("WH"), at=desk(daily_capacity=1)).id == first.id


def test_a_retry_is_answered_though_dana_cancelled_meanwhile(dana, danas_permit):
    first = ask(dana, danas_permit, wish("WH"))
    cancel_inspection(first.inspections.get(), desk=desk(), by=dana.by, now=first.requested_at)
    assert ask(dana, danas_permit, wish("WH")).id == first.id
    assert loads() == {}


@pytest.mark.parametrize(
    "other",
    [
        {"wishes": [wish("WH", THURSDAY)]},
        {"wishes": [wish("GAS")]},
        {"wishes": [wish("WH", time_frame="pm")]},
        {"wishes": [wish("WH", remarks="The gate is open")]},
        {"wishes": [wish("WH"), wish("GAS")]},
        {"contact": replace(CONTACT, phone="512-555-0199")},
    ],
)
def test_the_same_key_with_other_content_shows_what_was_booked(dana, danas_permit, other):
    first = ask(dana, danas_permit, wish("WH"))
    contact = other.get("contact", CONTACT)
    with pytest.raises(AlreadyRequested) as there:
        ask(dana, danas_permit, *other.get("wishes", [wish("WH")]), contact=contact)
    assert there.value.request.id == first.id
    assert Inspection.select().count() == 1


def test_the_same_key_on_another_permit_is_other_content(dana, danas_permit, danas_house):
    first = ask(dana, danas_permit, wish("GAS"))
    with pytest.raises(AlreadyRequested) as there:
        ask(dana, danas_house, wish("GAS"))
    assert there.value.request.id == first.id


def test_two_companies_may_have_the_same_key(dana, eve, danas_permit, eves_permit):
    first = ask(dana, danas_permit, wish("WH"), key="same")
    second = ask(eve, eves_permit, wish("SEWER"), key="same")
    assert first.id != second.id
    assert ask(eve, eves_permit, wish("SEWER"), key="same").id == second.id


def test_what_was_refused_can_be_sent_again_with_the_same_key(dana, danas_permit):
    with pytest.raises(NotPossible):
        ask(dana, danas_permit, wish("FRAME"))
    assert ask(dana, danas_permit, wish("WH"))


def test_another_form_for_the_same_inspection_is_told_that_it_is_requested(dana, eve, danas_permit):
    PermitContractor.create(permit=danas_permit, contractor=eve.company, trade="plumbing")
    ask(dana, danas_permit, wish("WH"))
    for who in (dana, eve):
        with pytest.raises(NotPossible) as no:
            ask(who, danas_permit, wish("WH", THURSDAY), key="another-form")
        assert no.value.problems[0][2].values["day"] == WEDNESDAY
