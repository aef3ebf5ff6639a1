"""Whatever is typed, stored in an address or sent by a script: it is read, or it is none; and what is kept is kept."""

from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cast import CHICAGO
from tracker.actions.seen import Seen
from tracker.forms.fields import clean, one_line, read_day
from tracker.importing import cleaning
from tracker.importing.dates import date_reader, month_start
from tracker.letter import ONE_ADDRESS, addresses
from tracker.letter import one_line as header_line
from tracker.models import Inspection
from tracker.queries import dashboard, queue_order
from tracker.rules.contact import caller_problem, national_number, phone_problem
from tracker.rules.words import Status

always = settings(max_examples=150, deadline=10_000)
FORMATS = ("ISO", "epoch ms", "epoch s", "M/D/YYYY", "MM/DD/YYYY H:MM AM", "YYYY-MM-DD", "D-MON-YY", "YYYY/M/D H:MM:SS")
DIGITS = st.text("0123456789٠٣²০-+()x. ,/:TZW_", max_size=30)
texts = st.text(max_size=60) | DIGITS
days = st.dates(date(1950, 1, 1), date(2100, 12, 31))
ids = st.integers(1, 2**31 - 1)


@always
@example("9999-12-31T23:59:59-23:59")
@example("0001-01-01T00:00:00+14:00")
@example("²/²/2026")
@given(texts)
def test_a_date_or_none(text):
    read = date_reader(list(FORMATS), CHICAGO)
    with suppress(ValueError):
        assert 1900 <= read(text).year <= 2199


@always
@given(st.text("MDYHONS/:-. ()[]{}\\*+?AISO", max_size=14) | st.text(max_size=8))
def test_a_format_of_dates_or_none(form):
    try:
        read = date_reader([form], CHICAGO)
    except ValueError:
        return
    for text in ("05/04/2026", form, ""):
        with suppress(ValueError):
            assert isinstance(read(text), date)


@always
@given(days, st.sampled_from(["M/D/YYYY", "YYYY-MM-DD", "D-MON-YYYY"]))
def test_a_date_as_it_is_written_is_that_date(day, form):
    words = {"M/D/YYYY": f"{day.month}/{day.day}/{day.year}", "YYYY-MM-DD": f"{day}",
             "D-MON-YYYY": f"{day.day}-{day:%b}-{day.year}"}  # fmt: skip
    assert date_reader([form], CHICAGO)(words[form]) == day
    assert read_day(str(day)) == day


@always
@example("2026", "")
@given(texts, texts)
def test_a_month_or_none(year, month):
    with suppress(ValueError):
        assert month_start(year, month).day == 1


@always
@given(texts)
def test_a_day_of_a_form_or_none(text):
    day = read_day(text)
    assert day is None or 1950 <= day.year <= 2100


@always
@given(st.text(max_size=100) | st.text("0123456789+-() .xe#;,*", max_size=100))
def test_a_phone_number_stays_what_it_became(text):
    number = national_number(text)
    assert (number is None) == (phone_problem(text) is not None)
    assert number is None or national_number(number) == number


@always
@given(st.text(max_size=1200) | st.text("0123456789-() .aB", max_size=1200), st.text("ab CD,é\n", max_size=900))
def test_remarks_name_a_caller_or_not(text, words):
    caller_problem(text)
    assert caller_problem(f"Marco, 512-555-0163. {words}") is None
    assert caller_problem(words), "without a number nobody can call"


@always
@given(st.text(max_size=80))
def test_what_is_kept_of_a_text_is_kept_again(text):
    assert clean(clean(text)) == clean(text) and one_line(one_line(text)) == one_line(text)
    assert header_line(header_line(text)) == header_line(text)
    assert not set(header_line(text)) & set("\r\n\0")
    assert cleaning.clean(cleaning.clean(text)) == cleaning.clean(text)
    assert cleaning.zip_code(cleaning.zip_code(text)) == cleaning.zip_code(text)


@always
@given(texts | st.text("0123456789$., -eE+_NaInf", max_size=30))
def test_an_amount_or_none(text):
    try:
        amount = cleaning.amount(text)
    except ValueError:
        return
    assert cleaning.amount(amount) == amount


@always
@given(st.lists(st.text(max_size=40)))
def test_only_what_is_one_address_gets_mail(typed):
    for key, address in addresses(typed).items():
        assert key == address.lower() and ONE_ADDRESS.fullmatch(address) and not set(address) & set("\r\n\0 ,;<>")


@always
@given(ids, st.sampled_from(list(Status)), days, st.none() | ids)
def test_what_a_page_has_shown_is_read_as_it_was(id, status, day, inspector):
    seen = Seen(id % 10**9, str(status), day, inspector and inspector % 10**9 or None)
    assert Seen.read(seen.text) == seen


@always
@given(texts | st.from_regex(r"[0-9]{1,10}\.[a-z_]{0,12}\.[0-9W-]{0,10}\.[0-9٠-٣-]{0,12}", fullmatch=True))
def test_what_no_page_has_shown_is_none(text):
    seen = Seen.read(text)
    assert seen is None or Seen.read(seen.text) == seen


@always
@given(texts | st.from_regex(r"[0-9]{6,9}-[0-9]{8}-[0-9_]{1,30}", fullmatch=True))
def test_a_place_in_the_list_of_permits_or_none(text):
    place = dashboard.read_key(text)
    assert place is None or 0 <= place[2] < 2**31


@always
@given(days, days, ids)
def test_a_place_in_the_list_of_permits_is_found_again(issued_on, expires_on, id):
    assert dashboard.read_key(f"{expires_on:%Y%m%d}-{issued_on:%Y%m%d}-{id}") == (expires_on, issued_on, id)


json_like: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
)


@always
@example("[" * 100_000)
@example('["2026-05-27", 1e999]')
@example('["\\ud800", 1]')
@given(texts | st.lists(json_like, max_size=4).map(lambda value: queue_order.json.dumps(value)))
def test_a_place_in_the_queue_or_none(text):
    for keys in queue_order.SORTS.values():
        place = queue_order.read_key(text, keys)
        assert place is None or len(place) == len(keys)
        for key, value in zip(keys, place or (), strict=False):
            if key is Inspection.id:
                assert 0 <= value < 2**31
