"""A field is checked in place: the answer is the words beside it, and nothing else of the page moves."""

import pytest

from tests.cast import permit_of
from tests.pages.conftest import CONTACT, wish

GOOD = {**CONTACT, **wish("SEWER")}


@pytest.fixture
def check(filling):
    """`check("email", email="x")` → what is said beside the field."""

    def ask(field: str, number: str = "BP-2026-01184", **typed: str) -> str:
        address = f"/permits/{number}/request/check/{field}"
        page = filling.post(address, {"csrf_token": filling.token, **GOOD, **typed}, 200, HX_Request="true")
        assert not page.is_whole and not page.soup.find(True)
        return page.text

    return ask


@pytest.mark.parametrize(
    "field, typed, words",
    [
        ("phone", "51255", "A US number has 10 digits, this has 5. Type one such as 512-555-0163."),
        ("phone", "(512) 555 0163", ""),
        ("email", "dana.lonestar.example", "The @ is missing. An address looks like name@company.com."),
        ("email", "dana@lonestar.example", ""),
        ("contact_name", "  ", "Type the name of who is on site."),
        ("site_address", "1", ""),
        ("remarks", "x" * 10_000, "10,000 characters. There is room for 1,000."),
        ("remarks", "<b>gate</b>", ""),
    ],
)
def test_one_field_is_checked_by_the_words_of_the_submit(check, field, typed, words):
    assert check(field, **{field: typed}) == words


def test_other_fields_are_left_alone_while_one_is_checked(check):
    assert check("phone", email="nobody", contact_name="") == ""


def test_remarks_of_irrigation_are_checked_for_a_caller(check, dana):
    permit_of(dana.company, "IR-1", kind="IRRIGATION", trade="irrigation")
    assert (
        check("remarks", "IR-1", inspection_type="IRRIG", remarks="Marco")
        == "Add a phone number, such as 512-555-0163."
    )
    assert check("remarks", "IR-1", inspection_type="IRRIG", remarks="Marco, 512-555-0163") == ""


@pytest.mark.parametrize("field", ["key", "inspections", "csrf_token", "nothing", "validate", "__class__", "x" * 500])
def test_there_is_no_check_of_other_names(filling, field):
    address = f"/permits/BP-2026-01184/request/check/{field}"
    filling.post(address, {"csrf_token": filling.token, **GOOD}, 404)


def test_a_chosen_type_brings_its_note_and_its_days(filling, dana):
    permit_of(dana.company, "IR-1", kind="IRRIGATION", trade="irrigation")
    page = filling.send("/permits/IR-1/request/about", 200, **{**GOOD, "inspection_type": "IRRIG"})
    assert "Have the Backflow Test Form on site." in page.text and page.select("input[name=requested_date]")
    page = filling.send("/permits/BP-2026-01184/request/about", 200, **{**GOOD, "requested_date": "2026-05-28"})
    assert page.value("requested_date") == "2026-05-28" and not page.select("#caller")


@pytest.mark.parametrize("code", ["", "nonsense", "FORM", "'", "\0"])
def test_a_type_that_is_none_brings_the_days_alone(filling, code):
    page = filling.send("/permits/BP-2026-01184/request/about", 200, inspection_type=code)
    assert page.select("input[name=requested_date]")


def test_a_check_after_the_sign_in_ended_leaves_the_page_as_it_is(filling):
    filling.client.delete_cookie("session")
    visitor = filling
    visitor.get("/")
    for place in ("check/email", "about"):
        visitor.send(f"/permits/BP-2026-01184/request/{place}", 401, {"HX_Request": "true"}, **GOOD)
