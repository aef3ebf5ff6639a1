"""At the site: on the way, arrived, a result, its fee, its correction."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.actions.a_day import FAILED, PASSED, again, asked, given, order, result, stops
from tests.actions.told import changes, mails, version
from tests.cast import NOW, TODAY, WEDNESDAY, ask, desk, past, permit_of
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.requests import Wish
from tracker.actions.results import Outcome, correct_result, result_version, set_arrived, set_on_the_way
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.actions.stops import take_over
from tracker.models import Fee, Inspection, InspectionResult, Mail, Permit, Staff
from tracker.rules.reasons import put
from tracker.rules.words import Result


@pytest.fixture
def day(dana, ray):
    """Three stops of Ray's today."""
    return stops(dana, ray, "1 Heron Bend", "2 Heron Bend", "3 Heron Bend")


def at(who, now=NOW):
    return {"person": who.row, "desk": desk(), "by": who.by, "now": now}


def correct(who, stop, outcome, version=None, now=NOW):
    return correct_result(
        stop.id, outcome, version=result_version(stop.id) if version is None else version, **at(who, now)
    )


def words(no: Refused) -> str:
    return put(no.value.reason, gettext=str)


def test_on_the_way_and_arrived(dana, ray, day):
    before = version(dana.company)
    row = set_on_the_way(Seen(day[0].id), **at(ray))
    assert (row.status, row.on_the_way_at) == ("on_the_way", NOW)
    later = NOW + timedelta(minutes=9)
    row = set_arrived(Seen(day[0].id), **at(ray, later))
    assert (row.status, row.on_the_way_at, row.arrived_at) == ("arrived", NOW, later)
    assert version(dana.company) == before + 2
    assert [verb for verb, *_ in changes()][-2:] == ["set_on_the_way", "set_arrived"]


def test_arrived_without_having_said_so_before(ray, day):
    assert set_arrived(Seen(day[0].id), **at(ray)).status == "arrived"


def test_the_stop_he_goes_to_becomes_the_next_one(ray, day):
    set_on_the_way(Seen(day[0].id), **at(ray))
    set_on_the_way(Seen(day[2].id), **at(ray))
    assert order(ray) == ["3 Heron Bend", "1 Heron Bend", "2 Heron Bend"]
    assert [again(one).status for one in day] == ["scheduled", "scheduled", "on_the_way"]
    assert again(day[0]).on_the_way_at is None


def test_where_he_is_stays_first(ray, day):
    set_arrived(Seen(day[1].id), **at(ray))
    set_on_the_way(Seen(day[2].id), **at(ray))
    assert order(ray) == ["2 Heron Bend", "3 Heron Bend", "1 Heron Bend"]


def test_a_stop_of_another_day_is_not_gone_to(dana, ray):
    [stop] = stops(dana, ray, "1 Heron Bend", day=WEDNESDAY)
    for step in (set_on_the_way, set_arrived):
        with pytest.raises(Refused) as no:
            step(Seen(stop.id), **at(ray))
        assert words(no) == "Water heater replacement, 1 Heron Bend is on Wed May 27, not today."
    with pytest.raises(Refused):
        result(ray, stop)
    # The day after, what was forgotten is still recorded.
    assert result(ray, stop, now=NOW + timedelta(days=2)).status == "done"


def test_a_result_is_recorded_with_all_that_follows(dana, ray, day):
    outcome = Outcome(
        Result.FAILED, ["Missing  cleanout", "Pipe not supported", "Missing cleanout"], " Slope is good. ", "Rude."
    )
    row = result(ray, day[0], outcome)
    assert (row.status, row.result, row.open_type, row.to_repeat) == ("done", "failed", None, True)
    assert (row.closed_at, row.closed_on, row.closed_by) == (NOW, TODAY, "Ray Ortega")
    assert row.corrections == "Missing cleanout\nPipe not supported"
    assert (row.comment, row.staff_comment) == ("Slope is good.", "Rude.")
    kept = InspectionResult.get()
    assert (kept.result, kept.corrections, kept.recorded_by, kept.recorded_at) == (
        "failed",
        row.corrections,
        ray.row,
        NOW,
    )
    verb, actor, before, after = [one for one in changes() if one[0] == "record_result"][0]
    assert (actor, before["status"], after["result"], after["staff_comment"]) == (
        ray.by.actor,
        "scheduled",
        "failed",
        "Rude.",
    )
    results = [to for kind, to in mails() if kind == "result"]
    assert sorted(results) == sorted([day[0].request.email, "office@lonestar.example"])
    assert ask(dana, day[0].permit, Wish("WH", WEDNESDAY, "any"), key="again")
    assert not again(day[0]).to_repeat


@pytest.mark.parametrize(
    ("outcome", "to_repeat"),
    [("passed", False), ("no_access", True), ("not_ready", True), ("waived", False), ("cancelled", False)],
)
def test_what_leaves_the_type_open(ray, day, outcome, to_repeat):
    row = result(ray, day[0], Outcome(Result(outcome)))
    assert row.to_repeat is to_repeat and row.open_type is None


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        ("failed", "Say what failed: tick a correction, or write one."),
        ("partial", "Say what is left to do: tick a correction, or write a comment."),
        ("passed_with_conditions", "Write the conditions as a comment for the contractor."),
    ],
)
def test_a_result_that_says_too_little_is_refused(ray, day, outcome, why):
    with pytest.raises(Refused) as no:
        result(ray, day[0], Outcome(Result(outcome), [" "], "  "))
    assert words(no) == why
    assert again(day[0]).status == "scheduled"
    assert result(ray, day[0], Outcome(Result(outcome), [], "See the plans.")).result == outcome


def test_a_colleagues_stop_is_taken_over_first(ray, june, olu, day):
    for who in (june, olu):
        for step in (lambda: result(who, day[0]), lambda: set_arrived(Seen(day[0].id), **at(who))):  # noqa: B023
            with pytest.raises(Refused) as no:
                step()
            assert words(no) == "Water heater replacement, 1 Heron Bend is with Ray Ortega. Take it over first."
    take_over([Seen(day[0].id)], **at(june))
    assert result(june, day[0]).closed_by == "June Tran"


def test_the_same_result_twice_is_one(ray, day):
    result(ray, day[0], FAILED)
    sent = mails()
    assert result(ray, day[0], FAILED, now=NOW + timedelta(minutes=1)).closed_at == NOW
    assert InspectionResult.select().count() == 1 and mails() == sent


def test_another_result_is_told_what_is_there(dana, ray, day):
    result(ray, day[0], FAILED)
    with pytest.raises(ChangedMeanwhile) as no:
        result(ray, day[0])
    assert words(no) == "Water heater replacement, 1 Heron Bend: Ray Ortega recorded Failed, 10:00 AM."
    later = asked(dana, "4 Heron Bend", WEDNESDAY)
    given(ray, later)
    cancel_inspection(again(later), desk=desk(), by=dana.by, now=NOW)
    with pytest.raises(ChangedMeanwhile) as no:
        result(ray, later, now=NOW + timedelta(days=1))
    assert words(no) == "Water heater replacement, 4 Heron Bend: cancelled by Lone Star Plumbing, Tue May 26."


def test_the_permits_status_is_the_sources(dana, ray, day):
    result(ray, day[0])
    assert Permit.get_by_id(day[0].permit_id).status == "issued"


def test_a_result_keeps_the_extension_and_cancelled_on_site_takes_it_back(ray, day):
    permits = [one.permit for one in day]
    for stop, outcome in zip(day, (PASSED, FAILED, Outcome(Result.CANCELLED)), strict=True):
        result(ray, stop, outcome)
    extended = [Permit.get_by_id(one.id).expires_on - TODAY == timedelta(days=180) for one in permits]
    assert extended == [True, True, False]


# ---- You are next


def next_up() -> list[str]:
    return [to for kind, to in mails() if kind == "next_up"]


def test_whoever_is_next_is_told_once(ray, day):
    result(ray, day[0])
    assert next_up() == [day[1].request.email]
    correct(ray, day[0], FAILED)
    result(ray, day[2])
    assert next_up() == [day[1].request.email]
    result(ray, day[1])
    assert next_up() == [day[1].request.email]


def test_who_sees_the_inspector_come_already_is_not_told(ray, day):
    set_on_the_way(Seen(day[1].id), **at(ray))
    result(ray, day[0])
    assert next_up() == []


def test_yesterdays_result_tells_nobody_of_today(dana, ray, day):
    result(ray, day[0], now=NOW + timedelta(days=1))
    assert next_up() == []


# ---- The re-inspection fee


def attempts(dana, ray, count: int, *, code: str = "SEWER", outcome: str = "failed", kind: str = "PLUMBING") -> Permit:
    """A permit on which one type got so many results before, and one now."""
    permit = permit_of(dana.company, f"PP-{Permit.select().count()}", kind=kind, trade="general")
    for _ in range(count):
        past(permit, dana.company, code, outcome)
    asked_for = ask(dana, permit, Wish(code, TODAY, "any"), key=f"k{permit.id}", now=NOW - timedelta(days=4))
    stop = asked_for.inspections.get()
    Inspection.update(status="scheduled", inspector=ray.row).where(Inspection.id == stop.id).execute()
    result(ray, stop, FAILED)
    return permit


def fees() -> list[tuple[int, Decimal]]:
    return [(fee.attempt, fee.amount) for fee in Fee.select().order_by(Fee.id)]


def test_two_attempts_are_included_and_the_third_costs(dana, ray):
    attempts(dana, ray, 1)
    assert fees() == []
    attempts(dana, ray, 2)
    assert fees() == [(3, Decimal("75"))]
    [due] = [after for verb, _, _, after in changes() if verb == "fee_due"]
    assert (due["attempt"], Decimal(due["amount"])) == (3, Decimal("75"))


def test_what_was_no_attempt_does_not_count(dana, ray):
    attempts(dana, ray, 5, outcome="cancelled")
    assert fees() == []


def test_types_that_may_repeat_cost_nothing(dana, ray):
    attempts(dana, ray, 5, code="FLAT", kind="FLATWORK")
    assert fees() == []


def test_each_attempt_from_the_third_has_its_own_fee(dana, ray):
    attempts(dana, ray, 4)
    assert fees() == [(3, Decimal("75")), (4, Decimal("75")), (5, Decimal("75"))]


def test_a_correction_to_waived_takes_the_fee_back_unless_it_is_paid(dana, ray):
    permit = attempts(dana, ray, 2)
    stop = permit.inspections.order_by(Inspection.id.desc()).get()
    correct(ray, stop, Outcome(Result.WAIVED))
    verb, _, before, _ = changes()[-1]
    assert fees() == [] and (verb, before["attempt"], Decimal(before["amount"])) == ("fee_not_due", 3, Decimal("75"))
    correct(ray, stop, FAILED)
    assert fees() == [(3, Decimal("75"))]
    Fee.update(paid_at=NOW).execute()
    correct(ray, stop, Outcome(Result.WAIVED))
    assert fees() == [(3, Decimal("75"))]


# ---- Corrected later


def test_a_correction_keeps_both_and_is_mailed(dana, sam, ray, day):
    result(ray, day[0], FAILED)
    tomorrow = NOW + timedelta(days=1)
    row = correct(ray, day[0], PASSED, now=tomorrow)
    assert (row.status, row.result, row.corrections, row.comment, row.to_repeat) == ("done", "passed", "", "", False)
    assert (row.closed_at, row.closed_on) == (NOW, TODAY)
    kept = [(one.result, one.recorded_at) for one in InspectionResult.select().order_by(InspectionResult.id)]
    assert kept == [("failed", NOW), ("passed", tomorrow)]
    verb, _actor, before, after = changes()[-1]
    assert (verb, before["result"], before["corrections"], after["result"]) == (
        "correct_result", "failed", "Missing cleanout", "passed",
    )  # fmt: skip
    last = Mail.select().where(Mail.recipient == day[0].request.email).order_by(Mail.id.desc()).get()
    assert "This corrects the result mailed before." in last.text


def test_who_may_correct(sam, olu, ray, june, day):
    result(ray, day[0])
    with pytest.raises(Refused) as no:
        correct(june, day[0], FAILED)
    assert words(no) == "Water heater replacement, 1 Heron Bend: only its inspector or the office corrects it."
    assert correct(sam, day[0], FAILED).result == "failed"
    assert correct(olu, day[0], PASSED).result == "passed"


def test_a_correction_of_what_was_corrected_meanwhile_is_told(sam, ray, day):
    result(ray, day[0])
    seen = result_version(day[0].id)
    correct(sam, day[0], FAILED)
    with pytest.raises(ChangedMeanwhile) as no:
        correct(ray, day[0], Outcome(Result.WAIVED), version=seen)
    assert words(no) == "Water heater replacement, 1 Heron Bend: Sam Okafor recorded Failed, 10:00 AM."


def test_a_correction_that_changes_nothing_writes_nothing(ray, day):
    result(ray, day[0], FAILED)
    sent = mails()
    correct(ray, day[0], FAILED)
    assert InspectionResult.select().count() == 1 and mails() == sent


def test_corrected_to_failed_after_it_was_asked_for_again_asks_for_nothing_more(dana, ray, day):
    result(ray, day[0], FAILED)
    ask(dana, day[0].permit, Wish("WH", WEDNESDAY, "any"), key="again")
    assert correct(ray, day[0], Outcome(Result.NO_ACCESS)).to_repeat is False


def test_what_an_import_brought_is_kept_as_the_first_version(dana, sam):
    permit = permit_of(dana.company, "PP-9", kind="WATER_HEATER", trade="plumbing")
    there = past(permit, dana.company, "WH", "failed")
    correct(sam, there, PASSED)
    kept = [(one.result, one.recorded_by) for one in InspectionResult.select().order_by(InspectionResult.id)]
    assert kept == [("failed", None), ("passed", sam.row)]


def test_the_inspectors_pages_hear_of_it(ray, day):
    before = Staff.get_by_id(ray.row.id).version
    result(ray, day[0])
    assert Staff.get_by_id(ray.row.id).version > before
