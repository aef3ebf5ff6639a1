"""Dates as a profile's `formats` describe them: `M/D/YYYY`, `M/D/YYYY H:MM AM`, `YYYY-MM-DD`, `ISO`, `epoch ms`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

from tracker.importing.cleaning import plain_dashes

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_PARTS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d{2})",
    "MON": r"(?P<name>[A-Za-z]{3})[a-z]*",
    "MM": r"(?P<month>\d{1,2})",
    "M": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
    "D": r"(?P<day>\d{1,2})",
    "H:MM:SS": r"\d{1,2}:\d{2}:\d{2}(?:\.\d+)?",
    "H:MM": r"\d{1,2}:\d{2}",
    "AM": r"[AaPp]\.?[Mm]\.?",
}
_PART = re.compile("H:MM:SS|H:MM|YYYY|YY|MON|MM|M|DD|D|AM")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)

Reader = Callable[[str], date]


def date_reader(formats: list[str], zone: tzinfo) -> Reader:
    """A function text → date that tries the formats in order and raises ValueError when none fits.

    An instant (ISO with an offset, epoch) is the day it falls on in `zone`; exactly midnight UTC is that day
    itself, since exports write plain dates so. ValueError at once for a format that is none.
    """
    ways = [_way(text, zone) for text in formats]

    @lru_cache(maxsize=4_096)
    def read(text: str) -> date:
        text = plain_dashes(text)
        for way in ways:
            if (day := way(text)) is not None and EARLIEST <= day <= LATEST:
                return day
        raise ValueError(text)

    return read


def _way(text: str, zone: tzinfo) -> Callable[[str], date | None]:
    if text.lower() == "iso":
        return lambda value: _from_iso(value, zone)
    if text.lower() in ("epoch ms", "epoch s"):
        return lambda value: _from_epoch(value, 1000 if text.lower() == "epoch ms" else 1, zone)
    return _by_pattern(text)


def _by_pattern(text: str) -> Callable[[str], date | None]:
    pattern = "".join(_PARTS.get(part, re.escape(part)) for part in re.split(f"({_PART.pattern})", text))
    pattern = pattern.replace(r"\ ", r"\s+")
    try:
        compiled = re.compile(pattern)
    except re.error:
        raise ValueError(text) from None
    names = set(compiled.groupindex)
    if "day" not in names or not names & {"year", "short"} or not names & {"month", "name"}:
        raise ValueError(text)

    def read(value: str) -> date | None:
        found = compiled.fullmatch(value)
        return _day(found.groupdict()) if found else None

    return read


def _day(parts: dict[str, str]) -> date | None:
    name = parts.get("name")
    try:
        month = int(parts["month"]) if name is None else MONTHS.index(name.lower()) + 1
        # Two digits mean the last century from 70 on, as POSIX reads them.
        year = (
            int(parts["year"]) if "year" in parts else int(parts["short"]) + (1900 if parts["short"] >= "70" else 2000)
        )
        return date(year, month, int(parts["day"]))
    except ValueError:
        return None


def _from_iso(value: str, zone: tzinfo) -> date | None:
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        return _local_day(datetime.fromisoformat(value), zone)
    except (ValueError, OverflowError):
        return None


def _from_epoch(value: str, per_second: int, zone: tzinfo) -> date | None:
    if not re.fullmatch(r"-?\d{1,15}(\.0+)?", value):
        return None
    try:
        return _local_day(datetime.fromtimestamp(int(value.split(".")[0]) / per_second, UTC), zone)
    except (ValueError, OverflowError, OSError):
        return None


def _local_day(at: datetime, zone: tzinfo) -> date:
    if at.tzinfo is None or at.astimezone(UTC).time() == time(0):
        return at.date() if at.tzinfo is None else at.astimezone(UTC).date()
    return at.astimezone(zone).date()


def month_start(year: str, month: str) -> date:
    """The first day of a month given in two columns, the month as a number or a name. Raises ValueError."""
    parts = {"year": year, "day": "1", **({"month": month} if month.isdigit() else {"name": month[:3]})}
    day = _day(parts) if re.fullmatch(r"\d{4}", year) else None
    if day is None or not EARLIEST <= day <= LATEST:
        raise ValueError(f"{year} {month}")
    return day
