"""An inspector's day: not reached, taken over, its order."""

from datetime import date, timedelta

import pytest

from tests.actions.a_day import again, asked, given, order, result, stops
from tests.actions.told import changes, loads, mails, version
from tests.cast import CITY, NOW, TODAY, WEDNESDAY, desk
from tracker.actions.results import set_arrived, set_on_the_way
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.actions.stops import move_stop, next_day, not_reached, suggest_order, take_over
from tracker.models import Capacity, Fee, Inspection, InspectionResult, InspectionType, Mail, Permit, Staff
from tracker.rules.reasons import put
from tracker.rules.route import area_key


@pytest.fixture
def day(dana, ray):
    return stops(dana, ray, "1 Heron Bend", "2 Heron Bend", "3 Heron Bend")


def at(who, now=NOW):
    return {"person": who.row, "desk": desk(), "by": who.by, "now": now}


def test_not_reached_is_first_on_the_next_working_day(dana, ray, day):
    stops(dana, ray, "9 Quarry Hill", day=WEDNESDAY)
    set_on_the_way(Seen(day[1].id), **at(ray))
    [moved] = not_reached([Seen(day[1].id)], **at(ray))
    assert (moved.day, moved.status, moved.inspector, moved.on_the_way_at) == (WEDNESDAY, "scheduled", ray.row, None)
    assert order(ray, WEDNESDAY) == ["2 Heron Bend", "9 Quarry Hill"]
    assert order(ray) == ["1 Heron Bend", "3 Heron Bend"]
    assert mails()[-1] == ("moved", moved.request.email)
    assert "The inspector could not get to it that day." in Mail.select().order_by(Mail.id.desc()).get().text
    assert not Fee.select().exists() and not InspectionResult.select().exists()
    assert Permit.get_by_id(moved.permit_id).expires_on == WEDNESDAY + timedelta(days=180)


def test_the_rest_of_the_day_keeps_its_order(dana, ray, day):
    stops(dana, ray, "9 Quarry Hill", day=WEDNESDAY)
    result(ray, day[0])
    set_arrived(Seen(day[2].id), **at(ray))
    not_reached([Seen(day[2].id), Seen(day[1].id)], **at(ray))
    assert order(ray, WEDNESDAY) == ["2 Heron Bend", "3 Heron Bend", "9 Quarry Hill"]
    assert order(ray) == []


def test_who_waits_behind_it_and_the_inspector_hear_of_it(dana, eve, ray, day):
    stops(eve, ray, "9 Quarry Hill")
    before = [version(who.company) for who in (dana, eve)] + [Staff.get_by_id(ray.row.id).version]
    not_reached([Seen(day[0].id)], **at(ray))
    after = [version(who.company) for who in (dana, eve)] + [Staff.get_by_id(ray.row.id).version]
    assert [now - was for was, now in zip(before, after, strict=True)] == [1, 1, 1]


def test_its_place_moves_though_the_day_is_full(dana, ray, day):
    Capacity.create(weekday=None, trade=None, places=0)
    not_reached([Seen(one.id) for one in day], **at(ray))
    assert loads() == {(WEDNESDAY, ""): (3, 0, 0), (WEDNESDAY, "plumbing"): (3, 0, 0)}


@pytest.mark.parametrize(
    ("day", "today", "to"),
    [
        (date(2026, 5, 22), date(2026, 5, 22), date(2026, 5, 26)),  # over Memorial Day
        (date(2026, 5, 22), date(2026, 5, 27), date(2026, 5, 27)),  # long past, on a working day
        (date(2026, 5, 20), date(2026, 5, 24), date(2026, 5, 26)),  # long past, on a Sunday
        (date(2026, 5, 27), date(2026, 5, 26), date(2026, 5, 28)),  # given up the day before
    ],
)
def test_the_next_working_day(day, today, to):
    assert next_day(day, today, CITY) == to


def test_only_its_inspector_or_the_office_gives_a_stop_up(ray, june, olu, sam, day):
    with pytest.raises(Refused):
        not_reached([Seen(day[0].id)], **at(june))
    not_reached([Seen(day[0].id)], **at(olu))
    not_reached([Seen(day[1].id)], **at(sam))
    assert [again(one).day for one in day] == [WEDNESDAY, WEDNESDAY, TODAY]


def test_what_has_its_result_was_reached(ray, day):
    result(ray, day[0])
    with pytest.raises(ChangedMeanwhile):
        not_reached([Seen(one.id) for one in day], **at(ray))
    assert again(day[1]).day == TODAY


def test_taken_over_is_on_record_and_told(dana, ray, june, day):
    stops(dana, june, "9 Quarry Hill")
    set_on_the_way(Seen(day[0].id), **at(ray))
    before = version(dana.company)
    taken = take_over([Seen(one.id) for one in day], **at(june))
    assert {(one.status, one.inspector.name, one.on_the_way_at) for one in taken} == {("scheduled", "June Tran", None)}
    assert order(june) == ["9 Quarry Hill", "1 Heron Bend", "2 Heron Bend", "3 Heron Bend"]
    assert order(ray) == []
    verb, actor, was, now = changes()[-1]
    assert (verb, actor, was["inspector"], now["inspector"]) == ("take_over", june.by.actor, "Ray Ortega", "June Tran")
    assert [kind for kind, _ in mails()[-3:]] == ["assigned"] * 3
    assert version(dana.company) > before


def test_a_stop_of_another_trade_is_not_taken_over(dana, ray, iris, olu, day):
    with pytest.raises(Refused) as no:
        take_over([Seen(day[0].id)], **at(iris))
    assert "Iris Vandermeer does not inspect this trade" in put(no.value.reason, gettext=str)
    with pytest.raises(Refused):
        take_over([Seen(day[0].id)], all_or_none=False, **at(iris))
    assert take_over([Seen(day[0].id)], **at(olu))[0].inspector == olu.row


def test_of_a_whole_day_the_own_trades_are_taken(dana, ray, june, day):
    hvac = asked(dana, "8 Quarry Hill", code="SEWER")
    mechanical = InspectionType.get(InspectionType.code == "HVAC")
    Inspection.update(inspection_type=mechanical).where(Inspection.id == hvac.id).execute()
    given(ray, again(hvac))
    taken = take_over([Seen(one.id) for one in (*day, hvac)], all_or_none=False, **at(june))
    assert len(taken) == 3 and order(ray) == ["8 Quarry Hill"]


def test_up_and_down(dana, ray, day):
    before = version(dana.company)
    move_stop(Seen(day[2].id), up=True, **at(ray))
    assert order(ray) == ["1 Heron Bend", "3 Heron Bend", "2 Heron Bend"]
    move_stop(Seen(day[0].id), up=False, **at(ray))
    assert order(ray) == ["3 Heron Bend", "1 Heron Bend", "2 Heron Bend"]
    assert version(dana.company) == before + 2  # their windows are others now
    for stop, up in ((day[2], True), (day[1], False)):
        move_stop(Seen(stop.id), up=up, **at(ray))
    assert order(ray) == ["3 Heron Bend", "1 Heron Bend", "2 Heron Bend"]
    assert [verb for verb, *_ in changes()].count("order_stops") == 2


def test_what_comes_later_stays_behind_the_order(dana, ray, day):
    result(ray, day[0])
    move_stop(Seen(day[2].id), up=True, **at(ray))
    given(ray, asked(dana, "4 Heron Bend"))
    assert order(ray) == ["3 Heron Bend", "2 Heron Bend", "4 Heron Bend"]


def test_a_colleague_does_not_order_anothers_day(ray, june, olu, day):
    with pytest.raises(Refused):
        move_stop(Seen(day[2].id), up=True, **at(june))
    with pytest.raises(Refused):
        suggest_order(ray.row, TODAY, **at(june))
    move_stop(Seen(day[2].id), up=True, **at(olu))
    assert order(ray)[1] == "3 Heron Bend"


def test_by_area_where_he_is_first(dana, ray):
    given(
        ray,
        asked(dana, "900 Quarry Hill", zip_code="78681"),
        asked(dana, "12 Heron Bend", zip_code="78664"),
        asked(dana, "9 Quarry Hill", zip_code="78664-1234"),
        asked(dana, "2 Heron Bend", zip_code="78664"),
        asked(dana, "1 Quarry Hill", zip_code="78681"),
    )
    set_arrived(Seen(Inspection.get(Inspection.stop_order == 5).id), **at(ray))
    suggest_order(ray.row, TODAY, **at(ray))
    assert order(ray) == ["1 Quarry Hill", "2 Heron Bend", "12 Heron Bend", "9 Quarry Hill", "900 Quarry Hill"]


def test_numbers_are_numbers():
    streets = ["1300 Depot St, Apt 14", "9 Depot St", "88B  depot st", "Depot Square"]
    assert sorted(streets, key=lambda street: area_key("78664", street)) == [
        "Depot Square", "9 Depot St", "88B  depot st", "1300 Depot St, Apt 14",
    ]  # fmt: skip
