"""A permit with everything on it, for the rules and for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from peewee import JOIN, fn

from tracker.models import (
    Contractor,
    Fee,
    Inspection,
    InspectionType,
    NotApplicable,
    Permit,
    PermitContractor,
    PermitTypeInspection,
    Request,
    Staff,
)
from tracker.models.permits import FEE_IS
from tracker.rules.sequence import Record, Type, earliest
from tracker.rules.words import LEAVES_OPEN, OPEN, SATISFIES, FeeState, Status, Trade


def record_of(permit: Permit, contractor: Contractor | None, types: Mapping[str, Type]) -> Record:
    """What the rules must know when this company asks for something on this permit; without one, as if it may ask all.

    Of a type's results the last one says whether it has passed; of one that may repeat, any.
    """
    code = {one.id: one.code for one in types.values()}
    listed = PermitTypeInspection.select(PermitTypeInspection.inspection_type).where(
        PermitTypeInspection.permit_type == permit.permit_type_id
    )
    inspections = list(
        Inspection.select(Inspection.inspection_type, Inspection.status, Inspection.day, Inspection.result)
        .where(Inspection.permit == permit)
        .order_by(Inspection.day, Inspection.id)
        .tuples()
    )
    none = NotApplicable.select(NotApplicable.inspection_type).where(NotApplicable.permit == permit)
    unpaid = Fee.select(fn.SUM(Fee.amount)).where(Fee.permit == permit, FEE_IS[FeeState.DUE])
    return Record(
        listed=[code[one] for (one,) in listed.tuples()],
        trades=_trades(permit, contractor) if contractor else (Trade.GENERAL,),
        satisfied=_satisfied([(code[one], result) for one, _, _, result in inspections if result], types),
        open_on=earliest((code[one], day) for one, status, day, _ in inspections if status in OPEN),
        not_applicable=[code[one] for (one,) in none.tuples()],
        unpaid=Decimal(str(unpaid.scalar() or 0)),
    )


def _trades(permit: Permit, contractor: Contractor) -> list[str]:
    rows = PermitContractor.select(PermitContractor.trade).where(
        PermitContractor.permit == permit, PermitContractor.contractor == contractor
    )
    return [trade for (trade,) in rows.tuples()]


def _satisfied(results: Iterable[tuple[str, str]], types: Mapping[str, Type]) -> set[str]:
    """The codes that have passed, from all (code, result) in the order of their days."""
    passed: set[str] = set()
    for code, result in results:
        if result in SATISFIES:
            passed.add(code)
        elif result in LEAVES_OPEN and not types[code].may_repeat:
            passed.discard(code)
    return passed


@dataclass
class InspectionRow:
    """An inspection as its pages print it. Days are the city's, moments are aware."""

    id: int
    permit_num: str
    address: str
    type: Any
    status: str
    result: str | None
    day: Any
    time_frame: str
    inspector_name: str
    inspector_phone: str
    comment: str
    corrections: list[str]
    request_id: int | None
    closed_at: Any
    closed_by: str
    company_name: str
    company_id: int | None
    to_repeat: bool
    inspector_id: int | None = None


def inspection_rows(*where: Any, order: Any = (), limit: int | None = None) -> list[InspectionRow]:
    """The inspections for which all of `where` holds, in one query; remarks and contacts are never in it.

    What an import brought has no request, and a company only where it is known whose it was.
    """
    query = (
        Inspection.select(
            Inspection.id,
            Permit.permit_num,
            fn.COALESCE(Request.site_address, Permit.original_address1),
            InspectionType.name,
            InspectionType.name_es,
            InspectionType.code,
            InspectionType.trade,
            Inspection.status,
            Inspection.result,
            Inspection.day,
            Inspection.time_frame,
            Staff.name,
            Staff.phone,
            Inspection.comment,
            Inspection.corrections,
            Inspection.request,
            Inspection.closed_at,
            Inspection.closed_by,
            Contractor.company_name,
            Contractor.id,
            Inspection.to_repeat,
            Inspection.inspector,
        )
        .join(Permit)
        .switch(Inspection)
        .join(Request, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(InspectionType)
        .switch(Inspection)
        .join(Contractor, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(Staff, JOIN.LEFT_OUTER)
        .where(*where)
        .order_by(*order)
        .limit(limit)
    )
    return [_row(*row) for row in query.tuples()]


def _row(id, number, address, name, name_es, code, trade, status, result, day, frame, who, phone, comment, *rest):
    corrections, request, closed_at, closed_by, company, company_id, to_repeat, inspector_id = rest
    return InspectionRow(
        id=id,
        permit_num=number,
        address=address,
        type=Type(0, code, name, name_es, trade),
        status=Status(status),
        result=result,
        day=day,
        time_frame=frame,
        inspector_name=who or "",
        inspector_phone=phone or "",
        comment=comment,
        corrections=corrections.splitlines(),
        request_id=request,
        closed_at=closed_at,
        closed_by=closed_by,
        company_name=company or "",
        company_id=company_id,
        to_repeat=bool(to_repeat),
        inspector_id=inspector_id,
    )


def last_request(permit: Permit, contractor: Contractor) -> Request | None:
    """The company's last request on this permit."""
    return (
        Request.select()
        .where(Request.permit == permit, Request.contractor == contractor)
        .order_by(Request.id.desc())
        .first()
    )


def requested_in(request: Request) -> list[InspectionRow]:
    """The inspections of one request, in the order they were listed."""
    return inspection_rows(Inspection.request == request, order=(Inspection.id,))
