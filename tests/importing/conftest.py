"""Files made in the test, loaded into the test's database, and what is in it then."""

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cast import CHICAGO, NOW
from tracker.db import database
from tracker.importing.profile import load_profile
from tracker.importing.run import import_inspections, import_permits
from tracker.importing.summary import Summary
from tracker.models import CompanyName, Contractor, Inspection, InspectionType, Permit, PermitContractor, PermitType

HEADER = (
    "permit_number,sub_type,work_type,permit_location,date_issued,work_description,status,contractor,"
    "contractor_address,contractor_city,contractor_state,contractor_zip,total_job_valuation,city,postal_code"
)
Row = dict[str, str]


def austin_row(number: str = "2026-000001 PP", **values: str) -> Row:
    """A row as the city of Austin writes it; what is not given is a plain water heater."""
    return {
        "permit_number": number,
        "sub_type": "Residential",
        "work_type": "Change Out",
        "permit_location": "418 LARKSPUR LN",
        "date_issued": "05/04/2026",
        "work_description": "Change out water heater",
        "status": "Active",
        "contractor": "Lone Star Plumbing",
    } | values


def write_austin(path: Path, rows: Sequence[Row]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, HEADER.split(","))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def connected(db: str) -> Iterator[str]:
    with database.connection_context():
        yield db


@pytest.fixture
def load(connected: str, tmp_path: Path) -> Callable[..., Summary]:
    """`load(row, row, …)` or `load("text of a file", profile="blds")` → what the import says it did."""

    def loaded(*rows: Row | str, profile: str = "austin", **options: Any) -> Summary:
        path = tmp_path / "permits.csv"
        if rows and isinstance(rows[0], str):
            path.write_text(rows[0], encoding="utf-8", newline="")
        else:
            write_austin(path, [row for row in rows if isinstance(row, dict)])
        return import_permits(path, load_profile(profile), **{"now": NOW, "zone": CHICAGO, **options})

    return loaded


HISTORY = (
    *("PermitNum", "InspType", "InspTypeMapped", "Result", "ResultMapped", "ScheduledDate", "InspectedDate"),
    *("RequestDate", "DesiredDate", "DesiredTime", "ReInspection", "Inspector", "InspectionNotes", "Final"),
    "ExtraFields",
)


def history_row(number: str = "BP-2026-01184", kind: str = "PLRGH", result: str = "Passed", **values: str) -> Row:
    """A row of BLDS inspections: what is not given is a rough-in that passed on Tuesday 12 May. `kind`: our code."""
    said = {"PermitNum": number, "TrackerType": kind, "InspType": kind, "Result": result}
    return {**said, "InspectedDate": "2026-05-12", **values}


def write_history(path: Path, rows: Sequence[Row]) -> Path:
    more = sorted({name for row in rows for name in row} - set(HISTORY))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*HISTORY, *more])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def bring(db: str, tmp_path: Path) -> Callable[..., Summary]:
    """`bring(row, row, …)` → what the import of these inspections says it did."""

    def brought(*rows: Row, profile: str = "blds", **options: Any) -> Summary:
        path = write_history(tmp_path / "inspections.csv", rows)
        return import_inspections(path, load_profile(profile), **{"now": NOW, "zone": CHICAGO, **options})

    return brought


@pytest.fixture
def real_data() -> Path:
    """A CSV file of the city of Austin's, or a folder of them, named by REAL_DATA; it is no part of the project."""
    path = Path(os.environ.get("REAL_DATA") or "nowhere")
    found = next(iter(sorted(path.glob("*2015.csv")) or sorted(path.glob("*.csv"))), None) if path.is_dir() else path
    if found is None or not found.is_file():
        pytest.skip("REAL_DATA names no file of permits")
    return found


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """All that an import writes, without the ids and the random codes."""
    permit = [field for name, field in Permit._meta.fields.items() if name not in ("id", "permit_type")]
    company = (Contractor.company_name, Contractor.lic_num, Contractor.address, Contractor.zip, Contractor.phone)
    queries = {
        "permits": Permit.select(PermitType.code, *permit).join(PermitType).order_by(Permit.permit_num),
        "companies": Contractor.select(*company).order_by(Contractor.company_name),
        "spellings": CompanyName.select(CompanyName.name, CompanyName.key, Contractor.company_name)
        .join(Contractor)
        .order_by(CompanyName.key),
        "links": PermitContractor.select(Permit.permit_num, Contractor.company_name, PermitContractor.trade)
        .join(Permit)
        .switch(PermitContractor)
        .join(Contractor)
        .order_by(Permit.permit_num, Contractor.company_name, PermitContractor.trade),
    }
    return {name: list(query.tuples()) for name, query in queries.items()}


def inspections() -> list[dict[str, Any]]:
    """Every inspection with its permit and type, without what only a database knows."""
    fields = [field for name, field in Inspection._meta.fields.items() if name not in ("id", "request", "contractor")]
    query = Inspection.select(Permit.permit_num, InspectionType.code, Contractor.company_name, *fields)
    query = query.join(Permit).switch(Inspection).join(InspectionType).switch(Inspection).left_outer_join(Contractor)
    return list(query.order_by(Permit.permit_num, Inspection.closed_on, Inspection.id).dicts())


def the_permit(number: str = "2026-000001 PP") -> Permit:
    return Permit.get(Permit.permit_num == number)


def companies_on(number: str = "2026-000001 PP") -> set[tuple[str, str]]:
    """(company, trade) of everyone on the permit."""
    query = PermitContractor.select(Contractor.company_name, PermitContractor.trade).join(Contractor)
    return set(query.where(PermitContractor.permit == the_permit(number)).tuples())
