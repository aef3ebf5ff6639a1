"""What the desk decides: assign, unassign, move, decline."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.actions.a_day import FRIDAY_BEFORE, again, asked, given
from tests.actions.told import changes, loads, mails, version
from tests.cast import CITY, FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, ask, desk, member, past, permit_of
from tracker.actions.change_of_mind import cancel_inspection, move_inspection
from tracker.actions.requests import Wish
from tracker.actions.review import assign, decline, move_by_staff, unassign
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.models import Capacity, Change, Inspection, Mail, Permit, Staff
from tracker.rules.reasons import put

MONDAY = date(2026, 6, 1)


@pytest.fixture
def heater(dana):
    """A water heater for Wednesday."""
    return asked(dana, day=WEDNESDAY)


def by_sam(sam, **more):
    return {"desk": desk(), "by": sam.by, "now": NOW, **more}


def words(no: Refused) -> list[str]:
    return [put(reason, gettext=str) for _id, reason in no.problems]


def expiry(inspection: Inspection) -> date:
    return Permit.get_by_id(inspection.permit_id).expires_on


def test_assigned_is_scheduled_with_the_inspector_and_mailed(dana, sam, ray, heater):
    before = version(dana.company)
    done = assign([Seen.of(heater)], inspector=ray.row, **by_sam(sam))
    [row] = done.inspections
    assert (row.status, row.inspector, row.day, row.scheduled_at) == ("scheduled", ray.row, WEDNESDAY, NOW)
    assert done.warnings == []
    assert (row.calendar_sequence, row.stop_order) == (1, 1)
    assert mails()[-1] == ("assigned", row.request.email)
    assert version(dana.company) > before
    assert Staff.get_by_id(ray.row.id).version == 2
    verb, actor, was, now = changes()[-2]
    assert (verb, actor, was["status"], was["inspector"]) == ("assign", sam.by.actor, "requested", None)
    assert (now["status"], now["inspector"]) == ("scheduled", "Ray Ortega")


def test_assigned_come_at_the_end_of_the_inspectors_day(dana, sam, ray, heater):
    given(ray, heater)
    more = [asked(dana, f"{n} Heron Bend", WEDNESDAY) for n in range(3)]
    assign([Seen(one.id) for one in more], inspector=ray.row, **by_sam(sam))
    assert [again(one).stop_order for one in (heater, *more)] == [1, 2, 3, 4]


def test_assigning_extends_the_permit_and_unassigning_takes_it_back(sam, ray, heater):
    own = expiry(heater)
    given(ray, heater)
    assert expiry(heater) == WEDNESDAY + timedelta(days=180) > own
    freed = unassign([Seen.of(again(heater))], **by_sam(sam))[0]
    assert (freed.status, freed.inspector, freed.scheduled_at) == ("requested", None, None)
    assert expiry(heater) == own
    assert [verb for verb, *_ in changes()][-4:] == ["assign", "set_expiry", "unassign", "set_expiry"]


@pytest.mark.parametrize("change", ["cancel", "decline"])
def test_what_is_called_off_takes_the_extension_back(dana, sam, ray, heater, change):
    own = expiry(heater)
    [stop] = given(ray, heater)
    if change == "cancel":
        cancel_inspection(stop, desk=desk(), by=dana.by, now=NOW)
    else:
        decline([Seen.of(stop)], reason="No plans on site", **by_sam(sam))
    assert expiry(heater) == own
    # The inspector's page hears of it.
    assert Staff.get_by_id(ray.row.id).version == 3


def test_what_is_moved_takes_the_extension_along_until_it_is_cancelled(dana, ray, heater):
    own = expiry(heater)
    [stop] = given(ray, heater)
    moved = move_inspection(stop, day=FRIDAY, time_frame="any", desk=desk(), by=dana.by, now=NOW)
    assert moved.status == "requested" and expiry(heater) == FRIDAY + timedelta(days=180)
    assert Staff.get_by_id(ray.row.id).version == 3
    cancel_inspection(moved, desk=desk(), by=dana.by, now=NOW)
    assert expiry(heater) == own


def test_another_scheduled_inspection_keeps_the_extension(dana, sam, ray):
    permit = permit_of(dana.company, "PP-9", kind="PLUMBING", trade="plumbing")
    asked_for = ask(dana, permit, Wish("SEWER", WEDNESDAY, "any"), Wish("PLTOP", FRIDAY, "any"))
    first, last = asked_for.inspections.order_by(Inspection.day)
    given(ray, first, last)
    assert expiry(first) == FRIDAY + timedelta(days=180)
    cancel_inspection(again(last), desk=desk(), by=dana.by, now=NOW)
    assert expiry(first) == WEDNESDAY + timedelta(days=180)


def test_a_permit_without_a_date_keeps_none(sam, ray, heater):
    Permit.update(source_expires_on=None, expires_on=None).execute()
    given(ray, heater)
    assert expiry(heater) is None


def test_an_expiry_far_away_stays(sam, ray, heater):
    far = TODAY + timedelta(days=400)
    Permit.update(source_expires_on=far, expires_on=far).execute()
    given(ray, heater)
    assert expiry(heater) == far


def test_who_has_left_or_is_of_another_trade_is_not_assigned(sam, iris, ray, heater):
    with pytest.raises(Refused) as no:
        assign([Seen(heater.id)], inspector=iris.row, **by_sam(sam))
    assert words(no.value) == [
        "Water heater replacement, 77 Cedar Brake Drive: Iris Vandermeer does not inspect this trade."
    ]
    with pytest.raises(Refused) as no:
        assign([Seen(heater.id)], inspector=sam.row, **by_sam(sam))
    assert words(no.value) == ["Sam Okafor is not an inspector."]
    Staff.update(left_at=NOW).where(Staff.id == ray.row.id).execute()
    with pytest.raises(Refused) as no:
        assign([Seen(heater.id)], inspector=ray.row, **by_sam(sam))
    assert words(no.value) == ["Ray Ortega has left the city."]
    assert again(heater).status == "requested"


def test_a_day_that_has_passed_or_is_closed_is_not_assigned(dana, sam, ray, heater):
    closed = replace(CITY, exceptions={WEDNESDAY: False})
    with pytest.raises(Refused) as no:
        assign([Seen(heater.id)], inspector=ray.row, **by_sam(sam, desk=desk(closed)))
    assert "the city does not work on Wed May 27" in words(no.value)[0]
    with pytest.raises(Refused) as no:
        assign([Seen(heater.id)], inspector=ray.row, **by_sam(sam, now=NOW + timedelta(days=2)))
    assert "Wed May 27 has passed" in words(no.value)[0]


def test_all_or_none_are_assigned_and_every_reason_is_given(dana, sam, ray, heater):
    other = asked(dana, "3 Heron Bend", WEDNESDAY)
    cancel_inspection(other, desk=desk(), by=dana.by, now=NOW)
    with pytest.raises(ChangedMeanwhile) as no:
        assign([Seen.of(heater), Seen.of(other)], inspector=ray.row, **by_sam(sam))
    assert words(no.value) == ["Water heater replacement, 3 Heron Bend: cancelled by Lone Star Plumbing, 10:00 AM."]
    assert again(heater).status == "requested"
    assert ("assigned", heater.request.email) not in mails()


def test_who_saw_something_else_is_told_who_changed_it(sam, ray, june, heater):
    seen = Seen.of(heater)
    assign([seen], inspector=ray.row, **by_sam(sam))
    with pytest.raises(ChangedMeanwhile) as no:
        assign([seen], inspector=june.row, **by_sam(sam))
    assert words(no.value) == [
        "Water heater replacement, 77 Cedar Brake Drive: changed by Sam Okafor, 10:00 AM. "
        "It is with Ray Ortega on Wed May 27."
    ]


def test_more_than_a_day_holds_is_a_warning(dana, sam, heater):
    ray = member("Ray Ortega", "inspector", "plumbing", stops_a_day=1, minutes_a_day=420)
    done = assign([Seen(heater.id)], inspector=ray.row, **by_sam(sam))
    assert done.warnings == []
    done = assign([Seen(asked(dana, "3 Heron Bend", WEDNESDAY).id)], inspector=ray.row, **by_sam(sam))
    assert [put(one, gettext=str) for one in done.warnings] == ["Ray Ortega has 2 stops on Wed May 27, more than 1."]
    Staff.update(stops_a_day=9, minutes_a_day=40).execute()
    busy = Staff.get_by_id(ray.row.id)
    done = assign([Seen(asked(dana, "4 Heron Bend", WEDNESDAY).id)], inspector=busy, **by_sam(sam))
    assert [put(one, gettext=str) for one in done.warnings] == ["Ray Ortega is 35 minutes over on Wed May 27."]


def test_the_same_inspector_again_changes_nothing(sam, ray, heater):
    [stop] = given(ray, heater)
    told = mails()
    assert assign([Seen.of(stop)], inspector=ray.row, **by_sam(sam)).inspections == []
    assert again(heater).calendar_sequence == 1 and mails() == told


def test_another_inspector_is_mailed_too(sam, ray, june, heater):
    [stop] = given(ray, heater)
    assign([Seen.of(stop)], inspector=june.row, **by_sam(sam))
    assert again(heater).inspector == june.row
    assert "June Tran" in Mail.select().order_by(Mail.id.desc()).get().text
    assert [Staff.get_by_id(one.row.id).version for one in (ray, june)] == [3, 2]


def test_moved_by_staff_keeps_its_inspector_and_its_place_moves(dana, sam, ray, heater):
    [stop] = given(ray, heater)
    [moved] = move_by_staff([Seen.of(stop)], day=TODAY, **by_sam(sam))
    assert (moved.day, moved.status, moved.inspector) == (TODAY, "scheduled", ray.row)
    assert loads() == {(TODAY, ""): (1, 0, 0), (TODAY, "plumbing"): (1, 0, 0)}
    assert mails()[-1] == ("moved", stop.request.email)
    assert expiry(heater) == TODAY + timedelta(days=180)


def test_moved_by_staff_loses_an_inspector_who_cannot_come(sam, ray, heater):
    [stop] = given(ray, heater)
    Staff.update(left_at=NOW).where(Staff.id == ray.row.id).execute()
    [moved] = move_by_staff([Seen.of(stop)], day=FRIDAY, **by_sam(sam))
    assert (moved.status, moved.inspector, moved.stop_order) == ("requested", None, 0)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (TODAY - timedelta(days=1), "Mon May 25 has passed. Pick another day."),
        (date(2026, 5, 30), "The city does not work on Sat May 30. Pick another day."),
    ],
)
def test_staff_move_to_working_days_from_today_on(sam, heater, day, why):
    with pytest.raises(Refused) as no:
        move_by_staff([Seen(heater.id)], day=day, reason="The caller asked", **by_sam(sam))
    assert words(no.value) == [why]


def test_a_full_day_needs_a_reason_that_stays_on_record(dana, sam, heater):
    Capacity.create(weekday=None, trade="plumbing", places=1)
    asked(dana, "3 Heron Bend", THURSDAY)
    with pytest.raises(Refused) as no:
        move_by_staff([Seen(heater.id)], day=THURSDAY, **by_sam(sam))
    assert words(no.value) == ["Thu May 28 is full. Pick another day, or give a reason to go over."]
    assert again(heater).day == WEDNESDAY and loads()[(WEDNESDAY, "plumbing")] == (1, 0, 0)
    move_by_staff([Seen(heater.id)], day=THURSDAY, reason="Gas leak", **by_sam(sam))
    assert loads()[(THURSDAY, "plumbing")] == (2, 0, 0)
    assert Change.get(Change.verb == "move_by_staff").reason == "Gas leak"


def test_before_what_it_needs_first_only_with_a_reason(dana, sam, iris):
    house = permit_of(dana.company, "BP-1", trade="general")
    for code in ("PLRGH", "FORM", "FOUND", "PLTOP", "MERGH"):
        past(house, dana.company, code, "passed")
    asked_for = ask(dana, house, Wish("ELRGH", THURSDAY, "any"), Wish("FRAME", FRIDAY, "any"))
    frame = asked_for.inspections.where(Inspection.day == FRIDAY).get()
    with pytest.raises(Refused) as no:
        move_by_staff([Seen(frame.id)], day=WEDNESDAY, **by_sam(sam))
    assert "Framing cannot be before Electrical rough" in words(no.value)[0]
    assert move_by_staff([Seen(frame.id)], day=WEDNESDAY, reason="Both on site", **by_sam(sam))[0].day == WEDNESDAY


def test_declined_with_a_reason_that_the_contractor_reads(dana, sam, ray, heater):
    [stop] = given(ray, heater)
    [row] = decline([Seen.of(stop)], reason=" The permit names another address. ", **by_sam(sam))
    assert (row.status, row.open_type, row.closed_by, row.closed_on) == ("declined", None, "Sam Okafor", TODAY)
    assert row.comment == "The permit names another address."
    assert loads() == {}
    mail = Mail.select().order_by(Mail.id.desc()).get()
    assert (mail.kind, mail.calendar_method) == ("declined", "CANCEL")
    assert "The permit names another address." in mail.text
    assert ask(dana, stop.permit, Wish("WH", FRIDAY, "any"), key="again").inspections.get().status == "requested"


def test_declined_without_a_reason_is_refused(sam, heater):
    with pytest.raises(Refused) as no:
        decline([Seen(heater.id)], reason="  ", **by_sam(sam))
    assert words(no.value) == ["Write the reason: the contractor reads it."]


@pytest.mark.parametrize(
    "text", ["", "x", "1.x.20260526.0", "1.done.2026.0", "1.done", "٣", "1" * 12, "1.done.20260526.x"]
)
def test_a_tick_that_no_page_has_is_none(text):
    assert Seen.read(text) is None


def test_a_tick_holds_what_was_seen(sam, ray, heater):
    assert Seen.read(Seen.of(heater).text) == Seen.of(heater)
    [stop] = given(ray, heater)
    assert Seen.read(Seen.of(stop).text) == Seen.of(stop)
    assert Seen.read("17") == Seen(17)


def test_what_is_not_there_is_said(sam, ray):
    with pytest.raises(ChangedMeanwhile) as no:
        assign([Seen(404)], inspector=ray.row, **by_sam(sam, now=FRIDAY_BEFORE))
    assert words(no.value) == ["There is no such inspection."]
