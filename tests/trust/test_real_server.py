"""Under the real server: what it says by itself to broken requests, the headers it adds, and what it writes down."""

import http.client
import re
import socket
from contextlib import suppress
from urllib.parse import urlencode, urlsplit

import pytest

from tests import cast
from tests.servers import gunicorn_server
from tests.trust.carried import ALWAYS, BARE, POLICY
from tests.trust.conftest import copied
from tests.trust.hostile import MARKUP
from tracker.models import Contractor, Inspection, Request

SECRET = "for the tests alone, for no city"
BROKEN = {
    "no HTTP": b"hello\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "an odd version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "markup for a verb": b"<script>alert(1)</script> / HTTP/1.1\r\nHost: x\r\n\r\n",
    "markup for a header": b"GET / HTTP/1.1\r\nHost: x\r\n<script>alert(1)</script>: 1\r\n\r\n",
    "a header of 70,000 bytes": b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 70_000 + b"\r\n\r\n",
    "an address of 70,000 bytes": b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "2,000 headers": b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-More: 1\r\n" * 2_000 + b"\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    "no length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "odd chunks": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a bare line end": b"GET / HTTP/1.1\nHost: x\r\nX: a\rb\r\n\r\n",
    "a zero in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "an underline": b"GET /nothing HTTP/1.1\r\nHost: x\r\nX_Forwarded_Proto: https\r\nConnection: close\r\n\r\n",
    "another site": b"GET http://evil.example/dashboard HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a way through": b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "a slash twice": b"GET //evil.example/dashboard HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "broken percents": b"GET /permits/%zz%ff%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "no host": b"GET /nothing HTTP/1.1\r\nConnection: close\r\n\r\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(town_and_url):
    with copied(town_and_url[1]) as address:
        yield address


@pytest.fixture(scope="module")
def server(url):
    env = {"DATABASE_URL": url, "SECRET_KEY": SECRET, "PUBLIC_URL": "http://127.0.0.1:8000"}
    with gunicorn_server(env, workers=1) as running:
        yield running


def said_to(server, request: bytes) -> bytes:
    place = urlsplit(server.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as wire:
        wire.sendall(request)
        parts = []
        with suppress(ConnectionResetError):  # it may hang up on the rest
            while part := wire.recv(65_536):
                parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_request_is_refused_in_words(server, what):
    said = said_to(server, BROKEN[what])
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", said)
    assert status is None or 300 <= int(status[1]) < 500, said[:200]
    assert said or "bytes" in what, "not a word"
    for never in (b"Traceback", b"<script>alert", b"site-packages", b"Python/", b"gunicorn/"):
        assert never not in said
    location = re.search(rb"(?i)^location: (.*)\r$", said, re.MULTILINE)
    assert location is None or re.match(rb"/(?![/\\])", location[1]), location


class Phone:
    """A browser that speaks to the real server over one connection, with its cookies."""

    def __init__(self, server) -> None:
        place = urlsplit(server.url)
        self.wire = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.seen: list[http.client.HTTPResponse] = []

    def ask(self, verb: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self.wire.request(verb, path, body, {"Cookie": cookie, **kind, **headers})
        said = self.wire.getresponse()
        text = said.read().decode(errors="replace")
        for one in said.headers.get_all("Set-Cookie") or []:
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value
        look_over(said, path)
        return said.status, text

    def post(self, path: str, page: str, **typed: str) -> tuple[int, str]:
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token, page[:500]
        return self.ask("POST", path, urlencode({"csrf_token": token[1], **typed}).encode())


def look_over(said: http.client.HTTPResponse, path: str) -> None:
    assert said.headers["Server"] == "gunicorn", "no version of anything"
    if said.status == 204:
        return
    for name, value in ALWAYS.items():
        assert said.headers[name] == value, f"{path}: {name}"
    assert said.headers["Content-Security-Policy"] == (BARE if path.startswith("/static/") else POLICY)
    assert "Set-Cookie" not in said.headers or not path.startswith("/static/")


def test_a_walk_with_real_and_hostile_data_leaves_nobody_in_the_log(server, town, db):
    """At the level that a city runs it at: names, numbers, addresses, codes and passwords are nowhere in it."""
    dana = Contractor.get(Contractor.company_name == "Lone Star Plumbing")
    code, inspection = str(dana.registration_code), Inspection.get_by_id(town.things["Dana"]["inspections/id"])
    asked: Request = inspection.request
    private = {
        code, "Lone Star", "Marco", asked.contact_name, asked.phone, asked.site_address, asked.email, "Dana Whitfield",
        "512-555-0170", "5125550170", "Gate code 4711", cast.PASSWORD, "larkspur", "sam@", "Okafor", "wrong-guess-8812",
        "curious.person@evil.example", "onerror", "Heron", "evil.example",
    }  # fmt: skip
    phone = Phone(server)
    _, start = phone.ask("GET", "/")
    for company, pin in (("Lone Star Plumbing", "wrong-guess-8812"), (MARKUP, MARKUP), ("Lone Star Plumbing", code)):
        status, _page = phone.post("/", start, company=company, pin=pin, remember="1")
    assert status == 303
    held = dict(phone.cookies)
    _, page = phone.ask("GET", "/dashboard?q=Dana+Whitfield+512-555-0170")
    number = inspection.permit.permit_num
    _, page = phone.ask("GET", f"/permits/{number}/request?remarks=Gate+code+4711")
    form = {"contact_name": "Dana Whitfield", "phone": "512-555-0170", "email": "curious.person@evil.example",
            "site_address": asked.site_address, "inspection_type": "WH", "action": "submit", "remarks": MARKUP * 200,
            "requested_date": "x", "key": "k"}  # fmt: skip
    assert phone.post(f"/permits/{number}/request", page, **form)[0] in (409, 422)
    for path in ("/permits/Dana%20Whitfield", "/nothing/curious.person@evil.example", f"/%ff?pin={code}",
                 "/staff/people/1?email=sam@bluebonnet.example", "/companies?company=Lone+Star"):  # fmt: skip
        assert phone.ask("GET", path, Referer=f"https://evil.example/?{code}")[0] < 500
    phone.ask("POST", "/", b"company=Lone Star Plumbing&pin=" + code.encode())
    phone.ask("POST", "/", b"pin=" + code.encode() + b"x" * 400_000)
    desk = Phone(server)
    _, page = desk.ask("GET", "/staff")
    desk.post("/staff", page, email="sam@bluebonnet.example", password="wrong-guess-8812")
    assert desk.post("/staff", page, email="sam@bluebonnet.example", password=cast.PASSWORD)[0] == 303
    assert desk.ask("GET", "/staff/phone?q=512-555-0170")[0] == 200
    for request in BROKEN.values():
        said_to(server, request.replace(b"Host: x", b"Host: x\r\nAuthorization: " + code.encode()))
    written = server.said()
    assert not [one for one in private if one.lower() in written.lower()], written[-3_000:]
    assert not [value for value in held.values() if value[:20] in written]


def test_static_files_and_the_rest_under_the_real_server(server):
    phone = Phone(server)
    _, page = phone.ask("GET", "/")
    assert set(phone.cookies) == {"session"}
    for address in set(re.findall(r'"(/static/[^"]+)"', page)):
        assert phone.ask("GET", address)[0] == 200
    for path, status in (("/healthz", 200), ("/nothing", 404), ("/staff", 200), ("/dashboard", 303), ("/how-to", 200)):
        assert phone.ask("GET", path)[0] == status
    assert phone.ask("POST", "/how-to", b"a=1")[0] in (400, 405)
    assert phone.ask("PUT", "/", b"a=1")[0] == 405
