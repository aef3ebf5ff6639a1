"""Cancel until the end of the day before, move by the cut-off for the new date, call on the day itself."""

from datetime import UTC, datetime

import pytest

from tests.cast import ask, past
from tests.pages.conftest import DAY
from tracker.actions.requests import Wish
from tracker.models import DayLoad, Inspection, Mail

MIDNIGHT = datetime(2026, 5, 27, 5, 0, tzinfo=UTC)  # in Chicago, when the day of Dana's inspection begins
A_SECOND_BEFORE = datetime(2026, 5, 27, 4, 59, 59, tzinfo=UTC)
CALL = "Too late to change this here. Call 512-555-0100."


def now_is(inspection: Inspection) -> tuple[str, str, str]:
    row = Inspection.get_by_id(inspection.id)
    return row.status, str(row.day), row.time_frame


@pytest.fixture
def on_dashboard(browse, dana, danas_inspection):
    browsing = browse(dana)
    browsing.get("/dashboard")
    return browsing


def test_cancelling_asks_first_and_leads_back(on_dashboard, danas_inspection):
    page = on_dashboard.click("Cancel Water heater replacement, 77 Cedar Brake Drive")
    assert page.words("h1") == ["Cancel this inspection?"] and "77 Cedar Brake Drive" in page.text
    page = on_dashboard.submit("main form")
    assert page.words(".said") == ["Cancelled: Water heater replacement, Wed May 27, AM. No. 1."]
    assert page.words("#inspections .tag") == ["Cancelled"]
    assert now_is(danas_inspection)[0] == "cancelled" and Mail.select().where(Mail.kind == "cancelled").exists()
    assert [row.booked for row in DayLoad.select()] == [0, 0]


def test_cancelling_twice_answers_as_once_and_changes_nothing(on_dashboard, danas_inspection):
    address = f"/inspections/{danas_inspection.id}/cancel"
    on_dashboard.get(address)
    on_dashboard.submit("main form", follow=False)
    on_dashboard.send(address)
    said = "Cancelled: Water heater replacement, Wed May 27, AM. No. 1."
    assert on_dashboard.get("/dashboard").words(".said") == [said, said]
    assert Mail.select().where(Mail.kind == "cancelled").count() == 1
    assert [row.booked for row in DayLoad.select()] == [0, 0]


def test_a_second_before_midnight_it_can_be_cancelled(on_dashboard, danas_inspection, at):
    at(A_SECOND_BEFORE)
    on_dashboard.get(f"/inspections/{danas_inspection.id}/cancel")
    on_dashboard.submit("main form")
    assert now_is(danas_inspection)[0] == "cancelled"


@pytest.mark.parametrize("change", ["cancel", "move"])
def test_on_the_day_itself_the_page_says_to_call(on_dashboard, danas_inspection, at, change):
    at(MIDNIGHT)
    page = on_dashboard.get(f"/inspections/{danas_inspection.id}/{change}", status=409)
    assert CALL in page.text and page.select('main a.btn[href="tel:+1-512-555-0100"]') and not page.select("main form")
    data = {"requested_date": "2026-05-29", "time_frame": "am"}
    page = on_dashboard.send(f"/inspections/{danas_inspection.id}/{change}", 409, **data)
    assert CALL in page.text and now_is(danas_inspection) == ("requested", "2026-05-27", "am")


def test_on_the_day_itself_the_dashboard_has_the_number_in_place_of_buttons(on_dashboard, at):
    at(MIDNIGHT)
    page = on_dashboard.get("/dashboard")
    assert "Too late to cancel here. Call 512-555-0100." in page.text
    assert not page.select("a[href*='/cancel'], a[href*='/move']") and page.select("#inspections a[href^='tel:']")


def test_moving_offers_the_days_and_keeps_what_was_chosen(on_dashboard, danas_inspection):
    page = on_dashboard.click("Change date Water heater replacement, 77 Cedar Brake Drive")
    assert page.value("requested_date") == "2026-05-27" and page.value("time_frame") == "am"
    page = on_dashboard.submit("main form", requested_date="2026-05-29", time_frame="pm")
    assert page.words(".said") == ["Moved: Water heater replacement, now Fri May 29, PM."]
    assert now_is(danas_inspection) == ("requested", "2026-05-29", "pm")
    assert {str(row.day): row.booked for row in DayLoad.select().where(DayLoad.trade == "")} == {
        "2026-05-27": 0, "2026-05-29": 1,
    }  # fmt: skip


def test_after_the_cutoff_tomorrow_can_no_longer_be_had(on_dashboard, danas_inspection, at):
    at(datetime(2026, 5, 26, 21, 0, tzinfo=UTC))
    page = on_dashboard.get(f"/inspections/{danas_inspection.id}/move")
    assert page.select("input[name=requested_date]")[0]["value"] == "2026-05-28"


@pytest.mark.parametrize(
    "day, half, words",
    [
        ("2026-05-26", "am", "too soon"), ("2026-05-30", "am", "does not work"), ("2027-05-27", "am", "too far ahead"),
        ("soon", "am", "Choose a day"), ("", "am", "Choose a day"), ("2026-05-29", "noon", "Choose AM"),
    ],
)  # fmt: skip
def test_a_day_or_half_that_is_none_is_refused(on_dashboard, danas_inspection, day, half, words):
    on_dashboard.get(f"/inspections/{danas_inspection.id}/move")
    page = on_dashboard.submit("main form", 422, requested_date=day, time_frame=half)
    assert words in page.words("#problems h2")[0] and now_is(danas_inspection) == ("requested", "2026-05-27", "am")


def test_a_full_day_is_refused_and_the_old_place_is_kept(on_dashboard, danas_inspection):
    on_dashboard.get(f"/inspections/{danas_inspection.id}/move")
    DayLoad.create(day="2026-05-29", trade="", booked=60)
    page = on_dashboard.submit("main form", 422, requested_date="2026-05-29")
    assert page.words("#problems h2") == ["Fri May 29 has just filled up. Pick another day."]
    assert now_is(danas_inspection)[1] == "2026-05-27"


def test_what_has_its_result_can_be_neither_cancelled_nor_moved(browse, dana, danas_house):
    row, browsing = past(danas_house, dana.company, "SEWER", "failed"), browse(dana)
    for change in ("cancel", "move"):
        page = browsing.get(f"/inspections/{row.id}/{change}", status=409)
        assert "This inspection can no longer be changed here. Call 512-555-0100." in page.text


def test_a_strangers_inspection_is_not_found(browse, eve, danas_inspection):
    for change in ("cancel", "move"):
        browse(eve).get(f"/inspections/{danas_inspection.id}/{change}", status=404)


def test_another_company_on_the_same_permit_cannot_cancel_it(browse, hill, dana, danas_house):
    builder = hill(1)
    type(danas_house.contractors.get()).create(permit=danas_house, contractor=builder.company, trade="general")
    made = ask(dana, danas_house, Wish("SEWER", DAY, "am"))
    browse(builder).get(f"/inspections/{made.inspections.get().id}/cancel", status=404)
