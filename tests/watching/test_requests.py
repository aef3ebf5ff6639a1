"""One line a request, and a number that finds it: for those who keep it running, and without a word about anybody."""

import json
import re
import urllib.request

import pytest

from tests.cast import CONTACT
from tests.page import Page
from tests.servers import gunicorn_server
from tracker.db import database
from tracker.watching import watched

A_NUMBER = re.compile(r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}")


def test_a_line_tells_what_was_asked_by_its_pattern_and_what_it_took(browse, dana, danas_permit, lines, counting):
    browsing = browse(dana)
    lines()
    with counting() as queries:
        page = browsing.get("/permits/PP-2026-00932?q=Dana")
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line.pop("ms") > 0 and line.pop("queries") == len(queries) > 3
    assert line == {
        "level": "info",
        "logger": "tracker.requests",
        "message": "request",
        "id": page.headers["X-Request-ID"],
        "method": "GET",
        "route": "/permits/<path:number>" if "<path" in line["route"] else "/permits/<number>",
        "status": 200,
    }


def test_nothing_in_the_log_tells_who_asked_or_what_was_typed(browse, dana, danas_permit, lines):
    browsing = browse(dana)
    browsing.get("/permits/PP-2026-00932/request")
    browsing.get("/dashboard?q=Cedar+Brake")
    browsing.get("/permits/EVE-SECRET-1", status=404)
    browsing.client.open("/", method="BREW-512-555-0170")
    browsing.client.get("/companies?company=Lone", headers={"Referer": "/permits/PP-2026-00932", "User-Agent": "Dana"})
    said = repr(lines())
    told = (dana.pin, "Lone", "Dana", "PP-2026", "EVE-SECRET", "Cedar", "512-555", "127.0.0.1", "Mozilla")
    assert "/dashboard" in said and [word for word in told if word in said] == []


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [("/nothing/here", "none", 404), ("/healthz", "/healthz", 200), ("/how-to", "/how-to", 200)],
)
def test_what_no_route_answers_has_no_name_of_its_own(app, lines, path, route, status):
    app.test_client().get(path)
    (line,) = lines()
    assert (line["route"], line["status"], line["queries"]) == (route, status, 0)


def test_a_form_without_its_token_is_told_by_its_route(app, lines):
    app.test_client().post("/profile/pin", data={"pin": "secret"})
    assert lines()[-1]["route"].startswith("/profile")


def test_each_answer_has_a_number_of_its_own_that_can_be_read_out(app):
    browser = app.test_client()
    static = Page(browser.get("/")).one("link[rel=stylesheet]")["href"]
    numbers = [
        browser.get(path).headers.getlist("X-Request-ID")
        for path in ("/", "/healthz", "/nothing", str(static), "/dashboard")
    ]
    assert all(len(found) == 1 and A_NUMBER.fullmatch(found[0]) for found in numbers)
    assert len({found[0] for found in numbers}) == 5


def test_the_number_is_on_the_page_of_what_we_did_wrong_and_finds_its_line(app, lines, monkeypatch):
    def view():
        raise ValueError(f"{CONTACT}")

    monkeypatch.setitem(app.view_functions, "contractor.how_to", view)
    said = Page(app.test_client().get("/how-to"))
    number = said.headers["X-Request-ID"]
    assert f"If you call, read out this code: {number}" in said.text
    error, request = lines()
    assert (error["id"], error["level"], error["message"]) == (number, "error", "unexpected")
    assert "in view\n" in error["error"] and error["error"].endswith("\nValueError") and "Dana" not in error["error"]
    assert (request["id"], request["level"], request["status"]) == (number, "warning", 500)


def test_what_goes_wrong_outside_of_all_pages_has_its_line_too(app, lines):
    def breaks(asked, start):
        raise MemoryError

    with pytest.raises(MemoryError):
        watched(breaks, app.extensions["figures"], believed=False)({"REQUEST_METHOD": "GET"}, None)
    assert [(line["status"], line["route"]) for line in lines()] == [(500, "none")]


def test_what_went_wrong_before_is_told_too(app, lines, monkeypatch):
    def view():
        try:
            raise KeyError(CONTACT.contact_name)
        except KeyError as first:
            raise OSError(28, "No space left on device") from first

    monkeypatch.setitem(app.view_functions, "contractor.how_to", view)
    app.test_client().get("/how-to")
    error = lines()[0]["error"]
    assert error.index("KeyError") < error.index("OSError: [Errno 28] No space left on device") and "Dana" not in error


def test_a_page_of_what_somebody_else_did_wrong_has_no_number(browse):
    page = browse().get("/nothing", status=404)
    assert page.headers["X-Request-ID"] not in page.text


@pytest.mark.parametrize("given", ["from-the-proxy-1", "0f" * 16, "A_b-" * 16])
def test_a_trusted_proxys_number_is_kept(app_with, given):
    app = app_with(TRUSTED_PROXIES="1")
    assert app.test_client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "<script>alert(1)</script>", "a b c d e f g", "ñandú-ñandú"])
def test_a_number_that_is_none_is_not_kept(app_with, given):
    app = app_with(TRUSTED_PROXIES="1")
    assert A_NUMBER.fullmatch(
        app.test_client().get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    )


def test_without_a_proxy_nobodys_number_is_kept(app):
    said = app.test_client().get("/healthz", headers={"X-Request-ID": "from-nobody-we-know"})
    assert A_NUMBER.fullmatch(said.headers["X-Request-ID"])


def test_a_file_that_is_read_while_it_is_sent_is_told_of_at_its_end(browse, olu, lines):
    browsing = browse(olu)
    lines()
    said = browsing.client.get("/staff/changes.csv")
    assert said.is_streamed and lines() == []
    assert said.data
    said.close()
    (line,) = lines()
    assert (line["route"], line["status"]) == ("/staff/changes.csv", 200) and line["queries"] > 1


def test_under_the_real_server_each_line_is_json_and_a_static_file_has_one(db, dana):
    database.close()
    with gunicorn_server({"DATABASE_URL": db, "SECRET_KEY": "k" * 32, "LOG_FORMAT": "json"}, ready_within=60) as server:
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        page = browser.open(f"{server.url}/").read().decode()
        browser.open(server.url + re.search(r"/static/app\.\w+\.css", page)[0])
        said = [json.loads(line) for line in server.said().splitlines()]
    told = [(line["route"], line["status"]) for line in said if line["route"] != "/healthz"]
    assert told == [("/", 200), ("static", 200)]
