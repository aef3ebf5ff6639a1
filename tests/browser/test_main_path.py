"""The way of nearly everybody, on a phone: sign in, request two inspections in one go, see them, get the mail."""

from email.message import EmailMessage

import pytest

from tests import servers
from tests.browser.person import fill_contact, is_fine, sign_in
from tracker import create_app
from tracker.models import Inspection, Permit, Request

LIVELY = {"javascript": True, "cdn": True}
PLAIN = {"javascript": False, "cdn": False}
SCRIPT_WITHOUT_HTMX = {"javascript": True, "cdn": False}


def deliver(url: str) -> list[EmailMessage]:
    """What a mail server gets when the worker goes through the outbox once."""
    with servers.smtp_sink() as sink:
        settings = {"MAIL_SERVER": sink.host, "MAIL_PORT": str(sink.port), "MAIL_USE_TLS": "0"}
        worker = create_app({"DATABASE_URL": url, "SECRET_KEY": "for the tests alone, for no city", **settings})
        done = worker.test_cli_runner().invoke(args=["mail", "deliver", "--once"])
        assert done.exit_code == 0, done.output
    return sink.messages


def look_up(page, javascript: bool) -> None:
    """Two letters, then the pick: at once with htmx, else after Login."""
    page.get_by_label("Company").type("lone st")
    if not javascript:
        page.get_by_label("PIN", exact=True).fill("RR-LNST-2345")
        page.get_by_role("button", name="Login").click()
    page.locator("legend", has_text="2 companies match").wait_for()
    page.get_by_label("Lone Star Plumbing").check()
    page.get_by_label("PIN", exact=True).fill("rr lnst 2345")
    page.get_by_label("Remember Me").check()
    page.get_by_role("button", name="Login").click()
    page.wait_for_url("**/dashboard")


@pytest.mark.parametrize("way", [LIVELY, PLAIN, SCRIPT_WITHOUT_HTMX], ids=["htmx", "no script", "no htmx"])
def test_two_inspections_requested_in_one_go_in_the_demo_city(demo, phone, url, way):
    dana = phone(**way)
    page = dana.page
    page.goto(demo)
    is_fine(dana)
    look_up(page, way == LIVELY)
    assert page.get_by_role("heading", level=1).inner_text() == "Lone Star Plumbing"
    house = Permit.get(Permit.permit_num.contains("-0871"))
    number = house.permit_num
    page.get_by_label("Permit number or address").fill("quarry")
    page.get_by_role("button", name="Search").click()
    page.get_by_text("Found for “quarry”.").wait_for()
    page.get_by_role("link", name=f"Request an inspection on {number}").click()
    assert page.locator("#site_address").input_value() == "15 Quarry Hill"
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.get_by_label("AM", exact=True).check()
    page.get_by_label("Remarks").fill("Trench is open. Gate code 4711")
    is_fine(dana)
    page.get_by_role("button", name="Add Inspection").click()
    page.get_by_text("Inspection 2").wait_for()
    page.locator("#inspection_type").select_option("PLTOP")
    page.locator("button.wide[value=submit]").click()
    page.wait_for_url("**/dashboard")
    said = page.locator(".said").inner_text()
    made = Request.select().order_by(Request.id.desc()).get()
    assert said == f"2 inspections requested. No. {made.id}. The confirmation goes to dana@lonestar.example."
    rows = page.locator("#inspections .row", has_text=f"No. {made.id}.")
    assert sorted(rows.locator("h3").all_inner_texts()) == ["Plumbing top-out", "Sewer / water yard line"]
    is_fine(dana)
    assert Inspection.select().where(Inspection.request == made).count() == 2
    mine = [mail for mail in deliver(url) if mail["To"] == "dana@lonestar.example"]
    assert len(mine) == 1 and str(made.id) in mine[0]["Subject"]
    attached = [part for part in mine[0].walk() if part.get_content_type() == "text/calendar"]
    calendar = attached[0].get_content()
    assert calendar.count("BEGIN:VEVENT") == 2 and "4711" not in calendar
    assert "Sewer / water yard line" in calendar.replace("\\", "") and "Plumbing top-out" in calendar


def test_a_visitor_who_scanned_the_code_on_site_is_back_at_the_permit_after_signing_in(demo, phone):
    number = Permit.get(Permit.permit_num.contains("-0932")).permit_num
    dana = phone()
    dana.page.goto(f"{demo}/permits/{number}")
    dana.page.get_by_label("Company").fill("Lone Star Plumbing")
    dana.page.get_by_label("PIN", exact=True).fill("RR-LNST-2345")
    dana.page.get_by_role("button", name="Login").click()
    assert dana.page.get_by_role("heading", level=1).inner_text() == "77 Cedar Brake Drive"
    is_fine(dana)


def test_cancelling_on_the_phone(demo, phone):
    dana = phone()
    sign_in(dana.page, demo, "Lone Star Plumbing", "RR-LNST-2345")
    dana.page.get_by_role("link", name="Cancel Water heater replacement").click()
    dana.page.get_by_role("button", name="Cancel this inspection").click()
    assert dana.page.locator(".said").inner_text().startswith("Cancelled: Water heater replacement, ")
    is_fine(dana)
