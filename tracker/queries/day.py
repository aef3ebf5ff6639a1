"""An inspector's day: the stops in their order, and how full the day is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from tracker.models import (
    Contractor,
    Correction,
    Inspection,
    InspectionResult,
    InspectionType,
    Permit,
    Request,
    Staff,
)
from tracker.rules import eta
from tracker.rules.sequence import Type
from tracker.rules.words import OPEN, Result, Role, Status

# An inspector's stops that are still to be made, and those with what is done.
TO_MAKE = (Status.SCHEDULED, Status.ON_THE_WAY, Status.ARRIVED)
ON_THE_DAY = Inspection.status.in_((*TO_MAKE, Status.DONE))
COUNTS = Inspection.status.in_(TO_MAKE) | ((Inspection.status == Status.DONE) & (Inspection.result != Result.CANCELLED))


@dataclass
class Stop:
    """A stop as the inspector's page prints it, with the contact and the remarks; instants are aware."""

    id: int
    status: str
    result: str | None
    day: date
    time_frame: str
    remarks: str
    corrections: list[str]
    comment: str
    staff_comment: str
    inspector_id: int | None
    stop_order: int
    on_the_way_at: datetime | None
    arrived_at: datetime | None
    closed_at: datetime | None
    type: Type
    permit_num: str
    zip: str
    town: str
    company_name: str
    contact_name: str
    phone: str
    address: str


class Again(NamedTuple):
    """A request for the same type on the same permit, made since."""

    id: int
    day: date
    request_id: int | None


def asked_again(id: int) -> Again | None:
    """What is open of this inspection's type on its permit, and was asked for after it."""
    this = Inspection.alias("this")
    same = (this.permit == Inspection.permit) & (this.inspection_type == Inspection.inspection_type)
    rows = Inspection.select(Inspection.id, Inspection.day, Inspection.request).join(this, on=same)
    rows = rows.where(this.id == id, Inspection.id > this.id, Inspection.status.in_(OPEN)).order_by(Inspection.id)
    return next((Again(*row) for row in rows.limit(1).tuples()), None)


def stops_of_day(inspector_id: int, day: date) -> list[Stop]:
    """All stops of the day in their order, those that are done among them, in one query."""
    return _stops(
        Inspection.inspector == inspector_id,
        Inspection.day == day,
        ON_THE_DAY,
    )


def one_stop(id: int) -> Stop | None:
    """A stop by its id, whosever it is."""
    return next(iter(_stops(Inspection.id == id)), None)


def _stops(*where: Any) -> list[Stop]:
    columns = (
        Inspection.id, Inspection.status, Inspection.result, Inspection.day, Inspection.time_frame,
        Inspection.remarks, Inspection.corrections, Inspection.comment, Inspection.staff_comment,
        Inspection.inspector, Inspection.stop_order, Inspection.on_the_way_at, Inspection.arrived_at,
        Inspection.closed_at, InspectionType.id, InspectionType.code, InspectionType.name, InspectionType.name_es,
        InspectionType.trade, InspectionType.minutes, Permit.permit_num, Permit.original_zip, Permit.original_city,
        Contractor.company_name, Request.contact_name, Request.phone,
        fn.COALESCE(Request.site_address, Permit.original_address1),
    )  # fmt: skip
    rows = (
        Inspection.select(*columns)
        .join(InspectionType)
        .switch(Inspection)
        .join(Permit)
        .switch(Inspection)
        .join(Contractor, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(Request, JOIN.LEFT_OUTER)
        .where(*where)
        .order_by(Inspection.stop_order, Inspection.id)
    )
    return [_stop(*row) for row in rows.tuples()]


def _stop(id, status, result, day, frame, remarks, corrections, comment, staff_comment, inspector_id, *rest) -> Stop:
    order, on_the_way_at, arrived_at, closed_at, type_id, code, name, name_es, trade, minutes, *where = rest
    number, zip_code, town, company, contact, phone, address = where
    return Stop(
        id=id, status=Status(status), result=result, day=day, time_frame=frame, remarks=remarks,
        corrections=corrections.splitlines(), comment=comment, staff_comment=staff_comment,
        inspector_id=inspector_id, stop_order=order, on_the_way_at=on_the_way_at, arrived_at=arrived_at,
        closed_at=closed_at, type=Type(type_id, code, name, name_es, trade, minutes), permit_num=number,
        zip=zip_code, town=town, company_name=company or "", contact_name=contact or "", phone=phone or "",
        address=address,
    )  # fmt: skip


def inspector_load(inspector_id: int, day: date) -> tuple[int, int]:
    """(stops, minutes) of an inspector on a day, those that are done included."""
    row = (
        Inspection.select(fn.COUNT(Inspection.id), fn.COALESCE(fn.SUM(InspectionType.minutes), 0))
        .join(InspectionType)
        .where(Inspection.inspector == inspector_id, Inspection.day == day, COUNTS)
        .tuples()
    )
    stops, minutes = row[0]
    return int(stops), int(minutes)


def inspectors() -> list[tuple[int, str]]:
    """(id, name) of the inspectors who work here, by name."""
    rows = Staff.select(Staff.id, Staff.name).where(Staff.role == Role.INSPECTOR, Staff.left_at.is_null())
    return list(rows.order_by(Staff.name, Staff.id).tuples())


def unfinished_before(inspector_id: int, day: date) -> list[tuple[date, int]]:
    """(day, stops) of the days before with stops that have no result yet, the last first."""
    rows = (
        Inspection.select(Inspection.day, fn.COUNT(Inspection.id))
        .where(Inspection.inspector == inspector_id, Inspection.day < day, Inspection.status.in_(TO_MAKE))
        .group_by(Inspection.day)
        .order_by(Inspection.day.desc())
    )
    return list(rows.tuples())


def waiting_lines(inspector_ids: Collection[int], day: date) -> dict[int, list[eta.Stop]]:
    """The stops of these inspectors on a day, in order, as the estimate of arrivals wants them; in one query."""
    lines: dict[int, list[eta.Stop]] = {id: [] for id in inspector_ids}
    rows = (
        Inspection.select(
            Inspection.inspector, Inspection.id, InspectionType.minutes, Inspection.status,
            Inspection.on_the_way_at, Inspection.arrived_at, Inspection.closed_at, Inspection.permit,
        )
        .join(InspectionType)
        .where(Inspection.inspector.in_(list(inspector_ids)), Inspection.day == day, ON_THE_DAY)
        .order_by(Inspection.stop_order, Inspection.id)
    )  # fmt: skip
    for inspector_id, *stop in rows.tuples():
        lines[inspector_id].append(eta.Stop(*stop))
    return lines


def corrections_of(type_id: int) -> list[Correction]:
    """The corrections an inspector may pick for a type, in the order they were listed."""
    rows = Correction.select(Correction.id, Correction.text, Correction.text_es)
    return list(rows.where(Correction.inspection_type == type_id).order_by(Correction.id))


def versions_of(inspection_id: int) -> list[tuple[int, str, str, str, str, datetime, str | None]]:
    """(id, result, comment, staff comment, corrections, when, by whom) of every version of a result, newest first."""
    rows = (
        InspectionResult.select(
            InspectionResult.id, InspectionResult.result, InspectionResult.comment, InspectionResult.staff_comment,
            InspectionResult.corrections, InspectionResult.recorded_at, Staff.name,
        )
        .left_outer_join(Staff)
        .where(InspectionResult.inspection == inspection_id)
        .order_by(InspectionResult.id.desc())
    )  # fmt: skip
    return list(rows.tuples())
