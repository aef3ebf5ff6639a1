"""Wherever an answer leads, it is a page of ours: after signing in, after choosing a language, out of a swap."""

from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests import cast
from tests.page import Browse
from tests.trust.town import Session, ask, route
from tracker.models import Contractor

OURS, AWAY_FROM = "https://permits.city.example", "https://evil.example/"
AWAY = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "/\\/evil.example",
    "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example",
    "/\r\n/evil.example", "\x01//evil.example", "\x0b//evil.example", " //evil.example", "\xa0//evil.example",
    "/\x00/evil.example", "http:evil.example", "https:/evil.example", "https:///evil.example", "https://evil.example",
    "HTTPS://EVIL.EXAMPLE", "//localhost:8001/dashboard", "http://localhost:8001/dashboard",
    "//localhost@evil.example", "//evil.example:443", "https://permits.city.example@evil.example",
    "//permits.city.example.evil.example", "evil.example", "@evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "blob:https://evil.example/x", "//[::1]/", "//[evil.example", "//\u2044evil.example", "/\u2215/evil.example",
    "\u2215\u2215evil.example", "/\uff0fevil.example", "\uff0f\uff0fevil.example", "//evil\u3002example",
    "/%2f/evil.example/..//evil.example", "/..//evil.example", "/.//evil.example", "/dashboard/..//evil.example",
    "/;//evil", "/dashboard\r\nSet-Cookie: a=b", "/dashboard\nLocation: https://evil.example", "/" + "a" * 9_000,
    "/\ud800", "/?//evil", "?//evil.example", "#//evil.example", "", "/",
]  # fmt: skip
ENCODED = ["/%09/evil.example", "/%5cevil.example", "%2f%2fevil.example", "/%2fevil.example", "/%0d%0aevil.example",
           "%252f%252fevil.example", "%5c%5cevil.example", "/%2e%2e//evil.example"]  # fmt: skip


def stays_with_us(said) -> None:
    """As a browser reads it: tabs and line ends fall out, a backslash is a slash, what begins it is cut off."""
    assert said.status_code < 500
    headers = said.headers
    assert not any("\r" in value or "\n" in value for _name, value in headers)
    assert not [one for one in headers.getlist("Set-Cookie") if one.startswith("a=")]
    for name in ("Location", "HX-Redirect", "HX-Location", "HX-Replace-Url", "HX-Push-Url", "Refresh"):
        if to := headers.get(name):
            assert to.isascii() and to.startswith("/"), f"{name}: {to!r}"
            read = (
                "".join(one for one in to if one not in "\t\r\n").strip("".join(map(chr, range(33)))).replace("\\", "/")
            )
            found = urlsplit(urljoin(f"{OURS}/dashboard", read))
            assert not read.startswith("//") and f"{found.scheme}://{found.netloc}" == OURS, f"{name}: {to!r}"


def post(browsing: Browse, path: str, swap: bool, **typed: str):
    headers = {**browsing.headers, **({"HX-Request": "true"} if swap else {})}
    data = {name: value.encode("utf-8", "surrogatepass") for name, value in typed.items()}
    return browsing.client.post(path, data={"csrf_token": browsing.token, **data}, headers=headers)


@pytest.mark.parametrize("start", ["/", "/staff"])
def test_after_signing_in(app, town, start):
    """The address of the sign-in page, its form, and what it gives back of it; in turns as a form and as a swap."""
    who = {"company": "Lone Star Plumbing", "pin": pin()}
    if start == "/staff":
        who = {"email": "sam@bluebonnet.example", "password": cast.PASSWORD}
    for turn, target in enumerate((*AWAY, *ENCODED)):
        browsing = Browse(app)
        asked = target if target in ENCODED else quote(target, safe="", errors="surrogatepass")
        page = browsing.get(f"{start}?next={asked}") if "\ud800" not in target else browsing.get(start)
        for field in page.select("input[name=next]"):
            if given := str(field.get("value", "")):
                assert given.startswith("/") and not given.startswith(("//", "/\\")), target
        said = post(browsing, start, swap=bool(turn % 2), next=target, **who)
        assert said.status_code in (200, 303, 400), target
        stays_with_us(said)


def pin() -> str:
    return str(Contractor.get(Contractor.company_name == "Lone Star Plumbing").registration_code)


@pytest.mark.parametrize("name, data", [
    ("POST /language", {"language": "es"}),
    ("POST /profile/pin", {"new_pin": "larkspur ferry", "new_pin_again": "larkspur ferry"}),
    ("POST /staff/queue", {"action": "assign"}),
    ("POST /profile/language", {"language": "es"}),
])  # fmt: skip
def test_after_any_other_form_that_names_a_way_back(app, town, name, data):
    rule = route(name)
    who = town.sessions["technician" if "/staff" in name else "Dana"]
    for target in AWAY:
        text = target.encode("utf-8", "surrogatepass")
        for headers in ({}, {"HX-Request": "true"}):
            more = dict.fromkeys(("next", "back", "return", "url"), text) | ({"pin": pin()} if "pin" in name else {})
            stays_with_us(ask(app, who, rule, rule.rule, {**data, **more}, **headers))


def test_no_way_back_is_read_from_where_somebody_comes_from(app, town):
    visitor: Session = town.sessions["a visitor"]
    for name in ("GET /dashboard", "GET /staff/queue", "GET /", "GET /staff/home"):
        rule = route(name)
        for headers in ({"Referer": AWAY_FROM}, {"HX-Current-URL": AWAY_FROM, "HX-Request": "true"}):
            said = ask(app, visitor, rule, rule.rule, **headers)
            stays_with_us(said)
            assert b"evil" not in said.data and "evil" not in str(said.headers)


def test_every_address_that_begins_like_another_site_leads_to_none(app, town):
    for target in AWAY:
        if target.startswith("/") and "\ud800" not in target:
            asked = target.encode().decode("latin-1")  # as WSGI has it
            said = app.test_client().get("/", environ_overrides={"PATH_INFO": asked, "REQUEST_URI": asked})
            assert said.status_code in (200, 303, 308, 400, 404)
            if said.location:
                assert not said.location.startswith(("//", "/\\")) and "//evil" not in said.location.split("?")[0][:9]
