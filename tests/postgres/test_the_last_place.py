"""Many want the same day: it takes as many as it has places, whoever comes first."""

from functools import partial

import pytest

from tests.actions.told import loads, mails, said, wish
from tests.cast import NOW, THURSDAY, WEDNESDAY, Contact, ask, desk, permit_of, signer
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.change_of_mind import move_inspection
from tracker.actions.requests import NotPossible
from tracker.models import Capacity, Change, Inspection, Mail, Request

SIXTY, TWENTY = 60, 20


@pytest.fixture
def sixty(app):
    """(company, permit) of sixty companies of the town, each with a house to build."""
    companies = [signer(f"Bluebonnet Builders No {n}", f"office{n}@builders.example") for n in range(SIXTY)]
    return [(who, permit_of(who.company, f"BP-{n}")) for n, who in enumerate(companies)]


def wants(who, permit, *wishes, key="a-form", places=60):
    contact = Contact("Dana Whitfield", "512-555-0170", "418 Larkspur Lane", f"site{permit.id}@builders.example")
    return ask(who, permit, *wishes, key=key, contact=contact, at=desk(daily_capacity=places))


def check_sixty(answers, halves) -> None:
    booked = [one for one in answers if isinstance(one, Request)]
    refused = [one for one in answers if not isinstance(one, Request)]
    assert len(booked) == TWENTY
    assert {type(no) for no in refused} == {NotPossible}
    assert {said(no)[0][1:] for no in refused} == {("requested_date", "{day} has just filled up. Pick another day.")}
    assert Request.select().count() == Inspection.select().count() == Change.select().count() == TWENTY
    taken = [halves[answers.index(one)] for one in booked]
    load = (TWENTY, taken.count("am"), taken.count("pm"))
    assert loads() == {(WEDNESDAY, ""): load, (WEDNESDAY, "plumbing"): load}
    assert sorted(to for _, to in mails() if to.startswith("site")) == sorted(one.email for one in booked)
    assert Mail.select().count() == 2 * TWENTY


def test_sixty_at_once_for_twenty_places(sixty):
    halves = ["am", "pm", "any"] * 20
    works = [
        partial(wants, who, permit, wish("SEWER", time_frame=half), places=TWENTY)
        for (who, permit), half in zip(sixty, halves, strict=True)
    ]
    check_sixty(at_once(works), halves)


def test_sixty_at_once_for_twenty_places_of_the_trade(sixty):
    Capacity.create(weekday=None, trade="plumbing", places=TWENTY)
    works = [partial(wants, who, permit, wish("SEWER")) for who, permit in sixty]
    check_sixty(at_once(works), ["any"] * SIXTY)


@pytest.mark.parametrize("first_stays", [True, False])
def test_who_comes_second_for_the_last_place_waits_for_the_first(dana, eve, danas_permit, eves_permit, first_stays):
    answer = meanwhile(
        partial(wants, dana, danas_permit, wish("WH"), places=1),
        partial(wants, eve, eves_permit, wish("SEWER"), places=1),
        commit=first_stays,
    )
    if first_stays:
        assert said(answer) == [(0, "requested_date", "{day} has just filled up. Pick another day.")]
    else:
        assert answer.contractor_id == eve.company.id
    assert Request.select().count() == 1 and len(mails()) == 2
    assert loads() == {(WEDNESDAY, ""): (1, 0, 0), (WEDNESDAY, "plumbing"): (1, 0, 0)}


@pytest.mark.parametrize("first_stays", [True, False])
def test_a_place_given_back_can_be_had_once_that_is_sure(dana, eve, danas_permit, eves_permit, first_stays):
    mine = wants(dana, danas_permit, wish("WH"), places=1).inspections.get()
    away = partial(
        move_inspection, mine, day=THURSDAY, time_frame="any", desk=desk(daily_capacity=1), by=dana.by, now=NOW
    )
    answer = meanwhile(away, partial(wants, eve, eves_permit, wish("SEWER"), places=1), commit=first_stays)
    assert isinstance(answer, Request if first_stays else NotPossible)
    assert loads()[(WEDNESDAY, "")] == (1, 0, 0)


def test_requests_for_the_same_days_in_any_order_never_wait_for_each_other(sixty):
    """Each wants three trades on two days, listed forwards or backwards."""
    listed = [wish("SEWER"), wish("TPOLE", THURSDAY), wish("FORM"), wish("PLRGH", THURSDAY)]
    works = [
        partial(wants, who, permit, *(listed if n % 2 else listed[::-1])) for n, (who, permit) in enumerate(sixty[:16])
    ]
    answers = at_once(works)
    assert [type(one) for one in answers] == [Request] * 16
    assert loads()[(WEDNESDAY, "")] == loads()[(THURSDAY, "")] == (32, 0, 0)
