"""Re-inspection fees: what is due, what was paid, what was waived, and of whom."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from tracker.models import Contractor, Fee, Inspection, InspectionType, Permit
from tracker.models.permits import FEE_IS, fee_state
from tracker.rules.sequence import Type
from tracker.rules.words import FeeState

PAGE = 50


@dataclass
class FeeRow:
    """A fee as its pages print it; instants are aware. The company is the one whose inspection it is for."""

    id: int
    permit_num: str
    address: str
    type: Type
    attempt: int
    amount: Decimal
    due_at: datetime
    paid_at: datetime | None
    receipt: str
    waived_at: datetime | None
    waived_because: str
    company_id: int | None
    company_name: str | None

    @property
    def state(self) -> FeeState:
        return fee_state(self.paid_at, self.waived_at)


def fees(*where: Any, before: int | None = None, limit: int = PAGE) -> tuple[list[FeeRow], int | None]:
    """A page of the fees for which all of `where` holds, the newest first, and the id that the next page is before."""
    last = Inspection.alias("last")
    # Of several companies that had this type inspected on the permit, the one that came last.
    of_company = (
        last.select(last.contractor)
        .where(last.permit == Fee.permit, last.inspection_type == Fee.inspection_type, last.result.is_null(False))
        .order_by(last.id.desc())
        .limit(1)
    )
    columns = (
        Fee.id, Permit.permit_num, Permit.original_address1, InspectionType.code, InspectionType.name,
        InspectionType.name_es, InspectionType.trade, Fee.attempt, Fee.amount, Fee.due_at, Fee.paid_at, Fee.receipt,
        Fee.waived_at, Fee.waived_because, Contractor.id, Contractor.company_name,
    )  # fmt: skip
    query = (
        Fee.select(*columns)
        .join(Permit)
        .switch(Fee)
        .join(InspectionType)
        .switch(Fee)
        .join(Contractor, JOIN.LEFT_OUTER, on=(Contractor.id == of_company))
        .order_by(Fee.id.desc())
    )
    if before:
        where += (Fee.id < min(before, 2**31 - 1),)
    query = query.where(*where) if where else query
    found = list(query.limit(limit + 1).tuples())
    return [_row(*row) for row in found[:limit]], found[limit - 1][0] if len(found) > limit else None


def _row(id, number, address, code, name, name_es, trade, *rest) -> FeeRow:
    return FeeRow(id, number, address, Type(0, code, name, name_es, trade), *rest)


def wanted(state: str = "", number: str = "") -> list[Any]:
    """The conditions for fees in this state ('': any), on permits whose number begins like this ('': any)."""
    where = [FEE_IS[FeeState(state)]] if state else []
    return [*where, Permit.permit_num.startswith(number)] if number else where


def fee_shown(id: int) -> FeeRow | None:
    rows, _more = fees(Fee.id == id, limit=1) if 0 < id < 2**31 else ([], None)
    return rows[0] if rows else None


def fees_on(permit: Permit) -> list[FeeRow]:
    """All fees of a permit, the newest first."""
    return fees(Fee.permit == permit, limit=200)[0]


def fees_due() -> tuple[int, Decimal]:
    """How many are due, and how much that is, in US dollars."""
    count, total = Fee.select(fn.COUNT(Fee.id), fn.SUM(Fee.amount)).where(FEE_IS[FeeState.DUE]).scalar(as_tuple=True)
    return count, Decimal(str(total or 0))
