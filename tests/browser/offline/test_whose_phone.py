"""What is kept belongs to one account: nobody else sees or sends it, and signing out removes it."""

import pytest
from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    STORED,
    counts_once,
    fill_in,
    held,
    is_fine,
    keep_one,
    look_again,
    nothing_left,
    row,
    sent,
    settled,
    submit,
    until,
    worker_of,
)
from tests.browser.person import sign_in
from tests.cast import NOW
from tracker.models import Contractor, Request


def new_pin() -> dict:
    return {"session_token": "another"}


def blocked() -> dict:
    return {"blocked_at": NOW}


def test_a_sign_in_that_ended_keeps_it_until_the_next(home, dana, danas_house):
    page = home.page
    fill_in(page, danas_house)
    home.offline()
    submit(page)
    Contractor.update(**new_pin()).execute()
    held(page)
    home.offline(False)  # the page loads anew by itself
    expect(page.locator("#unsent")).to_contain_text("Saved on this phone, not sent yet. Sign in to send.")
    assert not Request.select().exists() and page.evaluate(STORED) == [1, []]
    page.get_by_label("Company").fill("Lone Star Plumbing")
    page.get_by_label("PIN", exact=True).fill(dana.pin)
    page.get_by_role("button", name="Login").click()
    sent(page)
    counts_once()
    is_fine(home)


@pytest.mark.parametrize("ends", [new_pin, blocked])
def test_a_page_that_stayed_open_says_sign_in_to_send(home, line, danas_house, ends):
    page = home.page
    keep_one(page, line, danas_house)
    Contractor.update(**ends()).execute()
    line.fault = ""
    look_again(page)
    held(page, "Sign in to send")
    assert page.locator("#held a").get_attribute("href") == "/?next=%2Fdashboard"
    assert page.evaluate(STORED)[0] == 1 and not Request.select().exists()


def test_another_company_on_the_same_phone_sees_and_sends_nothing_of_it(
    home, site, line, dana, eve, danas_house, eves_permit
):
    page = home.page
    keep_one(page, line, danas_house)
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
    sent(page)
    counts_once()


def test_another_who_signs_in_between_token_and_form_is_no_refusal(home, site, line, dana, eve, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
    line.fault, line.gate = "", "GET /offline/token"
    look_again(page)
    until(page, "async () => true")
    deadline = 200
    while not line.reached.is_set() and (deadline := deadline - 1):
        page.wait_for_timeout(50)
    home.context.clear_cookies()
    other = home.context.new_page()
    sign_in(other, site, "Evergreen Drains", eve.pin)
    line.over.set()
    settled(other)
    assert other.locator("#held").is_hidden() and not Request.select().exists()
    home.context.clear_cookies()
    sign_in(other, site, "Lone Star Plumbing", dana.pin)
    sent(other)
    counts_once()


@pytest.mark.parametrize("state", ["", "refused"])
def test_of_another_company_it_goes_after_two_weeks(home, site, line, eve, danas_house, state):
    page = home.page
    keep_one(page, line, danas_house)
    worker_of(home).evaluate(
        "state => held('readwrite', all => { all.getAll().onsuccess = event => event.target.result.forEach("
        "one => all.put({...one, state, at: Date.now() - 15 * 864e5})); })",
        state,
    )
    line.fault = ""
    home.context.clear_cookies()
    sign_in(page, site, "Evergreen Drains", eve.pin)
    settled(page)
    nothing_left(page)
    assert not Request.select().exists()


def test_signing_out_asks_first_and_removes_all_of_it(home, site, line, danas_house):
    page = home.page
    keep_one(page, line, danas_house)
    other = home.context.new_page()
    other.goto(f"{site}/dashboard")
    held(other)
    page.bring_to_front()
    line.fault = ""
    worker_of(home).evaluate("void (send = async () => {})")
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
    expect(row(other)).to_have_count(0)  # in the tab that stayed open too
    origin = home.context.new_cdp_session(page)
    names = origin.send("CacheStorage.requestCacheNames", {"storageKey": f"{site}/"})["caches"]
    assert [one["cacheName"] for one in names] == ["static"]
    is_fine(home)


def test_signing_out_with_nothing_unsent_removes_the_pages_silently(home):
    page = home.page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate(STORED) == [0, []]


def test_after_signing_out_the_back_button_shows_no_copy(home, site):
    page = home.page
    home.offline()
    page.goto(f"{site}/dashboard")
    expect(page.locator("#no-signal")).to_be_visible()
    page.goto(f"{site}/profile")  # never seen: the page for no signal
    home.offline(False)
    page.goto(f"{site}/dashboard")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Login").wait_for()
    page.wait_for_load_state("networkidle")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert "Lone Star Plumbing" not in page.locator("h1").inner_text()


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
