"""Profiles of any text: read, and then an import by it; or a sentence that says what is wrong with it."""

import re
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import austin_row, history_row, write_austin, write_history
from tests.importing.test_profiles import OWN
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import PROFILES, load_profile
from tracker.importing.run import import_inspections, import_permits

TEXTS = {"own": OWN, **{path.stem: path.read_text(encoding="utf-8") for path in PROFILES.glob("*.toml")}}
VALUES = ("5", "-1", "0.5", "nan", "true", '""', '"\\u0000"', '"ISO"', "[]", "[5]", '["a", 5]', "[[1]]", "{}",
          '{ year = "a", month = 1 }', '{ x = "(" }', "1979-05-27", "00:00:00", '"M/D/YYYY("', '"DD"', '"utf-16"',
          '"rot13"', '";"', '"\\n"', '"\\""', '"é"', '["status"]', '"NEW"', '"general"', "9" * 5_000)  # fmt: skip
ASSIGNS = re.compile(r"^([\w. ]+=)(.*)$", re.MULTILINE)
always = settings(
    max_examples=250, deadline=20_000, database=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


@st.composite
def profiles(draw: Any) -> str:
    """One of those there are, with a few values, lines or letters changed."""
    text = TEXTS[draw(st.sampled_from(sorted(TEXTS)))]
    for _ in range(draw(st.integers(1, 3))):
        how, places = draw(st.sampled_from(["value", "value", "line", "letters"])), list(ASSIGNS.finditer(text))
        if how == "value" and places:
            found = draw(st.sampled_from(places))
            text = f"{text[: found.start(2)]} {draw(st.sampled_from(VALUES))}{text[found.end(2) :]}"
        elif how == "line":
            lines = text.split("\n")
            lines.insert(draw(st.integers(0, len(lines))), lines.pop(draw(st.integers(0, len(lines) - 1))))
            text = "\n".join(lines)
        else:
            place = draw(st.integers(0, len(text)))
            text = text[:place] + draw(st.text(max_size=4)) + text[place + draw(st.integers(0, 3)) :]
    return text


@always
@example(text=OWN.replace('["M/D/YYYY"]', "5"))
@example(text=OWN.replace('["permit_num", "issued_on"]', "5"))
@example(text=OWN.replace('["permit_num", "issued_on"]', "[[1]]"))
@example(text="no_company = 5\n" + OWN)
@example(text="a = " + "[" * 5_000)
@given(text=profiles() | st.text(max_size=60))
def test_a_profile_of_any_text(connected: str, tmp_path: Path, text: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8", errors="ignore")
    permits = write_austin(tmp_path / "permits.csv", [austin_row()])
    history = write_history(tmp_path / "inspections.csv", [history_row()])
    try:
        profile = load_profile(str(path))
        import_permits(permits, profile, now=NOW, zone=CHICAGO)
        import_inspections(history, profile, now=NOW, zone=CHICAGO)
    except ImportProblem as no:
        assert str(no).strip()


@always
@given(content=st.binary(max_size=200))
def test_a_profile_of_any_bytes(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "my.toml"
    path.write_bytes(content)
    try:
        load_profile(str(path))
    except ImportProblem as no:
        assert path.name in str(no)
