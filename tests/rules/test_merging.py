"""Which two companies may be made one."""

from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from tests.cast import NOW
from tracker.rules.merging import licence_problem, merge_problem
from tracker.rules.reasons import put


@dataclass
class Firm:
    id: int
    company_name: str
    lic_num: str | None = None
    blocked_at: datetime | None = None
    merged_into_id: int | None = None


STAYS, GOES = Firm(1, "Lone Star Plumbing"), Firm(2, "Lone Star Plumbing Inc")
BLOCKED, MERGED = {"blocked_at": NOW}, {"merged_into_id": 7}


@pytest.mark.parametrize(
    ("stays", "goes", "said"),
    [
        ({}, {}, None),
        ({}, {"id": 1}, "A company cannot be merged with itself. Pick another one."),
        (MERGED, {}, "Lone Star Plumbing was merged already."),
        ({}, MERGED, "Lone Star Plumbing Inc was merged already."),
        (BLOCKED, {}, "Lone Star Plumbing is blocked. Unblock it first."),
        ({}, BLOCKED, "Lone Star Plumbing Inc is blocked. Unblock it first."),
        (BLOCKED, MERGED, "Lone Star Plumbing Inc was merged already."),
    ],
)
def test_two_that_are_there_and_not_blocked_may_be_merged(stays, goes, said):
    problem = merge_problem(replace(STAYS, **stays), replace(GOES, **goes))
    assert (problem and put(problem, gettext=str)) == said


@pytest.mark.parametrize(("one", "other"), [(None, None), (None, "M-1"), ("M-1", None), ("M-1", "M-1"), ("", "M-1")])
def test_one_license_number_is_one_company(one, other):
    assert licence_problem(replace(STAYS, lic_num=one), replace(GOES, lic_num=other)) is None


def test_two_license_numbers_are_two_companies():
    problem = licence_problem(replace(STAYS, lic_num="M-1"), replace(GOES, lic_num="M-2"))
    said = "The license numbers differ: M-1 and M-2. That is two companies, as a rule."
    assert problem and put(problem, gettext=str) == said
