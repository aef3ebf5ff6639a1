"""An order that comes back to itself is named in words; what a permit type leaves out is said."""

from graphlib import CycleError, TopologicalSorter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.circles import circle_problem, not_needed
from tracker.rules.reasons import put
from tracker.rules.sequence import Need, Type

NAMES = {"FRAME": "Framing", "PLTOP": "Plumbing top-out", "GAS": "Gas test", "FOUND": "Foundation"}


def order(**needs: str) -> dict[str, Type]:
    """`order(FRAME="PLTOP GAS")`: all of NAMES, these with what they need."""
    return {
        code: Type(n, code, name, "", "building", needs=tuple(Need(one) for one in needs.get(code, "").split()))
        for n, (code, name) in enumerate(NAMES.items())
    }


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ({"FRAME": "PLTOP", "PLTOP": "FRAME"}, "Framing needs Plumbing top-out, which needs Framing."),
        (
            {"FRAME": "FOUND PLTOP", "PLTOP": "GAS", "GAS": "FOUND FRAME"},
            "Framing needs Plumbing top-out, which needs Gas test, which needs Framing.",
        ),
        ({"FRAME": "PLTOP GAS", "PLTOP": "GAS", "GAS": "FRAME"}, "Framing needs Gas test, which needs Framing."),
        ({"FRAME": "FRAME"}, "Framing cannot need itself."),
    ],
)
def test_the_shortest_circle_is_named(needs, said):
    problem = circle_problem("FRAME", order(**needs))
    assert problem and put(problem, gettext=str) == said


def test_two_ways_to_one_type_are_no_circle():
    assert circle_problem("FRAME", order(FRAME="PLTOP GAS", PLTOP="FOUND", GAS="FOUND")) is None


def test_a_circle_elsewhere_is_not_this_types():
    assert circle_problem("FRAME", order(FRAME="PLTOP", PLTOP="GAS", GAS="PLTOP")) is None


@given(st.dictionaries(st.sampled_from("ABCDEFG"), st.sets(st.sampled_from("ABCDEFG"), max_size=3)))
def test_it_finds_one_where_there_is_one(edges):
    types = {
        code: Type(0, code, code, "", "building", needs=tuple(Need(one) for one in sorted(edges.get(code, ()))))
        for code in "ABCDEFG"
    }
    try:
        TopologicalSorter(edges).prepare()
        has_circle = False
    except CycleError:
        has_circle = True
    assert has_circle == any(circle_problem(code, types) for code in types)


def test_what_is_not_listed_is_said_to_be_not_needed():
    types = order(FRAME="PLTOP GAS", GAS="FOUND")
    [said] = not_needed(["FRAME", "PLTOP"], types)
    assert put(said, gettext=str) == (
        "Framing needs Gas test first. That is not on this list, so here it is not needed."
    )
    assert not_needed(list(NAMES), types) == [] == not_needed([], types)
