"""Many want the same day: it takes as many as it has places, whoever comes first."""

from functools import partial

import pytest

from tests.actions.told import loads, mails, said, wish
from tests.cast import CONTACT, NOW, THURSDAY, WEDNESDAY, Contact, ask, desk, permit_of, signer
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.change_of_mind import move_inspection
from tracker.actions.requests import NotPossible
from tracker.actions.review import move_by_staff
from tracker.actions.seen import Refused, Seen
from tracker.actions.telephone import Override, request_by_telephone
from tracker.models import Capacity, Change, Inspection, Mail, Permit, Request

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


@pytest.fixture
def one_plumber(app):
    """One plumbing inspection a day, and room for all others."""
    Capacity.create(weekday=None, trade="plumbing", places=1)


def taken_by_request(dana, sam, permit):
    return partial(wants, dana, permit, wish("WH"))


def taken_by_moving(dana, sam, permit):
    later = wants(dana, permit, wish("WH", THURSDAY)).inspections.get()
    return partial(move_inspection, later, day=WEDNESDAY, time_frame="any", desk=desk(), by=dana.by, now=NOW)


def taken_by_the_desk(dana, sam, permit):
    later = wants(dana, permit, wish("WH", THURSDAY)).inspections.get()
    return partial(move_by_staff, [Seen.of(later)], day=WEDNESDAY, desk=desk(), by=sam.by, now=NOW)


WAYS = [taken_by_request, taken_by_moving, taken_by_the_desk]


@pytest.mark.parametrize("first_stays", [True, False])
@pytest.mark.parametrize("second", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_the_last_place_of_a_trade_is_taken_once_whichever_way(
    one_plumber, dana, eve, sam, danas_permit, eves_permit, first, second, first_stays
):
    """Both transactions are open side by side; a place that is given back is had by who waited for it."""
    Permit.update(permit_type=danas_permit.permit_type).where(Permit.id == eves_permit.id).execute()
    mine = first(dana, sam, danas_permit)
    Capacity.update(places=2).execute()  # both are asked for on Thursday, where they come from there
    theirs = second(eve, sam, eves_permit)
    Capacity.update(places=1).execute()
    answer = meanwhile(mine, theirs, commit=first_stays)
    assert isinstance(answer, NotPossible | Refused) == first_stays
    assert loads()[(WEDNESDAY, "")] == loads()[(WEDNESDAY, "plumbing")] == (1, 0, 0)
    booked = Inspection.select().where(Inspection.status == "requested")
    taken = {(day, trade): count for (day, trade), (count, _am, _pm) in loads().items() if not trade}
    assert taken == {(day, ""): [one.day for one in booked].count(day) for day in {one.day for one in booked}}


def test_another_trade_has_its_place_on_a_day_that_is_full_for_plumbers(one_plumber, dana, eve, danas_permit):
    house = permit_of(eve.company, "BP-9")
    answer = meanwhile(
        partial(wants, dana, danas_permit, wish("WH")), partial(wants, eve, house, wish("TPOLE")), commit=True
    )
    assert isinstance(answer, Request) and loads()[(WEDNESDAY, "")] == (2, 0, 0)


@pytest.mark.parametrize("first_stays", [True, False])
def test_beyond_the_places_by_telephone_is_on_purpose_and_counted(
    one_plumber, dana, eve, sam, danas_permit, eves_permit, first_stays
):
    wants(dana, danas_permit, wish("WH"))
    call = partial(
        request_by_telephone, eves_permit, eve.company, [wish("SEWER")], contact=CONTACT, key="called",
        override=Override("The street is open today only.", ["1: Wed May 27 has just filled up. Pick another day."]),
        taken_by=sam.row, desk=desk(), by=sam.by, now=NOW,
    )  # fmt: skip
    other = permit_of(eve.company, "PP-9", kind="PLUMBING", trade="plumbing")
    answer = meanwhile(call, partial(wants, eve, other, wish("SEWER"), key="b"), commit=first_stays)
    assert isinstance(answer, NotPossible)
    booked = 1 + first_stays
    assert loads()[(WEDNESDAY, "")] == loads()[(WEDNESDAY, "plumbing")] == (booked, 0, 0)


def test_requests_moves_and_moves_by_the_desk_at_once_never_overdraw_a_trade(sixty, sam):
    Capacity.create(weekday=None, trade="plumbing", places=60)
    works = []
    for number, (who, permit) in enumerate(sixty[:30]):
        if number % 3 == 0:
            works.append(partial(wants, who, permit, wish("SEWER")))
            continue
        later = wants(who, permit, wish("SEWER", THURSDAY)).inspections.get()
        at = {"day": WEDNESDAY, "desk": desk(), "now": NOW}
        works.append(
            partial(move_inspection, later, time_frame="any", by=who.by, **at)
            if number % 3 == 1
            else partial(move_by_staff, [Seen.of(later)], by=sam.by, **at)
        )
    Capacity.update(places=8).execute()
    answers = at_once(works)
    assert sum(not isinstance(one, Exception) for one in answers) == 8
    assert {type(one) for one in answers if isinstance(one, Exception)} <= {NotPossible, Refused}
    on_wednesday = Inspection.select().where(Inspection.day == WEDNESDAY).count()
    assert loads()[(WEDNESDAY, "plumbing")] == loads()[(WEDNESDAY, "")] == (8, 0, 0) and on_wednesday == 8
    on_thursday = Inspection.select().where(Inspection.day == THURSDAY).count()
    assert loads()[(THURSDAY, "plumbing")] == loads()[(THURSDAY, "")] == (on_thursday, 0, 0)
