"""What Sam may mark as not applicable on a permit, and when he can take it back."""

from datetime import date

import pytest

from tests.rules.order import HOUSE, TYPES, house
from tracker.rules.not_applicable import applies_again_problem, not_applicable_problem

WEDNESDAY = date(2026, 5, 27)


@pytest.mark.parametrize(
    ("code", "known", "said"),
    [
        ("GAS", {}, None),
        ("FLAT", {}, None),
        ("WH", {}, "{type} is not part of this permit."),
        ("FINAL", {}, "{type} closes the permit: it always applies."),
        ("GAS", {"open_on": {"GAS": WEDNESDAY}}, "{type} is requested for {day}. Cancel it first."),
        ("FLAT", {"open_on": {"FLAT": WEDNESDAY}}, "{type} is requested for {day}. Cancel it first."),
        ("GAS", {"satisfied": ("GAS",)}, "{type} has passed already."),
        ("GAS", {"not_applicable": ("GAS",)}, "{type} is marked already."),
        ("GAS", {"open_on": {"PLFIN": WEDNESDAY}}, None),
    ],
)
def test_what_can_be_marked(code, known, said):
    problem = not_applicable_problem(TYPES[code], house(**known))
    assert (problem and problem.message) == said


@pytest.mark.parametrize("code", HOUSE)
def test_each_type_of_a_house_but_the_final_can_be_marked(code):
    assert (not_applicable_problem(TYPES[code], house()) is None) == (code != "FINAL")


@pytest.mark.parametrize(
    ("code", "known", "begins"),
    [
        ("GAS", {"not_applicable": ("GAS",)}, None),
        ("GAS", {}, "{type} is not marked any more."),
        ("GAS", {"not_applicable": ("GAS",), "open_on": {"PLFIN": WEDNESDAY}}, "{later} on {day} needs {type} first."),
        ("GAS", {"not_applicable": ("GAS",), "open_on": {"ELFIN": WEDNESDAY}}, None),
        ("MERGH", {"not_applicable": ("MERGH",), "open_on": {"FRAME": WEDNESDAY}}, "{later} on {day} needs"),
    ],
)
def test_what_can_be_taken_back(code, known, begins):
    problem = applies_again_problem(TYPES[code], house(**known), TYPES)
    assert problem.message.startswith(begins) if begins else problem is None
