"""Every route for everybody, with the ids of either company: as the table says, and a refusal changes nothing."""

from urllib.parse import unquote

import pytest
from werkzeug.routing import Rule

from tests.page import Page
from tests.trust.carried import look_over
from tests.trust.town import CONTRACTORS, EVERYBODY, RULES, STAFF, STRANGERS, ask, digest, method, named, path
from tests.trust.who_may import ASKED, AUDIENCES, ROLES, TABLE, WHO_MAY
from tracker.access import PARTS

every_route = pytest.mark.parametrize("rule", [pytest.param(rule, id=named(rule)) for rule in RULES])
every_get = pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=named(rule)) for rule in RULES if method(rule) == "GET"]
)
# Where the answer is not the page itself, although the person may: (who, route) → status.
LED_ON = {
    **{(who, "GET /"): 303 for who in (*CONTRACTORS, *STAFF)},
    **{(who, "GET /staff"): 303 for who in (*CONTRACTORS, *STAFF)},
    **{(who, "GET /staff/home"): 303 for who in STAFF},
    **{(who, "GET /offline/token"): 401 for who in STRANGERS},
    **{(who, "GET /metrics"): 404 for who in EVERYBODY},  # nobody's without its own token
    # A technician was not there: only what is recorded is corrected.
    ("technician", "GET /staff/stops/<id>/result"): 403,
}


@pytest.fixture(scope="module")
def url(town_and_url):
    """The town itself: whoever is refused changes nothing in it."""
    return town_and_url[1]


def may(who: str, rule: Rule, whose: str) -> bool:
    audience = WHO_MAY[named(rule)]
    if audience == "everybody":
        return True
    if who in CONTRACTORS:
        return audience == "company" or (audience == "its company" and who == whose)
    return who in ROLES.get(audience, ())


def address_of(rule: Rule, things: dict) -> str:
    return path(rule, things) + ASKED.get(named(rule), "").format_map(things)


def test_the_table_names_every_route_and_no_other():
    there = [named(rule) for rule in RULES]
    assert sorted(WHO_MAY) == sorted(there) and len(WHO_MAY) == len([one for one in TABLE.splitlines() if one])


@every_route
def test_every_route_states_the_audience_of_the_table(app, rule):
    assert app.view_functions[rule.endpoint].audience == AUDIENCES[WHO_MAY[named(rule)]]
    assert not {"GET", "POST"} <= (rule.methods or set()), "reading and writing are two routes"
    assert (WHO_MAY[named(rule)] in ROLES) == rule.rule.startswith("/staff/"), "the staff's pages are under /staff"


@every_route
def test_who_may_not_is_refused_as_said_and_nothing_changes(app, town, rule):
    before = digest() if method(rule) == "POST" else ""
    for whose in CONTRACTORS:
        address = address_of(rule, town.things[whose])
        for who in EVERYBODY:
            if not may(who, rule, whose):
                said = ask(app, town.sessions[who], rule, address)
                look_over(said)
                assert refusal(said) == refused(who, rule, address), f"{who}, {whose}'s"
    assert not before or digest() == before


def refused(who: str, rule: Rule, address: str) -> tuple:
    """The status and where it leads, for somebody who may not."""
    staffs = rule.rule.startswith("/staff")
    if who in STRANGERS:
        if method(rule) == "POST":
            return (303, "/staff" if staffs else "/")
        return (303, ("/staff" if staffs else "/") + ("" if rule.endpoint in PARTS else f"?next={address}"))
    if who in STAFF and rule.endpoint == "contractor.permit":
        return (303, f"/staff{address}")  # the code on a printed permit leads them to their own page of it
    return (403, None) if who in STAFF and staffs else (404, None)


def refusal(said) -> tuple:
    """The same of an answer; a form that took work is given back with the sign-in, which is as good as led there."""
    if said.status_code == 401:
        form = Page(said).one("main form")
        assert form.select("input[name=kept]")
        return (303, str(form["action"]))
    if said.status_code >= 400:
        assert Page(said).words("h1")
    return (said.status_code, unquote(said.headers["Location"]) if said.location else None)


@every_get
def test_who_may_is_answered(app, town, rule):
    for whose in CONTRACTORS:
        for who in EVERYBODY:
            if may(who, rule, whose):
                said = ask(app, town.sessions[who], rule, address_of(rule, town.things[whose]))
                look_over(said)
                assert said.status_code == LED_ON.get((who, named(rule)), 200), f"{who}, {whose}'s"
