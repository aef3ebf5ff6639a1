"""A permit with everything on it, for the rules and for its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from peewee import JOIN, Select, fn

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
from tracker.statements import statement


def record_of(permit: Permit, contractor: Contractor | None, types: Mapping[str, Type]) -> Record:
    """What the rules must know when this company asks for something on this permit; without one, as if it may ask all.

    Of a type's results the last one says whether it has passed; of one that may repeat, any.
    """
    code = {one.id: one.code for one in types.values()}
    inspections = _asked_for(permit.id)
    return Record(
        listed=[code[one] for (one,) in _listed(permit.permit_type_id)],
        trades=[trade for (trade,) in _trades(permit.id, contractor.id)] if contractor else (Trade.GENERAL,),
        satisfied=_satisfied([(code[one], result) for one, _, _, result in inspections if result], types),
        open_on=earliest((code[one], day) for one, status, day, _ in inspections if status in OPEN),
        not_applicable=[code[one] for (one,) in _not_applicable(permit.id)],
        unpaid=Decimal(str(_unpaid(permit.id)[0][0] or 0)),
    )


@statement
def _listed(permit_type_id: Any) -> Select:
    rows = PermitTypeInspection.select(PermitTypeInspection.inspection_type)
    return rows.where(PermitTypeInspection.permit_type == permit_type_id)


@statement
def _asked_for(permit_id: Any) -> Select:
    columns = (Inspection.inspection_type, Inspection.status, Inspection.day, Inspection.result)
    return Inspection.select(*columns).where(Inspection.permit == permit_id).order_by(Inspection.day, Inspection.id)


@statement
def _not_applicable(permit_id: Any) -> Select:
    return NotApplicable.select(NotApplicable.inspection_type).where(NotApplicable.permit == permit_id)


@statement
def _unpaid(permit_id: Any) -> Select:
    return Fee.select(fn.SUM(Fee.amount)).where(Fee.permit == permit_id, FEE_IS[FeeState.DUE])


@statement
def _trades(permit_id: Any, contractor_id: Any) -> Select:
    on_it = PermitContractor.select(PermitContractor.trade)
    return on_it.where(PermitContractor.permit == permit_id, PermitContractor.contractor == contractor_id)


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
    """The inspections for which all of `where` holds, in one query; remarks and contacts are never in it."""
    return read_rows(all_inspections().where(*where).order_by(*order).limit(limit).tuples())


def inspections_on(permit: Permit) -> list[InspectionRow]:
    """The last two hundred inspections on a permit, the newest first."""
    return read_rows(_on_permit(permit.id))


@statement
def _on_permit(permit_id: Any) -> Select:
    rows = all_inspections().where(Inspection.permit == permit_id)
    return rows.order_by(Inspection.day.desc(), Inspection.id.desc()).limit(200)


def read_rows(found: Iterable[tuple]) -> list[InspectionRow]:
    """What a query over `all_inspections` found."""
    return [_row(*row) for row in found]


def all_inspections() -> Any:
    """What an import brought has no request, and a company only where it is known whose it was."""
    columns = (
        Inspection.id, Permit.permit_num, fn.COALESCE(Request.site_address, Permit.original_address1),
        InspectionType.name, InspectionType.name_es, InspectionType.code, InspectionType.trade,
        Inspection.status, Inspection.result, Inspection.day, Inspection.time_frame, Staff.name, Staff.phone,
        Inspection.comment, Inspection.corrections, Inspection.request, Inspection.closed_at, Inspection.closed_by,
        Contractor.company_name, Contractor.id, Inspection.to_repeat, Inspection.inspector,
    )  # fmt: skip
    return (
        Inspection.select(*columns)
        .join(Permit)
        .switch(Inspection)
        .join(Request, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(InspectionType)
        .switch(Inspection)
        .join(Contractor, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(Staff, JOIN.LEFT_OUTER)
    )


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
    return read_rows(_of_request(request.id))


@statement
def _of_request(request_id: Any) -> Select:
    return all_inspections().where(Inspection.request == request_id).order_by(Inspection.id)
