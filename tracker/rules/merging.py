"""When two companies may be made one."""

from datetime import datetime
from typing import Protocol

from tracker.rules.reasons import N_, Reason


class Company(Protocol):
    """What a rule must know of a company, such as a row of the database."""

    id: int
    company_name: str
    lic_num: str | None
    blocked_at: datetime | None
    merged_into_id: int | None


def merge_problem(stays: Company, goes: Company) -> Reason | None:
    """Why `goes` cannot be merged into `stays`; licence numbers apart."""
    if stays.id == goes.id:
        return Reason(N_("A company cannot be merged with itself. Pick another one."))
    for one in (stays, goes):
        if one.merged_into_id is not None:
            return Reason(N_("{company} was merged already."), {"company": one.company_name})
    for one in (stays, goes):
        if one.blocked_at is not None:
            return Reason(N_("{company} is blocked. Unblock it first."), {"company": one.company_name})
    return None


def licence_problem(stays: Company, goes: Company) -> Reason | None:
    """Two licence numbers are two companies, as a rule; a supervisor may know better."""
    if not (stays.lic_num and goes.lic_num) or stays.lic_num == goes.lic_num:
        return None
    numbers = {"one": stays.lic_num, "other": goes.lic_num}
    return Reason(N_("The license numbers differ: {one} and {other}. That is two companies, as a rule."), numbers)
