"""No route breaks on an odd address, no swap holds a sign-in page. Who may use which: tests/trust/who_may.py."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import cast
from tests.page import Browse, Page
from tracker import create_app
from tracker.models import Staff

RULES = sorted(
    create_app({"SECRET_KEY": "only for its map of routes, no more"}).url_map.iter_rules(),
    key=lambda rule: (rule.rule, str(rule.methods)),
)
ODD_IDS = ("0", str(2**31), str(2**40), "9" * 400)
ODD_TEXTS = (
    "nothing",
    "a%00b",
    "%00",
    "a/b/c",
    "../../etc/passwd",
    "%2e%2e%2f",
    "x" * 3000,
    "Ñandú-🏗",
    "%ff%fe",
    "'%22;--",
    "%5c",
    " ",
)


def method(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def path(rule: Rule, **values: object) -> str:
    """The route's address; what is not named is something that is nowhere."""
    text = rule.rule
    for name in rule.arguments:
        value = values.get(name, "0" if f"<int:{name}>" in text else "nothing")
        for kind in ("", "int:", "path:"):
            text = text.replace(f"<{kind}{name}>", str(value))
    return text


def named(rule: Rule) -> str:
    return f"{method(rule)} {rule.rule}"


def routes(audience: str) -> list:
    """The routes for this audience, each named by its address."""
    views = create_app({"SECRET_KEY": "only for its map of routes, no more"}).view_functions
    found = [rule for rule in RULES if getattr(views[rule.endpoint], "audience", "none").split(":")[0] == audience]
    return [pytest.param(rule, id=named(rule)) for rule in found]


@pytest.fixture
def staff(app: Flask) -> Callable[[str], Browse]:
    """`staff("inspector")` → a browser in which a member of staff with this role is signed in."""

    def sign_in(role: str) -> Browse:
        person = Staff.create(
            email=f"{role}@city.example", name=role.title(), role=role, password_hash="", session_token="kept"
        )
        browsing = Browse(app)
        browsing.get("/staff")
        with browsing.client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = cast.session_of(person), True
        return browsing

    return sign_in


def answer(browsing: Browse, rule: Rule, address: str, **headers: str):
    """What the route says, to a post with a token that is right."""
    sent = {"headers": {**headers, "Accept-Encoding": "gzip"}}
    if method(rule) == "POST":
        sent["data"] = {"csrf_token": browsing.token}
    return browsing.client.open(address, method=method(rule), **sent)


@pytest.fixture
def visitor(browse) -> Browse:
    browsing = browse()
    browsing.get("/")
    return browsing


@pytest.mark.parametrize("rule", routes("contractor") + routes("staff"))
def test_a_visitors_swap_leads_the_whole_page_to_sign_in_or_leaves_it(visitor, rule):
    said = answer(visitor, rule, path(rule), **{"HX-Request": "true"})
    start = "/staff" if rule.rule.startswith("/staff") else "/"
    assert said.status_code == 401 or (said.status_code, said.headers["HX-Redirect"]) == (200, start)
    assert not said.data


@pytest.mark.parametrize("rule", [pytest.param(rule, id=named(rule)) for rule in RULES if rule.arguments])
def test_an_odd_address_is_a_page_and_no_error_of_ours(staff, browse, dana, danas_permit, rule):
    browsing = staff("supervisor") if rule.rule.startswith("/staff") else browse(dana)
    browsing.get("/how-to")
    for name in rule.arguments:
        for odd in (*ODD_IDS, *ODD_TEXTS):
            good = {"number": danas_permit.permit_num, "id": "1", "field": "email"}
            said = answer(browsing, rule, path(rule, **{**good, name: odd}))
            assert said.status_code < 500, f"{name}={odd!r} answers {said.status_code}"
            assert said.status_code != 404 or b"<h1>" in Page(said).body


def test_reading_where_only_writing_is_done_is_a_page(browse, dana, danas_permit):
    for address in ("/sign-out", f"/permits/{danas_permit.permit_num}/request/check/email", "/staff/sign-out"):
        said = browse(dana).client.get(address)
        assert said.status_code in (404, 405)


def test_an_unknown_page_is_a_page_with_a_way_on(browse):
    page = browse().get("/nothing/here", status=404)
    assert page.words("h1") == ["No such page, or not one of yours."] and page.select("main a.btn")
