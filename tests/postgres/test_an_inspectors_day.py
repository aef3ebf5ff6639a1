"""An inspector's day on which everybody acts at once: nobody is broken off, whoever comes second is told."""

from functools import partial
from itertools import cycle, islice

from peewee import OperationalError

from tests.actions.a_day import FAILED, PASSED, again, result, stops
from tests.actions.told import mails
from tests.cast import NOW, TODAY, WEDNESDAY, desk
from tests.postgres.crowd import at_once
from tracker.actions.results import set_arrived, set_on_the_way
from tracker.actions.review import assign, decline, move_by_staff, unassign
from tracker.actions.seen import Refused, Seen
from tracker.actions.stops import move_stop, not_reached, suggest_order, take_over
from tracker.models import Change, Inspection, InspectionResult

ROUNDS = 3


def broken_off(answers) -> list[object]:
    """What a person would read as an error of the city's computer."""
    return [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refused)]


def of(who, **more):
    return {"person": who.row, "desk": desk(), "by": who.by, "now": NOW, **more}


def test_on_my_way_and_up_and_down_and_the_desk_on_the_same_stops(dana, eve, ray, june, sam):
    rows = [one for n in range(4) for who in (dana, eve) for one in stops(who, ray, f"{n} Heron Bend")]
    first, last, seens = Seen(rows[0].id), Seen(rows[-1].id), [Seen(row.id) for row in rows]
    desk_at = {"desk": desk(), "by": sam.by, "now": NOW}
    for round in range(ROUNDS):
        works = [
            partial(set_on_the_way, last, **of(ray)),
            partial(set_on_the_way, first, **of(ray)),
            partial(move_stop, last, up=True, **of(ray)),
            partial(move_stop, first, up=False, **of(ray)),
            partial(suggest_order, ray.row, TODAY, **of(ray)),
            partial(move_by_staff, seens[::2], day=WEDNESDAY if round % 2 else TODAY, reason="Rain", **desk_at),
            partial(assign, seens[::3], inspector=june.row, **desk_at),
            partial(assign, seens[::-1], inspector=ray.row, **desk_at),
            partial(take_over, seens[1:5], **of(june)),
            partial(unassign, seens[2:4], **desk_at),
            partial(not_reached, seens[5:], **of(ray)),
        ]
        assert broken_off(at_once(works)) == []
        at_once([partial(move_by_staff, seens, day=TODAY, reason="Back", **desk_at)])
        at_once([partial(assign, seens, inspector=ray.row, **desk_at)])


def test_results_of_neighbours_at_once(dana, eve, ray):
    """The next stop is told of each, and its own result is being written by another phone."""
    for _ in range(ROUNDS):
        rows = [one for n in range(3) for who in (dana, eve) for one in stops(who, ray, f"{n} Heron Bend")]
        works = [partial(result, ray, row, outcome) for row, outcome in zip(rows, cycle([PASSED, FAILED]))]
        works += [partial(set_on_the_way, Seen(row.id), **of(ray)) for row in rows[::-1]]
        works += [partial(set_arrived, Seen(row.id), **of(ray)) for row in rows]
        assert broken_off(at_once(works)) == []
        assert [again(row).status for row in rows] == ["done"] * len(rows)


def test_the_same_result_twenty_times_at_once_is_one_result(dana, ray):
    [stop] = stops(dana, ray, "1 Heron Bend")
    answers = at_once([partial(result, ray, stop, FAILED)] * 20)
    assert [type(one) for one in answers] == [Inspection] * 20, answers
    assert InspectionResult.select().count() == 1
    assert [kind for kind, to in mails() if to == stop.request.email].count("result") == 1


def test_the_same_button_of_the_desk_many_times_at_once_is_one_act(dana, ray, sam, june):
    rows = stops(dana, june, "1 Heron Bend", "2 Heron Bend")
    seens, at = [Seen.of(row) for row in rows], {"desk": desk(), "by": sam.by, "now": NOW}
    for act in (
        partial(assign, inspector=ray.row, **at),
        partial(move_by_staff, day=WEDNESDAY, **at),
        partial(decline, reason="The permit is for another lot.", **at),
    ):
        before = Change.select().where(Change.subject == "inspection").count()
        answers = at_once(list(islice(cycle([partial(act, seens)]), 10)))
        assert [one for one in answers if isinstance(one, Exception)] == []
        assert Change.select().where(Change.subject == "inspection").count() == before + 2
        seens = [Seen.of(again(row)) for row in rows]
    kinds = [kind for kind, _to in mails()]
    assert (kinds.count("moved"), kinds.count("declined")) == (2, 2)


def test_not_reached_on_two_phones_at_once_moves_once(dana, ray):
    rows = stops(dana, ray, "1 Heron Bend", "2 Heron Bend")
    seens = [Seen.of(row) for row in rows]
    answers = at_once([partial(not_reached, seens, **of(ray))] * 5)
    assert sorted(map(len, answers)) == [0, 0, 0, 0, 2]
    assert {again(row).day for row in rows} == {WEDNESDAY}
    assert [kind for kind, _to in mails()].count("moved") == 2


def test_who_is_broken_off_all_the_same_is_tried_again(dana, ray, monkeypatch):
    """A deadlock with something that keeps no order, such as a clerk at the database itself."""
    [stop] = stops(dana, ray, "1 Heron Bend")

    class Deadlock(Exception):
        sqlstate = "40P01"

    tries = []

    def at_first(*args, **kwargs):
        tries.append(args)
        if len(tries) == 1:
            raise OperationalError(Deadlock())

    monkeypatch.setattr("tracker.actions.results.tell", at_first)
    set_on_the_way(Seen.of(stop), **of(ray))
    assert len(tries) == 2 and again(stop).status == "on_the_way"
    assert Change.select().where(Change.verb == "set_on_the_way").count() == 1
