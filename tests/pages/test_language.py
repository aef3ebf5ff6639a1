"""English and Spanish: by the browser, chosen at the foot of a page, kept on a company's profile."""

import pytest

from tracker.models import Contractor

IN_SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def language(page) -> str:
    return str(page.one("html")["lang"])


@pytest.mark.parametrize(
    ("accepted", "shown"),
    [("es-MX,es;q=0.9", "es"), ("en-US,en", "en"), ("fr", "en"), ("", "en"), ("es;q=0.1,en;q=0.9", "en")],
)
def test_the_browsers_language(browse, accepted, shown):
    page = browse(**{"Accept-Language": accepted}).get("/")
    assert language(page) == shown
    assert page.words("h1") == (["Entrar"] if shown == "es" else page.words("h1"))


def test_the_choice_at_the_foot_holds_for_this_browser_and_leads_back(browse, dana):
    browsing = browse(dana)
    browsing.get("/dashboard?q=lark")
    page = browsing.submit("footer form", language="es")
    assert language(page) == "es" and browsing.get("/how-to").one("html")["lang"] == "es"
    assert language(browse(dana).get("/dashboard")) == "en", "the company's other phones keep theirs"
    assert Contractor.get().language is None


def test_a_companys_own_language_goes_before_the_browsers(browse, dana):
    browsing = browse(dana)
    browsing.get("/profile")
    browsing.send("/profile/language", language="es")
    assert language(browse(dana).get("/dashboard")) == "es"


@pytest.mark.parametrize("odd", ["", "fr", "../es", "x" * 5000])
def test_another_language_changes_nothing(browse, odd):
    browsing = browse()
    browsing.get("/")
    browsing.send("/language", language=odd)
    assert language(browsing.get("/")) == "en"


@pytest.mark.parametrize("odd", ["https://evil.example", "//evil.example", "/\\evil", "/%09/evil.example\t"])
def test_it_leads_to_our_own_pages_only(browse, odd):
    browsing = browse()
    browsing.get("/")
    assert "evil" not in browsing.send("/language", language="es", next=odd).headers["Location"].split("?")[0][:2]


def test_an_error_page_is_in_the_readers_language(browse):
    page = browse(**IN_SPANISH).get("/nothing", status=404)
    assert page.words("h1") == ["No hay tal página, o no es de usted."]
