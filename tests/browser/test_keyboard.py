"""From the sign-in to the confirmation by keyboard alone: no script, in Spanish, 320 pixels wide."""

from playwright.sync_api import Page

from tests.browser.person import is_fine
from tests.cast import WEDNESDAY
from tracker.models import Inspection, Mail

MOST_STOPS = 80


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until the focus is on it, as somebody without a mouse does."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard never comes to {selector}")


def test_a_request_without_a_mouse_or_script_in_spanish(site, phone, dana, danas_permit):
    made = phone(javascript=False, cdn=False, width=320, locale="es-US")
    page, keys = made.page, made.page.keyboard
    page.goto(site)
    assert page.locator("html").get_attribute("lang") == "es"
    tab_to(page, "[name=company]")
    keys.type("Lone Star Plumbing")
    tab_to(page, "[name=pin]")
    keys.type(dana.pin)
    keys.press("Enter")
    page.wait_for_url("**/dashboard")
    is_fine(made)
    assert "Inspecciones activas" in page.inner_text("main")

    tab_to(page, f"a[href='/permits/{danas_permit.permit_num}/request']")
    keys.press("Enter")
    page.wait_for_url("**/request")
    is_fine(made)
    tab_to(page, "#contact_name")
    keys.press("Control+a")
    keys.type("Dana Whitfield")
    tab_to(page, "#inspection_type")
    keys.press("ArrowDown")
    tab_to(page, "[name=time_frame]")
    keys.press("ArrowRight")
    tab_to(page, "#remarks")
    keys.type("Portón 4711")
    tab_to(page, "button[value=submit]")
    keys.press("Enter")
    page.wait_for_url("**/dashboard")
    is_fine(made)

    asked = Inspection.get()
    assert (asked.day, asked.time_frame, asked.remarks) == (WEDNESDAY, "am", "Portón 4711")
    said = page.locator(".said").inner_text()
    assert said.startswith("Solicitada para el mié. 27 de mayo") and f"N.º {asked.request_id}" in said
    mail = Mail.get(Mail.recipient == "office@lonestar.example")
    assert mail.subject.startswith("Solicitada: Prueba de gas, mié. 27 de mayo")
    assert "miércoles 27 de mayo de 2026" in mail.text
