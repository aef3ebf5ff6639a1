"""Every contractor page in its states: axe finds nothing, and nothing is wider than the screen."""

from datetime import timedelta

import pytest

from tests import cast
from tests.browser.person import is_fine, sign_in
from tests.cast import FRIDAY, TODAY, WEDNESDAY, ask, past, permit_of
from tracker.actions.requests import Wish
from tracker.models import Inspection, Permit, PermitContractor, Staff

LONG = "Bartholomew-Montgomery Plumbing, Heating & Airconditioningservices of Williamson County Incorporated"
# Three of them have all between them: the widths, both languages, light and dark. How far text stands out on every
# page, on a phone in the light and in the dark, is in test_hands, and how narrow each can be, in test_narrow.
LOOKS = [
    pytest.param({"width": 360}, id="phone"),
    pytest.param({"width": 320, "locale": "es-US", "color_scheme": "dark"}, id="narrow, Spanish, dark"),
    pytest.param({"width": 1280}, id="desk"),
]


@pytest.fixture
def town(dana, danas_house, danas_permit) -> dict[str, str]:
    """Addresses of pages in every state, by what they show."""
    ray = Staff.create(email="ray@city.example", name="Ray Ortega", role="inspector", phone="512-555-0142",
                       password_hash="", session_token="")  # fmt: skip
    failed = past(danas_house, dana.company, "SEWER", "failed")
    Inspection.update(
        corrections="Cleanout missing within 3 ft of the house\n" + "x" * 60,
        comment="Slope is good. " * 12,
        inspector=ray,
    ).where(Inspection.id == failed.id).execute()
    for code, result in (
        ("PLRGH", "passed"),
        ("FOUND", "passed_with_conditions"),
        ("GAS", "no_access"),
        ("PLTOP", "partial"),
    ):
        past(danas_house, dana.company, code, result)
    booked = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am", "Gate 4711")).inspections.get()
    soon = permit_of(dana.company, "PP-2026-LONG-NUMBER-0123456789-ABC", kind="PLUMBING", trade="plumbing",
                     address="12345 Old Settlers-of-the-Upper-Brushy-Creek Boulevard North, Building 12")  # fmt: skip
    Permit.update(expires_on=TODAY + timedelta(days=3)).where(Permit.id == soon.id).execute()
    on_way = ask(dana, soon, Wish("SEWER", FRIDAY, "pm"), key="b").inspections.get()
    Inspection.update(status="on_the_way", day=TODAY, inspector=ray).where(Inspection.id == on_way.id).execute()
    ended = permit_of(
        dana.company, "PP-2026-00700", kind="PLUMBING", trade="plumbing", issued_on=TODAY - timedelta(days=200)
    )
    for n in range(30):
        permit_of(dana.company, f"PP-2026-{n:05}", kind="PLUMBING", trade="plumbing", address=f"{n} Heron Bend")
    PermitContractor.create(permit=danas_house, contractor=cast.signer(LONG, "x@y.example").company, trade="general")
    house = f"/permits/{danas_house.permit_num}"
    return {
        "dashboard": "/dashboard", "nothing found": "/dashboard?q=nowhere", "house": house, "print": f"{house}/print",
        "request": f"{house}/request", "again": f"{house}/request?repeat={failed.id}",
        "expired": f"/permits/{ended.permit_num}",
        "expired request": f"/permits/{ended.permit_num}/request", "cancel": f"/inspections/{booked.id}/cancel",
        "move": f"/inspections/{booked.id}/move", "too late": f"/inspections/{on_way.id}/cancel",
        "too late to move": f"/inspections/{on_way.id}/move", "nowhere": "/nothing", "how-to": "/how-to",
    }  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_page_of_a_company(site, phone, axe, dana, town, look):
    made = phone(**look)
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    wrong = {}
    for name, address in town.items():
        made.page.goto(site + address)
        is_fine(made)
        wrong[name] = axe(made.page)
    assert not {name: found for name, found in wrong.items() if found}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_for_a_visitor_and_after_a_wrong_pin(site, phone, axe, dana, look):
    cast.signer("Lone Star Plastering & Stucco of the Greater Hill Country Region", "x@y.example")
    made = phone(**look)
    page = made.page
    for address in ("/", "/how-to", "/staff", "/nothing"):
        page.goto(site + address)
        assert axe(page) == []
        is_fine(made)
    page.goto(site)
    page.locator("[name=company]").type("lone star")
    page.locator("legend").wait_for()
    assert axe(page) == []
    page.locator("[name=company]").fill("Nobody")
    page.locator("main form button").last.click()
    page.locator("#problems").wait_for()
    assert axe(page) == [] and page.evaluate("document.activeElement.id") == "problems"
    is_fine(made)


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_a_form_with_a_list_and_with_errors(site, phone, axe, dana, town, look):
    made = phone(**look)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    page.goto(site + town["request"])
    page.locator("#inspection_type").select_option("SEWER")
    page.locator("#add").click()
    page.locator(".chosen li").wait_for()
    assert axe(page) == []
    page.locator("#phone").fill("51255")
    page.locator("#remarks").fill("x" * 1500)
    page.locator("button.wide[value=submit]").click()
    page.locator("#problems").wait_for()
    assert axe(page) == []
    is_fine(made)


def test_an_empty_dashboard_and_one_of_four_hundred_are_fine(site, phone, axe, dana, eve):
    rows = [permit_of(eve.company, "BP-2026-02000").__data__ | {"permit_num": f"BP-{n}"} for n in range(1)]
    kept = {name: value for name, value in rows[0].items() if name != "id"}
    Permit.insert_many([{**kept, "permit_num": f"BP-2026-1{n:04}"} for n in range(399)]).execute()
    on_it = [{"permit": one, "contractor": eve.company, "trade": "general"} for one in Permit.select()]
    PermitContractor.insert_many(on_it).on_conflict_ignore().execute()
    for who, words in ((dana, "No active permits."), (eve, "25 of 400")):
        made = phone()
        sign_in(made.page, site, who.company.company_name, who.pin)
        made.page.get_by_text(words).first.wait_for()
        assert axe(made.page) == []
        is_fine(made)


def test_a_company_with_a_long_name_fits_a_narrow_phone(site, phone, axe):
    who = cast.signer(LONG, "x@y.example")
    made = phone(width=320)
    sign_in(made.page, site, LONG, who.pin)
    is_fine(made)


def test_main_actions_are_56_and_all_targets_44_pixels_high(site, phone, dana, town):
    made = phone()
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    for name in ("dashboard", "house", "request", "cancel", "move", "too late"):
        page.goto(site + town[name])
        small = page.evaluate(TOO_SMALL)
        assert not small, f"{name}: {small}"
    page.goto(site + town["request"])
    assert page.locator("button.wide[value=submit]").bounding_box()["height"] >= 56


# What can be pressed, apart from links within a sentence and what is not to be seen.
TOO_SMALL = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.offsetParent && !one.matches('.vh, .skip, p a, footer a, header a, dd a'))
    .map(one => [one.closest('label.pick') || one, one])
    .map(([box, one]) => [one.outerHTML.slice(0, 90), Math.round(box.getBoundingClientRect().height)])
    .filter(([, height]) => height < 44)"""
