"""Dates and times in words, as the field and the reader's language write them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tracker.rules.dates import PATTERNS, date_words, time_words

WEDNESDAY = date(2026, 5, 27)


@pytest.mark.parametrize(
    ("language", "pattern", "words"),
    [
        ("en", "day", "Wed May 27"),
        ("en", "month_day", "May 27"),
        ("en", "long_day", "Wednesday, May 27, 2026"),
        ("es", "day", "mié. 27 de mayo"),
        ("es", "month_day", "27 de may."),
        ("es", "long_day", "miércoles 27 de mayo de 2026"),
        ("es_US", "day", "mié. 27 de mayo"),
        ("fr", "day", "Wed May 27"),
        ("", "day", "Wed May 27"),
    ],
)
def test_a_day(language, pattern, words):
    assert date_words(WEDNESDAY, language, pattern) == words


def test_the_year_where_it_is_asked_for():
    assert date_words(WEDNESDAY, "en", with_year=True) == "Wed May 27, 2026"
    assert date_words(WEDNESDAY, "es", "month_day", with_year=True) == "27 de may. de 2026"


def test_a_time_stays_on_one_line_and_in_its_zone():
    assert time_words(time(14, 12), "en") == "2:12 PM"
    assert time_words(time(14, 12), "es") == "2:12\u00a0p.\u00a0m."
    assert time_words(datetime(2026, 5, 27, 10, 30, tzinfo=ZoneInfo("America/Chicago")), "en", "window") == "10:30"


def test_every_language_knows_every_pattern():
    assert PATTERNS["en"].keys() == PATTERNS["es"].keys()
