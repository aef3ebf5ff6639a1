"""What a result needs, which attempts cost a fee, and how long a permit lives."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.outcomes import (
    INCLUDED_ATTEMPTS,
    RESULT_WORDS,
    VALID_FOR,
    attempts_to_pay,
    extended_expiry,
    outcome_problem,
    result_word,
)
from tracker.rules.words import ATTEMPTS, LEAVES_OPEN, SATISFIES, Result

results = st.lists(st.sampled_from(list(Result)), max_size=8)
days = st.dates(date(2019, 1, 1), date(2040, 12, 31))


def test_every_result_has_its_word_and_its_place():
    assert set(RESULT_WORDS) == set(Result) and {result_word(one).message for one in Result} == {
        "Passed", "Passed with conditions", "Partial", "Failed", "No access", "Not ready", "Cancelled", "Waived",
    }  # fmt: skip
    assert not set(SATISFIES) & set(LEAVES_OPEN)
    assert set(Result) - set(SATISFIES) - set(LEAVES_OPEN) == {Result.CANCELLED}
    assert set(Result) - set(ATTEMPTS) == {Result.CANCELLED, Result.WAIVED}


@pytest.mark.parametrize(
    ("had", "to_pay"),
    [
        ([], []),
        (["failed"], []),
        (["failed", "failed"], []),
        (["failed", "passed"], []),
        (["failed", "no_access", "passed"], [3]),
        (["failed", "not_ready", "partial", "passed_with_conditions"], [3, 4]),
        (["failed", "cancelled", "failed"], []),
        (["failed", "failed", "waived"], []),
        (["cancelled"] * 5, []),
    ],
)
def test_from_the_third_attempt_with_a_result_on_a_fee_is_due(had, to_pay):
    assert list(attempts_to_pay(had, may_repeat=False)) == to_pay
    assert list(attempts_to_pay(had, may_repeat=True)) == []


@given(results, st.sampled_from(list(Result)))
def test_one_result_more_costs_at_most_one_fee_more(had, one):
    before, after = (attempts_to_pay(all, may_repeat=False) for all in (had, [*had, one]))
    assert list(after)[: len(before)] == list(before) and len(after) - len(before) in (0, 1)
    assert all(number > INCLUDED_ATTEMPTS for number in after)


@pytest.mark.parametrize(
    ("source", "last", "expires_on"),
    [
        ("2026-10-23", None, "2026-10-23"),
        ("2026-10-23", "2026-05-27", "2026-11-23"),  # 180 days after that inspection
        ("2026-10-23", "2026-04-26", "2026-10-23"),
        ("2027-06-30", "2026-05-27", "2027-06-30"),  # never shorter than the source says
    ],
)
def test_an_inspection_extends_the_permit(source, last, expires_on):
    last_on = date.fromisoformat(last) if last else None
    assert extended_expiry(date.fromisoformat(source), last_on) == date.fromisoformat(expires_on)


@given(days, days, days)
def test_a_later_inspection_never_shortens_a_permit_and_taking_it_back_leaves_what_the_source_says(source, one, other):
    first, second = sorted((one, other))
    assert source <= extended_expiry(source, first) <= extended_expiry(source, second)
    assert extended_expiry(source, second) >= second + VALID_FOR
    assert extended_expiry(source, None) == source


@pytest.mark.parametrize(
    ("result", "bare", "corrections", "comment"),
    [
        ("passed", True, False, True),
        ("no_access", True, False, True),
        ("not_ready", True, True, True),
        ("cancelled", True, False, True),
        ("waived", True, False, True),
        ("failed", False, True, True),
        ("partial", False, True, True),
        ("passed_with_conditions", False, True, True),
    ],
)
def test_the_contractor_must_learn_what_to_do(result, bare, corrections, comment):
    assert (outcome_problem(result, [], "") is None) is bare
    assert (outcome_problem(result, ["Missing cleanout"], "") is None) is corrections
    assert (outcome_problem(result, [], "Call first.") is None) is comment


def test_a_result_that_leaves_nothing_to_correct_is_named_as_such():
    problem = outcome_problem("waived", ["Missing cleanout"], "")
    assert problem and problem.values == {"result": result_word("waived")}


def test_the_fees_of_history_were_another_systems_matter():
    """Whatever it counted still counts: the fourth attempt is the first of ours, and to be paid."""
    had = ["failed", "failed", "failed", "passed"]
    assert list(attempts_to_pay(had, may_repeat=False)) == [3, 4]
    assert list(attempts_to_pay(had, may_repeat=False, before=1)) == [3, 4]
    assert list(attempts_to_pay(had, may_repeat=False, before=3)) == [4]
    assert list(attempts_to_pay(had, may_repeat=False, before=4)) == []
