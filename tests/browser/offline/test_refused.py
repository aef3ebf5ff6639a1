"""What the city does not take comes back as its own form, with what is wrong and all that was typed."""

import pytest
from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    STORED,
    held,
    is_fine,
    keep_cancellation,
    keep_one,
    keep_without_signal,
    look_again,
    row,
    sent,
    submit,
)
from tests.cast import CLERK, NOW, TODAY, WEDNESDAY, desk
from tracker.actions.change_of_mind import cancel_inspection
from tracker.models import ClosedDay, DayLoad, Inspection, InspectionResult, Mail, Permit, PermitContractor, Request


def fills_up() -> None:
    DayLoad.create(day=WEDNESDAY, trade="", booked=60)


def closes() -> None:
    ClosedDay.create(day=WEDNESDAY, name="Water main broken")


def is_finaled() -> None:
    Permit.update(status="finaled").execute()


MEANWHILE = {
    "full": (fills_up, "Wed May 27 has just filled up"),
    "closed": (closes, "Wed May 27"),
    "permit over": (is_finaled, "This permit is final."),
}


@pytest.mark.parametrize("change, words", MEANWHILE.values(), ids=MEANWHILE.keys())
def test_a_request_that_cannot_be_any_more_comes_back_with_what_was_typed(home, danas_house, change, words):
    page = home.page
    keep_without_signal(home, danas_house)
    change()
    home.offline(False)
    held(page, "The city cannot take it like this.")
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.locator("#problems").wait_for()
    assert words in page.locator("#problems").inner_text()
    assert page.get_by_label("Remarks").input_value() == "Gate code 4711"
    assert page.locator("#contact_name").input_value() == "Dana Whitfield"
    assert page.evaluate(STORED)[0] == 0 and not Request.select().exists()
    if change is fills_up:
        submit(page)
        assert Request.select().count() == 1 and page.locator("#held").is_hidden()
    is_fine(home)


def test_what_is_possible_again_is_requested_and_said_once(home, site, danas_house):
    page = home.page
    keep_without_signal(home, danas_house)
    fills_up()
    home.offline(False)
    held(page, "Not accepted")
    DayLoad.update(booked=0).execute()
    page.get_by_role("button", name="See what to fix").click()
    sent(page)
    page.goto(f"{site}/dashboard")
    expect(page.locator("#inspections h3")).to_have_text("Sewer / water yard line")
    assert page.locator(".said").count() == 0 and Request.select().count() == 1


def test_a_permit_that_is_not_theirs_any_more_leaves_it_on_the_phone(home, site, line, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
    PermitContractor.delete().execute()
    line.fault = ""
    page.reload()
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.get_by_role("heading", name="No such page, or not one of yours.").wait_for()
    page.goto(f"{site}/dashboard")
    held(page, "Not accepted")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#held")).to_be_hidden()


def test_a_cancellation_of_what_the_city_has_cancelled_meanwhile_says_so(home, line, dana, danas_house):
    page = home.page
    keep_cancellation(page, line, dana, danas_house, "500")
    cancel_inspection(Inspection.get(), desk=desk(), by=CLERK, now=NOW)
    line.fault = ""
    look_again(page)
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.get_by_text("This inspection was changed meanwhile.").first.wait_for()
    assert page.evaluate(STORED)[0] == 0
    assert Mail.select().where(Mail.kind == "cancelled").count() == 1


@pytest.fixture
def failed_offline(van, line):
    """Ray has recorded a failure that is not with the city yet."""
    page = van.page
    page.get_by_role("link", name="Failed", exact=True).click()
    page.get_by_label("Comment for the contractor").fill("Slope is wrong")
    line.fault = "500"
    page.get_by_role("button", name="Record and mail it").click()
    page.wait_for_url("**/staff/day/*")
    held(page)
    return van


def test_a_stop_that_was_taken_over_meanwhile_says_who_has_it(failed_offline, line, iris):
    page = failed_offline.page
    Inspection.update(inspector=iris.row).execute()
    line.fault = ""
    page.reload()
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.locator("#problems", has_text="Iris").wait_for()
    assert page.get_by_label("Comment for the contractor").input_value() == "Slope is wrong"
    assert not InspectionResult.select().exists()


def test_a_result_recorded_by_another_meanwhile_is_shown_and_not_overwritten(failed_offline, line, ray):
    page, stop = failed_offline.page, Inspection.get()
    Inspection.update(
        status="done", result="passed", open_type=None, closed_at=NOW, closed_on=TODAY, closed_by="Ray Ortega"
    ).execute()
    InspectionResult.create(inspection=stop.id, recorded_by=ray.row, recorded_at=NOW, result="passed")
    line.fault = ""
    page.reload()
    held(page, "Not accepted")
    assert row(page).locator("h3").inner_text() == "Failed: Sewer / water yard line"
    page.get_by_role("button", name="See what to fix").click()
    page.locator("#problems", has_text="Look at it below.").wait_for()
    assert page.get_by_label("Comment for the contractor").input_value() == "Slope is wrong"
    assert Inspection.get().result == "passed"
    page.get_by_role("button", name="Correct and mail it").click()
    page.wait_for_url("**/staff/day/*")
    assert Inspection.get().result == "failed" and InspectionResult.select().count() == 2
