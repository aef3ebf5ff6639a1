"""A form that finds no city and cannot be kept: the page stays with what was typed, and says so in a sentence."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    STORED,
    fill_in,
    is_fine,
    settled,
    submit,
    until,
    worker_of,
)
from tests.browser.person import fill_contact, focused, sign_in
from tests.cast import FRIDAY, WEDNESDAY, ask
from tracker.actions.requests import Wish
from tracker.models import Inspection, Request

NO_ROOM = "Not sent, and this phone could not keep it. Nothing you typed is lost"
NO_ANSWER = "No answer from the city. Nothing you typed is lost: send it again when there is a signal."
FULL = "void (IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); })"
DENIED = "void (IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); })"


@pytest.mark.parametrize("cdn, storage", [(True, FULL), (False, DENIED)], ids=["full, htmx", "denied, no htmx"])
def test_a_phone_that_cannot_keep_it_says_so(site, phone, dana, danas_house, cdn, storage):
    made = phone(cdn=cdn)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    settled(page)
    fill_in(page, danas_house)
    worker_of(made).evaluate(storage)
    made.offline()
    page.locator("button.wide[value=submit]").click()
    expect(page.locator("#no-answer" if not cdn else "[data-trouble]")).to_contain_text(NO_ROOM)
    assert page.url.endswith("/request") and page.get_by_label("Remarks").input_value() == "Gate code 4711"
    assert page.locator("form[aria-busy]").count() == 0
    made.offline(False)
    submit(page)
    assert Request.select().count() == 1
    is_fine(made)


def test_a_form_that_is_never_kept_stays_as_it_is(home, dana, danas_house):
    """Another day has to be free when it is asked for: it is not kept for later."""
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    page = home.page
    page.reload()
    page.get_by_role("link", name="Change date").click()
    settled(page)
    page.locator(f"input[value='{FRIDAY}']").check()
    home.offline()
    button = page.locator("main form button").last
    button.click()
    expect(page.locator("#no-answer")).to_have_text(NO_ANSWER)
    assert focused(page) == "no-answer" and page.locator("form[aria-busy]").count() == 0
    assert page.locator(f"input[value='{FRIDAY}']").is_checked() and page.evaluate(STORED)[0] == 0
    home.offline(False)
    button.click()
    page.wait_for_url("**/dashboard")
    assert Inspection.get().day == FRIDAY


def test_signing_out_without_a_signal_says_so(home):
    page = home.page
    home.offline()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#no-answer")).to_contain_text("No answer from the city: you are still signed in here.")
    assert page.locator("h1").inner_text() == "Lone Star Plumbing" and page.evaluate(STORED)[1] == ["/dashboard"]


def test_signing_in_without_a_signal_says_so(home, site, dana):
    page = home.page
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()
    page.get_by_label("Company").fill("Lone Star Plumbing")
    page.get_by_label("PIN", exact=True).fill(dana.pin)
    home.offline()
    page.get_by_role("button", name="Login").click()
    expect(page.locator("#no-answer")).to_have_text(NO_ANSWER)
    assert page.get_by_label("PIN", exact=True).input_value() == dana.pin


def test_it_is_said_in_the_language_of_the_page(home, site):
    page = home.page
    page.get_by_role("button", name="Español").click()
    page.locator("html[lang=es]").wait_for()
    until(page, "async () => (await (await caches.match('/offline')).text()).includes('lang=\"es\"')")
    home.offline()
    page.locator("header nav form button").last.click()
    expect(page.locator("#no-answer")).to_contain_text("La ciudad no responde: su sesión sigue abierta aquí.")
    expect(page.locator("#no-signal")).to_have_text(
        re.compile(r"^Sin señal\. Así estaba a las \d+:\d\d\s[ap]\.\sm\. Lo que envíe")
    )
    page.goto(f"{site}/profile")
    expect(page.locator("h1")).to_have_text("Sin señal")


def test_without_script_a_form_is_a_form(site, phone, dana, danas_house):
    made = phone(javascript=False, cdn=False)
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    page = made.page
    page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    submit(page)
    assert Request.select().count() == 1 and not page.locator("#held, #no-signal").filter(visible=True).count()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()


def test_a_browser_without_workers_is_as_it_was(site, phone, dana, danas_house):
    made = phone(service_workers="block")
    made.context.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})")
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    made.page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    fill_contact(made.page)
    made.page.locator("#inspection_type").select_option("SEWER")
    submit(made.page)
    assert Request.select().count() == 1 and not made.page_errors
