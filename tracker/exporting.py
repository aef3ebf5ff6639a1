"""Permits and inspections as CSV with the columns of BLDS 1.2, read and written in pages: memory stays flat.

What BLDS has no value for stands beside it, in columns named Tracker… that the import reads back, and the rest of an
inspection in `ExtraFields`; of what an import brought, `InspType` and `Result` are the source's own words.
Registration codes, remarks and comments for the city only are never exported.
"""

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from peewee import JOIN, ModelSelect, fn

from tracker.models import Contractor, Inspection, InspectionType, Permit, PermitContractor, PermitType, Staff
from tracker.rules.cells import defused
from tracker.rules.words import LEAVES_OPEN, PermitStatus, Result, Status, TimeFrame, Trade

PAGE = 1_000
STATUS_MAPPED = {
    PermitStatus.APPLICATION_ACCEPTED: "Application Accepted",
    PermitStatus.FEES_PAYMENT: "Fees/Payment",
    PermitStatus.IN_REVIEW: "In Review",
    PermitStatus.ISSUED: "Permit Issued",
    PermitStatus.INSPECTION_PHASE: "Inspection Phase",
    PermitStatus.FINALED: "Permit Finaled",
    PermitStatus.FINALED_WITH_CONDITIONS: "Permit Finaled with Conditions",
    PermitStatus.OCCUPANCY: "Occupancy",
    PermitStatus.APPEAL: "Appeal",
    PermitStatus.CANCELLED: "Permit Cancelled",
}
TRADE_MAPPED = {
    Trade.GENERAL: "General",
    Trade.BUILDING: "General",
    Trade.ELECTRICAL: "Electrical",
    Trade.PLUMBING: "Plumbing",
    Trade.MECHANICAL: "Mechanical",
    Trade.IRRIGATION: "Plumbing",
}
# No access, not ready and waived have no value in BLDS: the raw result tells.
RESULT_MAPPED = {
    Result.PASSED: "Passed",
    Result.PASSED_WITH_CONDITIONS: "Passed",
    Result.PARTIAL: "Partial",
    Result.FAILED: "Rejected",
    Result.CANCELLED: "Cancelled",
}
CLOSED_WITHOUT_RESULT = (Status.CANCELLED, Status.DECLINED)

PERMIT_COLUMNS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "PermitNum": lambda row: row["permit_num"],
    "Description": lambda row: row["description"],
    "AppliedDate": lambda row: row["applied_on"],
    "IssuedDate": lambda row: row["issued_on"],
    "CompletedDate": lambda row: row["completed_on"],
    "StatusCurrent": lambda row: row["status_current"],
    "StatusCurrentMapped": lambda row: STATUS_MAPPED.get(row["status"], ""),
    "StatusDate": lambda row: row["status_on"],
    "ExpiresDate": lambda row: row["expires_on"],
    "OriginalAddress1": lambda row: row["original_address1"],
    "OriginalAddress2": lambda row: row["original_address2"],
    "OriginalCity": lambda row: row["original_city"],
    "OriginalState": lambda row: row["original_state"],
    "OriginalZip": lambda row: row["original_zip"],
    "PermitType": lambda row: row["type_name"],
    "PermitTypeMapped": lambda row: row["type_mapped"],
    "WorkClass": lambda row: row["work_class"],
    "EstProjectCost": lambda row: row["est_project_cost"],
    "Latitude": lambda row: row["latitude"],
    "Longitude": lambda row: row["longitude"],
    "ContractorCompanyName": lambda row: row["company_name"],
    "ContractorTrade": lambda row: row["trade"],
    "ContractorTradeMapped": lambda row: TRADE_MAPPED.get(row["trade"], ""),
    "ContractorLicNum": lambda row: row["lic_num"],
    "ContractorAddress1": lambda row: row["address"],
    "ContractorCity": lambda row: row["city"],
    "ContractorState": lambda row: row["state"],
    "ContractorZip": lambda row: row["zip"],
    "ContractorPhone": lambda row: row["phone"],
    "ContractorEmail": lambda row: row["email"],
    "TrackerStatus": lambda row: row["status"],
    "TrackerExpiresDate": lambda row: row["source_expires_on"],
}


def export_permits(path: Path) -> int:
    """Write every permit, one row for each of its contractors; returns the rows. Raises OSError."""
    contractor = (Contractor.company_name, Contractor.lic_num, Contractor.address, Contractor.city, Contractor.state)
    query = (
        Permit.select(
            Permit,
            PermitType.name.alias("type_name"),
            PermitType.mapped.alias("type_mapped"),
            PermitContractor.trade,
            *contractor,
            *(Contractor.zip, Contractor.phone, Contractor.email),
        )
        .join(PermitType, JOIN.LEFT_OUTER)
        .switch(Permit)
        .join(PermitContractor, JOIN.LEFT_OUTER)
        .join(Contractor, JOIN.LEFT_OUTER)
        .order_by(Permit.id, PermitContractor.id)
    )
    return _write(path, PERMIT_COLUMNS, _pages(Permit, query))


def inspection_columns(zone: tzinfo) -> dict[str, Callable[[dict[str, Any]], Any]]:
    return {
        "PermitNum": lambda row: row["permit_num"],
        "InspType": lambda row: row["source_type"] or row["name"],
        "InspTypeMapped": lambda row: TRADE_MAPPED[row["trade"]].replace("General", "Building"),
        "Result": lambda row: row["source_result"] or _outcome(row),
        "ResultMapped": lambda row: RESULT_MAPPED.get(row["result"] or row["status"], ""),
        "ScheduledDate": lambda row: row["day"],
        "InspectedDate": lambda row: row["closed_on"] if row["status"] == Status.DONE else None,
        "RequestDate": lambda row: row["requested_at"] and row["requested_at"].astimezone(zone).date(),
        "DesiredDate": lambda row: row["day"],
        "DesiredTime": lambda row: "" if row["time_frame"] == TimeFrame.ANY else row["time_frame"].upper(),
        "ReInspection": lambda row: int(row["earlier"] > 0),
        "Inspector": lambda row: row["inspector_name"] or (row["closed_by"] if row["source_key"] else ""),
        "InspectionNotes": lambda row: "\n".join(filter(None, (row["comment"], row["corrections"]))),
        "Final": lambda row: int(row["is_final"]),
        "ExtraFields": lambda row: json.dumps(
            {"code": row["code"], "status": row["status"], "contractor": row["company_name"]}, ensure_ascii=False
        ),
        "TrackerId": _number,
        "TrackerType": lambda row: row["code"],
        "TrackerResult": _outcome,
        "TrackerContractor": lambda row: row["company_name"],
    }


def _outcome(row: dict[str, Any]) -> str:
    return row["result"] or (row["status"] if row["status"] in CLOSED_WITHOUT_RESULT else "")


def _number(row: dict[str, Any]) -> str:
    """What tells the inspection apart on its permit: the source's number where it has one, or ours."""
    key = row["source_key"]
    return f"tracker-{row['id']}" if key is None else key[1:] if key.startswith("#") else ""


def export_inspections(path: Path, *, zone: tzinfo) -> int:
    """Write every inspection, those to come too; days are days in `zone`. Returns the rows. Raises OSError."""
    before = Inspection.alias()
    earlier = before.select(fn.COUNT(before.id)).where(
        before.permit == Inspection.permit,
        before.inspection_type == Inspection.inspection_type,
        before.id < Inspection.id,
        before.result.in_(LEAVES_OPEN),
    )
    query = (
        Inspection.select(
            Inspection,
            Permit.permit_num,
            *(InspectionType.name, InspectionType.code, InspectionType.trade, InspectionType.is_final),
            Contractor.company_name,
            Staff.name.alias("inspector_name"),
            earlier.alias("earlier"),
        )
        .join(Permit)
        .switch(Inspection)
        .join(InspectionType)
        .switch(Inspection)
        .join(Contractor, JOIN.LEFT_OUTER)
        .switch(Inspection)
        .join(Staff, JOIN.LEFT_OUTER)
        .order_by(Inspection.id)
    )
    return _write(path, inspection_columns(zone), _pages(Inspection, query))


def _pages(model: Any, query: ModelSelect) -> Iterator[dict[str, Any]]:
    """The rows of the query by ranges of the model's id: no database holds the whole result for us."""
    last = 0
    while True:
        ids = model.select(model.id).where(model.id > last).order_by(model.id).limit(PAGE)
        page = [id for (id,) in ids.tuples()]
        if not page:
            return
        yield from query.where(model.id > last, model.id <= page[-1]).dicts()
        last = page[-1]


def _write(path: Path, columns: dict[str, Callable[[dict[str, Any]], Any]], rows: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([defused(value(row)) for value in columns.values()])
            count += 1
    return count
