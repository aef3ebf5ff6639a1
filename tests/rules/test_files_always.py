"""What is written for programs, whatever people typed: read again it says the same, and nothing else gets in."""

import csv
import io
import re
from datetime import UTC, date, datetime

import icalendar
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cast import CHICAGO
from tracker.calendar_file import HOURS, Entry, calendar_file, hours
from tracker.forms.calendar import WEEKDAYS, as_text, from_text
from tracker.letter import one_line as header_line
from tracker.rules.cells import csv_line
from tracker.rules.words import Trade

always = settings(max_examples=150, deadline=10_000)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
texts = st.text(max_size=60)
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
ids = st.integers(1, 2**31 - 1)


@always
@given(st.dictionaries(st.tuples(st.sampled_from(WEEKDAYS), st.none() | st.sampled_from(list(Trade))), ids))
def test_places_travel_in_a_hidden_field(places):
    assert from_text(as_text(places)) == places


@always
@given(texts | st.text("al-every.0123 -", max_size=40))
def test_places_that_no_page_has_written_are_none(text):
    places = from_text(text)
    assert places is None or from_text(as_text(places)) == places


@always
@example(["=1+1", "\t=1", "-2", -2, "＠x", "a\nb", '"'])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.integers(), min_size=1, max_size=6))
def test_a_line_of_csv_is_read_as_it_was_and_no_formula_is_in_it(cells):
    [read] = csv.reader(io.StringIO(csv_line(cells), newline=""))
    assert len(read) == len(cells)
    for cell, there in zip(cells, read, strict=True):
        assert there == str(cell) or (there == f"'{cell}" and str(cell).startswith(FORMULAS))
        assert isinstance(cell, int) or not there.startswith(FORMULAS)


# The library takes a typed \N for the end of a line, when it writes and when it reads.
typed = st.text(max_size=120).map(header_line).filter(lambda text: not re.search(r"\\[Nn]", text))


@always
@given(typed, typed, typed, days, st.sampled_from(sorted(HOURS)), st.integers(0, 10**6))
def test_a_calendar_file_says_what_it_was_told(summary, location, city, day, half, sequence):
    begins_at, ends_at = hours(day, half, CHICAGO)
    entry = Entry("inspection-7@city.example", sequence, begins_at, ends_at, summary, location, summary,
                  "https://city.example/permits/1", "CONFIRMED")  # fmt: skip
    now = datetime(2026, 5, 26, 15, tzinfo=UTC)
    text = calendar_file("REQUEST", [entry], organizer="permits@city.example", name=city,
                         attendee="dana@lonestar.example", now=now)  # fmt: skip
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")) and "\n" not in text.replace("\r\n", "")
    [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert (str(event["summary"]), str(event["location"])) == (summary, location)
    on_site = [event.decoded(name).astimezone(CHICAGO) for name in ("dtstart", "dtend")]
    assert [(at.date(), at.time()) for at in on_site] == [(day, hour) for hour in HOURS[half]]
    assert event["sequence"] == sequence and len(text.split("BEGIN:VEVENT")) == 2
