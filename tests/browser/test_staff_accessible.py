"""Every page of the staff's that has one address: axe finds nothing, and nothing is wider than the screen."""

import pytest
from flask import Flask

from tests.browser.person import is_fine
from tracker.cli.demo_city import PASSWORD

# Light and dark make no other difference than how far text stands out, which test_hands looks at on all these pages.
LOOKS = [
    pytest.param({"width": 320, "locale": "es-US"}, id="narrow, Spanish"),
    pytest.param({"width": 1280}, id="desk"),
]
# Parts of a page, and files.
NO_PAGES = ("rows", "load", "found", ".csv", "effect", "/close")
REPORTS = [f"/staff/reports/{name}" for name in ("requests", "days", "queue")]


def pages(app: Flask) -> list[str]:
    """The addresses of the staff's pages that need nothing else."""
    rules = (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments)
    found = [rule.rule for rule in rules if rule.rule.startswith("/staff/") and not rule.rule.endswith(NO_PAGES)]
    return sorted([*found, *REPORTS])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", ["olu", "iris"])
def test_axe_finds_nothing_on_the_staffs_pages(app, demo, phone, axe, look, who):
    made, wrong, seen = phone(**look), {}, 0
    page = made.page
    page.goto(f"{demo}/staff")
    page.locator("[name=email]").fill(f"{who}@bluebonnet.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/staff"))
    for address in pages(app):
        answer = page.goto(demo + address)
        if answer is None or answer.status != 200:
            assert who == "iris" and answer is not None and answer.status in (403, 404), address
            continue
        seen += 1
        is_fine(made)
        if found := axe(page, contrast=False):
            wrong[address] = found
    assert seen > (15 if who == "olu" else 3) and not wrong
