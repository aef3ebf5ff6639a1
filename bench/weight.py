"""What each page weighs on the wire, in Chromium at 360 pixels: the table in the README.

    python bench/weight.py [--locale es-US] [--url postgresql://…]

Makes a city of its own (the demo) and opens every page twice: with an empty cache, and again. Prints for each
  first     bytes of page, style sheet and scripts with their headers, and requests, until it can be used; htmx from
            its CDN counts as its file, gzipped. What only adds (icon, offline script) comes later and is not in it.
  later     bytes with the style sheet and scripts in the cache
  page      bytes of the HTML alone, gzipped
  queries   statements sent to the database
What a phone takes beside all that follows: the worker of dead zones, the pages it keeps, an inspector's results of
the day; for the first page it sees, and for the next ones. The budgets are held by tests/weight, in a heavier city.
"""

import argparse
import gzip
import logging
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import BrowserContext, Page, sync_playwright  # noqa: E402

from tests import servers  # noqa: E402
from tracker import clock, create_app  # noqa: E402
from tracker.cli.demo_city import COMPANIES, PASSWORD  # noqa: E402
from tracker.db import migrate  # noqa: E402

# A working day's morning, whenever it is run: inspectors have stops.
TUESDAY = datetime(2026, 5, 26, 15, 0, tzinfo=UTC)
ADDS = ("icons/", "offline", "sw.js", "favicon", "manifest")
HEADER = f"{'page':46}{'first':>8}{'requests':>10}{'later':>8}{'page':>8}{'queries':>9}"


class Queries(logging.Handler):
    """Counts the statements that go to the database."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


class Ledger:
    """What the server sent, as (path, bytes with headers, whether the worker asked for it)."""

    def __init__(self, wsgi: Any) -> None:
        self.wsgi, self.rows = wsgi, list[tuple[str, int, bool]]()

    def __call__(self, asked: dict[str, Any], start: Any) -> Iterator[bytes]:
        sizes = []

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sizes.append(len(status) + 13 + sum(len(name) + len(value) + 4 for name, value in headers))
            return start(status, headers, *more)

        for part in self.wsgi(asked, begin):
            sizes.append(len(part))
            yield part
        path = asked["PATH_INFO"]
        beside = asked.get("HTTP_X_PURPOSE") == "keep" or path == "/sw.js" or "/offline" in path
        self.rows.append((path, sum(sizes), beside))

    def beside(self) -> tuple[int, int]:
        """Bytes and requests of the worker since the last time."""
        found = [size for _path, size, beside in self.rows if beside]
        self.rows.clear()
        return sum(found), len(found)


class Wire:
    """What a page took from the network since `begin`: (address, bytes with headers, bytes of the body)."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.taken: dict[str, list[Any]] = {}
        self.session.on("Network.responseReceived", self._began)
        self.session.on("Network.loadingFinished", self._ended)

    def begin(self) -> None:
        self.taken = {}

    def _began(self, event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache"):
            self.taken[event["requestId"]] = [event["response"]["url"], 0, event["response"]["encodedDataLength"]]

    def _ended(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self.taken:
            self.taken[event["requestId"]][1] = event["encodedDataLength"]

    def sum(self) -> tuple[int, int, int]:
        """Bytes and requests until the page can be used, and the bytes of the page's own body."""
        rows = [row for row in self.taken.values() if not any(word in row[0] for word in ADDS)]
        return sum(size for _url, size, _headers in rows), len(rows), rows[0][1] - rows[0][2] if rows else 0


def cdn(environ: Any, start_response: Any) -> list[bytes]:
    """htmx as its CDN gives it: compressed, and kept for good. Chromium's cache is off where requests are diverted."""
    [file] = servers.HTMX_CACHE.glob("**/htmx.min.js")
    kept = [("Cache-Control", "public, max-age=31536000, immutable"), ("Access-Control-Allow-Origin", "*")]
    start_response("200 OK", [("Content-Type", "text/javascript"), ("Content-Encoding", "gzip"), *kept])
    return [gzip.compress(file.read_bytes(), 9)]


@contextmanager
def city(url: str) -> Iterator[str]:
    """The address that the demo city is served at, on this database."""
    with city_and_ledger(url) as (address, _ledger):
        yield address


@contextmanager
def city_and_ledger(url: str) -> Iterator[tuple[str, Ledger]]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with servers.web_server(cdn) as htmx:
        settings = {
            "SECRET_KEY": "for this measurement, for no city",
            "DATABASE_URL": url,
            "HTMX_URL": f"{htmx}/htmx.min.js",
        }
        app = create_app({**settings, "HTMX_INTEGRITY": ""})
        migrate()
        made = app.test_cli_runner().invoke(args=["demo"])
        if made.exit_code:
            raise SystemExit(made.output)
        ledger = Ledger(app)
        with servers.web_server(ledger) as address:
            yield address, ledger


def pages_of(page: Page) -> dict[str, str]:
    """The pages of the company that looks at its dashboard, by name."""
    request = str(page.get_attribute(".permits a[href$='/request']", "href"))
    permit = request.removesuffix("/request")
    found = {
        "dashboard": "/dashboard",
        "permit": permit,
        "permit, print version": f"{permit}/print",
        "request": request,
        "profile": "/profile",
        "how to": "/how-to",
    }
    for name, word in (("cancel", "cancel"), ("change date", "move")):
        if link := page.query_selector(f"a[href^='/inspections/'][href$='/{word}']"):
            found[name] = str(link.get_attribute("href"))
    return found


def measure(name: str, address: str, context: BrowserContext, queries: Queries) -> None:
    page = context.new_page()
    wire, first = Wire(page), (0, 0, 0)
    wire.session.send("Network.clearBrowserCache")
    for visit in ("first", "later"):
        wire.begin()
        queries.count = 0
        answer = page.goto(address, wait_until="networkidle")
        if visit == "first":
            first = wire.sum()
        else:
            assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"
            later = wire.sum()
            print(f"{name:46}{first[0]:8,}{first[1]:10}{later[0]:8,}{later[2]:8,}{queries.count:9}")
    page.close()


def measure_worker(name: str, page: Page, path: str, ledger: Ledger) -> None:
    """What is taken beside the pages: with the sign-in and the first one, with the next, and with the same again."""
    for visit in ("first page", "next page", "the same again"):
        page.goto(path if visit != "next page" else path.rsplit("/", 1)[0] + "/how-to", wait_until="networkidle")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.wait_for_timeout(2500)  # it does its work after the page's own
        size, requests = ledger.beside()
        print(f"{name + ', ' + visit:46}{size:8,}{requests:10}")


def sign_in(page: Page, address: str, *, company: str = "", pin: str = "", staff: str = "") -> None:
    page.goto(f"{address}/staff" if staff else address)
    for name, value in (("email", staff), ("password", PASSWORD)) if staff else (("company", company), ("pin", pin)):
        page.fill(f"[name={name}]", value)
    page.press("[name=password]" if staff else "[name=pin]", "Enter")
    page.wait_for_url(lambda url: url.rstrip("/") not in (address, f"{address}/staff"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--locale", default="en-US")
    parser.add_argument("--url", default="", help="the database; none: a new SQLite file")
    asked = parser.parse_args()
    clock.now = lambda: TUESDAY
    queries = Queries()
    logging.getLogger("peewee").addHandler(queries)
    logging.getLogger("peewee").setLevel(logging.DEBUG)
    logging.getLogger("peewee").propagate = False
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
        with city_and_ledger(asked.url or f"sqlite:///{folder}/city.db") as (address, ledger):

            def phone(worker: Literal["allow", "block"] = "block") -> BrowserContext:
                size = {"width": 360, "height": 740}
                return browser.new_context(viewport=size, locale=asked.locale, service_workers=worker)

            print(HEADER)
            measure("sign in", f"{address}/", phone(), queries)
            for company in COMPANIES[:2]:
                context = phone()
                page = context.new_page()
                sign_in(page, address, company=company.name, pin=company.code)
                for name, path in pages_of(page).items():
                    measure(f"{name} ({company.name})", f"{address}{path}", context, queries)
            context = phone()
            page = context.new_page()
            sign_in(page, address, staff="iris@bluebonnet.example")
            measure("inspector's day", page.url, context, queries)
            passed = page.locator("a.rp").first
            measure("result", str(passed.evaluate("a => a.href")), context, queries)
            print(f"{'beside that, for dead zones':46}{'bytes':>8}{'requests':>10}")
            ledger.rows.clear()
            page = phone("allow").new_page()
            sign_in(page, address, company=COMPANIES[1].name, pin=COMPANIES[1].code)
            measure_worker("contractor", page, f"{address}/dashboard", ledger)
            ledger.rows.clear()
            page = phone("allow").new_page()
            sign_in(page, address, staff="iris@bluebonnet.example")
            measure_worker("inspector's day", page, f"{address}/staff/day", ledger)
        browser.close()


if __name__ == "__main__":
    main()
