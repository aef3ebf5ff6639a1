"""What lies between a phone and the city, what is stored on it, and what its owner does there."""

import re
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from threading import Event
from typing import Any

from playwright.sync_api import Error, Locator, Page, Worker, expect

from tests.browser.conftest import Phone
from tests.browser.person import fill_contact
from tests.cast import PASSWORD, TODAY, WEDNESDAY, Member, Signer, ask
from tracker.actions.requests import Wish
from tracker.models import Inspection, Mail, Permit, Request

KEPT = "Saved on this phone, not sent yet."
REQUESTED = "Requested for Wed May 27, AM."
REFRESH = "document.querySelector('[data-refresh]').dispatchEvent(new CustomEvent('refresh'))"
STORED = """async () => {
  const open = indexedDB.open("held", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("held", {keyPath: "id"});
  await new Promise(yes => { open.onsuccess = yes; });
  const all = open.result.transaction("held").objectStore("held").getAll();
  await new Promise(yes => { all.onsuccess = yes; });
  open.result.close();
  const pages = [];
  for (const name of await caches.keys()) {
    const all = name === "static" ? [] : await (await caches.open(name)).keys();
    pages.push(...all.map(one => new URL(one.url).pathname));
  }
  return [all.result.length, pages];
}"""
STATE = """async () => {
  const there = await navigator.serviceWorker.getRegistration();
  const state = there && ["installing", "waiting", "active"].map(one => there[one] && there[one].state);
  return JSON.stringify([location.href, !!navigator.serviceWorker.controller, state, await caches.keys()]);
}"""
TAKEN_OVER = """() => new Promise((yes, no) => {
  setTimeout(() => no("no new worker"), 2e4);
  navigator.serviceWorker.addEventListener("controllerchange", () => yes());
  navigator.serviceWorker.ready.then(there => there.update());
})"""


@dataclass
class Line:
    """What lies between the phone and the city. `fault` meets each form that is sent; with `whole`, each page too:

    lost: the city has done it, but its answer never arrives · 500 to 504: something before it answers with a page of
    its own · silent: it does not answer. `fails_at`: the city itself breaks at addresses with this in them.
    `renames`: static files are found under new names too (v2-…). `gate`: the next answer to what fits this
    ("POST /permits/.*") waits from `reached` until `over`.
    """

    app: Any
    fault: str = ""
    whole: bool = False
    fails_at: str = ""
    renames: bool = False
    gate: str = ""
    asked: list[str] = field(default_factory=list)
    over: Event = field(default_factory=Event)
    reached: Event = field(default_factory=Event)

    def __call__(self, asked: dict[str, Any], start: Any) -> Iterable[bytes]:
        method, path = asked["REQUEST_METHOD"], asked["PATH_INFO"]
        self.asked.append(f"{method} {path}")
        if self.renames:
            asked["PATH_INFO"] = path.replace("static/v2-", "static/")
        if self.gate and re.fullmatch(self.gate, f"{method} {path}"):
            self.gate = ""
            answer = b"".join(self.app(asked, start))
            self.reached.set()
            self.over.wait(20)
            return [answer]
        breaks = bool(self.fails_at) and self.fails_at in path
        if not breaks and (not self.fault or (method != "POST" and not self.whole)):
            return self.app(asked, start)
        if self.fault != "lost":
            asked["wsgi.input"].read(int(asked.get("CONTENT_LENGTH") or 0))
        if breaks or self.fault.isdigit():
            start(f"{self.fault or 500} Broken", [("Content-Type", "text/html")])
            return [b"<html><h1>Bad gateway</h1></html>"]
        if self.fault == "lost":
            b"".join(self.app(asked, lambda *_: None))
        else:
            self.over.wait(20)
        asked["werkzeug.socket"].shutdown(SHUT_RDWR)
        raise ConnectionResetError


def until(page: Page, true: str, arg: str = "") -> None:
    """Until the promise of this script comes true, also when the page is loaded anew meanwhile.

    Playwright's own waiting takes any promise for true.
    """
    deadline = time.monotonic() + 30
    while True:
        with suppress(Error):
            if page.evaluate(true, arg):
                return
        assert time.monotonic() < deadline, page.evaluate(STATE)
        page.wait_for_timeout(50)


def at_the_gate(page: Page, line: Line) -> None:
    """An answer waits. Not by waiting for the event itself: Playwright's routes answer in this thread."""
    deadline = time.monotonic() + 30
    while not line.reached.is_set():
        assert time.monotonic() < deadline, line.asked
        page.wait_for_timeout(20)


def settled(page: Page) -> None:
    """The worker has taken over and has kept this page."""
    page.wait_for_load_state("networkidle")
    path = page.evaluate("location.pathname")
    until(page, f"async path => navigator.serviceWorker.controller && (await ({STORED})())[1].includes(path)", path)


def look_again(page: Page) -> None:
    """The phone is taken out of the pocket. A page that loads anew by itself just then has looked again too."""
    with suppress(Error):
        page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")


def nothing_left(page: Page) -> None:
    until(page, f"async () => (await ({STORED})())[0] === 0")


def refresh(page: Page) -> None:
    """The lists of this page have been looked after anew."""
    page.wait_for_function("window.htmx")
    with page.expect_response(lambda answer: "v=" in answer.url):
        page.evaluate(REFRESH)
    page.wait_for_load_state("networkidle")


def worker_of(phone: Phone) -> Worker:
    return phone.context.service_workers[-1]


def is_fine(phone: Phone) -> None:
    """Nothing went wrong but what htmx itself says of a lost connection."""
    ours = [error for error in phone.page_errors if not error.startswith(("htmx:", "Response Status Error"))]
    assert not ours and not phone.foreign


def fill_in(page: Page, permit: Permit, code: str = "SEWER") -> None:
    """The request form of this permit, opened from the dashboard and filled in."""
    page.get_by_role("link", name=f"Request an inspection on {permit.permit_num}").click()
    fill_contact(page)
    page.locator("#inspection_type").select_option(code)
    page.get_by_label("AM", exact=True).check()
    page.get_by_label("Remarks").fill("Gate code 4711")
    settled(page)


def submit(page: Page) -> None:
    page.locator("button.wide[value=submit]").click()
    page.wait_for_url("**/dashboard")


def keep_one(page: Page, line: Line, permit: Permit, fault: str = "500") -> None:
    """A request that the city fails to take is on the phone; the city stays as it is."""
    fill_in(page, permit)
    line.fault = fault
    submit(page)
    held(page)


def keep_without_signal(phone: Phone, permit: Permit) -> None:
    """A request is on the phone, which has no signal."""
    fill_in(phone.page, permit)
    phone.offline()
    submit(phone.page)
    held(phone.page)


def keep_cancellation(page: Page, line: Line, company: Signer, permit: Permit, fault: str) -> None:
    """The cancellation of a request of Wednesday's is on the phone, since this came between."""
    ask(company, permit, Wish("SEWER", WEDNESDAY, "pm"))
    page.reload()
    page.get_by_role("link", name="Cancel Sewer").click()
    line.fault = fault
    page.get_by_role("button", name="Cancel this inspection").click()
    page.wait_for_url("**/dashboard")
    held(page)


def row(page: Page) -> Locator:
    return page.locator("#held .row")


def held(page: Page, words: str = KEPT) -> None:
    """The one row of what is kept says so."""
    expect(row(page)).to_have_count(1)
    expect(row(page)).to_contain_text(words)


def sent(page: Page, words: str = REQUESTED) -> None:
    expect(page.locator(".said")).to_contain_text(words)
    expect(page.locator("#held")).to_be_hidden()
    nothing_left(page)


def counts_once() -> None:
    assert Request.select().count() == Inspection.select().count() == 1
    assert Mail.select().where(Mail.kind == "requested", Mail.recipient == "dana@lonestar.example").count() == 1
    assert Inspection.get().remarks == "Gate code 4711" and Inspection.get().time_frame == "am"


def scheduled_today(dana: Signer, permit: Permit, inspector: Member) -> Inspection:
    """A stop of this inspector's day."""
    ask(dana, permit, Wish("SEWER", WEDNESDAY, "pm"))
    Inspection.update(status="scheduled", inspector=inspector.row, day=TODAY).execute()
    return Inspection.get()


def sign_in_staff(page: Page, site: str, person: Member) -> None:
    page.goto(f"{site}/staff/day")
    page.get_by_label("Email").fill(person.row.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/day")
    page.wait_for_load_state("networkidle")
