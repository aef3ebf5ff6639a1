"""Dates and times in words, the same on pages, in mails and in reasons.

The field writes a date without commas ("Wed May 27"), which no ready-made format does.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache

from babel.dates import format_date, format_time

PATTERNS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "day": "EEE MMM d",
        "narrow": "MMM d",
        "month_day": "MMM d",
        "long_day": "EEEE, MMMM d, y",
        "with_year": "{}, y",
        "weekday": "EEE",
        "month": "MMM",
        "month_year": "MMM y",
        "clock": "h:mm a",
        "window": "h:mm",
    },
    "es": {
        "day": "EEE'.' d 'de' MMMM",
        "narrow": "d MMM'.'",
        "month_day": "d 'de' MMM'.'",
        "long_day": "EEEE d 'de' MMMM 'de' y",
        "with_year": "{} 'de' y",
        "weekday": "EEE'.'",
        "month": "MMM'.'",
        "month_year": "MMM'.' y",
        "clock": "h:mm\u00a0a",
        "window": "h:mm",
    },
}


def date_words(value: date, language: str, pattern: str = "day", *, with_year: bool = False) -> str:
    """The date by one of the patterns; `language` is that of a locale such as 'es_US', or another's: then English."""
    return _date(value.date() if isinstance(value, datetime) else value, _known(language), pattern, with_year)


def time_words(value: time | datetime, language: str, pattern: str = "clock") -> str:
    """The time of day as it stands in `value`, on one line: 2:12 PM, 2:12 p. m."""
    # What stands in a zone of its own would be put into UTC, and be the same as another zone's.
    return _time(value.replace(tzinfo=None), _known(language), pattern)


@lru_cache(maxsize=4096)  # a page says the same few days again and again
def _date(value: date, known: str, pattern: str, with_year: bool) -> str:
    chosen = PATTERNS[known][pattern]
    return format_date(value, PATTERNS[known]["with_year"].format(chosen) if with_year else chosen, locale=known)


@lru_cache(maxsize=4096)
def _time(value: time | datetime, known: str, pattern: str) -> str:
    shown = format_time(value, PATTERNS[known][pattern], locale=known)
    return shown.replace("\u202f", "\u00a0" if known == "es" else " ")


def _known(language: str) -> str:
    short = language[:2].lower()
    return short if short in PATTERNS else "en"
