"""What a person does in a real browser, step by step, and what must hold of every page they see."""

from typing import Any

from playwright.sync_api import Page

CONTACT = {"#contact_name": "Dana Whitfield", "#phone": "512-555-0170", "#email": "dana@lonestar.example"}


def sign_in(page: Page, site: str, company: str, pin: str) -> None:
    page.goto(site)
    page.locator("[name=company]").fill(company)
    page.locator("[name=pin]").fill(pin)
    page.locator("main form button").last.click()
    page.wait_for_url("**/dashboard")


def fill_contact(page: Page) -> None:
    for field, text in CONTACT.items():
        page.locator(field).fill(text)


def is_fine(phone: Any) -> None:
    """Nothing went wrong, nothing was asked of strangers, and nothing needs to be scrolled sideways."""
    assert not phone.page_errors and not phone.foreign
    # A phone zooms out to what is too wide, and then calls that its own width: its screen does not.
    wide = "[document.documentElement.scrollWidth, Math.min(innerWidth, screen.width)]"
    width = phone.page.evaluate(wide) if phone.page.url else [0, 0]
    assert width[0] <= width[1], f"{phone.page.url} is {width[0]} wide on {width[1]}"


def focused(page: Page) -> str:
    """The id of what has the focus, or its words."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
