"""Whose tries they are: the caller's address, through proxies, past them, and with whatever is written in a header."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from tests.page import Page
from tests.servers import Gunicorn, gunicorn_server
from tracker.models import Attempt
from tracker.proxies import Believed, address_of

CALLER, FORGED = "203.0.113.9", "198.51.100.7"
NEAR, INNER, INTERNET = "127.0.0.1", "10.0.0.7", "192.0.2.80"


def seen(proxies: int, peer: str, said: str | None, scheme: str = "") -> tuple[str, str]:
    """What the app is told: the caller's address, and the scheme."""
    told: dict[str, str] = {}
    asked = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    asked |= {"HTTP_X_FORWARDED_FOR": said} if said is not None else {}
    asked |= {"HTTP_X_FORWARDED_PROTO": scheme} if scheme else {}
    Believed(lambda environ, _start: told.update(environ) or [], proxies)(asked, None)
    return told["REMOTE_ADDR"], told["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("proxies", "peer", "said", "caller"),
    [
        (0, NEAR, CALLER, NEAR),
        (1, NEAR, CALLER, CALLER),
        (1, INNER, CALLER, CALLER),
        (1, "", CALLER, CALLER),
        (1, "::1", "2001:db8::9", "2001:db8::9"),
        (1, "::ffff:10.0.0.7", CALLER, CALLER),
        (1, NEAR, f"{FORGED}, {CALLER}", CALLER),
        (1, NEAR, f"{FORGED},,{FORGED},{CALLER}", CALLER),
        (2, NEAR, f"{FORGED}, {CALLER}, {INNER}", CALLER),
        (2, NEAR, f"{CALLER}, {INNER}", CALLER),
        (3, NEAR, f"{FORGED}, 2001:db8::9, {INNER}, {INNER}", "2001:db8::9"),
        # past the proxies
        (1, INTERNET, CALLER, INTERNET),
        (2, "2001:db8::80", f"{CALLER}, {INNER}", "2001:db8::80"),
        (1, "172.32.0.1", CALLER, "172.32.0.1"),
        # fewer than there should be, or none
        (2, NEAR, CALLER, NEAR),
        (1, NEAR, None, NEAR),
        (1, NEAR, "", NEAR),
        (2, NEAR, ",", NEAR),
        # what is no address
        (1, NEAR, "unknown", NEAR),
        (1, NEAR, f"{CALLER}, _hidden", NEAR),
        (1, NEAR, "x" * 100_000, NEAR),
        (1, NEAR, "999.1.1.1", NEAR),
        (1, NEAR, "'; DROP TABLE attempt; --", NEAR),
        (1, "nonsense", CALLER, "nonsense"),
    ],
)
def test_the_callers_address(proxies, peer, said, caller):
    assert seen(proxies, peer, said)[0] == caller


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.9:4711", CALLER), ("[2001:db8::9]:443", "2001:db8::9"), ('"[2001:db8::9]"', "2001:db8::9"),
        ("  203.0.113.9 ", CALLER), ("fe80::1%eth0", "fe80::1"), ("2001:DB8::9", "2001:db8::9"), ("[", ""), (":", ""),
    ],
)  # fmt: skip
def test_ports_brackets_and_zones_are_no_part_of_it(text, address):
    assert address_of(text) == address


def test_the_scheme_is_believed_with_it_and_not_without():
    assert seen(1, NEAR, CALLER, "https")[1] == seen(2, NEAR, f"{CALLER}, {INNER}", "https")[1] == "https"
    assert seen(0, NEAR, CALLER, "https")[1] == seen(1, INTERNET, CALLER, "https")[1] == "http"


def test_it_is_said_once_that_somebody_is_not_believed_and_not_who(caplog):
    app = Believed(lambda _environ, _start: [], 0)
    for n in range(3):
        app({"REMOTE_ADDR": NEAR, "HTTP_X_FORWARDED_FOR": f"203.0.113.{n}"}, None)
    [line] = caplog.messages
    assert "TRUSTED_PROXIES is 0" in line and "203.0.113" not in line and NEAR not in line


def test_whoever_comes_past_the_proxies_is_told_apart_and_who_sends_nothing_is_no_news(caplog):
    app = Believed(lambda _environ, _start: [], 1)
    app({"REMOTE_ADDR": NEAR, "HTTP_X_FORWARDED_FOR": CALLER}, None)
    app({"REMOTE_ADDR": INTERNET}, None)
    assert not caplog.messages
    app({"REMOTE_ADDR": INTERNET, "HTTP_X_FORWARDED_FOR": CALLER}, None)
    assert "calls from the internet" in caplog.text and INTERNET not in caplog.text and CALLER not in caplog.text


class Guessing:
    """Somebody who guesses at Lone Star Plumbing's PIN over a real connection."""

    def __init__(self, server: Gunicorn) -> None:
        self.at = urlsplit(server.url).netloc
        answer, body = self._ask("GET", {})
        self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        start = body.index(b'name="csrf_token" value="') + 25
        self.token = body[start : body.index(b'"', start)].decode()

    def once(self, *forwarded: str) -> int:
        typed = urlencode({"company": "Lone Star Plumbing", "pin": "RR-2222-2222", "csrf_token": self.token})
        return self._ask("POST", {"Cookie": self.cookie}, forwarded, typed)[0].status

    def _ask(self, method: str, headers: dict[str, str], forwarded: tuple[str, ...] = (), typed: str = ""):
        connection = http.client.HTTPConnection(self.at, timeout=30)
        connection.putrequest(method, "/")
        for name, value in {"Content-Type": "application/x-www-form-urlencoded", **headers}.items():
            connection.putheader(name, value)
        for value in forwarded:
            connection.putheader("X-Forwarded-For", value)
        connection.putheader("Content-Length", str(len(typed)))
        connection.endheaders(typed.encode())
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body


@pytest.fixture
def behind(dana, app) -> Iterator:
    """`behind("1")` → a real server that believes so many proxies."""
    open_servers = []

    def serve(proxies: str) -> Gunicorn:
        env = {"DATABASE_URL": app.config["DATABASE_URL"], "SECRET_KEY": "for the tests alone, for no city",
               "TRUSTED_PROXIES": proxies}  # fmt: skip
        running = gunicorn_server(env, workers=1)
        open_servers.append(running)
        return running.__enter__()

    yield serve
    for running in open_servers:
        running.__exit__(None, None, None)


def test_behind_a_real_server_without_proxies_a_header_gives_no_more_tries(behind):
    server = behind("0")
    guessing = Guessing(server)
    assert [guessing.once(f"203.0.113.{n}") for n in range(9)] == [422] * 8 + [429]
    assert guessing.once("198.51.100.1", "198.51.100.2", "nonsense, \t") == 429
    assert server.said().count("TRUSTED_PROXIES is 0") == 1 and "203.0.113" not in server.said()


def test_behind_a_real_proxy_what_the_caller_wrote_left_of_it_gives_no_more_tries(behind):
    server = behind("1")
    guessing = Guessing(server)
    tries = [(f"198.51.100.{n}, {CALLER}",) for n in range(3)]
    tries += [(f"198.51.100.{n}", CALLER) for n in range(3)]  # two lines of the header are one list
    tries += [(f"x{n}, 2001:db8::1, {CALLER}:{4000 + n}",) for n in range(2)]
    assert [guessing.once(*said) for said in tries] == [422] * 8
    assert guessing.once(CALLER) == 429 and guessing.once("203.0.113.10") == 422
    assert guessing.once("2001:db8:1::1") == 422 and guessing.once("nonsense" * 500) == 422
    assert {key for (key,) in Attempt.select(Attempt.key).where(Attempt.key.startswith("address:")).tuples()} == {
        f"address:{one}" for one in (CALLER, "203.0.113.10", "2001:db8:1::", "127.0.0.1")
    }
    assert "X-Forwarded-For" not in server.said()


def test_the_page_itself_is_read_by_whoever_is_told_to_wait(browse, dana):
    browsing = browse()
    for _ in range(8):
        browsing.sign_in("Lone Star Plumbing", "wrong", status=422)
    page: Page = browsing.sign_in("Lone Star Plumbing", "wrong", status=429)
    assert page.headers["Retry-After"] == "900"
