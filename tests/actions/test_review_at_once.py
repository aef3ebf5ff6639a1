"""Two of the city's people at once: one wins, the other is told who and what."""

from functools import partial

import pytest

from tests.actions.a_day import FAILED, again, asked, result, stops
from tests.actions.told import mails
from tests.cast import FRIDAY, NOW, TODAY, WEDNESDAY, ask, desk, permit_of
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.change_of_mind import TooLate, cancel_inspection
from tracker.actions.requests import Wish
from tracker.actions.results import Outcome, correct_result, result_version
from tracker.actions.review import assign
from tracker.actions.seen import ChangedMeanwhile, Seen
from tracker.actions.stops import not_reached, take_over
from tracker.models import Inspection, InspectionResult, Permit
from tracker.rules.reasons import put
from tracker.rules.words import Result


def told(no) -> str:
    assert isinstance(no, ChangedMeanwhile), no
    return put(no.reason, gettext=str)


@pytest.mark.parametrize("first_stays", [True, False])
def test_a_second_assignment_waits_for_the_first(dana, sam, olu, ray, june, first_stays):
    heater = asked(dana, day=WEDNESDAY)
    seen = Seen.of(heater)
    first = partial(assign, [seen], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    second = partial(assign, [seen], inspector=june.row, desk=desk(), by=olu.by, now=NOW)
    answer = meanwhile(first, second, commit=first_stays)
    if first_stays:
        assert "changed by Sam Okafor, 10:00 AM. It is with Ray Ortega" in told(answer)
    else:
        assert answer.inspections[0].inspector == june.row
    assert [kind for kind, _ in mails()].count("assigned") == 1


@pytest.mark.parametrize("first_stays", [True, False])
def test_a_second_result_waits_for_the_first(dana, ray, june, first_stays):
    """From two phones of his: the page was open on both."""
    [stop] = stops(dana, ray, "77 Cedar Brake Drive")
    first = partial(result, ray, stop, FAILED)
    second = partial(result, ray, stop, Outcome(Result.PASSED))
    answer = meanwhile(first, second, commit=first_stays)
    if first_stays:
        assert told(answer).endswith("Ray Ortega recorded Failed, 10:00 AM.")
    assert again(stop).result == ("failed" if first_stays else "passed")
    assert InspectionResult.select().count() == 1
    assert [kind for kind, to in mails() if to == stop.request.email].count("result") == 1


def test_a_result_and_a_take_over_at_once(dana, ray, june):
    for _ in range(5):
        stop = stops(dana, ray, "77 Cedar Brake Drive")[0]
        taken, recorded = at_once(
            [
                partial(take_over, [Seen.of(stop)], person=june.row, desk=desk(), by=june.by, now=NOW),
                partial(result, ray, stop),
            ]
        )
        if isinstance(taken, list):
            assert "June Tran" in put(recorded.reason, gettext=str)
            assert again(stop).status == "scheduled"
        else:
            assert "recorded Passed" in told(taken)
            assert again(stop).result == "passed"


def test_two_corrections_at_once(dana, sam, ray):
    [stop] = stops(dana, ray, "77 Cedar Brake Drive")
    result(ray, stop)
    version = result_version(stop.id)
    correct = partial(correct_result, stop.id, version=version, desk=desk(), now=NOW)
    first = partial(correct, FAILED, person=ray.row, by=ray.by)
    second = partial(correct, Outcome(Result.WAIVED), person=sam.row, by=sam.by)
    assert "Ray Ortega recorded Failed" in told(meanwhile(first, second, commit=True))
    assert InspectionResult.select().count() == 2


def test_assigned_while_the_contractor_cancels(dana, sam, ray):
    for _ in range(5):
        heater = asked(dana, day=WEDNESDAY)
        given_away, cancelled = at_once(
            [
                partial(assign, [Seen.of(heater)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW),
                partial(cancel_inspection, heater, desk=desk(), by=dana.by, now=NOW),
            ]
        )
        permit, last = Permit.get_by_id(heater.permit_id), again(heater)
        if isinstance(cancelled, TooLate):
            assert last.status == "scheduled"
        else:
            assert last.status == "cancelled" and permit.expires_on == permit.source_expires_on
        assert isinstance(given_away, ChangedMeanwhile) or last.inspector == ray.row


def test_bundles_in_opposite_orders_never_wait_for_each_other(dana, eve, sam, olu, ray, june):
    rows = [asked(who, f"{n} Heron Bend", WEDNESDAY) for n in range(4) for who in (dana, eve)]
    for person, other in ((ray, june), (june, ray)) * 5:
        seens = [Seen(row.id) for row in rows]
        answers = at_once(
            [
                partial(assign, seens, inspector=person.row, desk=desk(), by=sam.by, now=NOW),
                partial(assign, seens[::-1], inspector=other.row, desk=desk(), by=olu.by, now=NOW),
            ]
        )
        assert not [one for one in answers if "deadlock" in str(one) or "locked" in str(one)]
        assert any(not isinstance(one, Exception) for one in answers)
        assert len({again(row).inspector_id for row in rows}) == 1


def test_two_inspections_of_one_permit_scheduled_at_once_extend_it_to_the_later(dana, sam, olu, ray, june):
    permit = permit_of(dana.company, "PP-9", kind="PLUMBING", trade="plumbing")
    asked_for = ask(dana, permit, Wish("SEWER", WEDNESDAY, "any"), Wish("PLTOP", FRIDAY, "any"))
    early, late = asked_for.inspections.order_by(Inspection.day)
    first = partial(assign, [Seen.of(late)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    second = partial(assign, [Seen.of(early)], inspector=june.row, desk=desk(), by=olu.by, now=NOW)
    meanwhile(first, second, commit=True)
    assert (Permit.get_by_id(permit.id).expires_on - FRIDAY).days == 180


def test_the_rest_of_the_day_given_up_while_a_colleague_takes_it(dana, ray, june):
    rows = stops(dana, ray, "1 Heron Bend", "2 Heron Bend", "3 Heron Bend")
    seens = [Seen.of(row) for row in rows]
    answers = at_once(
        [
            partial(not_reached, seens, person=ray.row, desk=desk(), by=ray.by, now=NOW),
            partial(take_over, seens, person=june.row, desk=desk(), by=june.by, now=NOW),
        ]
    )
    assert [isinstance(one, ChangedMeanwhile) for one in answers].count(True) == 1, answers
    assert {again(row).day == TODAY for row in rows} == {isinstance(answers[0], ChangedMeanwhile)}
