"""Rows that can't be right, files that can't be read, profiles that are wrong: a sentence for each, nothing lost."""

import csv

import pytest

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import HEADER, austin_row, the_permit
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import load_profile
from tracker.importing.run import import_permits
from tracker.importing.summary import PERMIT_WORDS
from tracker.models import Permit


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": " Urgent Care\\'."}, "the status is no word of the profile: Urgent Care'."),
        ({"status": ""}, "no status"),
        ({"permit_number": " "}, "no permit number"),
        ({"permit_number": "see above"}, "this is no permit number: see above"),
        ({"permit_number": "1" * 41}, "this is no permit number"),
        ({"permit_location": " - "}, "no address"),
        ({"date_issued": "02/30/2026"}, "issued_on is no date: 02/30/2026"),
        ({"date_issued": "05/04/2062"}, "issued_on lies too far ahead"),
        ({"work_description": "x" * 20_001}, "more than 20000 characters"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_and_the_rest_goes_in(load, values, reason) -> None:
    summary = load(austin_row("1 PP"), austin_row("2 PP") | values, austin_row("3 PP"))
    assert summary.noted["rejected"][0].startswith(f"line 3: {reason}")
    assert Permit.select().count() == 2


def test_the_rejects_file_has_line_reason_and_the_original_and_can_be_mended(load, tmp_path) -> None:
    out = tmp_path / "rejects.csv"
    first = austin_row("1 PP", work_description='two\nlines, "quoted"')
    wrong = austin_row("2 PP", status="Shifted", work_description="=1+1")
    load(first, wrong, rejects=out)
    (row,) = csv.DictReader(out.open(newline="", encoding="utf-8"))
    assert (row["line"], row["permit_number"], row["work_description"]) == ("4", "2 PP", "'=1+1")
    assert "Shifted" in row["reason"]
    mended = out.read_text().replace("Shifted,Lone", "Active,Lone")
    assert load(mended).counts["new"] == 1 and the_permit("2 PP").description == "=1+1"


def test_too_few_and_too_many_cells(load) -> None:
    whole = ",".join(austin_row().get(name, "") for name in HEADER.split(","))
    summary = load(f"{HEADER}\n{whole}\n{whole[:30]}\n\n{whole},,\n{whole},shifted\n")
    assert (summary.counts["read"], summary.counts["rejected"], summary.counts["merged"]) == (4, 2, 1)
    assert [note.split(":")[0] for note in summary.noted["rejected"]] == ["line 3", "line 6"]


def test_every_row_is_accounted_for(load) -> None:
    rows = [austin_row(f"{n % 40} PP", status="Active" if n % 9 else "???") for n in range(100)]
    for _ in range(2):
        counts = load(*rows).counts
        assert counts["read"] == sum(counts[word] for word in PERMIT_WORDS.rows) == 100


def test_nasty_cells_are_survived(load) -> None:
    summary = load(
        austin_row(
            work_description="nul \x00 \\r \xa0 “curly” â€™ \u2028", contractor="C" * 500, contractor_zip="99999-999"
        ),
        austin_row("2\u20103 PP", contractor="\u0000", total_job_valuation="lots", permit_location="X" * 900),
    )
    assert summary.counts["new"] == 2 and summary.noted["blank"] == ["est_project_cost: 1"]
    assert the_permit().description == "nul “curly” ’"
    assert len(the_permit("2-3 PP").original_address1) == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"PK\x03\x04....", "a spreadsheet (.xlsx)"),
        (b'{"permits": []}', "it begins with {"),
        (b"\xff\xfep\x00e\x00", "UTF-16"),
        (HEADER.encode() + b"\n1,cafe\n1,caf\xe9\n", "is not UTF-8: on line 3 there is a byte 0xe9"),
        (HEADER.replace("status,", "").encode(), "no column status (status)"),
        (HEADER.replace("date_issued", "issued").encode(), "no column date_issued (issued_on)"),
        (HEADER.replace("contractor,", "").encode(), "no column contractor (contractors)"),
        (HEADER.replace(",", ";").encode(), "Is the delimiter right?"),
        (HEADER.encode() + b'\n"' + b"x" * 200_000, "a quotation mark is never closed"),
    ],
)
def test_a_file_that_cannot_be_read(load, tmp_path, content, said) -> None:
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    with pytest.raises(ImportProblem) as no:
        import_permits(path, load_profile("austin"), now=NOW, zone=CHICAGO)
    assert said in str(no.value)


def test_nothing_goes_in_when_a_later_line_cannot_be_read(load, tmp_path) -> None:
    whole = ",".join(austin_row().get(name, "") for name in HEADER.split(","))
    with pytest.raises(ImportProblem):
        load(f'{HEADER}\n{whole}\n"{"x" * 200_000}')
    assert Permit.select().count() == 0


def test_a_byte_order_mark_and_other_cases_of_the_header_do_not_matter(load) -> None:
    whole = ",".join(austin_row().get(name, "") for name in HEADER.split(","))
    assert load(f"\ufeff{HEADER.upper()}\r\n{whole}\r\n").counts["new"] == 1


def test_the_rejects_file_is_never_the_file_itself(load, tmp_path) -> None:
    with pytest.raises(ImportProblem, match="is the file to import"):
        load(austin_row(), rejects=tmp_path / "permits.csv")
    assert (tmp_path / "permits.csv").read_text().startswith("permit_number")
