"""A real Chromium as a phone in the field sees the site. Nothing reaches the internet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from tests import servers
from tests.browser.axe import against_wcag

CDN = "https://cdn.jsdelivr.net/npm/"
PATIENCE = 20_000  # milliseconds: several browsers share the machine's processors
expect.set_options(timeout=PATIENCE / 2)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
# For what no route sees, such as a service worker.
NO_INTERNET = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"


@dataclass
class Phone:
    """One browser with cookies of its own, and its page.

    page_errors: uncaught errors, and errors on the console (refused by CSP or integrity, say) but for
    answers of 4xx and 5xx, which the test sees itself. foreign: addresses outside this machine that were
    asked for and refused; htmx on its CDN is not among them.
    """

    context: BrowserContext
    page: Page
    page_errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def offline(self, is_offline: bool = True) -> None:
        self.context.set_offline(is_offline)


class PhoneFactory(Protocol):
    def __call__(
        self,
        javascript: bool = True,
        cdn: bool = True,
        width: int = 360,
        height: int = 740,
        locale: str = "en-US",
        offline: bool = False,
        **context: Any,
    ) -> Phone: ...


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, one for the whole run."""
    try:
        path = servers.chromium()
    except servers.MissingPart as missing:
        servers.skip_or_fail(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", NO_INTERNET]
        )
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[PhoneFactory]:
    """`phone(javascript=True, cdn=True, width=360, height=740, locale="en-US", offline=False)` → a Phone.

    Without cdn, htmx does not arrive. Further names go to Playwright's new_context, such as
    color_scheme="dark". Widths from 800 on are a desk's browser, without touch.
    """
    opened: list[BrowserContext] = []

    def fresh(
        javascript: bool = True,
        cdn: bool = True,
        width: int = 360,
        height: int = 740,
        locale: str = "en-US",
        offline: bool = False,
        **context: Any,
    ) -> Phone:
        if cdn and not servers.HTMX_CACHE.exists():
            servers.skip_or_fail(f"{servers.HTMX_CACHE}: make test fetches it")
        is_phone = width < 800
        touch = {"is_mobile": is_phone, "has_touch": is_phone}
        options: dict[str, Any] = {**touch, "reduced_motion": "reduce", **context}
        opened.append(
            chromium.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                java_script_enabled=javascript,
                offline=offline,
                **options,
            )
        )
        opened[-1].set_default_timeout(PATIENCE)
        made = Phone(opened[-1], opened[-1].new_page())
        watch(made, cdn)
        return made

    yield fresh
    for context in opened:
        context.close()


def watch(phone: Phone, cdn: bool) -> None:
    """Serve htmx from the file, refuse the rest of the internet, and keep what goes wrong."""

    def answer(route: Route) -> None:
        url = route.request.url
        if urlsplit(url).hostname in LOOPBACK:
            route.fallback()
        elif url.startswith(f"{CDN}htmx.org@"):
            answer_with_htmx(route) if cdn else route.abort()
        else:
            phone.foreign.append(url)
            route.abort()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            phone.page_errors.append(message.text)

    phone.context.route("**/*", answer)
    phone.context.on("console", heard)
    phone.context.on("weberror", lambda error: phone.page_errors.append(str(error.error)))


def answer_with_htmx(route: Route) -> None:
    file = servers.HTMX_CACHE / route.request.url.removeprefix(CDN)
    route.fulfill(
        path=file,
        content_type="application/javascript; charset=utf-8",
        headers={"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=31536000"},
    )


@pytest.fixture
def axe() -> Callable[..., list[str]]:
    """`axe(page)` → what breaks WCAG 2.2 AA on it, a line each; not for a phone without JavaScript."""
    return against_wcag


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the running site, on this test's database."""
    with servers.web_server(app) as address:
        yield address


@pytest.fixture
def demo(app: Flask, site: str) -> str:
    """The address of the demo city."""
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output
    return site
