"""The city itself is down: whatever it was asked for, what is on the phone is shown."""

from playwright.sync_api import expect

from tests.browser.offline.dead_zone import (
    KEPT,
    REFRESH,
    counts_once,
    fill_in,
    held,
    is_fine,
    look_again,
    sent,
    submit,
)
from tests.cast import WEDNESDAY, ask
from tracker.actions.requests import Wish


def test_what_was_sent_shows_as_kept_though_every_page_fails(home, line, danas_house):
    page = home.page
    fill_in(page, danas_house)
    line.fault, line.whole = "502", True
    submit(page)
    held(page)
    expect(page.locator("#no-signal")).to_contain_text("No answer from the city. This is how it stood at")
    line.fault = ""
    look_again(page)
    sent(page)
    expect(page.locator("#no-signal")).to_be_hidden()
    counts_once()


def test_a_page_never_seen_says_what_waits_and_a_broken_one_says_it_is_broken(home, site, line, danas_house):
    page = home.page
    line.fault, line.whole = "502", True
    page.goto(f"{site}/profile")
    assert page.locator("h1").inner_text() == "Bad gateway"
    line.whole = False
    page.goto(f"{site}/dashboard")
    fill_in(page, danas_house)
    submit(page)
    held(page)
    line.whole = True
    page.goto(f"{site}/profile")
    assert page.locator("h1").inner_text() == "No signal"
    held(page)


def test_a_kept_page_after_a_broken_answer_is_the_one_last_seen(home, site, line, dana, danas_house):
    page = home.page
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"))
    page.reload()
    page.wait_for_load_state("networkidle")
    line.fault, line.whole = "503", True
    page.reload()
    expect(page.locator("#inspections h3")).to_have_text("Sewer / water yard line")
    expect(page.locator("#no-signal")).to_be_visible()
    line.fault = ""
    page.evaluate(REFRESH)
    expect(page.locator("#no-signal")).to_be_hidden()
    is_fine(home)


def test_a_refresh_that_fails_says_so_and_recovers_by_itself(home, line):
    page = home.page
    line.fault, line.whole = "502", True
    page.evaluate(REFRESH)
    expect(page.locator("#no-signal")).to_contain_text("No answer from the city.")
    line.fault = ""
    page.evaluate(REFRESH)
    expect(page.locator("#no-signal")).to_be_hidden()
    assert KEPT not in page.locator("main").inner_text()
