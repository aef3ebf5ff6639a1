"""A day is being closed while somebody else books, moves, assigns or closes: with two open transactions."""

from datetime import timedelta
from functools import partial

import pytest

from tests.actions.a_day import again, asked, given
from tests.actions.told import loads, mails
from tests.cast import FRIDAY, NOW, THURSDAY, WEDNESDAY, ask, desk
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.capacity import PlacesChanged, set_places
from tracker.actions.change_of_mind import cancel_inspection, move_inspection
from tracker.actions.days_off import Done, close_day, open_day
from tracker.actions.requests import NotPossible, Wish
from tracker.actions.review import assign, decline, move_by_staff
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.actions.stops import not_reached
from tracker.models import ClosedDay, Inspection, Request
from tracker.queries.city import limits
from tracker.rules.capacity import by_key
from tracker.rules.reasons import put
from tracker.rules.words import OPEN


def closing(olu, *rows, day=FRIDAY, to=THURSDAY):
    wanted = {Seen.of(row): to for row in rows}
    return partial(close_day, day, name="Inventory", wanted=wanted, desk=desk(), by=olu.by, now=NOW)


def words(no: Exception) -> str:
    reasons = [problem[-1] for problem in no.problems]  # type: ignore[attr-defined]
    return " ".join(put(reason, gettext=str) for reason in reasons)


def left_behind() -> int:
    closed = ClosedDay.select(ClosedDay.day).where(~ClosedDay.open)
    return Inspection.select().where(Inspection.day.in_(closed), Inspection.status.in_(OPEN)).count()


@pytest.fixture
def comers(dana, danas_permit, sam, ray):
    """Four ways onto Friday, each by somebody whose calendar was read before it was closed."""
    two_days_on = NOW + timedelta(days=2)
    mine, other = asked(dana, "1 Quarry Hill", WEDNESDAY), asked(dana, "2 Quarry Hill", WEDNESDAY)
    [late] = given(ray, asked(dana, "3 Quarry Hill", THURSDAY))
    by_sam = {"desk": desk(), "by": sam.by, "now": NOW}
    return {
        "request": partial(ask, dana, danas_permit, Wish("WH", FRIDAY, "any")),
        "contractor": partial(
            move_inspection, mine, day=FRIDAY, time_frame="any", desk=desk(), by=dana.by, now=NOW
        ),
        "desk": partial(move_by_staff, [Seen.of(other)], day=FRIDAY, reason="They wait.", **by_sam),
        "not reached": partial(not_reached, [Seen.of(late)], person=ray.row, **{**by_sam, "now": two_days_on}),
    }  # fmt: skip


WAYS = pytest.mark.parametrize("way", ["request", "contractor", "desk", "not reached"])


@WAYS
@pytest.mark.parametrize("is_closed", [True, False])
def test_who_comes_onto_a_day_that_is_being_closed_waits_and_is_told(comers, olu, way, is_closed):
    answer = meanwhile(closing(olu), comers[way], commit=is_closed)
    if is_closed:
        assert isinstance(answer, NotPossible if way in ("request", "contractor") else Refused), answer
        assert "Fri May 29" in words(answer)
        assert Inspection.select().where(Inspection.day == FRIDAY).count() == 0
    else:
        assert not isinstance(answer, Exception), answer
        assert Inspection.select().where(Inspection.day == FRIDAY).count() == 1


@WAYS
@pytest.mark.parametrize("comes", [True, False])
def test_who_closes_waits_for_those_who_come_and_is_shown_them(comers, olu, way, comes):
    answer = meanwhile(comers[way], closing(olu), commit=comes)
    if comes:
        assert isinstance(answer, ChangedMeanwhile)
        assert words(answer).endswith("it came onto this day just now.")
        assert not ClosedDay.select().exists()
    else:
        assert answer == Done("Inventory", 0, 0) and ClosedDay.get().day == FRIDAY
    assert left_behind() == 0


def test_a_day_closed_before_with_an_older_calendar_in_hand(comers, olu):
    """Without any waiting: the calendar that the desk read is old, the transaction looks again."""
    closing(olu)()
    for way, come in comers.items():
        with pytest.raises((NotPossible, Refused)) as no:
            come()
        assert "Fri May 29" in words(no.value), way
    assert left_behind() == 0 and not Request.select().where(Request.key.contains("a-form")).exists()


def test_a_holiday_that_is_worked_on_is_open_to_all(comers, olu, dana, danas_permit):
    ClosedDay.create(day=FRIDAY, name="Inventory", open=True)
    assert isinstance(comers["request"](), Request)


@pytest.mark.parametrize("is_closed", [True, False])
def test_assigned_while_the_day_is_being_closed(dana, olu, sam, ray, is_closed):
    row = asked(dana, "1 Quarry Hill", FRIDAY)
    give = partial(assign, [Seen.of(row)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    answer = meanwhile(closing(olu, row), give, commit=is_closed)
    if is_closed:
        assert isinstance(answer, ChangedMeanwhile) and "It is requested for Thu May 28" in words(answer)
    assert (again(row).day, again(row).inspector) == ((THURSDAY, None) if is_closed else (FRIDAY, ray.row))


def test_closed_while_it_is_being_assigned(dana, olu, sam, ray):
    row = asked(dana, "1 Quarry Hill", FRIDAY)
    give = partial(assign, [Seen.of(row)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    answer = meanwhile(give, closing(olu, row), commit=True)
    assert isinstance(answer, ChangedMeanwhile) and "It is with Ray Ortega" in words(answer)
    assert again(row).day == FRIDAY and not ClosedDay.select().exists()


@pytest.mark.parametrize("first_stays", [True, False])
def test_two_supervisors_close_one_day(olu, sam, first_stays):
    answer = meanwhile(closing(olu), closing(sam), commit=first_stays)
    if first_stays:
        assert words(answer) == "Fri May 29 is a day off already. Olu Adeyemi changed it, 10:00 AM."
    else:
        assert answer == Done("Inventory", 0, 0)
    assert ClosedDay.select().count() == 1


def test_two_days_closed_onto_each_other(dana, olu, sam):
    """Whoever is second finds that the other day is off by now."""
    rows = [asked(dana, f"{day:%d} Quarry Hill", day) for day in (THURSDAY, FRIDAY)]
    first, second = closing(olu, rows[0], day=THURSDAY, to=FRIDAY), closing(sam, rows[1], day=FRIDAY, to=THURSDAY)
    assert isinstance(meanwhile(first, second, commit=True), ChangedMeanwhile)
    assert left_behind() == 0 and ClosedDay.get().day == THURSDAY


def test_closing_and_opening_a_day_in_a_crowd_leaves_nobody_behind(dana, eve, olu, sam, ray, june):
    """Nobody is thrown out for having waited for another, and what was told is what is so."""
    for round in range(6):
        ClosedDay.delete().execute()
        rows = [asked(who, f"{round}{n} Heron Bend", FRIDAY) for n in range(3) for who in (dana, eve)]
        onto = asked(dana, f"{round} Sedge Row", WEDNESDAY)
        works = [
            closing(olu, *rows),
            partial(move_by_staff, [Seen(onto.id)], day=FRIDAY, reason="Wanted.", desk=desk(), by=sam.by, now=NOW),
            partial(assign, [Seen.of(row) for row in rows[:3]], inspector=ray.row, desk=desk(), by=sam.by, now=NOW),
            partial(cancel_inspection, rows[4], desk=desk(), by=dana.by, now=NOW),
            partial(decline, [Seen.of(rows[5])], reason="No.", desk=desk(), by=june.by, now=NOW),
            partial(move_inspection, rows[3], day=FRIDAY, time_frame="am", desk=desk(), by=eve.by, now=NOW),
        ]
        answers = at_once(works)
        assert not [one for one in answers if "deadlock" in str(one) or "locked" in str(one)], answers
        assert left_behind() == 0
        there = Inspection.select().where(Inspection.status.in_(OPEN))
        counted = {day: there.where(Inspection.day == day).count() for day in (WEDNESDAY, THURSDAY, FRIDAY)}
        assert {day: loads().get((day, ""), (0,))[0] for day in counted} == counted


@pytest.mark.parametrize("first_stays", [True, False])
def test_two_supervisors_set_places(olu, sam, first_stays):
    first = partial(set_places, {(2, None): 30}, seen={}, by=olu.by, now=NOW)
    answer = meanwhile(first, partial(set_places, {(2, None): 20}, seen={}, by=sam.by, now=NOW), commit=first_stays)
    assert isinstance(answer, PlacesChanged) if first_stays else answer == 1
    assert by_key(limits()) == {(2, None): 30 if first_stays else 20}


def test_places_taken_away_while_the_last_one_is_being_booked(dana, eve, danas_permit, eves_permit, olu):
    """What was booked before stays, who comes after finds the day full."""
    book = partial(ask, dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    fewer = partial(set_places, {(2, None): 1}, seen={}, by=olu.by, now=NOW)
    assert meanwhile(book, fewer, commit=True) == 1 and loads()[(WEDNESDAY, "")] == (1, 0, 0)
    with pytest.raises(NotPossible):
        ask(eve, eves_permit, Wish("SEWER", WEDNESDAY, "any"))


def test_opened_twice_at_once(olu, sam):
    closing(olu)()
    answers = at_once([partial(open_day, FRIDAY, desk=desk(), by=who.by, now=NOW) for who in (olu, sam)])
    assert sorted(type(one).__name__ for one in answers) == ["ChangedMeanwhile", "NoneType"]
    assert not ClosedDay.select().exists() and not mails()
