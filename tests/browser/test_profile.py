"""The profile in a real browser: axe finds nothing, targets are large, and a tap on a name fills in the contact."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import focused, is_fine, sign_in
from tests.browser.test_accessible import LOOKS, TOO_SMALL
from tracker.models import Contractor, Person

PAGES = ("/profile", "/profile/pin", "/profile/company", "/profile/people/new", "/profile/people/1")


@pytest.fixture
def people(dana) -> None:
    Contractor.update(address="200 Depot Street", city="Bluebonnet", state="TX", zip="78664").execute()
    for name, wants in (("Marco Ruiz", "all"), ("Bartholomew Montgomery-Featherstonehaugh the Younger", "own")):
        email = f"{name.replace(' ', '.').lower()}@the-lone-star-plumbing-company.example"
        Person.create(contractor=dana.company, name=name, email=email, phone="512-555-0163", wants=wants)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_the_profile_and_all_targets_are_large(site, phone, axe, dana, people, look):
    made = phone(**look)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    for address in PAGES:
        page.goto(site + address)
        is_fine(made)
        assert axe(page) == [] and not page.evaluate(TOO_SMALL), address
    page.goto(site + "/profile/pin")
    page.locator("[name=pin]").fill("wrong")
    page.locator("[name=new_pin]").fill("12345678")
    page.locator("[name=new_pin_again]").fill("1234567")
    page.locator("main form button").last.click()
    page.locator("#problems").wait_for()
    is_fine(made)
    assert axe(page) == [] and focused(page) == "problems"


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "plain"])
def test_a_tap_on_a_name_fills_in_the_contact(site, phone, dana, danas_permit, people, javascript):
    made = phone(javascript=javascript)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    page.goto(f"{site}/permits/{danas_permit.permit_num}/request")
    page.locator("#remarks").fill("Gate 4711")
    page.get_by_role("button", name="Marco Ruiz").click()
    expect(page.locator("#contact_name")).to_have_value("Marco Ruiz")
    assert page.locator("#email").input_value() == "marco.ruiz@the-lone-star-plumbing-company.example"
    assert page.locator("#remarks").input_value() == "Gate 4711"
    if javascript:
        assert focused(page) == "contact-1"
    is_fine(made)
