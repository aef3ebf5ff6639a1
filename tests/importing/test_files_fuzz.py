"""Files of any bytes: an import says what it did or why it cannot, accounts for every row, and is the same twice."""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import HEADER, HISTORY, austin_row, contents, history_row, inspections
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import load_profile
from tracker.importing.run import import_inspections, import_permits
from tracker.importing.summary import Summary

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-32", "utf-7", "shift_jis", "cp037")
NO_ENCODINGS = ("rot13", "base64", "idna", "punycode", "undefined", "unicode_escape", "utf 8", "", "ütf", "a\0b")
ODD_DATES = ("02/30/2026", "13/13/2026", "00/00/0000", "1779854400000", "-1", "9" * 15, "9999-12-31T23:59:59-23:59",
             "0001-01-01T00:00:00+23:59", "٢٠٢٦-٠٥-٠٤", "2026-W19-1", "05/04/26", "2026-05-04T24:00:00Z")  # fmt: skip
ODD_CELLS = ("", " ", "\0", "\r", "\n", "\r\n", '"', "'", "\\", "\ufeff", "\u2028", "\x1a", "=1+1", "N/A", "NaN", "inf",
             "1e999", "-0", "$ (7,721.69)", "\ud7ff", "\U0010ffff", "é" * 300, "Lone Star, Plumbing", "²")  # fmt: skip
HISTORY_NAMES = (*HISTORY, "TrackerType")
cells = st.sampled_from(ODD_DATES + ODD_CELLS) | st.text(max_size=12)
always = settings(
    max_examples=60, deadline=20_000, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def rows_of(names: tuple[str, ...], plain: Callable[[], dict[str, str]]) -> st.SearchStrategy[list[dict[str, str]]]:
    """A few rows that could be right, each with a few cells that are not."""
    wrong = st.dictionaries(st.sampled_from(names), cells, max_size=4)
    return st.lists(wrong.map(lambda values: plain() | values), max_size=6)


permits = rows_of(tuple(HEADER.split(",")), austin_row)
history = rows_of(HISTORY_NAMES, history_row)


@st.composite
def files(draw: Any, names: tuple[str, ...], rows: st.SearchStrategy[list[dict[str, str]]]) -> tuple[str, bytes]:
    """An encoding as the profile says it, and a file: perhaps in another one, perhaps damaged on its way."""
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator=draw(st.sampled_from(["\r\n", "\n", "\r"])))
    writer.writeheader()
    writer.writerows(draw(rows))
    said = draw(st.sampled_from(ENCODINGS) | st.sampled_from(NO_ENCODINGS))
    really = draw(st.just(said) | st.sampled_from(ENCODINGS))
    content = text.getvalue().encode(really if really in ENCODINGS else "utf-8", errors="ignore")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(content)))
        gone = draw(st.sampled_from([0, 1, 40]))
        content = content[:place] + draw(st.binary(max_size=6)) + content[place + gone :]
    return said, draw(st.sampled_from([content, content, content, gzip.compress(content)]))


def brought(load: Callable[..., Summary], path: Path, name: str, encoding: str) -> Summary | None:
    """What the import says it did; None where it says why it cannot."""
    try:
        return load(path, replace(load_profile(name), encoding=encoding), now=NOW, zone=CHICAGO)
    except ImportProblem as no:
        assert str(no).strip(), "it cannot, and does not say why"
        return None


def is_sound(load: Callable[..., Summary], path: Path, name: str, encoding: str, there: Callable[[], Any]) -> None:
    before = there()
    first = brought(load, path, name, encoding)
    if first is None:
        assert there() == before, "nothing goes in where the file cannot be read"
        return
    assert first.counts["read"] == sum(first.counts[word] for word in first.words.rows)
    after = there()
    again = brought(load, path, name, encoding)
    assert again is not None and again.counts["read"] == first.counts["read"]
    assert there() == after, "the same file twice changes nothing"


@always
@example(file=("utf-16", b"permit_number\n1\n"))
@example(file=("utf-8", HEADER.encode() + b"\r" + b"1 PP," * 14 + b"\0\r"))
@example(file=("utf-8", HEADER.encode() + b'\n"' + b"x" * 1_000_000 + b'"'))
@given(file=files(tuple(HEADER.split(",")), permits))
def test_permits_of_any_bytes(connected: str, tmp_path: Path, file: tuple[str, bytes]) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(file[1])
    is_sound(import_permits, path, "austin", file[0], contents)


@always
@given(file=files(HISTORY_NAMES, history))
def test_inspections_of_any_bytes(connected: str, danas_house: Any, tmp_path: Path, file: tuple[str, bytes]) -> None:
    path = tmp_path / "inspections.csv"
    path.write_bytes(file[1])
    is_sound(import_inspections, path, "blds", file[0], inspections)


@always
@given(content=st.binary(max_size=400), encoding=st.sampled_from(ENCODINGS + NO_ENCODINGS))
def test_no_file_at_all(connected: str, tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(content)
    assert brought(import_permits, path, "austin", encoding) is None


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_an_endless_field_is_refused_at_once(connected: str, tmp_path: Path, end: bytes) -> None:
    path = tmp_path / "permits.csv"
    path.write_bytes(HEADER.encode() + end + b"x" * 10_000_000 + end)
    assert brought(import_permits, path, "austin", "utf-8") is None
