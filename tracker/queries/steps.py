"""What is still needed on a permit before its final, in order, and why a thing cannot be requested yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.queries.permits import InspectionRow
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Record, Type, may_ask, missing_first, type_problem
from tracker.rules.words import OPEN, SATISFIES


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

    @property
    def day(self) -> date | None:
        return self.row.day if self.row else None


def steps_of(
    record: Record,
    types: Mapping[str, Type],
    history: Sequence[InspectionRow],
    *,
    active: bool,
    trades: Mapping[str, str],
) -> list[Step]:
    """The steps in the city's order; `trades` names the company of each trade on the permit."""
    latest: dict[str, InspectionRow] = {}
    for row in history:  # newest first: what is open or has passed goes before older tries
        there = latest.get(row.type.code)
        if there is None or (row.status in OPEN and there.status not in OPEN):
            latest[row.type.code] = row
    return [
        _step(one, record, types, latest.get(one.code), active, trades)
        for one in types.values()
        if one.code in record.listed
    ]


def _step(
    one: Type,
    record: Record,
    types: Mapping[str, Type],
    row: InspectionRow | None,
    active: bool,
    trades: Mapping[str, str],
) -> Step:
    if one.code in record.not_applicable:
        return Step(one, "na")
    if row is not None and row.status in OPEN:
        return Step(one, "open", row)
    if one.code in record.satisfied and not one.may_repeat:
        passed = row if row is not None and row.result in SATISFIES else None
        return Step(one, "done", passed)
    if not active:
        return Step(one, "later", row)
    problem = type_problem(one, record, types)
    if problem is None:
        return Step(one, "now", row, Reason(N_("You can request it now.")))
    return Step(one, "later", row, _short(one, record, types, trades) or problem)


def _short(one: Type, record: Record, types: Mapping[str, Type], trades: Mapping[str, str]) -> Reason | None:
    if missing := missing_first(one, record, types, None):
        return Reason(N_("after {missing}"), {"missing": missing})
    if not may_ask(one, record.trades):
        who = trades.get(one.trade) or trades.get("general")
        if who:
            return Reason(N_("{company} can request it"), {"company": who})
    return None
