"""Whole days of Iris, as they may be recorded, and when she is expected at what is left of them.

The figures are those of docs/decisions/arrival-window.md. The first by hand: she sets out after 12 minutes and drives
10, so she comes at 8:22, with a deviation of 21 minutes (20 for setting out, 5 for anything): 1.4 times that later is
8:51.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.rules.test_eta import TUESDAY, at, done, paced, shown, waiting, window
from tracker.rules.eta import Stop, expected_window, stops_before


def only_a_result(id: int, closed: str) -> Stop:
    return Stop(id, 30, "done", closed_at=at(closed), site=id)


def on_the_way(id: int, left: str) -> Stop:
    return Stop(id, 30, "on_the_way", at(left), site=id)


def there(id: int, arrived: str) -> Stop:
    return Stop(id, 30, "arrived", at(arrived), at(arrived), site=id)


MORNING = [done(1, "08:20", "08:45"), done(2, "09:00", "09:40", 45)]
NOON = [done(1, "10:40", "11:00"), Stop(2, 30, "done", at("11:35"), at("11:45"), at("12:20"), site=2)]
DAYS = {
    "nobody has set out": waiting(1, 2, 3, 4, 5, 6),
    "it is her first site": [there(1, "08:25"), *waiting(2, 3)],
    "she drives to the first": [on_the_way(1, "08:05"), *waiting(2, 3)],
    "two are done": [*MORNING, *waiting(3, 4, 5, minutes=40)],
    "she drives to the third": [*MORNING, on_the_way(3, "09:50"), *waiting(4)],
    "she is at the third": [*MORNING, there(3, "09:55"), *waiting(4)],
    "she was slow": paced(39),
    "she had lunch": [*NOON, *waiting(3, 4)],
    "she drives far": [done(1, "08:30", "09:00"), done(2, "09:40", "10:00"), done(3, "11:20", "11:40"), *waiting(4, 5)],
    "one was a mishap": [done(1, "08:20", "11:20"), *waiting(2, 3)],
    "she records results only": [only_a_result(1, "08:50"), only_a_result(2, "09:25"), *waiting(3, 4)],
    "results only, with a pause": [only_a_result(1, "11:20"), only_a_result(2, "12:45"), *waiting(3, 4)],
    "two at one site": [
        done(1, "08:20", "08:45"),
        Stop(2, 30, "done", at("08:45"), at("08:47"), at("09:05"), site=1),
        Stop(3, 30, "scheduled", site=1),
        *waiting(4),
    ],
    "one was decided at the desk": [only_a_result(9, "08:10"), *MORNING, *waiting(3, 4)],
    "an arrival was not recorded": [*MORNING, Stop(3, 30, "arrived", at("09:50"), site=3), *waiting(4)],
    "another order than planned": [on_the_way(3, "10:00"), *MORNING[::-1], *waiting(4)],
    "she is there, another order": [there(3, "10:00"), *MORNING[::-1], *waiting(4)],
    "she worked on at noon": [
        done(1, "11:00", "11:40"),
        Stop(2, 30, "done", at("11:52"), at("12:00"), at("12:30")),
        *waiting(3, 4),
    ],
    "setting out was not recorded": [
        done(1, "11:00", "12:00"),
        Stop(2, 30, "done", None, at("12:20"), at("12:50")),
        *waiting(3, 4),
    ],
    "a late lunch": [
        done(1, "13:00", "13:30"),
        Stop(2, 30, "done", at("14:10"), at("14:20"), at("14:30")),
        *waiting(3, 4),
    ],
    "no lunch any more": [
        done(1, "13:30", "14:00"),
        Stop(2, 30, "done", at("14:45"), at("14:55"), at("15:00")),
        *waiting(3, 4),
    ],
    "lunch, and a stop since": [*NOON, done(3, "12:35", "13:00"), *waiting(4, 5)],
}


@pytest.mark.parametrize(
    ("day", "now", "expected"),
    [
        ("nobody has set out", "08:00", "08:00-08:55 08:20-09:50 08:50-10:45 09:15-11:40 09:45-12:35 10:15-13:35"),
        ("nobody has set out", "08:35", "08:35-09:20 08:50-10:15 09:15-11:10 09:45-12:05 10:15-13:00 10:50-14:05"),
        ("nobody has set out", "11:20", "11:20-12:15 11:45-13:20 12:20-14:20 12:55-15:20 13:25-16:15 13:50-17:00"),
        ("it is her first site", "08:40", "none 08:40-09:40 09:00-10:35"),
        ("it is her first site", "09:10", "none 09:10-10:10 09:35-11:10"),
        ("she drives to the first", "08:10", "08:10-08:30 08:25-09:30 08:50-10:30"),
        ("she drives to the first", "08:40", "08:40-09:00 08:55-10:05 09:20-11:00"),
        ("two are done", "09:45", "09:45-10:05 10:05-11:25 10:40-12:35"),
        ("two are done", "10:10", "10:10-10:35 10:30-11:55 11:10-13:10"),
        ("she drives to the third", "09:55", "09:55-10:15 10:10-11:15"),
        ("she drives to the third", "10:20", "10:20-10:45 10:40-11:45"),
        ("she is at the third", "10:15", "none 10:15-11:10"),
        ("she is at the third", "10:50", "none 10:55-12:00"),
        ("she was slow", "11:30", "11:30-12:05 11:50-13:20 12:30-14:25 13:10-15:25"),
        ("she was slow", "12:40", "12:40-13:20 13:10-14:40 13:45-15:40 14:15-16:35"),
        ("she had lunch", "12:25", "12:25-12:55 12:35-13:50"),
        ("she had lunch", "13:00", "13:00-13:35 13:10-14:30"),
        ("she drives far", "11:45", "11:45-12:35 12:25-14:00"),
        ("she drives far", "12:10", "12:10-12:55 12:45-14:20"),
        ("one was a mishap", "11:25", "11:25-11:55 11:45-13:20"),
        ("she records results only", "09:30", "09:30-09:50 09:45-10:50"),
        ("she records results only", "10:00", "10:00-10:20 10:00-10:55"),
        ("results only, with a pause", "12:50", "12:50-13:20 13:00-14:20"),
        ("results only, with a pause", "13:20", "13:20-13:45 13:20-14:25"),
        ("two at one site", "09:10", "09:10-09:30 09:20-10:20"),
        ("one was decided at the desk", "09:50", "09:50-10:10 10:05-11:10"),
        ("an arrival was not recorded", "10:05", "none 10:15-11:20"),
        ("another order than planned", "10:05", "10:05-10:25 10:20-11:25"),
        ("she is there, another order", "10:20", "none 10:20-11:15"),
        ("she worked on at noon", "12:35", "12:35-13:15 13:05-14:35"),
        ("setting out was not recorded", "12:55", "12:55-13:35 13:25-14:55"),
        ("a late lunch", "14:35", "14:35-14:55 14:50-15:50"),
        ("no lunch any more", "15:05", "15:05-15:40 15:30-16:45"),
        ("lunch, and a stop since", "13:05", "13:05-13:35 13:15-14:30"),
    ],
)
def test_when_she_is_expected_at_what_is_left(day, now, expected):
    assert " ".join(shown(window(DAYS[day], stop.id, now)) for stop in _to_come(DAYS[day])) == expected


def _to_come(stops: Sequence[Stop]) -> list[Stop]:
    places = {stop.id: stops_before(stops, stop.id) for stop in stops}
    return sorted((stop for stop in stops if places[stop.id] is not None), key=lambda stop: places[stop.id] or 0)


def test_in_the_evening_it_is_the_day_of_the_citys_clock():
    now: datetime = at("20:00", TUESDAY)
    found = expected_window(waiting(1), 1, now=now, day_starts_at=at("08:00"), day_ends_at=now + timedelta(hours=2))
    assert shown(found) == "20:00-20:50"
