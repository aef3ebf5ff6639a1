"""The dashboard in a real browser: it refreshes itself and disturbs nobody."""

import pytest

from tests.browser.person import focused, is_fine, sign_in
from tests.cast import CLERK, FRIDAY, NOW, WEDNESDAY, ask, desk, permit_of
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.requests import Wish
from tracker.models import Contractor, Inspection

ASK = "document.querySelector('#inspections').dispatchEvent(new CustomEvent('refresh'))"


@pytest.fixture
def looking(site, phone, dana, danas_house, danas_permit):
    """Dana has the dashboard open with one inspection on it."""
    ask(dana, danas_house, Wish("SEWER", FRIDAY, "pm"))
    made = phone()
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    made.page.wait_for_load_state("networkidle")
    return made


def test_a_change_made_elsewhere_shows_without_moving_the_focus(looking, dana, danas_permit):
    page = looking.page
    link = page.get_by_role("link", name="Change date Sewer / water yard line")
    link.focus()
    href = link.get_attribute("href")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"), key="elsewhere")
    page.evaluate(ASK)
    page.get_by_role("heading", name="Water heater replacement").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('href')") == href
    assert page.locator("#inspections h3").all_inner_texts()[0] == "Water heater replacement"
    is_fine(looking)


def test_what_is_being_typed_into_the_search_stays(looking, dana, danas_permit):
    page = looking.page
    page.locator("#q").type("half a wo")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"), key="elsewhere")
    page.evaluate(ASK)
    page.get_by_role("heading", name="Water heater replacement").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.locator("#q").input_value() == "half a wo" and focused(page) == "q"


def test_a_cancellation_elsewhere_shows_in_place(looking):
    cancel_inspection(Inspection.get(), desk=desk(), by=CLERK, now=NOW)
    looking.page.evaluate(ASK)
    looking.page.locator("#inspections .tag", has_text="Cancelled").wait_for()


def test_an_unchanged_list_stays_as_it_is(looking):
    page = looking.page
    page.evaluate("document.querySelector('#inspections').dataset.mark = 'kept'")
    with page.expect_response("**/dashboard/inspections**") as said:
        page.evaluate(ASK)
    assert said.value.status == 204
    assert page.locator("#inspections").get_attribute("data-mark") == "kept"


def test_it_refreshes_by_itself_once_a_minute_while_in_view(site, phone, dana, danas_house):
    made = phone()
    made.page.clock.install()
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    ask(dana, danas_house, Wish("SEWER", FRIDAY, "pm"))
    asked = []
    made.page.on(
        "request", lambda request: asked.append(request.url) if "/dashboard/inspections" in request.url else None
    )
    made.page.clock.run_for(50_000)
    assert not asked
    made.page.clock.run_for(20_000)
    made.page.get_by_role("heading", name="Sewer / water yard line").wait_for()
    assert len(asked) == 1


def test_a_refresh_without_an_answer_leaves_the_list(looking):
    page = looking.page
    looking.offline()
    page.evaluate(ASK)
    page.wait_for_timeout(300)
    assert page.locator("#inspections h3").all_inner_texts() == ["Sewer / water yard line"]
    looking.offline(False)


def test_a_sign_in_that_ended_leads_to_the_sign_in_page(looking):
    Contractor.update(session_token="another").execute()
    looking.page.evaluate(ASK)
    looking.page.get_by_role("button", name="Login").wait_for()


@pytest.mark.parametrize("javascript", [True, False], ids=["htmx", "no script"])
def test_show_more_goes_on_where_the_list_ended(site, phone, dana, javascript):
    for number in range(30):
        permit_of(
            dana.company, f"PP-2026-{number:05}", kind="PLUMBING", trade="plumbing", address=f"{number} Heron Bend"
        )
    made = phone(javascript=javascript)
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    page.get_by_role("link", name="Show more").click()
    page.locator(".permit .num", has_text="PP-2026-00000").wait_for()
    assert page.locator(".permit").count() == (30 if javascript else 5)
    if javascript:
        assert page.locator("#permits [data-say]").inner_text().startswith("30")
        assert "PP-2026-00004" in page.evaluate("document.activeElement.textContent")
    is_fine(made)


def test_search_finds_without_leaving_the_page(site, phone, dana, danas_permit, danas_house):
    made = phone()
    page = made.page
    sign_in(page, site, "Lone Star Plumbing", dana.pin)
    page.locator("#q").fill("cedar")
    page.locator("#q").press("Enter")
    page.get_by_text("Found for “cedar”.").wait_for()
    assert page.locator(".permit").count() == 1 and page.locator("#q").input_value() == "cedar"
    is_fine(made)
