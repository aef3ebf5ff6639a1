"""Which inspection types may be marked as not applicable on a permit (no gas in an all-electric house), and back.

Source: the city's rule that staff can mark a type as not applicable: it is then neither offered nor needed first.
"""

from collections.abc import Mapping
from typing import Any

from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Record, Type


def not_applicable_problem(one: Type, record: Record) -> Reason | None:
    """Why a type cannot be marked as not applicable on a permit; None when it can."""
    values: dict[str, Any] = {"type": one}
    if one.code not in record.listed:
        return Reason(N_("{type} is not part of this permit."), values)
    if one.is_final:
        return Reason(N_("{type} closes the permit: it always applies."), values)
    if one.code in record.not_applicable:
        return Reason(N_("{type} is marked already."), values)
    if one.code in record.open_on:
        values["day"] = record.open_on[one.code]
        return Reason(N_("{type} is requested for {day}. Cancel it first."), values)
    if one.code in record.satisfied:
        return Reason(N_("{type} has passed already."), values)
    return None


def applies_again_problem(one: Type, record: Record, types: Mapping[str, Type]) -> Reason | None:
    """Why that mark cannot be taken back: it is gone, or something was asked for because of it."""
    if one.code not in record.not_applicable:
        return Reason(N_("{type} is not marked any more."), {"type": one})
    if one.code in record.satisfied:
        return None
    for code, on in sorted(record.open_on.items()):
        if any(need.code == one.code for need in types[code].needs):
            return Reason(
                N_("{later} on {day} needs {type} first. Cancel {later} before you take this back."),
                {"later": types[code], "day": on, "type": one},
            )
    return None
