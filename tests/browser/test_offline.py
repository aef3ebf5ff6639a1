"""Dead zones: pages last seen stay readable, and what was tapped without a signal arrives once, later."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from socket import SHUT_RDWR
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import servers
from tests.browser.conftest import NO_INTERNET, Phone, watch
from tests.browser.person import fill_contact, sign_in
from tests.cast import PASSWORD, TODAY, WEDNESDAY, ask, permit_of
from tracker.actions.requests import Wish
from tracker.models import Contractor, DayLoad, Inspection, InspectionResult, Mail, Request
from tracker.views import offline

KEPT = "Saved on this phone, not sent yet."
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
UPDATED = """() => new Promise(yes => {
  navigator.serviceWorker.addEventListener("controllerchange", () => yes());
  navigator.serviceWorker.ready.then(there => there.update());
})"""


@dataclass
class Line:
    """What lies between the phone and the city. `fault` meets each form that is sent:

    lost: the city has done it, but its answer never arrives · 500: it breaks · silent: it does not answer.
    """

    app: Any
    fault: str = ""
    over: Event = field(default_factory=Event)

    def __call__(self, asked: dict[str, Any], start: Any) -> Any:
        if not self.fault or asked["REQUEST_METHOD"] != "POST":
            return self.app(asked, start)
        if self.fault == "500":
            asked["wsgi.input"].read(int(asked["CONTENT_LENGTH"]))
            start("500 Broken", [("Content-Type", "text/html")])
            return [b"broken"]
        if self.fault == "lost":
            b"".join(self.app(asked, lambda *_: None))
        else:
            self.over.wait(20)
        asked["werkzeug.socket"].shutdown(SHUT_RDWR)
        raise ConnectionResetError


@pytest.fixture
def line(app) -> Line:
    return Line(app)


@pytest.fixture
def site(line) -> Iterator[str]:
    with servers.web_server(line) as address:
        yield address
        line.over.set()


def until(page: Page, true: str, arg: str = "") -> None:
    """Until the promise of this script comes true; Playwright's own waiting takes any promise for true."""
    deadline = time.monotonic() + 30
    while not page.evaluate(true, arg):
        assert time.monotonic() < deadline, page.evaluate(STATE)
        page.wait_for_timeout(50)


def settled(page: Page) -> None:
    """The worker has taken over and has kept this page."""
    page.wait_for_load_state("networkidle")
    path = page.evaluate("location.pathname")
    until(page, f"async path => navigator.serviceWorker.controller && (await ({STORED})())[1].includes(path)", path)


def is_fine(phone: Phone) -> None:
    """Nothing went wrong but what htmx itself says of a lost connection."""
    ours = [error for error in phone.page_errors if not error.startswith(("htmx:", "Response Status Error"))]
    assert not ours and not phone.foreign


@pytest.fixture
def home(site, phone, dana, danas_house) -> Phone:
    """Dana's phone with the dashboard open and kept."""
    made = phone()
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    settled(made.page)
    return made


def fill_in(page: Page, number: str) -> None:
    page.get_by_role("link", name=f"Request an inspection on {number}").click()
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.get_by_label("AM", exact=True).check()
    page.get_by_label("Remarks").fill("Gate code 4711")
    settled(page)


def submit(page: Page) -> None:
    page.locator("button.wide[value=submit]").click()
    page.wait_for_url("**/dashboard")


def held(page: Page, words: str = KEPT) -> None:
    """The one row of what is kept says so."""
    expect(page.locator("#held .row")).to_have_count(1)
    expect(page.locator("#held .row")).to_contain_text(words)


def sent(page: Page, words: str) -> None:
    expect(page.locator(".said")).to_contain_text(words)
    expect(page.locator("#held")).to_be_hidden()
    assert page.evaluate(STORED)[0] == 0


def counts_once() -> None:
    assert Request.select().count() == Inspection.select().count() == 1
    assert Mail.select().where(Mail.kind == "requested", Mail.recipient == "dana@lonestar.example").count() == 1
    assert Inspection.get().remarks == "Gate code 4711" and Inspection.get().time_frame == "am"


@pytest.mark.parametrize("cdn", [True, False], ids=["htmx", "no htmx"])
def test_a_request_without_a_signal_waits_on_the_phone_and_goes_out_by_itself(site, phone, dana, danas_house, cdn):
    made = phone(cdn=cdn)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    settled(page)
    fill_in(page, danas_house.permit_num)
    made.offline()
    submit(page)
    held(page)
    row = page.locator("#held .row")
    assert (
        row.locator(".tag").inner_text() == "Not sent yet"
        and row.locator("h3").inner_text() == "Sewer / water yard line"
    )
    assert row.locator(".date").inner_text().split() == ["Wed", "27", "May", "AM"]
    expect(page.locator("#no-signal")).to_contain_text(
        re.compile(r"No signal\. This is how it stood at \d+:\d\d [AP]M\. What you send now is kept on this phone\.")
    )
    assert not Request.select().exists()
    made.offline(False)
    sent(page, "Requested for Wed May 27, AM.")
    assert page.locator("#no-signal").is_hidden()
    counts_once()
    is_fine(made)


def test_the_phone_is_closed_in_the_dead_zone_and_opened_again_with_a_signal(
    site, chromium, tmp_path, dana, danas_house
):
    def opened(is_offline: bool = False) -> Phone:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "phone", executable_path=servers.chromium(), viewport={"width": 360, "height": 740},
            args=["--no-sandbox", "--disable-dev-shm-usage", NO_INTERNET], offline=is_offline,
        )  # fmt: skip
        made = Phone(context, context.pages[0])
        watch(made, cdn=True)
        return made

    first = opened()
    page = first.page
    page.goto(site)
    page.get_by_label("Company").fill("Lone Star Plumbing")
    page.get_by_label("PIN", exact=True).fill(dana.pin)
    page.get_by_label("Remember Me").check()
    page.get_by_role("button", name="Login").click()
    page.wait_for_url("**/dashboard")
    settled(page)
    fill_in(page, danas_house.permit_num)
    first.offline()
    submit(page)
    held(page)
    first.context.close()
    again = opened()
    again.page.goto(f"{site}/dashboard")
    sent(again.page, "Requested for Wed May 27, AM.")
    counts_once()
    is_fine(again)
    again.context.close()


@pytest.mark.parametrize("fault", ["500", "lost", "silent"])
def test_a_city_that_breaks_or_does_not_answer_is_asked_again(home, line, danas_house, fault, monkeypatch):
    page = home.page
    if fault == "silent":
        monkeypatch.setattr(offline, "PATIENCE", 1)
        page.evaluate(UPDATED)
    fill_in(page, danas_house.permit_num)
    line.fault = fault
    submit(page)
    held(page)
    assert Request.select().count() == (1 if fault == "lost" else 0)
    line.fault = ""
    page.reload()
    sent(page, "Requested for Wed May 27, AM.")
    counts_once()


def test_a_day_that_filled_up_meanwhile_comes_back_as_a_form_with_what_was_typed(home, app, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    home.offline()
    submit(page)
    held(page)
    DayLoad.create(day=WEDNESDAY, trade="", booked=60)
    home.offline(False)
    held(page, "The city cannot take it like this.")
    page.reload()
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.locator("#problems").wait_for()
    assert "Wed May 27 has just filled up" in page.locator("#problems").inner_text()
    assert page.get_by_label("Remarks").input_value() == "Gate code 4711"
    assert page.locator("#contact_name").input_value() == "Dana Whitfield"
    assert page.evaluate(STORED)[0] == 0 and not Request.select().exists()
    submit(page)
    assert Request.select().count() == 1 and page.locator("#held").is_hidden()
    is_fine(home)


def test_a_sign_in_that_ended_keeps_it_until_the_next(home, site, dana, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    home.offline()
    submit(page)
    Contractor.update(session_token="another").execute()
    held(page)
    home.offline(False)  # the page loads anew by itself
    expect(page.locator("#unsent")).to_contain_text("Saved on this phone, not sent yet. Sign in to send.")
    assert not Request.select().exists() and page.evaluate(STORED) == [1, []]
    page.get_by_label("Company").fill("Lone Star Plumbing")
    page.get_by_label("PIN", exact=True).fill(dana.pin)
    page.get_by_role("button", name="Login").click()
    sent(page, "Requested for Wed May 27, AM.")
    counts_once()
    is_fine(home)


def test_a_page_that_stayed_open_says_sign_in_to_send(home, line, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    line.fault = "500"
    submit(page)
    held(page)
    Contractor.update(session_token="another").execute()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    held(page, "Sign in to send")
    assert page.locator("#held a").get_attribute("href") == "/?next=%2Fdashboard"


def test_another_company_on_the_same_phone_sees_and_sends_nothing_of_it(home, site, line, dana, eve, eves_permit):
    page = home.page
    fill_in(page, "BP-2026-01184")
    line.fault = "500"
    submit(page)
    held(page)
    line.fault = ""
    home.context.clear_cookies()
    sign_in(page, site, "Evergreen Drains", eve.pin)
    settled(page)
    assert page.locator("#held").is_hidden() and not Request.select().exists()
    assert page.evaluate(STORED) == [1, ["/dashboard"]]
    home.offline()
    page.goto(f"{site}/permits/BP-2026-01184/request")
    assert page.locator("h1").inner_text() == "No signal" and "Sewer" not in page.content()
    home.offline(False)
    page.get_by_role("heading", name="No such page, or not one of yours.").wait_for()
    home.context.clear_cookies()
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    sent(page, "Requested for Wed May 27, AM.")
    counts_once()


def test_a_cancellation_without_a_signal_counts_once_even_if_it_had_arrived(home, line, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    page = home.page
    page.reload()
    page.get_by_role("link", name="Cancel Sewer").click()
    line.fault = "lost"
    page.get_by_role("button", name="Cancel this inspection").click()
    page.wait_for_url("**/dashboard")
    held(page)
    assert page.locator("#held h3").inner_text() == "Cancel: Sewer / water yard line"
    line.fault = ""
    page.reload()
    sent(page, "Cancelled: Sewer / water yard line")
    assert Inspection.get().status == "cancelled" and Mail.select().where(Mail.kind == "cancelled").count() == 1
    is_fine(home)


def test_an_inspector_records_a_result_in_a_dead_zone(site, phone, at, dana, danas_house, ray):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    Inspection.update(status="scheduled", inspector=ray.row, day=TODAY).execute()
    van = phone()
    page = van.page
    page.goto(f"{site}/staff/day")
    page.get_by_label("Email").fill(ray.row.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/staff/day")
    settled(page)
    one = f"/staff/stops/{Inspection.get().id}/result"
    until(page, f"async path => (await ({STORED})())[1].includes(path)", one)
    assert set(page.evaluate(STORED)[1]) == {"/staff/day", f"/staff/day/{TODAY}", one}
    van.offline()
    page.get_by_role("link", name="Failed", exact=True).click()
    expect(page.locator("#no-signal")).to_be_visible()
    page.get_by_label("Comment for the contractor").fill("Slope is wrong")
    page.get_by_role("button", name="Record and mail it").click()
    page.wait_for_url(f"**/staff/day/{TODAY}")
    held(page)
    assert page.locator("#held h3").inner_text() == "Failed: Sewer / water yard line"
    van.offline(False)
    sent(page, "recorded")
    done = Inspection.get()
    assert (done.status, done.result, done.comment) == ("done", "failed", "Slope is wrong")
    assert InspectionResult.select().count() == 1
    is_fine(van)


def test_signing_out_asks_first_and_removes_all_of_it(home, line, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    line.fault = "500"
    submit(page)
    held(page)
    line.fault = ""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Sign out").click()
    assert asked == ["Something was not sent yet. Sign out and remove it from this phone?"]
    assert page.url.endswith("/dashboard") and page.evaluate(STORED)[0] == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [0, []] and not Request.select().exists()
    is_fine(home)


def test_signing_out_with_nothing_unsent_removes_the_pages_silently(home):
    page = home.page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [0, []]


def test_it_can_be_removed_from_the_phone_in_all_its_tabs(home, site, line, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    line.fault = "500"
    submit(page)
    held(page)
    other = home.context.new_page()
    other.goto(f"{site}/dashboard")
    held(other)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Remove").click()
    expect(page.locator("#held")).to_be_hidden()
    expect(other.locator("#held")).to_be_hidden()
    line.fault = ""
    page.reload()
    page.wait_for_load_state("networkidle")
    assert not Request.select().exists()


def test_two_requests_from_one_kept_form_are_two(home, site, dana, danas_house):
    page, other = home.page, permit_of(dana.company, "BP-2026-02000", trade="plumbing", address="9 Heron Bend")
    address = f"{site}/permits/{other.permit_num}/request"
    page.goto(address)
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    settled(page)
    submit(page)
    home.offline()
    page.goto(address)
    fill_contact(page)
    page.locator("#inspection_type").select_option("PLRGH")
    submit(page)
    held(page)
    home.offline(False)
    sent(page, "Requested for")
    assert Request.select().count() == 2


def test_a_lost_refresh_says_so_and_recovers_by_itself(home):
    page = home.page
    refresh = "document.querySelector('#inspections').dispatchEvent(new CustomEvent('refresh'))"
    home.offline()
    page.evaluate(refresh)
    expect(page.locator("#no-signal")).to_be_visible()
    home.offline(False)
    page.evaluate(refresh)
    expect(page.locator("#no-signal")).to_be_hidden()


def test_a_change_seen_in_an_open_page_is_in_its_copy(home, site, dana, danas_house):
    page = home.page
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    page.evaluate("document.querySelector('#inspections').dispatchEvent(new CustomEvent('refresh'))")
    page.get_by_role("heading", name="Sewer / water yard line").wait_for()
    until(page, "async () => (await (await caches.match('/dashboard')).text()).includes('Change date')")
    home.offline()
    page.goto(f"{site}/")  # the address people know leads to the dashboard that is kept
    assert page.url.endswith("/dashboard")
    assert page.locator("#inspections h3").all_inner_texts() == ["Sewer / water yard line"]


def test_a_page_that_came_past_the_worker_is_taken_over(home, danas_house):
    """As the first one after the first visit may: it was on its way while the worker started."""
    page = home.page
    page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    page.wait_for_load_state("networkidle")
    home.context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].workerStart") == 0
    settled(page)
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    home.offline()
    submit(page)
    held(page)


def test_a_new_worker_takes_over_without_losing_anything(home, line, danas_house, monkeypatch):
    page = home.page
    fill_in(page, danas_house.permit_num)
    line.fault = "500"
    submit(page)
    held(page)
    monkeypatch.setattr(offline, "PATIENCE", 11)
    page.evaluate(UPDATED)
    assert page.evaluate(STORED)[0] == 1 and "/dashboard" in page.evaluate(STORED)[1]
    line.fault = ""
    page.reload()
    sent(page, "Requested for")


def test_a_strange_page_cannot_have_a_form_kept_and_sent(home, line, danas_house, site):
    """It may post across sites, but it does not know the account: the city then never hears of it."""
    page = home.page
    line.fault = "500"
    page.goto(f"{site}/how-to")
    page.evaluate(
        """number => {
        const form = document.createElement("form");
        const fields = {action: "submit", held: '{"account":"guessed","page":"/dashboard","rows":[["","","x"]]}'};
        Object.assign(form, {method: "post"}).setAttribute("action", `/permits/${number}/request`);
        for (const name in fields) {
            form.append(Object.assign(document.createElement("input"), {name, value: fields[name]}));
        }
        document.body.append(form);
        HTMLFormElement.prototype.submit.call(form);
    }""",
        danas_house.permit_num,
    )
    page.wait_for_url("**/dashboard")
    posts = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    line.fault = ""
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("#held").is_hidden() and not posts and not Request.select().exists()


def test_without_script_a_form_is_a_form(site, phone, dana, danas_house):
    made = phone(javascript=False, cdn=False)
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    page = made.page
    page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    submit(page)
    assert Request.select().count() == 1 and not page.locator("#held, #no-signal").filter(visible=True).count()


def test_a_browser_without_workers_is_as_it_was(site, phone, dana, danas_house):
    made = phone(service_workers="block")
    made.context.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})")
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    made.page.get_by_role("link", name=f"Request an inspection on {danas_house.permit_num}").click()
    fill_contact(made.page)
    made.page.locator("#inspection_type").select_option("SEWER")
    submit(made.page)
    assert Request.select().count() == 1 and not made.page_errors


def test_what_is_kept_reads_well_and_is_accessible(home, axe, danas_house):
    page = home.page
    fill_in(page, danas_house.permit_num)
    home.offline()
    submit(page)
    held(page)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
