"""The request form in a real browser: nothing typed is lost, the focus stays, one press is one request."""

import pytest

from tests.browser.person import fill_contact, focused, is_fine, sign_in
from tracker.models import Contractor, InspectionType, Request

SUBMIT = "button.wide[value=submit]"
WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no script"])


@pytest.fixture
def opened(site, phone, dana, danas_house):
    """`opened()` → Dana's phone with the request page of her house."""

    def open_page(**how):
        made = phone(**how)
        sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
        made.page.goto(f"{site}/permits/{danas_house.permit_num}/request")
        return made

    return open_page


def test_a_field_is_checked_in_place_and_the_focus_goes_on(opened):
    dana = opened()
    page = dana.page
    page.locator("#phone").fill("51255")
    page.locator("#email").focus()
    page.get_by_text("A US number has 10 digits, this has 5.").wait_for()
    assert focused(page) == "email" and page.locator("#phone").input_value() == "51255"
    assert page.locator("#phone").get_attribute("aria-invalid") == "true"
    page.locator("#phone").fill("512-555-0163")
    page.locator("#email").press_sequentially("x")
    page.locator("#phone-e", has_text="10 digits").wait_for(state="detached")
    assert page.locator("#phone").get_attribute("aria-invalid") is None and focused(page) == "email"
    is_fine(dana)


@WAYS
def test_after_a_refused_submit_the_summary_leads_to_each_field(opened, javascript):
    dana = opened(javascript=javascript)
    page = dana.page
    page.locator("#phone").fill("51255")
    page.locator("#remarks").fill("Gate code 4711")
    page.locator(SUBMIT).click()
    page.locator("#problems").wait_for()
    assert not javascript or focused(page) == "problems"
    assert page.title().startswith("Error: ") or javascript
    assert (
        page.locator("#phone").input_value() == "51255" and page.locator("#remarks").input_value() == "Gate code 4711"
    )
    page.locator("#problems a", has_text="Phone Number").click()
    assert page.evaluate("location.hash") == "#phone"
    assert not javascript or focused(page) == "phone"
    is_fine(dana)


def test_a_double_press_is_one_request(opened):
    dana = opened()
    page = dana.page
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.locator(SUBMIT).dblclick()
    page.wait_for_url("**/dashboard")
    assert Request.select().count() == 1 and page.locator(".said").count() == 1
    is_fine(dana)


def test_an_answer_lost_on_the_way_and_another_press_are_one_request(opened):
    dana = opened(service_workers="block")  # with one it is kept: offline/
    page = dana.page
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.wait_for_load_state("networkidle")

    def lose(route):
        if route.request.method == "POST":
            route.fetch()  # the city has it
        route.abort()

    page.route("**/request", lose)
    page.locator(SUBMIT).click()
    page.get_by_text("No answer from the city.").wait_for()
    assert Request.select().count() == 1
    page.unroute("**/request")
    page.locator(SUBMIT).click()
    page.wait_for_url("**/dashboard")
    assert Request.select().count() == 1 and len(set(page.locator(".said").all_inner_texts())) == 1


@WAYS
def test_enter_submits_and_does_not_add(opened, javascript):
    dana = opened(javascript=javascript)
    fill_contact(dana.page)
    dana.page.locator("#inspection_type").select_option("SEWER")
    dana.page.locator("#email").press("Enter")
    dana.page.wait_for_url("**/dashboard")
    assert Request.select().count() == 1


def test_without_an_answer_the_page_says_so_and_keeps_the_typing(opened, site):
    dana = opened(service_workers="block")  # with one it is kept: offline/
    page = dana.page
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.locator("#remarks").fill("Gate code 4711")
    page.wait_for_load_state("networkidle")
    page.route("**/request", lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.locator(SUBMIT).click()
    page.get_by_text("No answer from the city. Nothing you typed is lost: press Submit again.").wait_for()
    assert page.locator("#remarks").input_value() == "Gate code 4711" and not Request.select().exists()
    page.unroute("**/request")
    page.locator(SUBMIT).click()
    page.wait_for_url("**/dashboard")
    assert Request.select().count() == 1


def test_a_sign_in_that_ended_meanwhile_keeps_the_page_and_its_typing(opened, site, dana):
    made = opened()
    page = made.page
    fill_contact(page)
    Contractor.update(session_token="another").execute()
    page.locator("#phone").fill("51255")
    page.locator("#email").focus()
    page.wait_for_load_state("networkidle")
    page.locator("#phone").fill("512-555-0163")
    page.locator("#inspection_type").select_option("SEWER")
    page.locator(SUBMIT).click()
    page.get_by_text("You were signed out meanwhile. Nothing you typed is lost").wait_for()
    assert page.url.endswith("/request") and page.locator("#contact_name").input_value() == "Dana Whitfield"
    other = made.context.new_page()
    sign_in(other, site, "Lone Star Plumbing", dana.pin)
    page.locator(SUBMIT).click()
    page.get_by_text("This page was open for too long. Nothing was sent").wait_for()
    page.locator(SUBMIT).click()
    page.wait_for_url("**/dashboard")
    assert Request.get().contact_name == "Dana Whitfield" and Request.get().phone == "512-555-0163"


def test_a_types_note_appears_as_soon_as_it_is_chosen(opened):
    InspectionType.update(note="Leave the trench open.").where(InspectionType.code == "SEWER").execute()
    dana = opened()
    page = dana.page
    page.locator("#remarks").fill("half a sentence")
    page.locator("#inspection_type").focus()
    page.locator("#inspection_type").select_option("SEWER")
    page.get_by_text("Leave the trench open.").wait_for()
    assert focused(page) == "inspection_type" and page.locator("#remarks").input_value() == "half a sentence"
    is_fine(dana)


def test_the_whole_way_by_keyboard_alone(site, phone, dana, danas_permit):
    made = phone(width=1280)
    page = made.page
    page.goto(site)
    page.locator("#company").focus()
    page.keyboard.type("Lone Star Plumbing")
    page.wait_for_load_state("networkidle")
    press_until(page, lambda: focused(page) == "pin")
    page.keyboard.type(dana.pin)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard")
    press_until(page, lambda: focused(page).startswith("Request"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/request")
    press_until(page, lambda: focused(page) == "contact_name")
    page.keyboard.type("Dana Whitfield")
    press_until(page, lambda: focused(page) == "inspection_type")
    page.keyboard.type("Water")
    assert page.locator("#inspection_type").input_value() == "WH"
    press_until(page, lambda: "Submit" in focused(page) and page.evaluate("document.activeElement.tabIndex") == 0)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard")
    assert Request.select().count() == 1 and not made.page_errors


def press_until(page, is_there, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if is_there():
            return
    raise AssertionError(f"not reached by Tab; at {focused(page)!r}")
