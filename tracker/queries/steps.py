"""What is still needed on a permit before its final, in order, and why a thing cannot be requested yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee import fn

from tracker.models import Fee, InspectionType, Permit
from tracker.models.permits import FEE_IS
from tracker.queries.permits import InspectionRow
from tracker.rules.outcomes import result_word
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Record, Type, may_ask, missing_first, needed_for_final, type_problem
from tracker.rules.words import LEAVES_OPEN, OPEN, SATISFIES, FeeState, Trade


@dataclass
class Step:
    """One inspection type of the permit. `state` is 'done', 'open' (requested), 'now', 'later' or 'na'."""

    type: Type
    state: str
    row: InspectionRow | None = None
    note: Reason | None = None

    @property
    def code(self) -> str:
        return self.type.code

    @property
    def can_request(self) -> bool:
        return self.state == "now"


@dataclass(frozen=True)
class Around:
    """What the steps of a permit depend on beside its inspections.

    `trades` names the company of each trade on the permit; `visits` are the (type, number) that a fee is due for.
    """

    types: Mapping[str, Type]
    active: bool
    trades: Mapping[str, str]
    visits: Sequence[tuple[Type, int]] = ()
    phone: str = ""


def steps_of(record: Record, history: Sequence[InspectionRow], around: Around) -> list[Step]:
    """The steps in the city's order; `history` is newest first."""
    latest: dict[str, InspectionRow] = {}
    for row in history:  # what is open goes before older tries
        there = latest.get(row.type.code)
        if there is None or (row.status in OPEN and there.status not in OPEN):
            latest[row.type.code] = row
    return [
        _step(one, record, latest.get(one.code), around) for one in around.types.values() if one.code in record.listed
    ]


def progress(steps: Sequence[Step], around: Around) -> tuple[int, int]:
    """(done, all) of the steps that count towards the final; what does not apply is neither."""
    needed = needed_for_final([step.code for step in steps], around.types)
    counted = [step for step in steps if step.code in needed and step.state != "na"]
    return sum(step.state == "done" for step in counted), len(counted)


def visits_to_pay(permit: Permit, types: Mapping[str, Type]) -> list[tuple[Type, int]]:
    """(inspection type, its visits so far) of each type with a re-inspection fee that is due, in the city's order."""
    rows = (
        Fee.select(InspectionType.code, fn.MAX(Fee.attempt))
        .join(InspectionType)
        .where(Fee.permit == permit, FEE_IS[FeeState.DUE])
        .group_by(InspectionType.code)
    )
    visits = dict(rows.tuples())
    return [(one, visits[one.code]) for one in types.values() if one.code in visits]


def _step(one: Type, record: Record, row: InspectionRow | None, around: Around) -> Step:
    if one.code in record.not_applicable:
        return Step(one, "na")
    if row is not None and row.status in OPEN:
        return Step(one, "open", row)
    if one.code in record.satisfied and not one.may_repeat:
        return Step(one, "done", row if row is not None and row.result in SATISFIES else None)
    if not around.active:
        return Step(one, "later", row)
    problem = type_problem(one, record, around.types)
    if problem is None:
        return Step(one, "now", row, _can_request(row))
    return Step(one, "later", row, _not_yet(one, record, around) or problem)


def _can_request(row: InspectionRow | None) -> Reason:
    if row is not None and row.result in LEAVES_OPEN:
        values = {"result": result_word(row.result), "day": row.day}
        return Reason(N_("{result} on {day}. You can request it again."), values)
    return Reason(N_("You can request it now."))


def _not_yet(one: Type, record: Record, around: Around) -> Reason | None:
    """In fewer words than the rule's own: the step stands under its name, beside those it waits for."""
    missing = missing_first(one, record, around.types, None)
    if one.is_final and record.unpaid:
        return _to_pay(record, missing, around)
    if missing:
        return Reason(N_("after {missing}"), {"missing": missing})
    who = around.trades.get(one.trade) or around.trades.get(Trade.GENERAL)
    if who and not may_ask(one, record.trades):
        return Reason(N_("{company} can request it"), {"company": who})
    return None


def _to_pay(record: Record, missing: Sequence[Type], around: Around) -> Reason:
    took = [Reason(N_("{type} took {count} visits"), {"type": one, "count": count}) for one, count in around.visits]
    values = {"missing": missing, "amount": f"{record.unpaid:.2f}", "took": took, "phone": around.phone}
    if missing:
        sentence = N_("After {missing}. First pay the re-inspection fee, ${amount}: {took}. Call {phone}.")
        return Reason(sentence, values)
    return Reason(N_("First pay the re-inspection fee, ${amount}: {took}. Call {phone}."), values)
