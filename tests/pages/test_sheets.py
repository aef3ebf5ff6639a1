"""The style sheets: no rule for what is nowhere, and none of the desk's for a phone on prepaid data."""

import re
from pathlib import Path

import pytest

from tests.servers import TOP

NAMES = re.compile(r"[.#]([a-zA-Z_][\w-]*)")
WORDS = re.compile(r"[\w-]+")
# Put together where they are used, or by htmx itself.
MADE = {"htmx-request", "pass-bar", "fail-bar", "part-bar", "none-bar", "n2", "n3", "n4"}
CONTRACTORS = ("base.html", "components", "contractor", "errors")


def named(sheet: str) -> set[str]:
    """The classes and ids that the selectors of a sheet name."""
    text = re.sub(r"/\*.*?\*/", "", (TOP / "static" / sheet).read_text(), flags=re.DOTALL)
    return set(NAMES.findall(re.sub(r"\{[^{}]*\}", "{}", text)))


def sources(*places: str) -> list[Path]:
    found = [TOP / place for place in places]
    return [file for place in found for file in ([place] if place.is_file() else sorted(place.rglob("*.*")))]


@pytest.mark.parametrize("sheet", sorted(file.name for file in (TOP / "static").glob("*.css")))
def test_every_rule_is_for_something_that_is_there(sheet):
    files = sources("templates", "static/app.js", "static/offline.js", "tracker/filters.py")
    words = {word for file in files for word in WORDS.findall(file.read_text())}
    assert named(sheet) - words - MADE == set()


def test_contractors_pages_look_right_without_the_sheet_of_the_desk():
    classes: set[str] = set()
    for file in sources(*(f"templates/{place}" for place in CONTRACTORS)):
        # A component may be the staff's alone: what it is named after says so.
        if file.stem not in ("record", "chart", "figures", "company", "inputs"):
            for written in re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', file.read_text()):
                classes |= set(WORDS.findall(written))
    only_there = named("desk.css") - named("app.css") - {"look", "main", "rows"}
    assert classes & only_there == set()


@pytest.mark.parametrize("address", ["/how-to", "/dashboard", "/profile", "/nothing"])
def test_a_contractor_loads_one_sheet(browse, dana, address):
    page = browse(dana).get(address, status=404 if address == "/nothing" else 200)
    assert [str(link["href"]).split(".")[0] for link in page.select("link[rel=stylesheet]")] == ["/static/app"]


def test_the_staff_load_their_own_after_it(browse, olu):
    sheets = browse(olu).get("/staff/reports/queue").select("link[rel=stylesheet]")
    assert [str(link["href"]).split(".")[0] for link in sheets] == ["/static/app", "/static/desk", "/static/charts"]
