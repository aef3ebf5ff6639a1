"""Signing in by company and PIN."""

from urllib.parse import urlencode

import pytest

from tests import cast
from tracker.actions.accounts import hash_pin
from tracker.models import Attempt, Contractor


def test_a_company_signs_in_with_its_registration_code(browse, dana):
    page = browse().sign_in("Lone Star Plumbing", dana.pin)
    assert page.words("h1") == ["Lone Star Plumbing"]


@pytest.mark.parametrize("typed", ["lone star plumbing", "  LONE  STAR-PLUMBING. ", "LoneStarPlumbing"])
def test_the_name_is_found_without_case_spaces_and_punctuation(browse, dana, typed):
    assert browse().sign_in(typed, dana.pin).words("h1") == ["Lone Star Plumbing"]


def test_the_code_is_taken_without_case_spaces_and_hyphens(browse, dana):
    typed = " " + dana.pin.lower().replace("-", " ") + " "
    assert browse().sign_in("Lone Star Plumbing", typed).words("h1") == ["Lone Star Plumbing"]


def test_a_registration_code_typed_into_company_works_too(browse, dana):
    typed = dana.pin.replace("-", "").lower()
    assert browse().sign_in(typed, dana.pin).words("h1") == ["Lone Star Plumbing"]


def test_a_code_in_company_without_its_pin_opens_nothing(browse, dana, eve):
    page = browse().sign_in(dana.pin, eve.pin, status=422)
    assert page.words("#problems h2") == ["Company and PIN do not match."]


def test_an_inexact_name_comes_back_as_a_short_list_to_pick_from(browse, dana, eve):
    cast.signer("Lone Star Plastering", "hello@stucco.example")
    browsing = browse()
    page = browsing.sign_in("lone st", dana.pin, status=422)
    assert page.words("#problems h2") == ["Pick your company from the list."]
    assert sorted(page.words("#companies label")) == ["Lone Star Plastering", "Lone Star Plumbing"]
    assert page.value("company") == "lone st"
    page = browsing.submit("main form", pin=dana.pin, company_id=dana.company.id)
    assert page.words("h1") == ["Lone Star Plumbing"]


def test_the_list_to_pick_from_opens_nothing_by_itself(browse, dana, eve):
    browsing = browse()
    browsing.sign_in("lone st", dana.pin, status=422)
    browsing.submit("main form", 422, pin=eve.pin, company_id=dana.company.id)
    browsing.get("/dashboard", status=303)


def test_a_name_typed_after_a_pick_wins_over_the_pick(browse, dana, eve):
    browsing = browse()
    browsing.sign_in("lone st", dana.pin, status=422)
    page = browsing.submit("main form", company="Evergreen Drains", pin=eve.pin, company_id=dana.company.id)
    assert page.words("h1") == ["Evergreen Drains"]


def test_an_empty_pin_or_company_is_asked_for_and_is_no_try(browse, dana):
    for company, pin in (("Lone Star Plumbing", ""), ("", dana.pin), ("", "")):
        page = browse().sign_in(company, pin, status=422)
        assert page.words("#problems") == ["Type your company and its PIN."]
    assert not Attempt.select().exists()


def test_a_name_but_for_its_legal_form_comes_back_to_be_picked(browse, dana):
    page = browse().sign_in("Lone Star Plumbing, Inc.", dana.pin, status=422)
    assert page.words("#companies label") == ["Lone Star Plumbing"]


def test_a_wrong_company_and_a_wrong_pin_read_the_same(browse, dana):
    wrong = [
        browse().sign_in(company, pin, status=422)
        for company, pin in (
            ("Lone Star Plumbing", "RR-2222-2222"),
            ("Nobody of the Town", "RR-2222-2222"),
            ("Nobody of the Town", dana.pin),
        )
    ]
    assert {page.words("#problems")[0] for page in wrong} == {"Company and PIN do not match."}
    assert not any(page.select("#companies label") for page in wrong)


def test_what_was_typed_stays_but_the_pin(browse, dana):
    page = browse().sign_in("Lone Star Plumbing", "wrong", status=422, remember="1")
    assert page.value("company") == "Lone Star Plumbing" and page.value("remember") == "1"
    assert page.value("pin") == "" and page.one("title").get_text().startswith("Error: ")


def test_a_blocked_company_reads_like_a_wrong_pin(browse, dana):
    Contractor.update(blocked_at=cast.NOW).where(Contractor.id == dana.company.id).execute()
    page = browse().sign_in("Lone Star Plumbing", dana.pin, status=422)
    assert page.words("#problems h2") == ["Company and PIN do not match."]


def test_an_own_pin_takes_the_place_of_the_code(browse, dana):
    Contractor.update(own_pin_hash=hash_pin("blue-trowel-77")).execute()
    browse().sign_in("Lone Star Plumbing", dana.pin, status=422)
    assert browse().sign_in("Lone Star Plumbing", "blue-trowel-77").words("h1") == ["Lone Star Plumbing"]


def test_a_company_merged_into_another_is_not_found_any_more(browse, dana, eve):
    Contractor.update(merged_into=eve.company).where(Contractor.id == dana.company.id).execute()
    browse().sign_in("Lone Star Plumbing", dana.pin, status=422)
    browse().sign_in(dana.pin, dana.pin, status=422)


@pytest.mark.parametrize("picked", ["²", "9" * 5000, "-1", "1\0", "'", "99999999999"])
def test_a_pick_that_is_none_is_no_error_of_ours(browse, dana, picked):
    browsing = browse()
    browsing.get(f"/?{urlencode({'company': 'lo', 'company_id': picked})}")
    browsing.submit("main form", 422, company="nobody", pin="x", company_id=picked)


def test_the_page_links_to_the_citys_own_steps(browse):
    browsing = browse()
    browsing.get("/")
    page = browsing.click("How it works, in 6 steps")
    assert len(page.select("ol.nums > li")) == 6 and "Before 4:00 PM you can have the next working day" in page.text


def test_forgot_pin_says_whom_to_call(browse):
    page = browse().get("/")
    assert "Forgot PIN? Call 512-555-0100." in page.text and page.select('main a[href="tel:+1-512-555-0100"]')
