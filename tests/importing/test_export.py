"""BLDS out, and in again: nothing changes."""

import csv
from datetime import timedelta
from pathlib import Path

from tests.cast import CHICAGO, NOW, TODAY
from tests.importing.conftest import austin_row, contents, the_permit
from tracker import exporting
from tracker.exporting import PAGE, PERMIT_COLUMNS, export_inspections, export_permits
from tracker.importing.profile import load_profile
from tracker.importing.run import import_permits
from tracker.models import Contractor, Inspection, InspectionType, Permit, Request
from tracker.rules.words import Result

REQUIRED = (
    "PermitNum Description AppliedDate IssuedDate CompletedDate StatusCurrent OriginalAddress1 OriginalAddress2 "
    "OriginalCity OriginalState OriginalZip"
)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_permits_have_the_columns_of_blds_and_one_row_a_contractor(load, tmp_path) -> None:
    load(austin_row(), austin_row(contractor="Pipes, Inc."), austin_row("3 EP", contractor=""))
    assert export_permits(tmp_path / "out.csv") == 3
    first, second, bare = read(tmp_path / "out.csv")
    assert set(REQUIRED.split()) < set(first)
    assert (first["StatusCurrent"], first["StatusCurrentMapped"]) == ("Active", "Permit Issued")
    assert (first["PermitType"], first["PermitTypeMapped"]) == ("Water heater", "Plumbing")
    assert {first["ContractorCompanyName"], second["ContractorCompanyName"]} == {"Lone Star Plumbing", "Pipes, Inc."}
    assert bare["ContractorCompanyName"] == bare["ContractorTrade"] == ""


def test_our_own_export_changes_nothing(load, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(exporting, "PAGE", 7)
    statuses = ("Active", "Final", "Expired", "VOID", "On Hold", "Pending", "Inactive Pending Revision")
    kinds = ("PP", "EP", "MP", "BP", "DS")
    descriptions = ("=1+1", "-5", "+fence", "@home", "water heater", "new pool", "two\nlines “x” ½ driveway", "")
    load(
        *(
            austin_row(
                f"{n} {kinds[n % 5]}", status=statuses[n % 7], work_description=descriptions[n % 8],
                contractor=f"Company {n % 9}" if n % 4 else "", contractor_zip="78664-1", total_job_valuation=str(n),
            )
            for n in range(90)
        ),
        austin_row("1 EP", contractor="Another"),
    )  # fmt: skip
    Permit.update(latitude=30.5, longitude=-97.7, original_address2="# 4").where(Permit.permit_num == "1 EP").execute()
    Permit.update(expires_on=TODAY + timedelta(days=300)).where(Permit.permit_num == "2 MP").execute()
    before, digest = contents(), Permit.source_digest
    export_permits(tmp_path / "out.csv")
    again = import_permits(tmp_path / "out.csv", load_profile("blds"), now=NOW, zone=CHICAGO)
    assert (again.counts["unchanged"], again.counts["changed"], again.counts["rejected"]) == (90, 0, 0), again.lines()
    column = [name for name in Permit._meta.fields if name not in ("id", "permit_type")].index(digest.name) + 1
    after = contents()
    for all_of_it in (before, after):  # only the digest may differ: the columns of the two files do
        all_of_it["permits"] = [(*row[:column], *row[column + 1 :]) for row in all_of_it["permits"]]
    assert after == before


def test_formulas_are_defused_and_numbers_are_not(load, tmp_path) -> None:
    load(austin_row(work_description="=cmd|' /C calc'!A0", contractor="@SUM Plumbing"))
    Permit.update(longitude=-97.7).execute()
    export_permits(tmp_path / "out.csv")
    (row,) = read(tmp_path / "out.csv")
    assert row["Description"].startswith("'=") and row["ContractorCompanyName"] == "'@SUM Plumbing"
    assert row["Longitude"] == "-97.7"


def test_registration_codes_and_what_is_for_the_city_only_are_not_exported(load, tmp_path) -> None:
    load(austin_row())
    code = Contractor.get().registration_code
    export_permits(tmp_path / "out.csv")
    assert code not in (tmp_path / "out.csv").read_text() and len(PERMIT_COLUMNS) > 20 and PAGE > 100


def test_inspections_keep_the_raw_result_beside_the_mapped_one(load, tmp_path) -> None:
    load(austin_row())
    permit, company = the_permit(), Contractor.get()
    request = Request.create(
        **dict.fromkeys(("key", "digest", "contact_name", "phone", "site_address", "email"), "x"),
        permit=permit, contractor=company, requested_at=NOW,
    )  # fmt: skip
    for result in (Result.NO_ACCESS, Result.FAILED, Result.PASSED):
        Inspection.create(
            request=request, permit=permit, contractor=company, inspection_type=InspectionType.get(code="WH"),
            status="done", result=result, day=TODAY, closed_on=TODAY, time_frame="am", requested_at=NOW,
            comment="=ok", remarks="gate 4711", staff_comment="dog",
        )  # fmt: skip
    assert export_inspections(tmp_path / "out.csv", zone=CHICAGO) == 3
    rows = read(tmp_path / "out.csv")
    assert [(row["Result"], row["ResultMapped"], row["ReInspection"]) for row in rows] == [
        ("no_access", "", "0"),
        ("failed", "Rejected", "1"),
        ("passed", "Passed", "1"),
    ]
    assert rows[0]["DesiredTime"] == "AM" and rows[0]["InspectionNotes"] == "'=ok"
    assert "4711" not in (text := (tmp_path / "out.csv").read_text()) and "dog" not in text
