"""Pages last seen can be read without a signal, marked with their time, and are as new as what was on the screen."""

from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    REFRESH,
    held,
    is_fine,
    refresh,
    settled,
    submit,
    until,
    worker_of,
)
from tests.browser.person import fill_contact
from tests.cast import WEDNESDAY, ask
from tracker.actions.requests import Wish
from tracker.models import Permit

IN_THE_COPY = """async words => {
  const had = await caches.match(location.href);
  return had && (await had.text()).includes(words);
}"""


def test_a_lost_refresh_says_so_and_recovers_by_itself(home):
    page = home.page
    home.offline()
    page.evaluate(REFRESH)
    expect(page.locator("#no-signal")).to_be_visible()
    home.offline(False)
    page.evaluate(REFRESH)
    expect(page.locator("#no-signal")).to_be_hidden()


def test_a_change_seen_in_an_open_page_is_in_its_copy_and_costs_no_second_page(home, site, line, dana, danas_house):
    page = home.page
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    Permit.update(original_address1="9 Heron Bend").execute()
    line.asked.clear()
    refresh(page)
    page.get_by_role("heading", name="Sewer / water yard line").wait_for()
    until(page, IN_THE_COPY, "Change date")
    until(page, IN_THE_COPY, "9 Heron Bend")
    page.wait_for_load_state("networkidle")
    assert [one for one in line.asked if one != "GET /sw.js"] == [
        "GET /dashboard/inspections",
        "GET /dashboard/permits",
    ]
    home.offline()
    page.goto(f"{site}/")  # the address people know leads to the dashboard that is kept
    assert page.url.endswith("/dashboard")
    assert page.locator("#inspections h3").all_inner_texts() == ["Sewer / water yard line"]
    assert "9 Heron Bend" in page.locator("#permits .permit").inner_text()
    assert page.locator("#held").is_hidden() and page.locator("h1").inner_text() == "Lone Star Plumbing"
    is_fine(home)


def test_what_an_inspector_did_to_the_day_is_in_both_its_copies(van, site):
    page = van.page
    page.get_by_role("button", name="On my way").first.click()
    page.get_by_role("button", name="Arrived").wait_for()
    until(page, IN_THE_COPY, "arrived-")
    page.wait_for_load_state("networkidle")
    van.offline()
    for address in ("/staff/day", "/staff/day/2026-05-26"):
        page.goto(f"{site}{address}")
        assert page.locator("#day .tag").first.inner_text() == "On the way"
        expect(page.locator("#no-signal")).to_be_visible()


def test_another_list_of_the_staff_is_not_shown_for_the_one_asked_for(van, site):
    page = van.page
    page.goto(f"{site}/staff/queue?state=requested")
    settled(page)
    van.offline()
    page.goto(f"{site}/staff/queue?state=declined")
    assert page.locator("h1").inner_text() == "No signal"
    # In a tab of its own: now and then this browser, told that it is offline, goes back to the page that did not come.
    other = van.context.new_page()
    other.goto(f"{site}/staff/queue?state=requested")
    expect(other.locator("#no-signal")).to_be_visible()


def test_a_page_that_came_past_the_worker_is_taken_over(home, danas_house):
    """As the first one after the first visit may: it was on its way while the worker started."""
    page = home.page
    page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    page.wait_for_load_state("networkidle")
    home.context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].workerStart") == 0
    settled(page)
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    home.offline()
    submit(page)
    held(page)


def test_a_preload_that_failed_is_no_answer(home):
    """Firefox gives it as an answer of the type "error"; Chromium breaks it off."""
    page = home.page
    preload = "{get: () => Promise.resolve(Response.error())}"
    worker_of(home).evaluate(f"void Object.defineProperty(FetchEvent.prototype, 'preloadResponse', {preload})")
    home.offline()
    page.reload()
    expect(page.locator("#no-signal")).to_be_visible()
    assert page.locator("h1").inner_text() == "Lone Star Plumbing"
