"""Where the history shows: the permit's pages, the city's record, a correction; and where it does not."""

import pytest

from tests.importing.conftest import history_row
from tracker.models import Inspection, InspectionResult, Mail, PermitContractor


@pytest.fixture
def a_history(bring, danas_house) -> None:
    """A sewer that passed, and a rough-in that did not, last week."""
    row = history_row(
        result="Disapproved", InspectedDate="2026-05-19", Inspector="Pat Quill", InspectionNotes="No test on"
    )
    bring(row, history_row(kind="SEWER", result="Approved", InspType="Yard line, sewer"))


def test_the_contractor_sees_it_on_the_permit_and_asks_again(browse, dana, a_history) -> None:
    page = browse(dana).get("/permits/BP-2026-01184")
    for words in ("Pat Quill", "No test on", "Failed", "Sewer / water yard line", "Passed"):
        assert words in page.text
    dashboard = browse(dana).get("/dashboard")
    assert "No test on" in dashboard.text
    [again] = [link for link in dashboard.select("main a") if "Request again" in link.text]
    form = browse(dana).get(again["href"])
    assert form.select("#phone")[0]["value"] == "512-555-0170"


def test_the_city_sees_it_with_the_words_of_the_source(browse, sam, a_history) -> None:
    browsing = browse(sam)
    page = browsing.get("/staff/permits/BP-2026-01184")
    assert "from the import" in page.text and "Lone Star Plumbing · Pat Quill" in page.text
    one = browsing.get(f"/staff/inspections/{Inspection.get(result='passed').id}")
    for words in ("From the import", "Yard line, sewer: Approved", "not known"):
        assert words in one.text
    assert "Contact" not in one.words("dl.facts")[0] and "None" not in one.text


def test_nobodys_inspection_has_its_pages_too(browse, dana, sam, a_history) -> None:
    Inspection.update(contractor=None).execute()
    for who, path in ((dana, "/permits/BP-2026-01184"), (sam, "/staff/permits/BP-2026-01184")):
        page = browse(who).get(path)
        assert "Pat Quill" in page.text and "None" not in page.text
    PermitContractor.update(trade="general").execute()
    assert "No test on" not in browse(dana).get("/dashboard").text


def test_a_supervisor_corrects_it_and_nobody_is_mailed(browse, olu, a_history) -> None:
    browsing, row = browse(olu), Inspection.get(result="failed")
    browsing.get(f"/staff/inspections/{row.id}")
    page = browsing.click("Correct the result")
    assert "No test on" in page.text and "Correct it" in page.text and "mail" not in page.words("main form")[0]
    browsing.submit("main form", result="passed", comment="Holds")
    assert Inspection.get_by_id(row.id).result == "passed" and not Mail.select().exists()
    assert [one.result for one in InspectionResult.select().order_by(InspectionResult.id)] == ["failed", "passed"]
    record = browsing.get(f"/staff/inspections/{row.id}")
    assert "Result corrected" in record.text


def test_what_the_source_changed_is_in_the_record(browse, sam, bring, a_history) -> None:
    bring(history_row(InspectedDate="2026-05-19", Inspector="Pat Quill", RequestDate="2026-05-18"))
    page = browse(sam).get(f"/staff/inspections/{Inspection.get(closed_by='Pat Quill').id}")
    newest = page.words("main li.f")[0]
    for words in ("Inspection changed by the import", "before Failed", "Passed", "Mon May 18", "Result in the source"):
        assert words in newest
    assert "17:00" not in newest
