"""When the inspector is expected: Iris has a day of stops, Dana asks about one of them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.eta import NARROWEST, Stop, Window, expected_window, stops_before

CHICAGO = ZoneInfo("America/Chicago")
TUESDAY = date(2026, 3, 3)
CLOCKS_FORWARD, CLOCKS_BACK = date(2026, 3, 8), date(2026, 11, 1)


def at(text: str, day: date = TUESDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), CHICAGO)


def window(stops: Sequence[Stop], id: int, now: str, day: date = TUESDAY) -> Window | None:
    return expected_window(stops, id, now=at(now, day), day_starts_at=at("08:00", day))


def shown(found: Window | None) -> str:
    return f"{found.start:%H:%M}-{found.end:%H:%M}" if found else "none"


def width(found: Window | None) -> float:
    assert found is not None
    return (found.end - found.start) / timedelta(minutes=1)


def done(id: int, arrived: str, closed: str, minutes: int = 30) -> Stop:
    left = at(arrived) - timedelta(minutes=10)
    return Stop(id, minutes, "done", left, at(arrived), at(closed), site=id)


def waiting(*ids: int, minutes: int = 30) -> list[Stop]:
    return [Stop(id, minutes, "scheduled", site=id) for id in ids]


# How many come first


MIXED = [
    done(1, "08:20", "08:50"),
    Stop(2, 30, "cancelled", closed_at=at("08:30")),
    Stop(3, 30, "scheduled"),
    Stop(4, 30, "arrived", arrived_at=at("09:00")),
    Stop(5, 30, "requested"),
    Stop(6, 30, "scheduled"),
]


@pytest.mark.parametrize("id, before", [(1, None), (2, None), (3, 1), (4, 0), (5, None), (6, 2), (99, None)])
def test_only_stops_still_to_come_are_counted_and_what_is_going_on_comes_first(id, before):
    assert stops_before(MIXED, id) == before


def test_dana_is_next_when_the_stop_before_has_its_result():
    assert stops_before([Stop(1, 30, "arrived", arrived_at=at("08:20")), *waiting(2)], 2) == 1
    assert stops_before([done(1, "08:20", "08:50"), *waiting(2)], 2) == 0


# When nothing sensible can be said


@pytest.mark.parametrize(
    "id, now, day, why",
    [
        (99, "09:00", TUESDAY, "not in the order"),
        (1, "09:00", TUESDAY, "over"),
        (2, "09:00", TUESDAY, "cancelled"),
        (4, "09:00", TUESDAY, "Iris is there"),
        (5, "09:00", TUESDAY, "not assigned yet"),
        (3, "09:00", date(2026, 3, 2), "the day before"),
        (3, "09:00", date(2026, 3, 4), "the day after"),
        (3, "16:50", TUESDAY, "the day ends first"),
        (3, "19:00", TUESDAY, "the day is over"),
    ],
)
def test_no_window(id, now, day, why):
    assert expected_window(MIXED, id, now=at(now, day), day_starts_at=at("08:00")) is None, why


def test_a_day_too_full_promises_nothing_to_the_last():
    stops = waiting(*range(1, 21), minutes=40)
    found = [window(stops, stop.id, "08:00") for stop in stops]
    assert found[0] and found[9] and not found[15] and not found[19]


def test_the_city_may_end_the_day_elsewhere():
    stops = waiting(*range(1, 21), minutes=40)
    late = expected_window(stops, 13, now=at("08:00"), day_starts_at=at("08:00"), day_ends_at=at("20:00"))
    early = expected_window(stops, 13, now=at("08:00"), day_starts_at=at("08:00"), day_ends_at=at("12:00"))
    assert late is not None and early is None


def test_who_is_on_the_way_is_expected_even_after_hours():
    stops = [done(1, "16:10", "16:55"), Stop(2, 30, "on_the_way", at("16:55"))]
    assert shown(window(stops, 2, "17:00")) == "17:00-17:20"


# Where the window lies


def test_before_the_day_begins_the_first_is_expected_after_its_start():
    found = window(waiting(1, 2), 1, "06:30")
    assert found and at("08:00") <= found.start < at("08:20") < found.end


def test_a_late_start_moves_all_of_the_day():
    stops = waiting(1, 2, 3, 4)
    for id in range(1, 5):
        on_time, late = window(stops, id, "08:00"), window(stops, id, "09:00")
        assert on_time and late and late.start >= at("09:00") and late.end > on_time.end


def test_a_stop_that_takes_longer_moves_those_behind_it():
    stops = [Stop(1, 30, "arrived", at("08:10"), at("08:20")), *waiting(2, 3)]
    ends = [window(stops, 3, now).end for now in ("08:25", "08:50", "09:10", "09:30")]
    assert ends == sorted(ends) and ends[-1] > ends[0]


def test_a_forgotten_tap_does_not_push_the_day_away():
    found = window([Stop(1, 30, "arrived", at("08:10"), at("08:20")), *waiting(2)], 2, "14:00")
    assert found and found.end <= at("15:30")


def paced(minutes: int, trip: int = 10) -> list[Stop]:
    """Four of eight stops done, each in so many minutes, the first at 8:20."""
    stops, clock = [], at("08:20")
    for id in range(1, 5):
        closed = clock + timedelta(minutes=minutes)
        stops.append(Stop(id, 30, "done", clock - timedelta(minutes=trip), clock, closed, site=id))
        clock = closed + timedelta(minutes=trip)
    return [*stops, *waiting(5, 6, 7, 8)]


def test_a_slow_inspector_is_expected_later_and_a_quick_one_earlier():
    slow, usual, quick = (window(paced(minutes), 8, "11:00") for minutes in (39, 30, 21))
    assert slow and usual and quick and slow.start > usual.start > quick.start and slow.end > usual.end > quick.end


def test_one_stop_says_little_about_the_pace():
    once, always = [*paced(39)[:1], *waiting(5, 6, 7, 8)], paced(39)
    first, last = window(once, 8, "09:00"), window(always, 8, "11:28")
    assert first and last
    assert (last.start - at("11:28")) > (first.start - at("09:00"))


def test_long_trips_are_learned():
    near, far = window(paced(30, trip=5), 8, "11:30"), window(paced(30, trip=25), 8, "11:30")
    assert near and far and far.start > near.start


def test_two_inspections_at_one_site_need_no_trip():
    apart = [*waiting(1), Stop(2, 30, "scheduled", site=2), Stop(3, 30, "scheduled", site=3)]
    together = [*waiting(1), Stop(2, 30, "scheduled", site=1), Stop(3, 30, "scheduled", site=1)]
    assert window(together, 3, "08:00").end < window(apart, 3, "08:00").end


def test_lunch_is_expected_until_it_has_been():
    morning = [done(1, "10:30", "11:00"), done(2, "11:10", "11:40")]
    paused = [*morning, Stop(3, 30, "arrived", at("12:15"), at("12:25"), site=3), *waiting(4, 5)]
    worked_on = [*morning, Stop(3, 30, "arrived", at("11:40"), at("12:25"), site=3), *waiting(4, 5)]
    after, before = window(paused, 5, "12:30"), window(worked_on, 5, "12:30")
    assert after and before and after.end < before.end


def test_an_inspector_who_records_results_only_still_moves_on():
    stops = [Stop(1, 30, "done", closed_at=at("08:50"), site=1), *waiting(2, 3)]
    early, late = window(stops, 3, "08:55"), window(stops, 3, "09:20")
    assert early and late and late.start < early.start + timedelta(minutes=25)
    assert window(stops, 2, "09:20").start == at("09:20")


def test_what_was_decided_at_the_desk_is_no_visit():
    stops = [done(1, "08:20", "08:50"), *waiting(3, 4)]
    desk = Stop(2, 30, "done", closed_at=at("08:51"), site=2)
    assert window([*stops, desk], 4, "08:55") == window(stops, 4, "08:55")


# How wide it is


def test_it_grows_slower_than_the_stops_ahead():
    widths = [width(window(waiting(*range(1, 10)), id, "08:00")) for id in (1, 3, 9)]
    assert widths[0] < widths[1] < widths[2] < 3 * widths[1]


def test_it_gets_tighter_as_the_day_goes():
    stops = waiting(*range(1, 9))
    widths = [width(window(stops, 8, "08:00"))]
    for number, done_one in enumerate(paced(30)[:4], start=1):
        stops[number - 1] = done_one
        widths.append(width(window(stops, 8, f"{done_one.closed_at:%H:%M}")))
    assert widths == sorted(widths, reverse=True) and widths[-1] < 0.75 * widths[0]


# What holds on every day


@st.composite
def days(draw) -> tuple[list[Stop], datetime, datetime]:
    """A day of Iris as it may be recorded, the moment of asking and the day's start; some days change the clocks."""
    day = draw(st.sampled_from([TUESDAY, CLOCKS_FORWARD, CLOCKS_BACK]))
    starts = datetime.combine(day, time(draw(st.sampled_from([0, 7, 8]))), CHICAGO)
    moments = st.integers(-30, 900).map(lambda minutes: starts.astimezone(UTC) + timedelta(minutes=minutes))
    words = ["scheduled", "scheduled", "on_the_way", "arrived", "done", "cancelled", "declined", "requested"]
    stops = []
    for id in range(draw(st.integers(1, 12))):
        times = [draw(st.none() | moments) for _ in range(3)]
        site = draw(st.none() | st.integers(1, 3))
        stops.append(Stop(id, draw(st.integers(1, 120)), draw(st.sampled_from(words)), *times, site))
    now = draw(moments) + timedelta(seconds=draw(st.integers(0, 59)))
    return stops, now, starts


@given(days())
def test_it_never_lies_in_the_past_and_has_a_length(day):
    stops, now, starts = day
    for stop in stops:
        found = expected_window(stops, stop.id, now=now, day_starts_at=starts)
        if found:
            assert found.start >= now and found.start >= starts
            assert found.end.astimezone(UTC) - found.start.astimezone(UTC) >= timedelta(minutes=NARROWEST)
            assert found.start.tzinfo is CHICAGO and found.end.tzinfo is CHICAGO
            assert all(edge.minute % 5 == 0 and edge.second == edge.microsecond == 0 for edge in found)


@given(days())
def test_later_stops_have_later_windows(day):
    stops, now, starts = day
    order = sorted((stop for stop in stops if stops_before(stops, stop.id) is not None), key=lambda s: _place(stops, s))
    found = [expected_window(stops, stop.id, now=now, day_starts_at=starts) for stop in order]
    edges = [(one.start.astimezone(UTC), one.end.astimezone(UTC)) for one in found if one]
    assert [start for start, _ in edges] == sorted(start for start, _ in edges)
    assert [end for _, end in edges] == sorted(end for _, end in edges)


def _place(stops: Sequence[Stop], stop: Stop) -> int:
    place = stops_before(stops, stop.id)
    assert place is not None
    return place


@given(days())
def test_places_count_up_from_next_without_a_gap(day):
    stops, _, _ = day
    places = [stops_before(stops, stop.id) for stop in stops]
    open_ones = [stop for stop in stops if stop.status in ("scheduled", "on_the_way", "arrived")]
    assert sorted(place for place in places if place is not None) == list(range(len(open_ones)))


@given(days())
def test_what_is_cancelled_declined_or_not_assigned_makes_no_difference(day):
    stops, now, starts = day
    rest = [stop for stop in stops if stop.status not in ("cancelled", "declined", "requested")]
    for stop in rest:
        assert stops_before(stops, stop.id) == stops_before(rest, stop.id)
        with_all = expected_window(stops, stop.id, now=now, day_starts_at=starts)
        assert with_all == expected_window(rest, stop.id, now=now, day_starts_at=starts)


@pytest.mark.parametrize("day", [CLOCKS_FORWARD, CLOCKS_BACK])
def test_a_day_that_changes_the_clocks_is_like_any_other_from_the_morning_on(day):
    for now in ("08:00", "11:00"):
        for id in (1, 4):
            found = window(waiting(1, 2, 3, 4), id, now, day)
            assert shown(found) == shown(window(waiting(1, 2, 3, 4), id, now))


def test_minutes_are_minutes_across_the_change():
    starts = datetime.combine(CLOCKS_FORWARD, time(1), CHICAGO)
    found = expected_window(waiting(1, 2, 3), 3, now=starts, day_starts_at=starts)
    usual = expected_window(waiting(1, 2, 3), 3, now=at("01:00"), day_starts_at=at("01:00"))
    assert found and usual
    assert found.end.astimezone(UTC) - starts.astimezone(UTC) == usual.end - at("01:00")
