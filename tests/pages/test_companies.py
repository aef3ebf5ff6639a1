"""The look-up of companies beside the sign-in: two letters or more, at most eight, never by code."""

import pytest

from tests import cast


@pytest.fixture
def found(browse, dana, eve):
    """`found("lone")` → the names that the look-up offers."""
    browsing = browse()

    def look_up(typed: str) -> list[str]:
        return browsing.get(f"/companies?company={typed}", HX_Request="true").words("label")

    return look_up


@pytest.mark.parametrize("typed", ["", "l", " l ", "l.", "%25", "_", "&", "-"])
def test_less_than_two_letters_offer_nothing(found, typed):
    assert found(typed) == []


@pytest.mark.parametrize("typed", ["lo", "Lone", "plumb", "STAR", "lonestar pl"])
def test_the_beginning_of_any_word_finds_a_company(found, typed):
    assert found(typed) == ["Lone Star Plumbing"]


@pytest.mark.parametrize("typed", ["one", "lumbing", "__", "%25%25", "l%25", "lone_star x"])
def test_what_no_word_begins_with_finds_nothing(found, typed):
    assert found(typed) == []


def test_it_offers_at_most_eight(found):
    for number in range(12):
        cast.signer(f"Lone Ranger Roofing {number}", "roof@ranger.example")
    assert len(found("lo")) == 8


def test_it_never_matches_a_registration_code(found, dana):
    for typed in (dana.pin, dana.pin.lower(), dana.pin.replace("-", ""), dana.pin[:4], dana.pin[3:]):
        assert found(typed) == []


def test_no_code_and_no_contact_of_a_company_is_in_its_answer(browse, dana):
    page = browse().get("/companies?company=lone")
    assert dana.pin not in page.body.decode() and "@" not in page.text and "555" not in page.text


def test_a_single_match_is_picked_already(browse, dana):
    assert browse().get("/companies?company=lone").value("company_id") == str(dana.company.id)


def test_no_match_is_said_in_words(browse, dana):
    assert browse().get("/companies?company=xyz").text == "No company begins like this."


@pytest.mark.parametrize("typed", ["lo%00ne", "%ff%fe", "x" * 5000, "Ñandú", "lo'--", "𝔩𝔬", "%ed%a0%80"])
def test_odd_text_is_looked_up_like_any(found, typed):
    assert len(found(typed)) < 2


def test_the_look_up_asks_the_database_once(browse, dana, counting):
    browsing = browse()
    with counting() as queries:
        browsing.get("/companies?company=lone")
    assert len(queries) == 1
