"""Every form is taken from its own page alone: not without its token, not with another's, not from another site."""

import pytest

from tests.page import Page
from tests.trust.carried import look_over
from tests.trust.town import CONTRACTORS, RULES, STAFF, Session, ask, digest, method, named, path, route
from tests.trust.who_may import ASKED, ROLES, SENT, WHO_MAY

OWN = "http://127.0.0.1:8000"  # PUBLIC_URL
FORGED = ["", "x", "ñ", "\0", "A" * 41, "=" * 100, "Zm9v" * 1000]
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},  # a sandboxed frame, a file, a redirect over another site
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "http://[", "Sec-Fetch-Site": ""},
    {"Referer": "https://evil.example/localhost"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost", "X-CSRFToken": "x"},
]
OURS = [
    {},
    {"Origin": "http://localhost"},
    {"Origin": OWN},  # the browser's address, where a proxy passes on another Host
    {"Referer": "http://localhost/dashboard"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},  # whoever tells no page where they come from
    {"Sec-Fetch-Site": "none", "Referer": "https://elsewhere.example/"},
]
LEADS_TO_THE_START = ("sign_out", "sign_out_everywhere", "sign_me_out_everywhere", "choose_language")
every_post = pytest.mark.parametrize(
    "rule", [pytest.param(rule, id=named(rule)) for rule in RULES if method(rule) == "POST"]
)


def who_may(rule) -> tuple[str, ...]:
    if rule.endpoint == "staff.send_result":
        return ("inspector", "supervisor")  # a technician was not there, and only corrects
    audience = WHO_MAY[named(rule)]
    return ROLES.get(audience, ("a visitor",) if audience == "everybody" else ("Dana",))


def form_of(rule, town) -> tuple[str, dict[str, str]]:
    """The address with Dana's things in it, and what the form has to hold to be one."""
    things = {**town.things["Dana"], "twin": 3}
    sent = {name: text.format_map(things) for name, text in SENT.get(named(rule), {}).items()}
    return path(rule, things) + ASKED.get(named(rule), "").format_map(things), sent


@every_post
def test_who_may_is_answered(app, town, rule):
    """Also with an empty form: with the page and what is missing, never with a refusal of the person."""
    address, sent = form_of(rule, town)
    for who in who_may(rule):
        said = ask(app, town.sessions[who], rule, address, sent)
        look_over(said)
        whole = said.status_code in (200, 303, 409, 422)
        assert whole or Page(said).words("h1") == ["That did not arrive whole."], f"{who}: {Page(said).text[:300]}"
        if said.status_code == 303 and rule.endpoint.split(".")[1] not in LEADS_TO_THE_START:
            assert said.location.split("?")[0] not in ("/", "/staff")


@every_post
def test_a_forged_or_foreign_form_changes_nothing(app, town, rule):
    address, sent = form_of(rule, town)
    before = digest()
    for who in who_may(rule):
        own = town.sessions[who]
        other = town.sessions[next(one for one in (*CONTRACTORS, *STAFF) if one != who)]
        for token in (*FORGED, other.token):
            said = ask(app, Session(own.cookie, token), rule, address, sent)
            look_over(said)
            # What takes work to fill in is given back with a fresh token, and nothing was sent.
            keeps = hasattr(app.view_functions[rule.endpoint], "keep_typing")
            assert said.status_code == 400 or (keeps and said.status_code == 409), token
        for headers in FOREIGN:
            said = ask(app, own, rule, address, sent, **headers)
            look_over(said)
            assert said.status_code == 403, headers
            # Nor is a form of theirs given back, filled in, with a token that is right.
            assert Page(said).words("h1") == ["That was sent from another site."]
            assert not Page(said).select("main form")
    assert digest() == before


def test_a_form_of_ours_is_taken_however_the_browser_says_so(app, town):
    rule = route("POST /language")
    for headers in OURS:
        said = ask(app, town.sessions["Dana"], rule, "/language", {"language": "es", "next": "/profile"}, **headers)
        assert (said.status_code, said.location) == (303, "/profile"), headers


@pytest.mark.parametrize(
    "site, status", [("https://permits.city.example", 303), ("https://permits.city.example:8443", 403)]
)
def test_behind_tls_the_same_holds_and_no_referer_is_needed(app_with, town, site, status):
    app = app_with(TRUSTED_PROXIES="1", PUBLIC_URL="https://permits.city.example")
    rule = route("POST /language")
    own = town.sessions["Dana"]
    session, more = Session(f"__Host-{own.cookie}", own.token), {"X-Forwarded-Proto": "https", "Host": "127.0.0.1:8000"}
    assert ask(app, session, rule, "/language", Origin=site, **more).status_code == status
    assert ask(app, session, rule, "/language", **more).status_code == 303
