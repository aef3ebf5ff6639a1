"""What was tapped without a signal waits on the phone and arrives once, by itself."""

import re

import pytest
from playwright.sync_api import expect

from tests import servers
from tests.browser.conftest import NO_INTERNET, Phone, watch
from tests.browser.offline.dead_zone import (
    KEPT,
    REQUESTED,
    at_the_gate,
    counts_once,
    fill_in,
    held,
    is_fine,
    keep_cancellation,
    keep_one,
    keep_without_signal,
    look_again,
    nothing_left,
    row,
    sent,
    settled,
    submit,
    worker_of,
)
from tests.browser.person import fill_contact, sign_in
from tests.cast import permit_of
from tracker.models import Inspection, InspectionResult, Mail, Request


@pytest.mark.parametrize("cdn", [True, False], ids=["htmx", "no htmx"])
def test_a_request_without_a_signal_goes_out_by_itself(site, phone, dana, danas_house, cdn):
    made = phone(cdn=cdn)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    settled(page)
    fill_in(page, danas_house)
    made.offline()
    submit(page)
    held(page)
    kept = row(page)
    assert (
        kept.locator(".tag").inner_text() == "Not sent yet"
        and kept.locator("h3").inner_text() == "Sewer / water yard line"
    )
    assert kept.locator(".date").inner_text().split() == ["Wed", "27", "May", "AM"]
    expect(page.locator("#no-signal")).to_contain_text(
        re.compile(r"No signal\. This is how it stood at \d+:\d\d\s[AP]M\. What you send now is kept on this phone\.")
    )
    assert not Request.select().exists()
    made.offline(False)
    sent(page)
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
    fill_in(page, danas_house)
    first.offline()
    submit(page)
    held(page)
    first.context.close()
    again = opened()
    again.page.goto(f"{site}/dashboard")
    sent(again.page)
    counts_once()
    is_fine(again)
    again.context.close()


@pytest.mark.parametrize("fault", ["500", "lost", "silent"])
def test_a_city_that_breaks_or_does_not_answer_is_asked_again(home, line, danas_house, fault):
    page = home.page
    if fault == "silent":
        worker_of(home).evaluate("void (setTimeout = (real => (act, ms) => real(act, Math.min(ms, 500)))(setTimeout))")
    keep_one(page, line, danas_house, fault)
    assert Request.select().count() == (1 if fault == "lost" else 0)
    line.fault = ""
    page.reload()
    sent(page)
    counts_once()


def test_a_phone_that_does_not_wake_the_worker_up_sends_when_it_is_looked_at(home, line, danas_house):
    """As iPhones: they have no Background Sync."""
    page = home.page
    worker_of(home).evaluate("delete ServiceWorkerRegistration.prototype.sync")
    keep_one(page, line, danas_house)
    line.fault = ""
    look_again(page)
    sent(page)
    counts_once()


def test_two_tabs_that_send_at_once_send_once(home, site, line, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
    other = home.context.new_page()
    other.goto(f"{site}/dashboard")
    held(other)
    line.fault, line.gate = "", "POST /permits/.*"
    line.asked.clear()
    look_again(page)
    at_the_gate(page, line)
    look_again(other)
    look_again(page)
    line.over.set()
    expect(page.locator("#held")).to_be_hidden()
    expect(other.locator("#held")).to_be_hidden()
    counts_once()
    assert len([one for one in line.asked if one.startswith("POST")]) == 1


def test_two_are_sent_in_the_order_they_were_pressed_though_the_clock_was_set_back(home, site, line, dana):
    page = home.page
    for number, street in (("BP-2026-02001", "9 Heron Bend"), ("BP-2026-02000", "7 Heron Bend")):
        permit_of(dana.company, number, trade="plumbing", address=street)
    line.fault = "500"
    for number in ("BP-2026-02001", "BP-2026-02000"):
        page.goto(f"{site}/permits/{number}/request")
        fill_contact(page)
        page.locator("#inspection_type").select_option("SEWER")
        settled(page)
        submit(page)
        expect(page.locator("#held")).to_contain_text(number)
        # When it finds its network again, a phone's time of day may jump.
        worker_of(home).evaluate("void (Date.now = (real => () => real.call(Date) - 7200e3)(Date.now))")
    expect(row(page)).to_have_count(2)
    line.fault = ""
    page.reload()
    expect(page.locator("#held")).to_be_hidden()
    nothing_left(page)
    asked = [one.permit.permit_num for one in Inspection.select().order_by(Inspection.id)]
    assert asked == ["BP-2026-02001", "BP-2026-02000"]


def test_what_the_city_fails_at_does_not_hold_up_what_is_about_another_permit(home, site, line, dana, danas_house):
    page, other = home.page, permit_of(dana.company, "BP-2026-02000", trade="plumbing", address="9 Heron Bend")
    keep_one(page, line, danas_house)
    page.goto(f"{site}/permits/{other.permit_num}/request")
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    settled(page)
    submit(page)
    expect(row(page)).to_have_count(2)
    line.fails_at, line.fault = danas_house.permit_num, ""
    page.reload()
    expect(row(page)).to_have_count(1)
    expect(page.locator("#held")).to_contain_text(danas_house.permit_num)
    assert Inspection.get().permit == other
    line.fails_at = ""
    page.reload()
    nothing_left(page)
    assert Inspection.select().count() == 2


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


def test_a_cancellation_without_a_signal_counts_once_even_if_it_had_arrived(home, line, dana, danas_house):
    page = home.page
    keep_cancellation(page, line, dana, danas_house, "lost")
    assert row(page).locator("h3").inner_text() == "Cancel: Sewer / water yard line"
    line.fault = ""
    page.reload()
    sent(page, "Cancelled: Sewer / water yard line")
    assert Inspection.get().status == "cancelled" and Mail.select().where(Mail.kind == "cancelled").count() == 1
    is_fine(home)


def test_an_inspector_records_a_result_in_a_dead_zone(van):
    page = van.page
    van.offline()
    page.get_by_role("link", name="Failed", exact=True).click()
    expect(page.locator("#no-signal")).to_be_visible()
    page.get_by_label("Comment for the contractor").fill("Slope is wrong")
    page.get_by_role("button", name="Record and mail it").click()
    page.wait_for_url("**/staff/day/*")
    held(page)
    assert row(page).locator("h3").inner_text() == "Failed: Sewer / water yard line"
    van.offline(False)
    sent(page, "recorded")
    done = Inspection.get()
    assert (done.status, done.result, done.comment) == ("done", "failed", "Slope is wrong")
    assert InspectionResult.select().count() == 1
    is_fine(van)


def test_it_can_be_removed_from_the_phone_in_all_its_tabs(home, site, line, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
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


def test_what_is_kept_reads_well_and_is_accessible(home, axe, danas_house):
    page = home.page
    keep_without_signal(home, danas_house)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("clock", [-3600_000, 3600_000], ids=["back", "on"])
def test_a_page_is_loaded_anew_once_though_the_clock_has_jumped(home, site, line, danas_house, clock):
    """What it shows is older than what the worker sent just now; which is older, no time of day decides."""
    page = home.page
    keep_one(page, line, danas_house)
    home.context.add_init_script(f"Date.now = (real => () => real.call(Date) + {clock})(Date.now)")
    line.fault = ""
    page.reload()
    sent(page, REQUESTED)
    page.goto(f"{site}/how-to")
    line.asked.clear()
    page.goto(f"{site}/dashboard")
    page.locator("#inspections h3").wait_for()
    page.wait_for_load_state("networkidle")
    look_again(page)
    page.wait_for_load_state("networkidle")
    assert line.asked.count("GET /dashboard") == 1 and KEPT not in page.locator("main").inner_text()
