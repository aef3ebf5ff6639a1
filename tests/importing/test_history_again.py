"""The same file once more, a corrected row, a result corrected here, and our own export: nothing twice or undone."""

from datetime import date, timedelta
from itertools import permutations

import pytest

from tests.cast import CHICAGO, NOW, TODAY, ask, desk, past, permit_of
from tests.importing.conftest import history_row, inspections
from tracker.actions.requests import Wish
from tracker.actions.results import Outcome, correct_result, result_version
from tracker.exporting import export_inspections
from tracker.importing.profile import load_profile
from tracker.importing.run import import_inspections
from tracker.models import Change, Fee, Inspection, InspectionResult, Mail, Permit
from tracker.queries.city import inspection_types
from tracker.queries.permits import record_of
from tracker.rules.words import Result

NUMBERED = "TrackerId"


def versions() -> list[tuple[str, str]]:
    rows = InspectionResult.select(InspectionResult.result, InspectionResult.comment).order_by(InspectionResult.id)
    return list(rows.tuples())


def three() -> list[dict[str, str]]:
    return [
        history_row(result="Rejected"),
        history_row(result="Rejected", InspectionNotes="No test on"),
        history_row(kind="SEWER", InspectedDate="2026-05-01"),
    ]


def test_the_same_file_twice_changes_nothing(bring, danas_house) -> None:
    assert bring(*three()).counts["new"] == 3
    before, version = inspections(), danas_house.contractors[0].contractor.version
    again = bring(*three())
    assert (again.counts["unchanged"], again.counts["new"], again.counts["changed"]) == (3, 0, 0)
    assert inspections() == before and danas_house.contractors[0].contractor.version == version
    assert not versions()


def test_the_order_of_the_rows_makes_no_difference(bring, danas_house) -> None:
    bring(*three())
    for rows in permutations(three()):
        assert bring(*rows).counts["unchanged"] == 3
    assert Inspection.select().count() == 3


def test_rows_that_say_the_same_are_one(bring, danas_house) -> None:
    summary = bring(history_row(), history_row(), history_row(Result="PASSED"))
    assert (summary.counts["new"], summary.counts["merged"]) == (2, 1)  # another spelling may be another inspection


def test_a_corrected_row_changes_it_and_both_versions_are_kept(bring, danas_house) -> None:
    bring(history_row(result="Rejected", InspectionNotes="No test on"))
    summary = bring(history_row(InspectionNotes="Holds"))
    assert (summary.counts["changed"], summary.counts["new"]) == (1, 0)
    [row] = inspections()
    assert (row["result"], row["comment"], row["to_repeat"]) == ("passed", "Holds", False)
    assert versions() == [("failed", "No test on"), ("passed", "Holds")]
    [line] = Change.select().where(Change.verb == "import_inspection")
    assert "failed" in line.before and "passed" in line.after and line.subject == "inspection"
    assert bring(history_row(InspectionNotes="Holds")).counts["unchanged"] == 1 and len(versions()) == 2
    bring(history_row(result="No Access"))
    assert [result for result, _ in versions()] == ["failed", "passed", "no_access"]


def test_another_inspector_is_a_change_and_no_version(bring, danas_house) -> None:
    bring(history_row(Inspector="Pat Quill"))
    assert bring(history_row(Inspector="Lou Marsh")).counts["changed"] == 1
    assert inspections()[0]["closed_by"] == "Lou Marsh" and not versions()


def test_of_two_on_one_day_the_one_that_differs_is_the_corrected_one(bring, danas_house) -> None:
    first, second = history_row(result="Rejected", InspectionNotes="a"), history_row(result="Partial")
    bring(first, second)
    ids = {row.result: row.id for row in Inspection.select()}
    bring(second, history_row(InspectionNotes="a"))
    assert {row.result: row.id for row in Inspection.select()} == {"passed": ids["failed"], "partial": ids["partial"]}


def test_a_number_of_the_source_follows_it_to_another_day_and_type(bring, danas_house) -> None:
    bring(history_row(TrackerId="A-7"), history_row(TrackerId="A-8"))
    assert bring(history_row(TrackerId="A-7", InspectedDate="2026-05-14")).counts["changed"] == 1
    assert bring(history_row(TrackerId="A-8", kind="SEWER")).counts["changed"] == 1
    rows = {row["source_key"]: row for row in inspections()}
    assert {key: (row["code"], str(row["closed_on"])) for key, row in rows.items()} == {
        "#A-7": ("PLRGH", "2026-05-14"), "#A-8": ("SEWER", "2026-05-12"),
    }  # fmt: skip
    assert rows["#A-7"]["closed_at"].date() == date(2026, 5, 14)


def test_another_number_is_another_inspection(bring, danas_house) -> None:
    bring(history_row(TrackerId="A-7", result="Rejected"))
    assert bring(history_row(TrackerId="A-8")).counts["new"] == 1 and Inspection.select().count() == 2


def test_of_one_number_twice_the_later_row_counts(bring, danas_house) -> None:
    later = history_row(kind="SEWER", TrackerId="7", InspectedDate="2026-05-14")
    rows = [later, history_row(TrackerId="7", result="Rejected")]
    for some in permutations(rows):
        summary = bring(*some)
        assert summary.counts["merged"] == 1
    assert [row["result"] for row in inspections()] == ["passed"] and not versions()


def test_a_source_that_learns_to_number_its_inspections(bring, danas_house) -> None:
    bring(*three())
    numbered = [row | {NUMBERED: str(number)} for number, row in enumerate(three())]
    assert bring(*numbered).counts["unchanged"] == 3
    assert {row["source_key"] for row in inspections()} == {"#0", "#1", "#2"}
    assert bring(*three()).counts["unchanged"] == 3


def corrected_here(sam, result: Result) -> Inspection:
    row = Inspection.get()
    at = {"person": sam.row, "desk": desk(), "by": sam.by, "now": NOW}
    return correct_result(row.id, Outcome(result, comment="Seen again"), version=result_version(row.id), **at)


def test_a_result_corrected_here_stays_and_the_summary_says_so(bring, sam, danas_house) -> None:
    bring(history_row(result="Rejected"))
    corrected_here(sam, Result.PASSED)
    assert not Mail.select().exists()  # nobody asked here
    assert bring(history_row(result="Rejected")).counts["unchanged"] == 1
    summary = bring(history_row(result="Partial", Inspector="Pat Quill"))
    assert summary.noted["corrected"] == ["BP-2026-01184: PLRGH, 2026-05-12"]
    [row] = inspections()
    assert (row["result"], row["comment"], row["closed_by"]) == ("passed", "Seen again", "Pat Quill")
    assert versions() == [("failed", ""), ("passed", "Seen again")]
    assert "corrected" not in bring(history_row(result="Partial", Inspector="Pat Quill")).noted


def test_history_counts_as_tries_and_costs_nothing_itself(bring, dana, sam, danas_house) -> None:
    bring(*(history_row(result="Rejected", InspectedDate=f"2026-05-{day}") for day in ("05", "06", "07")))
    row = past(danas_house, dana.company, "PLRGH", "failed", TODAY)
    at = {"version": 0, "person": sam.row, "desk": desk(), "by": sam.by, "now": NOW}
    correct_result(row.id, Outcome(Result.PARTIAL, comment="Half"), **at)
    assert [fee.attempt for fee in Fee.select()] == [4]


@pytest.fixture
def a_years_work(bring, dana, eve, sam, danas_house, eves_permit) -> list[Permit]:
    """Made here, brought by an import, corrected, still open: all there is."""
    other = permit_of(dana.company, "BP-2", trade="general")
    bring(
        *three(), history_row("BP-2", "FLAT", result="OK for Service"), history_row("BP-2", "ELRGH", TrackerId="9"),
        history_row("BP-2", "WALL", result="Rejected", InspectionNotes="=1+1", ScheduledDate="2026-05-11"),
    )  # fmt: skip
    for day in (1, 2, 3):
        past(other, dana.company, "FORM", "failed", TODAY - timedelta(days=day))
    for number in (4, 4, 5):  # two of them on one day, alike in everything
        past(other, dana.company, "FLAT", "passed", TODAY - timedelta(days=number))
    past(other, dana.company, "FOUND", "waived")
    past(eves_permit, eve.company, "SEWER", "no_access")
    Inspection.update(status="cancelled", result=None).where(Inspection.result == "no_access").execute()
    ask(dana, other, Wish("TPOLE", TODAY + timedelta(days=2), "am", "Gate 4711"))
    Inspection.update(closed_on=TODAY, comment="Two\nlines").where(Inspection.result == "waived").execute()
    return [danas_house, other, eves_permit]


def satisfied(permits: list[Permit]) -> list[set[str]]:
    return [set(record_of(permit, None, inspection_types()).satisfied) for permit in permits]


def without_digests() -> list[dict]:
    """The columns of two files differ, so do the digests of their rows."""
    return [row | {"source_digest": ""} for row in inspections()]


def test_our_own_export_changes_nothing(a_years_work, tmp_path) -> None:
    before, changes = without_digests(), Change.select().count()
    export_inspections(tmp_path / "out.csv", zone=CHICAGO)
    summary = import_inspections(tmp_path / "out.csv", load_profile("blds"), now=NOW, zone=CHICAGO)
    counts = summary.counts
    assert without_digests() == before and Change.select().count() == changes + 1
    assert (counts["here"], counts["unchanged"], counts["no_result"], counts["rejected"]) == (7, 6, 2, 0), counts


def test_our_own_export_in_an_empty_city_is_the_same_history(a_years_work, tmp_path) -> None:
    known, tries = satisfied(a_years_work), [
        (row["permit_num"], row["code"], row["result"], row["closed_on"], row["day"], row["company_name"])
        for row in inspections() if row["result"]
    ]  # fmt: skip
    export_inspections(tmp_path / "out.csv", zone=CHICAGO)
    for model in (Mail, InspectionResult, Inspection):
        model.delete().execute()
    for _ in range(2):
        import_inspections(tmp_path / "out.csv", load_profile("blds"), now=NOW, zone=CHICAGO)
    assert satisfied(a_years_work) == known and known[1] == {"FLAT", "ELRGH", "FOUND"}
    assert tries == [
        (row["permit_num"], row["code"], row["result"], row["closed_on"], row["day"], row["company_name"])
        for row in inspections()
    ]
    assert [row["source_result"] for row in inspections() if row["code"] == "FLAT"][0] == "OK for Service"
    export_inspections(tmp_path / "again.csv", zone=CHICAGO)
    summary = import_inspections(tmp_path / "again.csv", load_profile("blds"), now=NOW, zone=CHICAGO)
    assert summary.counts["unchanged"] == summary.counts["read"] == len(tries)
