"""The worker itself: a new version of it, what it fetches beforehand, and two things at once."""

import pytest
from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    REFRESH,
    STORED,
    TAKEN_OVER,
    at_the_gate,
    held,
    keep_one,
    keep_without_signal,
    look_again,
    refresh,
    row,
    sent,
    settled,
    sign_in_staff,
    until,
    worker_of,
)
from tests.browser.person import sign_in
from tests.cast import WEDNESDAY, ask
from tracker.actions.requests import Wish
from tracker.models import Inspection
from tracker.views import offline

FILES = "async () => (await (await caches.open('static')).keys()).map(one => new URL(one.url).pathname)"
PUT = """async ([path, count]) => {
  for (let i = 0; i < count; i++) await put(await pages(), path + i, "x", {"X-Kept-At": Date.now()});
}"""
SAVES = "Object.defineProperty(NetworkInformation.prototype, 'saveData', {get: () => true})"


def test_a_new_worker_takes_over_without_losing_anything(home, line, danas_house, monkeypatch):
    page = home.page
    keep_one(page, line, danas_house)
    monkeypatch.setattr(offline, "PATIENCE", 11)
    page.evaluate(TAKEN_OVER)
    assert page.evaluate(STORED)[0] == 1 and "/dashboard" in page.evaluate(STORED)[1]
    line.fault = ""
    page.reload()
    sent(page, "Requested for")


def test_an_upgrade_of_the_site_between_keeping_and_sending(home, site, app, line, danas_house, monkeypatch):
    """Its static files have new names; a page kept before it still has its look, and what waits is sent."""
    page = home.page
    keep_one(page, line, danas_house)
    before = app.jinja_env.globals["static_url"]
    line.renames = True
    monkeypatch.setitem(app.jinja_env.globals, "static_url", lambda name: before(name).replace("static/", "static/v2-"))
    page.evaluate(TAKEN_OVER)
    assert any("/static/v2-app." in one for one in page.evaluate(FILES))
    home.offline()
    page.goto(f"{site}/permits/{danas_house.permit_num}/request")
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 50
    expect(page.locator("#no-signal")).to_be_visible()
    home.offline(False)
    line.fault = ""
    page.goto(f"{site}/dashboard")
    sent(page)


def test_an_upgrade_that_breaks_off_takes_nothing_away(home, site, line, danas_house, monkeypatch):
    page = home.page
    had = sorted(page.evaluate(FILES))
    monkeypatch.setattr(offline, "PATIENCE", 11)
    line.fails_at = "/static/app"
    page.evaluate("navigator.serviceWorker.ready.then(there => there.update())")
    until(page, "async () => !(await navigator.serviceWorker.ready).installing")
    assert sorted(page.evaluate(FILES)) == had and "/offline" in had
    home.offline()
    page.goto(f"{site}/permits/{danas_house.permit_num}/request")
    assert page.locator("h1").inner_text() == "No signal"


def test_a_page_looked_at_again_fetches_nothing_but_itself(home, site, line):
    page = home.page
    line.asked.clear()
    for _ in range(3):
        page.goto(f"{site}/dashboard")
        settled(page)
        refresh(page)
    pages = [one for one in line.asked if "/static/" not in one and one != "GET /sw.js"]
    assert pages == ["GET /dashboard", "GET /dashboard/inspections"] * 3


def test_the_pages_of_an_inspectors_results_are_fetched_once_a_day(van, site, line):
    page, stop = van.page, f"/staff/stops/{Inspection.get().id}/result"
    assert line.asked.count(f"GET {stop}") == 1
    for _ in range(3):
        page.goto(f"{site}/staff/day")
        settled(page)
    assert line.asked.count(f"GET {stop}") == 1
    worker_of(van).evaluate("void (Date.now = (real => () => real.call(Date) + 13 * 36e5)(Date.now))")
    page.goto(f"{site}/staff/day")
    until(page, "async () => performance.now() > 0")
    expect(page.locator("h1")).to_be_visible()
    for _ in range(100):
        if line.asked.count(f"GET {stop}") == 2:
            return
        page.wait_for_timeout(50)
    pytest.fail("not asked for on the next day")


def test_a_day_without_stops_fetches_nothing_ahead(site, phone, at, line, ray):
    van = phone()
    sign_in_staff(van.page, site, ray)
    settled(van.page)
    line.asked.clear()
    van.page.goto(f"{site}/staff/day")
    settled(van.page)
    assert [one for one in line.asked if "/static/" not in one and one != "GET /sw.js"] == ["GET /staff/day"]


def test_a_phone_that_saves_data_fetches_nothing_ahead(site, phone, at, line, dana, danas_house, ray):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    Inspection.update(status="scheduled", inspector=ray.row, day="2026-05-26").execute()
    van = phone()
    van.context.add_init_script(SAVES)
    sign_in_staff(van.page, site, ray)
    until(van.page, "async () => !!navigator.serviceWorker.controller")
    van.page.reload()
    settled(van.page)
    refresh(van.page)
    assert not [one for one in line.asked if "/result" in one]
    assert line.asked.count("GET /offline") == 1  # with the worker itself
    van.offline()
    van.page.reload()
    expect(van.page.locator("#no-signal")).to_be_visible()


def test_a_late_answer_to_an_earlier_question_does_not_bring_back_its_account(home, site, line, dana, eve, eves_permit):
    page, other = home.page, home.context.new_page()
    line.gate = "GET /profile"
    page.evaluate("location.href = '/profile'")
    at_the_gate(other, line)
    home.context.clear_cookies()
    sign_in(other, site, "Evergreen Drains", eve.pin)
    settled(other)
    line.over.set()
    page.wait_for_url("**/profile")
    page.wait_for_load_state("networkidle")
    assert other.evaluate(STORED)[1] == ["/dashboard"]
    home.offline()
    other.reload()
    assert other.locator("h1").inner_text() == "Evergreen Drains"


def test_signed_out_while_a_page_is_on_its_way_it_is_not_kept(home, site, line):
    page, other = home.page, home.context.new_page()
    line.gate = "GET /profile"
    page.evaluate("location.href = '/profile'")
    at_the_gate(other, line)
    other.goto(f"{site}/dashboard")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_role("button", name="Login").wait_for()
    line.over.set()
    page.wait_for_url("**/profile")
    other.wait_for_load_state("networkidle")
    page.wait_for_load_state("networkidle")
    assert other.evaluate(STORED) == [0, []]


def test_what_is_sent_anew_from_its_form_outlives_the_answer_to_what_it_was(van, line):
    """The first version of a result is on its way while the inspector sends another one from the same page."""
    page, stop = van.page, Inspection.get()
    page.get_by_role("link", name="Failed", exact=True).click()
    page.get_by_label("Comment for the contractor").fill("Slope is wrong")
    line.fault = "500"
    page.get_by_role("button", name="Record and mail it").click()
    page.wait_for_url("**/staff/day/*")
    held(page)
    page.goto(f"{page.url.split('/staff')[0]}/staff/stops/{stop.id}/result?result=partial")
    settled(page)
    page.get_by_label("Comment for the contractor").fill("Slope is right, cover it")
    line.fault, line.gate = "", "POST /staff/stops/.*"
    look_again(page)
    at_the_gate(page, line)
    line.fault = "500"
    page.get_by_role("button", name="Record and mail it").click()
    page.wait_for_url("**/staff/day/*")
    line.over.set()
    held(page, "Partial: Sewer")
    line.fault = ""
    look_again(page)
    held(page, "Not accepted")
    page.get_by_role("button", name="See what to fix").click()
    page.locator("#problems", has_text="Look at it below.").wait_for()
    assert page.get_by_label("Comment for the contractor").input_value() == "Slope is right, cover it"
    assert Inspection.get().comment == "Slope is wrong"


def test_a_page_asked_for_before_the_city_had_it_is_loaded_anew(home, site, line, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
    other = home.context.new_page()
    other.goto(f"{site}/how-to")
    line.gate = "GET /dashboard"
    other.evaluate("location.href = '/dashboard'")
    at_the_gate(page, line)
    line.fault = ""
    page.bring_to_front()
    look_again(page)
    sent(page)
    line.over.set()
    expect(other.locator("#inspections h3")).to_have_text("Sewer / water yard line")
    expect(row(other)).to_have_count(0)


def test_a_page_is_loaded_anew_once_or_the_second_answer_would_lack_the_message(home, line, danas_house):
    """It has two reasons at once: the signal is back, and what it kept has been sent."""
    page = home.page
    keep_without_signal(home, danas_house)
    line.asked.clear()
    home.offline(False)
    sent(page)
    assert line.asked.count("GET /dashboard") == 1


@pytest.mark.parametrize("ends", ["sign out", "another"])
def test_a_refresh_that_is_late_brings_no_copy_back(home, site, line, eve, eves_permit, ends):
    """The page hears that nothing has changed, and has its copy renewed, just after its account has gone."""
    page = home.page
    other = home.context.new_page()
    line.gate = "GET /dashboard/inspections"
    page.evaluate(REFRESH)
    at_the_gate(other, line)
    if ends == "another":
        home.context.clear_cookies()
        sign_in(other, site, "Evergreen Drains", eve.pin)
        settled(other)
    else:
        other.goto(f"{site}/dashboard")
        other.get_by_role("button", name="Sign out").click()
        other.get_by_role("button", name="Login").wait_for()
    line.over.set()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    assert other.evaluate(STORED)[1] == (["/dashboard"] if ends == "another" else [])
    if ends == "another":
        assert "Evergreen Drains" in other.evaluate("async () => (await (await caches.match('/dashboard')).text())")


def test_the_pages_looked_at_last_are_those_that_stay(home, site):
    """Thirty of them; one that is looked at again is the newest."""
    worker = worker_of(home)
    worker.evaluate(PUT, ["/before/", 29])
    home.page.reload()
    settled(home.page)
    worker.evaluate(PUT, ["/after/", 5])
    there = home.page.evaluate(STORED)[1]
    assert len(there) == 30 and "/dashboard" in there and "/before/4" not in there and "/before/5" in there
