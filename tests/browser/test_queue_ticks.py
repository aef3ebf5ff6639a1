"""Sam ticks a whole day in the queue with one tick; without script there is none that does nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import is_fine
from tests.cast import PASSWORD
from tests.staff.a_queue import many

HEIGHTS = """Math.min(...[...document.querySelectorAll('label.all, .q .sel label, .q .ty a, .q .go2')]
    .map(one => Math.round(one.getBoundingClientRect().height)))"""


@pytest.fixture
def queue(phone, site, sam, dana):
    """`queue(width=360)` → Sam's browser with ten requests on three days."""
    many(dana, 10)

    def opened(**look):
        made = phone(**look)
        made.page.goto(f"{site}/staff?next=/staff/queue")
        made.page.get_by_label("Email").fill(sam.row.email)
        made.page.get_by_label("Password").fill(PASSWORD)
        made.page.get_by_role("button", name="Sign in").click()
        made.page.wait_for_url("**/queue")
        return made

    return opened


@pytest.mark.parametrize("width", [320, 1280])
def test_a_day_is_ticked_at_its_head_and_counted(queue, axe, width):
    desk = queue(width=width)
    head = desk.page.get_by_role("checkbox", name="Select all of Wed May 27")
    head.focus()
    desk.page.keyboard.press("Space")
    expect(desk.page.locator("[data-ticked]")).to_have_text("4 selected")
    assert axe(desk.page) == []
    if width == 320:  # at a desk the links of a table are as high as their lines
        assert desk.page.evaluate(HEIGHTS) >= 44
    one = desk.page.get_by_role("checkbox", name="Select Plumbing rough-in", exact=False).first
    one.uncheck()
    expect(desk.page.locator("[data-ticked]")).to_have_text("3 selected")
    assert head.evaluate("box => box.indeterminate") and not head.is_checked()
    one.check()
    assert head.is_checked()
    head.uncheck()
    expect(desk.page.locator("[data-ticked]")).to_have_text("Tick requests, then:")
    is_fine(desk)


def test_in_another_order_the_whole_page_is_ticked(queue):
    desk = queue()
    desk.page.goto(f"{desk.page.url}?sort=age")
    desk.page.get_by_role("checkbox", name="Select all on this page").check()
    expect(desk.page.locator("[data-ticked]")).to_have_text("10 selected")


def test_without_script_there_is_no_tick_that_does_nothing(queue):
    desk = queue(javascript=False, cdn=False)
    expect(desk.page.locator("label.all").first).to_be_hidden()
    desk.page.goto(f"{desk.page.url}?sort=age")
    expect(desk.page.get_by_text("All on this page")).to_be_hidden()
