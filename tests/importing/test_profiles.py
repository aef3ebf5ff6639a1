"""Profiles of one's own, and what is said of a wrong one."""

from pathlib import Path

import pytest

from tests.importing.conftest import companies_on, the_permit
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import load_profile

OWN = """
date_formats = ["M/D/YYYY"]
delimiter = ";"
required = ["permit_num", "issued_on"]
[columns]
permit_num = ["Permit #", "Permit No"]
original_address1 = "Where"
status = "State"
issued_on = { year = "Year", month = "Month" }
[status]
issued = ["Live"]
[[contractors]]
name = "General"
[[contractors]]
name = "Plumber"
is = "plumbing"
"""


@pytest.fixture
def own(tmp_path: Path) -> str:
    path = tmp_path / "my.toml"
    path.write_text(OWN)
    return str(path)


def test_a_profile_of_ones_own(load, own) -> None:
    load(
        "permit no;Where;State;Year;Month;General;Plumber\nA-1;1 Main St;LIVE;2026;April;Builders;Pipes\n", profile=own
    )
    permit = the_permit("A-1")
    assert permit.issued_on.isoformat() == "2026-04-01" and permit.permit_type is None
    assert companies_on("A-1") == {("Builders", "general"), ("Pipes", "plumbing")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[columns]", "[colums]", "it has colums"),
        ("[columns]", "[columns", "can't be read"),
        ('status = "State"\n', "", "[columns] does not say which column holds status"),
        ("issued_on = {", "isued_on = {", "isued_on must be a column's name"),
        ('status = "State"', 'status = "State"\nowner = "Owner"', "has owner, which no rule asks for"),
        ("issued = [", "isued = [", "isued is not"),
        ('is = "plumbing"', 'is = "plumber"', "plumber is no trade"),
        ('delimiter = ";"', 'delimiter = ";;"', "delimiter must be one character"),
        ('"issued_on"]', '"issued"]', "required names issued"),
        ("[status]", '[[trades]]\ntrade = "general"\nwhen = { x = "." }\n[status]', "asks for x"),
        ("[status]", '[[trades]]\ntrade = "general"\nwhen = { status = "(" }\n[status]', "a pattern that is none"),
        ("[status]", "valid_days = 0\n[status]", "it has|valid_days|known"),
    ],
)
def test_a_wrong_profile_is_named_with_what_is_wrong(own, old, new, said) -> None:
    Path(own).write_text(OWN.replace(old, new))
    with pytest.raises(ImportProblem) as no:
        load_profile(own)
    assert "my.toml" in str(no.value) and any(part in str(no.value) for part in said.split("|"))


def test_a_permit_type_the_city_lacks(load, own) -> None:
    Path(own).write_text(OWN + '[[permit_types]]\ncode = "CASTLE"\nwhen = { status = "." }\n')
    with pytest.raises(ImportProblem, match="permit type CASTLE is none of the city's"):
        load("permit no;Where;State;Year;Month;General;Plumber\n", profile=own)


def test_a_date_format_that_is_none(load, own) -> None:
    Path(own).write_text(OWN.replace("M/D/YYYY", "whenever"))
    with pytest.raises(ImportProblem, match="date format whenever is none"):
        load("permit no;Where;State;Year;Month;General;Plumber\n", profile=own)


@pytest.mark.parametrize("name", ["austin", "blds"])
def test_the_profiles_that_come_with_the_project_are_right(name) -> None:
    assert load_profile(name).status_words
