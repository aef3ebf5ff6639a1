"""A supervisor, told nothing, closes the Friday after Thanksgiving and sets Wednesdays to 30 places.

The way is found by the words on the pages alone, as a new user would.
"""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import is_fine
from tests.browser.test_accessible import TOO_SMALL
from tests.cast import CHICAGO, CONTACT, PASSWORD, ask, permit_of
from tracker.actions.requests import Wish
from tracker.models import ClosedDay, Inspection
from tracker.queries.city import limits
from tracker.rules.capacity import by_key

FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)
MID_NOVEMBER = datetime.combine(date(2026, 11, 17), time(10), CHICAGO)
ALL = [
    pytest.param({"width": 1280}, id="desk"),
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 360, "javascript": False, "cdn": False}, id="phone without script"),
    pytest.param({"width": 320, "color_scheme": "dark"}, id="narrow, dark"),
]
LOOKS, PHONES = pytest.mark.parametrize("look", ALL), pytest.mark.parametrize("look", ALL[1:3])


@pytest.fixture
def two(dana, at):
    """Two requests that are on the Friday; it is the middle of November."""
    at(MID_NOVEMBER)
    for n, address in enumerate(("77 Cedar Brake Drive", "79 Cedar Brake Drive")):
        permit = permit_of(dana.company, f"PP-2026-0093{n}", kind="WATER_HEATER", trade="plumbing",
                           address=address, issued_on=date(2026, 11, 2))  # fmt: skip
        contact = replace(CONTACT, site_address=address)
        ask(dana, permit, Wish("WH", FRIDAY, "any"), key=address, now=MID_NOVEMBER, contact=contact)
    return list(Inspection.select().order_by(Inspection.id))


@pytest.fixture
def office(phone, site, olu, two, axe, look):
    """Olu's browser, signed in; `looks_fine(office)` on the way."""
    made = phone(**look)
    made.axe = axe if look.get("javascript", True) else lambda page: []
    made.page.goto(f"{site}/staff")
    made.page.get_by_label("Email").fill(olu.row.email)
    made.page.get_by_label("Password").fill(PASSWORD)
    made.page.get_by_role("button", name="Sign in").click()
    made.page.get_by_role("link", name="City", exact=True).click()
    return made


def looks_fine(made) -> None:
    made.page.wait_for_load_state()
    is_fine(made)
    assert made.axe(made.page) == []
    assert made.page.evaluate(TOO_SMALL) == []


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


@LOOKS
def test_the_friday_after_thanksgiving_is_closed(office, look):
    page = office.page
    page.get_by_role("link", name="Days off").click()
    looks_fine(office)
    assert page.get_by_role("listitem").filter(has_text="Thanksgiving Day").get_by_text("Federal holiday").is_visible()
    page.get_by_label("Day", exact=True).fill(str(FRIDAY))
    page.get_by_label("What it is called").fill("Day after Thanksgiving")
    page.get_by_role("button", name="Close the day").click()
    assert heading(page) == "Close Fri Nov 27"
    looks_fine(office)
    assert page.get_by_label("Move them to").locator("option:checked").inner_text() == "Mon Nov 30 · 60 places left"
    page.get_by_label("Water heater replacement, 79 Cedar Brake Drive").select_option("Decline")
    page.get_by_role("button", name="Close the day and mail it").click()
    said = "Closed: Fri Nov 27, Day after Thanksgiving. 1 request moved. 1 request declined. The contractors are told."
    assert page.locator(".said").inner_text() == said
    looks_fine(office)
    assert page.get_by_role("listitem").filter(has_text="Day after Thanksgiving").is_visible()
    now = [(row.day, row.status) for row in Inspection.select().order_by(Inspection.id)]
    assert now == [(MONDAY, "requested"), (FRIDAY, "declined")] and ClosedDay.get().day == FRIDAY


@PHONES
def test_what_arrives_while_the_page_is_open_is_shown_again(office, look, dana):
    page = office.page
    page.get_by_role("link", name="Days off").click()
    page.get_by_label("Day", exact=True).fill(str(FRIDAY))
    page.get_by_label("What it is called").fill("Day after Thanksgiving")
    page.get_by_role("button", name="Close the day").click()
    late = permit_of(dana.company, "PP-2026-00940", kind="WATER_HEATER", trade="plumbing", issued_on=date(2026, 11, 2))
    ask(dana, late, Wish("WH", FRIDAY, "any"), key="late", now=MID_NOVEMBER)
    page.get_by_role("button", name="Close the day and mail it").click()
    assert page.get_by_text("New since you looked").is_visible()
    looks_fine(office)
    page.get_by_role("button", name="Close the day and mail it").click()
    assert "3 requests moved." in page.locator(".said").inner_text()
    assert {row.day for row in Inspection.select()} == {MONDAY}


@LOOKS
def test_wednesdays_get_30_places(office, look):
    page = office.page
    page.get_by_role("link", name="Places").click()
    looks_fine(office)
    page.get_by_role("group", name="All together").get_by_label("Wed").fill("30")
    if look.get("javascript", True):  # the effect follows by itself
        expect(page.locator("#effect").get_by_text("Places change on 3 of these days.")).to_be_visible()
    else:
        page.get_by_role("button", name="Preview").last.click()
    row = page.get_by_role("row", name="Wed Nov 18")
    assert row.get_by_role("cell").all_inner_texts() == ["60", "30", "0"]
    assert by_key(limits()) == {}
    looks_fine(office)
    page.get_by_role("group", name="Plumbing").get_by_label("Every day").fill("2")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.locator("#effect .trade", has_text="Plumbing")).to_have_count(10)
    looks_fine(office)
    page.get_by_role("group", name="Plumbing").get_by_label("Every day").fill("")
    page.get_by_role("button", name="Preview").last.click()
    expect(page.locator("#effect .trade", has_text="Plumbing")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".said")).to_have_text("Saved. 1 number changed.")
    assert page.get_by_role("group", name="All together").get_by_label("Wed").input_value() == "30"
    looks_fine(office)
    assert by_key(limits()) == {(2, None): 30}


@PHONES
def test_a_wrong_number_and_a_missing_name_are_said_where_they_are(office, look):
    page = office.page
    page.get_by_role("link", name="Places").click()
    page.get_by_role("group", name="Plumbing").get_by_label("Mon").fill("many")
    page.get_by_role("button", name="Preview").last.click()
    page.locator("#problems").wait_for()
    looks_fine(office)
    page.get_by_role("link", name="Plumbing, Mon: A whole number from 0 to 9999, or nothing.").click()
    page.get_by_role("link", name="City", exact=True).first.click()
    page.get_by_role("link", name="Days off").click()
    page.get_by_role("button", name="Close the day").click()
    assert page.locator("#problems li").all_inner_texts() == ["Choose the day.", "Type what the day is called."]
    looks_fine(office)
