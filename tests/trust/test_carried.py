"""Headers and cookies of every kind of answer: pages, parts, files, codes, refusals, what went wrong."""

import html
import re

import pytest

from tests import cast
from tests.page import Browse
from tests.trust.carried import ALWAYS, BARE, POLICY, look_over
from tests.trust.town import RULES, ask, route
from tracker.db import connect_to, database

YEAR = "max-age=31536000"


def files_of(app) -> list[str]:
    page = app.test_client().get("/").get_data(as_text=True)
    return sorted(set(re.findall(r'"(/static/[^"]+)"', page)))


def test_static_files_stay_for_good_and_carry_no_cookie(app, town):
    assert len(files_of(app)) >= 4
    for address in files_of(app):
        for headers in (
            {},
            {"Accept-Encoding": "gzip"},
            {"Cookie": town.sessions["Dana"].cookie},
            {"Range": "bytes=0-9"},
        ):
            said = app.test_client(use_cookies=False).get(address, headers=headers)
            assert said.status_code in (200, 206) and re.search(r"\.[0-9a-f]{12}\.\w+$", address)
            assert "immutable" in said.headers["Cache-Control"] and "public" in said.headers["Cache-Control"]
            assert "Set-Cookie" not in said.headers and "Cookie" not in said.headers.get("Vary", "")
            assert {**ALWAYS, "Content-Security-Policy": BARE}.items() <= dict(said.headers).items()
        tag = said.headers.get("ETag")
        again = app.test_client().get(
            address, headers={"If-None-Match": tag} if tag else {"If-Modified-Since": said.headers["Last-Modified"]}
        )
        assert again.status_code == 304 and again.headers["X-Content-Type-Options"] == "nosniff"


NOT_SERVED = [
    "/static/app.css",
    "/static/../config.py",
    "/static/%2e%2e/config.py",
    "/static/",
    "/static/..%2f..%2fconfig.py",
    "/static/icons",
    "/static/app.css.gz",
    "/static//etc/passwd",
    "/config.py",
    "/instance/secret_key",
    "/.git/config",
    "/.env",
    "/wsgi.py",
]


@pytest.mark.parametrize("address", NOT_SERVED)
def test_nothing_else_is_served(app, address):
    said = app.test_client().get(address)
    look_over(said)
    assert said.status_code in (303, 308, 404) and b"SECRET" not in said.data


def test_what_is_unchanged_is_empty_and_short(app, town):
    page = ask(app, town.sessions["Dana"], route("GET /dashboard"), "/dashboard").get_data(as_text=True)
    refresh = html.unescape(re.search(r'"(/dashboard/inspections\?[^"]*v=[^"]+)"', page)[1])
    said = ask(app, town.sessions["Dana"], route("GET /dashboard/inspections"), refresh)
    assert said.status_code == 204
    look_over(said)


def test_the_worker_and_its_unchanged_answer(app):
    said = app.test_client().get("/sw.js")
    look_over(said)
    again = app.test_client().get("/sw.js", headers={"If-None-Match": said.headers["ETag"]})
    look_over(again)
    assert again.status_code == 304 and not again.data


def test_refusals_and_what_went_wrong_carry_them_too(app, town, monkeypatch):
    client = app.test_client()
    assert client.get("/nothing").status_code == 404
    look_over(client.post("/", data={"x": "y" * 300_000}))
    for verb, address in (("GET", "/nothing"), ("POST", "/how-to"), ("PUT", "/dashboard"), ("GET", "/permits")):
        look_over(client.open(address, method=verb))
    monkeypatch.setitem(app.view_functions, "contractor.how_to", lambda: 1 / 0)
    said = client.get("/how-to")
    look_over(said)
    assert said.status_code == 500


def test_while_the_database_is_away(app, town, url, tmp_path):
    database.obj.close_all()
    connect_to(f"sqlite:///{tmp_path}" if url.startswith("sqlite") else "postgresql://tester@127.0.0.1:9/nothing")
    try:
        for name in ("GET /dashboard", "GET /readyz", "GET /staff/queue"):
            said = ask(app, town.sessions["Dana"], route(name), route(name).rule)
            look_over(said)
            assert said.status_code == 503
    finally:
        connect_to(url)


def test_behind_tls_everything_says_so_and_otherwise_nothing(app_with, town):
    app = app_with(TRUSTED_PROXIES="1", PUBLIC_URL="https://permits.city.example")
    addresses = ["/", "/nothing", "/healthz", "/sw.js", "/dashboard", *files_of(app)]
    for address in addresses:
        behind = app.test_client().get(address, headers={"X-Forwarded-Proto": "https"})
        assert behind.headers["Strict-Transport-Security"] == YEAR, address
        assert "Strict-Transport-Security" not in app.test_client().get(address).headers
    alone = app_with()
    for address in addresses:
        said = alone.test_client().get(address, headers={"X-Forwarded-Proto": "https"})
        assert "Strict-Transport-Security" not in said.headers


@pytest.mark.parametrize(
    "public, secure",
    [("https://permits.city.example", True), ("http://permits.city.example", True), ("http://127.0.0.1:8000", False)],
)
def test_every_cookie_of_a_sign_in_is_as_it_should_be(app_with, town, public, secure):
    browsing = Browse(app_with(PUBLIC_URL=public))
    browsing.get("/staff")
    said = browsing.submit(
        "main form", follow=False, email="sam@bluebonnet.example", password=cast.PASSWORD, remember="1"
    )
    cookies = said.headers.getlist("Set-Cookie")
    assert len(cookies) >= 2
    for cookie in cookies:
        assert ("; Secure" in cookie) == secure and "; HttpOnly" in cookie and "; SameSite=Lax" in cookie, cookie


def test_the_one_foreign_file_is_named_in_full(app):
    page = app.test_client().get("/").get_data(as_text=True)
    [foreign] = re.findall(
        r'<script src="(https://[^"]+)" integrity="sha384-[^"]+" crossorigin="anonymous" defer>', page
    )
    assert f" {foreign};" in POLICY and "unsafe" not in POLICY and "*" not in POLICY


def test_a_read_is_answered_to_who_asks_for_its_head_or_its_ways(app, town):
    for rule in RULES:
        if "GET" in rule.methods and not rule.arguments:
            session = town.sessions["supervisor" if rule.rule.startswith("/staff/") else "Dana"]
            client = app.test_client(use_cookies=False)
            asked = {"headers": {"Cookie": session.cookie}, "buffered": True}
            head, ways = (client.open(rule.rule, method=verb, **asked) for verb in ("HEAD", "OPTIONS"))
            get = client.get(rule.rule, **asked)
            assert (head.status_code, head.data) == (get.status_code, b"") and ways.status_code == 200, rule.rule
            assert {"GET", "HEAD", "OPTIONS"} <= set(ways.headers["Allow"].replace(" ", "").split(","))
            look_over(head)
            look_over(ways)


def test_a_wrong_method_is_a_page(app, town):
    """With a token that is right; without one it is no form of ours."""
    for rule in RULES:
        verbs = {"PUT", "PATCH", "DELETE"} | ({"POST"} if "POST" not in rule.methods and not paired(rule) else set())
        for verb in sorted(verbs):
            session = town.sessions["Dana"]
            headers = {"Cookie": session.cookie, "X-CSRFToken": session.token}
            address = re.sub(r"<(int:)\w+>", "1", re.sub(r"<(path:)?\w+>", "x", rule.rule))
            said = app.test_client(use_cookies=False).open(address, method=verb, headers=headers)
            look_over(said)
            assert said.status_code == 405 and said.headers["Allow"], f"{verb} {address}"
            assert b"That cannot be done here." in said.data
    assert app.test_client().open("/dashboard", method="BREW").status_code == 405


def paired(rule) -> bool:
    return any("POST" in other.methods and other.rule == rule.rule for other in RULES)
