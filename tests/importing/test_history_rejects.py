"""Rows of the history that can't be right, files and profiles that can't be used: a sentence for each."""

import csv
from pathlib import Path

import pytest

from tests.cast import CHICAGO, NOW
from tests.importing.conftest import history_row, inspections, write_history
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import PROFILES, load_profile
from tracker.importing.run import import_inspections
from tracker.importing.summary import INSPECTION_WORDS
from tracker.models import Change, Contractor, Inspection, InspectionType, Permit
from tracker.rules.words import Result

OWN = """
date_formats = ["M/D/YYYY"]
[columns]
permit_num = "Permit"
original_address1 = "Where"
status = "State"
issued_on = "Issued"
[status]
issued = ["Live"]

[inspections]
required = ["permit_num", "insp_type", "result", "inspector"]
no_result = ["Booked"]
[inspections.columns]
permit_num = "Permit No"
insp_type = ["Code", "What"]
what = "What"
result = "Outcome"
inspected_on = { year = "Year", month = "Month" }
inspector = "Who"
trade = "Trade"
[inspections.types]
PLTOP = ["205", "Rough Plumbing"]
ELRGH = ["305"]
[[inspections.rules]]
code = "MERGH"
when = { what = "rough", trade = "^mech" }
[inspections.results]
passed = ["A", "Approved  as Noted"]
failed = ["D"]
"""


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"PermitNum": "PP-0000-1"}, "permit PP-0000-1 is not here; import the permits first"),
        ({"PermitNum": ""}, "no permit number"),
        ({"PermitNum": "see above"}, "this is no permit number: see above"),
        (
            {"TrackerType": "", "InspType": "Moat and drawbridge"},
            "the inspection type is no word of the profile: Moat and drawbridge",
        ),
        ({"TrackerType": "", "InspType": ""}, "no inspection type"),
        ({"Result": "Splendid"}, "the result is no word of the profile: Splendid"),
        ({"InspectedDate": "2026-02-30"}, "inspected_on is no date: 2026-02-30"),
        ({"InspectedDate": "2026-05-27"}, "it has a result, but its day is to come: 2026-05-27"),
        ({"InspectedDate": "", "ScheduledDate": "2026-05-27"}, "it has a result, but its day is to come"),
        ({"InspectedDate": "5/12/2062"}, "inspected_on lies too far ahead: 5/12/2062"),
        ({"InspectedDate": ""}, "neither the day it was inspected nor the day it was scheduled for"),
        ({"TrackerId": "9" * 61}, "this is no inspection's number: 9999"),
        ({"InspectionNotes": "x" * 20_001}, "more than 20000 characters"),
    ],
)
def test_a_row_that_cannot_be_right_is_rejected_and_the_rest_goes_in(bring, danas_house, values, reason) -> None:
    summary = bring(history_row(), history_row(kind="SEWER") | values, history_row(kind="GAS"))
    assert summary.noted["rejected"][0].startswith(f"line 3: {reason}")
    assert {row["code"] for row in inspections()} == {"PLRGH", "GAS"}


@pytest.mark.parametrize(
    "values",
    [
        {"Result": ""},
        {"Result": "scheduled", "InspectedDate": "", "ScheduledDate": "2026-06-30"},
        {"Result": "", "PermitNum": "PP-0000-1", "InspType": "Moat"},  # nothing of it is asked for
        {"Result": "Canceled", "InspectedDate": "", "ScheduledDate": "2026-05-12"},
        {"Result": "Declined"},
    ],
)
def test_what_did_not_take_place_is_left_out_and_counted(bring, danas_house, values) -> None:
    summary = bring(history_row(), history_row(kind="SEWER") | values)
    assert (summary.counts["no_result"], summary.counts["rejected"], summary.counts["new"]) == (1, 0, 1)


def test_one_called_off_at_the_door_did(bring, danas_house) -> None:
    bring(history_row(result="Canceled"))
    assert [row["result"] for row in inspections()] == [Result.CANCELLED]


def test_the_word_of_another_column_counts_where_the_first_is_unknown(bring, danas_house) -> None:
    bring(
        history_row(result="Sign-off 3", ResultMapped="Passed"),
        history_row(kind="GAS", result="", ResultMapped="Rejected"),
    )
    assert {(row["result"], row["source_result"]) for row in inspections()} == {
        ("passed", "Sign-off 3"), ("failed", "Rejected"),
    }  # fmt: skip


def test_a_request_after_the_inspection_is_left_blank_and_counted(bring, danas_house) -> None:
    assert bring(history_row(RequestDate="2026-05-20")).noted["blank"] == ["requested_on: 1"]
    assert inspections()[0]["requested_at"] is None


def test_the_rejects_file_can_be_mended_and_every_row_is_accounted_for(bring, danas_house, tmp_path) -> None:
    out = tmp_path / "rejects.csv"
    rows = [history_row(kind="SEWER" if n % 2 else "Moat", InspectedDate=f"5/{n % 26 + 1}/2026") for n in range(1_200)]
    counts = bring(*rows, history_row(result=""), rejects=out).counts
    assert counts["read"] == sum(counts[word] for word in INSPECTION_WORDS.rows) == 1_201
    with out.open(newline="", encoding="utf-8") as file:
        first, *more = csv.DictReader(file)
    assert (first["line"], first["InspType"], len(more)) == ("2", "Moat", 599)
    mended = [{**row, "InspType": "Gas test"} for row in (first, *more)]
    assert bring(*mended).counts["rejected"] == 0


def test_a_dry_run_says_the_same_and_writes_nothing(bring, danas_house) -> None:
    rows = [history_row(), history_row("PP-0000-1"), history_row(kind="SEWER", InspectedDate="2026-05-25")]
    Permit.update(expires_on=NOW.date()).execute()

    def state() -> list:
        return [
            Permit.get().expires_on,
            Contractor.get().version,
            *(one.select().count() for one in (Inspection, Change)),
        ]

    before = state()
    rehearsed = bring(*rows, dry_run=True)
    assert state() == before
    done = bring(*rows)
    assert rehearsed.counts == done.counts and rehearsed.noted == done.noted and done.counts["extended"] == 1
    assert state() != before
    assert bring(*rows, history_row(kind="GAS"), dry_run=True).counts["new"] == 1 and Inspection.select().count() == 2


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "my.toml"
    path.write_text(OWN)
    return path


def load(own: Path, text: str):
    file = own.parent / "own.csv"
    file.write_text(text, encoding="utf-8")
    return import_inspections(file, load_profile(str(own)), now=NOW, zone=CHICAGO)


def test_a_profile_of_ones_own(own, danas_house) -> None:
    said = (
        "205,,A,\n,rough  PLUMBING,approved as noted,\n305,x,D,\n999,Rough,a,Mechanical\n,Gas test,A,\n,Rough,A,\n"
        "205,,booked,\n"
    )
    rows = "".join(f"BP-2026-01184,{line},2026,April,Pat Quill\n" for line in said.splitlines())
    summary = load(own, f"Permit No,Code,What,Outcome,Trade,Year,Month,Who\n{rows}")
    assert {(row["code"], row["result"], row["source_type"]) for row in inspections()} == {
        ("PLTOP", "passed", "205"), ("PLTOP", "passed", "rough PLUMBING"), ("ELRGH", "failed", "305"),
        ("MERGH", "passed", "999"), ("GAS", "passed", "Gas test"),
    }  # fmt: skip
    assert (summary.counts["rejected"], summary.counts["no_result"]) == (1, 1)
    assert {str(row["closed_on"]) for row in inspections()} == {"2026-04-01"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("no_result", "no_results", "in [inspections], it has no_results, known are"),
        ('result = "Outcome"\n', "", "in [inspections], [columns] does not say which column holds result"),
        ("inspected_on =", "seen_on =", "seen_on must be a column's name"),
        ('inspected_on = { year = "Year", month = "Month" }\n', "", "says neither which column holds inspected_on nor"),
        ('"inspector"]', '"inspectors"]', "required names inspectors"),
        ('trade = "Trade"', 'trade = "Trade"\nfee = "Fee"', "[columns] has fee, which no rule asks for"),
        ('ELRGH = ["305"]', 'ELRGH = "305"', "[types] must be lists of words; ELRGH is not"),
        ('failed = ["D"]', 'fail = ["D"]', "[results] must be lists of words for"),
        ('when = { what = "rough"', 'when = { what = "("', "a pattern that is none"),
        ("[inspections.columns]", "[inspections.column]", "it has column, known are"),
    ],
)
def test_a_wrong_profile_is_named_with_what_is_wrong(own, old, new, said) -> None:
    assert old in OWN
    own.write_text(OWN.replace(old, new))
    with pytest.raises(ImportProblem) as no:
        load_profile(str(own))
    assert "my.toml" in str(no.value) and said in str(no.value)


@pytest.mark.parametrize(
    ("old", "new", "header", "said"),
    [
        ("PLTOP =", "PLTP =", "Permit No,Code,What,Outcome,Trade,Year,Month,Who", "type PLTP is none of the city's"),
        (
            'code = "MERGH"',
            'code = "MOAT"',
            "Permit No,What,Outcome,Trade,Year,Month,Who",
            "MOAT is none of the city's",
        ),
        ("", "", "Permit No,What,Outcome,Year,Month", "no column Who (inspector). Its columns: Permit No, What"),
        ("", "", "Permit No,What,Outcome,Who,Year", "no column Year or Month (inspected_on)"),
    ],
)
def test_what_the_file_or_the_city_lacks(own, db, old, new, header, said) -> None:
    own.write_text(OWN.replace(old, new) if old else OWN)
    with pytest.raises(ImportProblem) as no:
        load(own, f"{header}\n")
    assert said in str(no.value)


def test_austin_says_that_it_has_none(db, tmp_path) -> None:
    path = write_history(tmp_path / "file.csv", [history_row()])
    with pytest.raises(ImportProblem, match="The profile City of Austin says nothing of inspections"):
        import_inspections(path, load_profile("austin"), now=NOW, zone=CHICAGO)


@pytest.mark.parametrize(
    ("mapped", "kind", "code"),
    [
        ("Plumbing", "Underslab Plumbing", "PLRGH"),
        ("Plumbing", "Plumbing Top-Out", "PLTOP"),
        ("Plumbing", "Plumbing Final", "PLFIN"),
        ("Plumbing", "Plumbing Rough", None),  # under the slab or in the wall: only the city knows
        ("Plumbing", "Irrigation final", "IRRIG"),
        ("Plumbing", "Gas Pressure Test", "GAS"),
        ("Plumbing", "Water Heater Replacement", "WH"),
        ("Electrical", "Electrical Rough-In", "ELRGH"),
        ("Electrical", "Temporary Power Pole", "TPOLE"),
        ("Electrical", "Final Electric", "ELFIN"),
        ("Mechanical", "Rough Mechanical", "MERGH"),
        ("Building", "Framing", "FRAME"),
        ("Building", "Slab", "FOUND"),
        ("Building", "Drywall Screw", "WALL"),
        ("Building", "Final Building", "FINAL"),
        ("Building", "Final Grading", None),
        ("Building", "Driveway Final", "FLAT"),
        ("Fire", "Final", None),
        ("Plumbing", "FINAL", "PLFIN"),
    ],
)
def test_types_of_blds_that_are_surely_meant(bring, danas_house, mapped, kind, code) -> None:
    bring(history_row(TrackerType="", InspType=kind, InspTypeMapped=mapped))
    assert [row["code"] for row in inspections()] == ([code] if code else [])


def test_every_result_and_type_of_the_city_is_known_to_blds(db) -> None:
    part = load_profile("blds").inspections
    assert part is not None and set(part.results) >= {str(result) for result in Result}
    codes = {code for (code,) in InspectionType.select(InspectionType.code).tuples()}
    assert {rule.answer for rule in part.rules} <= codes
    assert all(PROFILES.joinpath(f"{name}.toml").is_file() for name in ("blds", "austin"))
