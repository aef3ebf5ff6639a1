"""Dates as the files of many cities write them."""

from datetime import UTC, date, datetime

import pytest

from tests.cast import CHICAGO
from tracker.importing.dates import date_reader, month_start

NEW_YEAR = date(2015, 1, 2)
MIDNIGHT = int(datetime(2015, 1, 2, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("M/D/YYYY", "01/02/2015"),
        ("M/D/YYYY", "1/2/2015"),
        ("M/D/YYYY H:MM", "1/2/2015 0:00"),
        ("M/D/YYYY H:MM:SS AM", "1/2/2015 12:00:00 AM"),
        ("M/D/YY", "1/2/15"),
        ("D.M.YYYY", "2.1.2015"),
        ("DD-MON-YYYY", "02-JAN-2015"),
        ("MON D, YYYY", "January 2, 2015"),
        ("YYYYMMDD", "20150102"),
        ("YYYY-MM-DD", "2015\u201001\u201002"),
        ("ISO", "2015-01-02"),
        ("ISO", "2015-01-02T23:59:00"),
        ("ISO", "2015-01-02T00:00:00.000Z"),
        ("ISO", "2015-01-03T03:00:00+00:00"),
        ("epoch ms", str(MIDNIGHT)),
        ("epoch ms", str(MIDNIGHT + 27 * 3_600_000)),
        ("epoch s", str(MIDNIGHT // 1000)),
    ],
)
def test_each_way_of_writing_the_second_of_january(form: str, text: str) -> None:
    assert date_reader([form], CHICAGO)(text) == NEW_YEAR


@pytest.mark.parametrize(
    "text", ["02/30/2015", "13/01/2015", "1/2/0015", "1/2/20155", "soon", "2015-01-02", "1/2/1815"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError):
        date_reader(["M/D/YYYY"], CHICAGO)(text)


def test_the_first_format_that_fits_counts() -> None:
    read = date_reader(["M/D/YYYY", "ISO"], CHICAGO)
    assert read("2015-01-02") == read("1/2/2015") == NEW_YEAR


@pytest.mark.parametrize("form", ["YYYY", "M/D", "whenever", "D D YYYY M"])
def test_a_format_that_is_none(form: str) -> None:
    with pytest.raises(ValueError):
        date_reader([form], CHICAGO)


def test_year_and_month_are_the_first_of_it() -> None:
    assert month_start("2015", "3") == month_start("2015", "March") == date(2015, 3, 1)
    for year, month in (("2015", "13"), ("15", "3"), ("2015", "x")):
        with pytest.raises(ValueError):
            month_start(year, month)
