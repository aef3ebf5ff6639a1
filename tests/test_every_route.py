"""Every route states who may use it, and keeps everybody else out; none of them breaks on an odd address."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests import cast
from tests.page import Browse, Page
from tracker import create_app
from tracker.access import PARTS
from tracker.actions.requests import Wish
from tracker.models import Inspection, Mail, Person, Staff

RULES = sorted(
    create_app({"SECRET_KEY": "only for its map of routes"}).url_map.iter_rules(),
    key=lambda rule: (rule.rule, str(rule.methods)),
)
ROLES = ("technician", "inspector", "supervisor")
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
    views = create_app({"SECRET_KEY": "only for its map of routes"}).view_functions
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
            session["_user_id"], session["_fresh"] = f"staff:{person.id}:kept", True
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


@pytest.mark.parametrize("rule", [pytest.param(rule, id=named(rule)) for rule in RULES])
def test_every_route_states_its_audience(app, rule):
    audience = getattr(app.view_functions[rule.endpoint], "audience", "nobody")
    assert audience in ("public", "contractor") or audience.startswith("staff:"), f"{rule.endpoint} says {audience}"
    assert set(filter(None, audience.removeprefix("staff:").split(","))) <= {*ROLES, "public", "contractor"}
    assert audience.startswith("staff:") == rule.rule.startswith("/staff/"), "the staff's pages are under /staff"
    assert not {"GET", "POST"} <= (rule.methods or set()), "reading and writing are two routes"


@pytest.mark.parametrize("rule", routes("contractor") + routes("staff"))
def test_a_visitor_is_led_to_sign_in_and_back(visitor, rule):
    address, start = path(rule), "/staff" if rule.rule.startswith("/staff") else "/"
    said = answer(visitor, rule, address)
    if method(rule) == "GET":
        back = "" if rule.endpoint in PARTS else f"?next={quote(address)}"
        assert (said.status_code, said.headers["Location"]) == (303, f"{start}{back}")
    elif said.status_code != 401:  # a request, which is given back after the sign-in
        assert (said.status_code, said.headers["Location"]) == (303, start)


@pytest.mark.parametrize("rule", routes("contractor") + routes("staff"))
def test_a_visitors_swap_leads_the_whole_page_to_sign_in_or_leaves_it(visitor, rule):
    said = answer(visitor, rule, path(rule), **{"HX-Request": "true"})
    start = "/staff" if rule.rule.startswith("/staff") else "/"
    assert said.status_code == 401 or (said.status_code, said.headers["HX-Redirect"]) == (200, start)
    assert not said.data


@pytest.mark.parametrize("rule", routes("contractor"))
@pytest.mark.parametrize("role", ROLES)
def test_staff_find_nothing_on_a_contractors_route(staff, dana, danas_permit, rule, role):
    browsing = staff(role)
    browsing.get("/how-to")  # a page with a token
    said = answer(browsing, rule, path(rule, number=danas_permit.permit_num))
    if rule.endpoint == "contractor.permit":  # the code on a printed permit leads them to their own page of it
        assert (said.status_code, said.location) == (303, f"/staff/permits/{danas_permit.permit_num}")
    else:
        assert said.status_code == 404


@pytest.mark.parametrize("rule", routes("staff"))
def test_a_contractor_finds_nothing_on_the_staffs_routes(browse, dana, rule):
    browsing = browse(dana)
    browsing.get("/dashboard")
    assert answer(browsing, rule, path(rule)).status_code == 404


@pytest.mark.parametrize("rule", routes("staff"))
@pytest.mark.parametrize("role", ROLES)
def test_staff_without_the_role_are_told_so(app, staff, rule, role):
    allowed = app.view_functions[rule.endpoint].audience.removeprefix("staff:").split(",")
    browsing = staff(role)
    browsing.get("/how-to")
    status = answer(browsing, rule, path(rule)).status_code
    assert (status == 403) == (allowed != [""] and role not in allowed) and status < 500


def with_id() -> list:
    return [one for one in routes("contractor") if one.values[0].arguments]


@pytest.mark.parametrize("rule", with_id())
def test_another_companys_permit_and_inspection_are_not_found(browse, dana, danas_permit, eve, rule):
    made = cast.ask(dana, danas_permit, Wish("WH", cast.WEDNESDAY, "am"))
    marco = Person.create(contractor=dana.company, name="Marco Ruiz", email="marco@lonestar.example")
    theirs = {
        "number": danas_permit.permit_num, "id": made.inspections.get().id, "field": "email", "person": marco.id,
    }  # fmt: skip
    assert set(rule.arguments) <= set(theirs), "say here what stands for it"
    mine, other = browse(dana), browse(eve)
    for browsing in (mine, other):
        browsing.get("/dashboard")
    assert answer(other, rule, path(rule, **theirs)).status_code == 404
    assert Person.select().count() == 1
    assert Inspection.get().status == "requested" and Mail.select().where(Mail.kind == "cancelled").count() == 0
    assert answer(mine, rule, path(rule, **theirs)).status_code != 404


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


@pytest.mark.parametrize("rule", [pytest.param(rule, id=named(rule)) for rule in RULES])
@pytest.mark.parametrize("verb", ["PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_a_page(browse, rule, verb):
    said = Page(browse().client.open(path(rule), method=verb, headers={"Accept-Encoding": "gzip"}))
    assert said.status in (400, 405) and said.words("h1")  # without a token 400 comes first


def test_reading_where_only_writing_is_done_is_a_page(browse, dana, danas_permit):
    for address in ("/sign-out", f"/permits/{danas_permit.permit_num}/request/check/email", "/staff/sign-out"):
        said = browse(dana).client.get(address)
        assert said.status_code in (404, 405)


def test_a_head_request_is_answered_like_a_get_without_a_body(browse, dana):
    said = browse(dana).client.head("/dashboard")
    assert said.status_code == 200 and not said.data


def test_an_unknown_page_is_a_page_with_a_way_on(browse):
    page = browse().get("/nothing/here", status=404)
    assert page.words("h1") == ["No such page, or not one of yours."] and page.select("main a.btn")
