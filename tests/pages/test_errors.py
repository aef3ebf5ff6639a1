"""Whatever comes in, the answer is a page with a plain sentence; and what needs no database never asks it."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.page import Browse, Page
from tracker.db import connect_to, database
from tracker.models import Mail


@pytest.fixture
def broken(app, url, tmp_path):
    """The database is away: a folder where its file was, or nobody at its port."""
    database.obj.close_all()
    connect_to(f"sqlite:///{tmp_path}" if url.startswith("sqlite") else "postgresql://tester@127.0.0.1:9/nothing")
    yield app
    connect_to(url)


def test_the_process_is_well_without_a_database(broken, counting):
    with counting() as queries:
        said = broken.test_client().get("/healthz")
    assert (said.status_code, said.data) == (200, b"ok\n") and not queries


def test_readiness_says_that_the_database_is_away(broken):
    said = broken.test_client().get("/readyz")
    assert said.status_code == 503 and said.json == {"database": "no answer"}


def test_static_files_and_the_start_page_need_no_database(broken):
    browsing = Browse(broken)
    page = browsing.get("/")
    assert broken.test_client().get(str(page.one("link[rel=stylesheet]")["href"])).status_code == 200


def test_a_page_that_needs_the_database_says_that_it_is_away(app, dana, browse, request):
    browsing = browse(dana)
    request.getfixturevalue("broken")
    for address in ("/dashboard", "/permits/PP-2026-00932", "/"):
        page = browsing.get(address, status=503)
        assert page.words("h1") == ["The city's records do not answer right now."]
        assert page.select('main a[href="tel:+1-512-555-0100"]')


def test_an_unknown_page_is_one_while_the_database_is_away(app, dana, browse, request):
    browsing = browse(dana)
    request.getfixturevalue("broken")
    browsing.get("/nothing", status=404)


def test_readiness_says_how_old_the_oldest_unsent_mail_is(app, db, danas_request, at):
    at(NOW + timedelta(minutes=5))
    said = app.test_client().get("/readyz")
    assert said.status_code == 200 and said.json["oldest_mail_seconds"] == 300
    assert said.json["mail_waiting"] == Mail.select().count() and said.json["migrations_pending"] == []


@pytest.mark.parametrize("swap", ["true", "false"])
def test_what_we_did_wrong_is_a_page_without_a_trace(app, browse, monkeypatch, swap):
    monkeypatch.setitem(app.view_functions, "contractor.how_to", lambda: 1 / 0)
    page = Page(app.test_client().get("/how-to", headers={"HX-Request": swap}))
    assert page.status == 500 and page.words("h1") == ["Something went wrong on our side."]
    assert "Traceback" not in page.text and "Zero" not in page.text and page.headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_long_is_a_page(browse, dana):
    browsing = browse(dana)
    browsing.get("/dashboard")
    page = browsing.post("/sign-out", {"csrf_token": browsing.token, "x": "y" * 400_000}, status=413)
    assert page.words("h1") == ["That was too long to take."]


def test_more_fields_than_a_form_has_are_a_page(browse, dana, danas_house):
    browsing = browse(dana)
    fields = {f"inspections-{n}-remarks": "x" for n in range(2000)}
    said = browsing.client.post("/permits/BP-2026-01184/request", data=fields)
    assert said.status_code in (400, 409, 413) and b"<h1>" in Page(said).body


@pytest.mark.parametrize(
    "body, kind",
    [
        (b"\xff\xfe%zz=%", "application/x-www-form-urlencoded"), (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"), (b"", "text/plain"), (b"a" * 100, "multipart/form-data"),
        (b"pin=\xed\xa0\x80&company=\x00", "application/x-www-form-urlencoded"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_is_a_page(app, body, kind):
    page = Page(app.test_client().post("/", data=body, content_type=kind))
    assert page.status == 400 and page.words("h1")


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=\xff\xfe"}, {"Cookie": "session=.eJx; remember_token=x|y"},
        {"Cookie": "remember_token=contractor:1:x|" + "0" * 128},
        {"Accept-Language": ";q=x,*,-,zz-ZZ"}, {"Accept-Encoding": ";;gzip;q="}, {"HX-Request": "TRUE"}, {"Host": ""},
        {"Content-Length": "x"}, {"X-Forwarded-For": "nonsense"}, {"If-Modified-Since": "yesterday"},
        {"Range": "bytes=5-1"},
    ],
)  # fmt: skip
def test_odd_headers_are_no_error_of_ours(app, headers):
    assert app.test_client().get("/", headers=headers).status_code < 500


@pytest.mark.parametrize(
    "path", ["/%00", "/%ff", "/dashboard/", "/permits", "/permits/", "/inspections/x/cancel", "/..;/"]
)
def test_odd_addresses_are_pages(app, path):
    assert app.test_client().get(path).status_code in (303, 308, 404)
