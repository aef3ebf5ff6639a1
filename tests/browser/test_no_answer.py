"""On-line, on a bad line: what is lost, slow or cut off is said in a sentence beside it, and can be tried again.

As on a first visit, when no worker is there yet to keep anything.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.person import fill_contact, sign_in
from tests.cast import permit_of
from tracker.models import Request

SUBMIT = "button.wide[value=submit]"
TRY_AGAIN = "No answer from the city. Try again."
NOT_CHECKED = "Not checked: no answer from the city. Submit checks it."
NOTHING_LOST = "No answer from the city. Nothing you typed is lost: press Submit again."
COULD_NOT = "The city’s computer could not take it. Nothing you typed is lost: press Submit again in a minute."


def lost(route: Route) -> None:
    route.abort()


def cut_off(route: Route) -> None:
    route.abort("connectionreset")


def broken(route: Route) -> None:
    route.fulfill(status=502, body="<h1>Bad gateway</h1>", content_type="text/html")


def slow(route: Route) -> None:
    """No answer at all while anybody waits."""


def each_fault(page: Page, address: str) -> Iterator[str]:
    """What is asked for there is lost, cut off, broken and slow in turn; afterwards it is answered again."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate("htmx.config.timeout") == 15_000
    page.evaluate("htmx.config.timeout = 400")  # instead of waiting for it
    for fault in (lost, cut_off, broken, slow):
        page.route(address, fault)
        yield fault.__name__
        page.unroute(address)
    page.evaluate("htmx.config.timeout = 15000")


@pytest.fixture
def form(site, phone, dana, danas_house) -> Page:
    """The request form on Dana's phone."""
    page = phone(service_workers="block").page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    page.goto(f"{site}/permits/{danas_house.permit_num}/request")
    return page


def test_submit_and_add_inspection(form):
    fill_contact(form)
    form.locator("#inspection_type").select_option("SEWER")
    form.locator("#remarks").fill("Gate code 4711")
    trouble = form.locator("[data-trouble]")
    for fault in each_fault(form, "**/request"):
        form.locator(SUBMIT).click()
        expect(trouble).to_have_text(COULD_NOT if fault == "broken" else NOTHING_LOST)
        expect(form.locator("form[aria-busy]")).to_have_count(0)
        form.locator("#add").click()
        expect(trouble).to_have_text(TRY_AGAIN)
        expect(form.locator("form[aria-busy]")).to_have_count(0)
        assert form.locator("#remarks").input_value() == "Gate code 4711" and not Request.select().exists()
    form.locator("#add").click()
    expect(form.locator(".chosen li")).to_have_count(1)
    expect(trouble).to_be_empty()
    form.locator(SUBMIT).click()
    form.wait_for_url("**/dashboard")
    assert Request.select().count() == 1


def test_a_check_in_place(form):
    said = form.locator("#phone-e")
    for typed, _fault in enumerate(each_fault(form, "**/check/phone")):
        form.locator("#phone").fill(f"512-{typed}")
        form.locator("#email").focus()
        expect(said).to_have_text(NOT_CHECKED)
        assert form.locator("#phone").input_value() == f"512-{typed}"
        assert form.locator("#phone").get_attribute("aria-invalid") is None
    form.locator("#phone").fill("512-55")
    form.locator("#email").focus()
    expect(said).to_contain_text("A US number has 10 digits, this has 5.")


def test_what_belongs_to_a_type(form):
    said, types = form.locator("#inspection_type-e"), ["SEWER", "PLRGH", "SEWER", "PLRGH"]
    for _fault in each_fault(form, "**/about"):
        form.locator("#inspection_type").select_option(types.pop())
        expect(said).to_have_text(NOT_CHECKED)
    form.locator("#inspection_type").select_option("PLRGH")
    expect(said).to_be_empty()


def test_the_look_up_of_companies(site, phone, dana):
    page = phone(service_workers="block").page
    page.goto(site)
    letters = list("Lone")
    for _fault in each_fault(page, "**/companies?*"):
        with page.expect_request("**/companies?*"):
            page.locator("#company").press_sequentially(letters.pop(0))
        expect(page.locator(".lost")).to_have_text(TRY_AGAIN)
    assert page.locator("#company").input_value() == "Lone"
    page.locator("#company").press_sequentially(" Star")
    page.get_by_label("Lone Star Plumbing").wait_for()
    assert page.locator(".lost").count() == 0


def test_show_more(site, phone, dana):
    for number in range(30):
        permit_of(dana.company, f"PP-2026-{number:05}", kind="PLUMBING", trade="plumbing", address=f"{number} Heron")
    page = phone(service_workers="block").page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    more = page.get_by_role("link", name="Show more")
    for _fault in each_fault(page, "**/dashboard/permits/more?*"):
        more.click()
        expect(page.locator(".lost")).to_have_text(TRY_AGAIN)
    more.click()
    page.locator(".permit .num", has_text="PP-2026-00000").wait_for()
    assert page.locator(".lost").count() == 0


def test_a_refresh_is_tried_again_by_itself(site, phone, dana, danas_house):
    page = phone(service_workers="block").page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    refresh = "document.querySelector('#inspections').dispatchEvent(new CustomEvent('refresh'))"
    for _fault in each_fault(page, "**/dashboard/inspections*"):
        page.evaluate(refresh)
        expect(page.locator("#no-signal")).to_contain_text("No answer from the city. This is how it stood at")
        assert page.locator(".lost").count() == 0
        page.unroute("**/dashboard/inspections*")
        page.evaluate(refresh)
        expect(page.locator("#no-signal")).to_be_hidden()
