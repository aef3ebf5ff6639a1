"""One inspection from the request to its outcome: Dana's phone, Sam's desk, Ray's phone, and the mail in between."""

from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
from icalendar import Calendar

from tests import servers
from tests.browser.person import CONTACT, fill_contact, is_fine, sign_in
from tests.cast import CHICAGO, PASSWORD, THURSDAY, WEDNESDAY

TYPE, ADDRESS = "Sewer / water yard line", "418 Larkspur Lane"
LISTED, WRITTEN, REMARKS = "Missing cleanout", "Trench ends 2 ft short of the tap", "Gate code 4711"
COMMENT = "Slope is good. Call me when the trench is open."
NINE = datetime.combine(WEDNESDAY, time(9), CHICAGO)
SITE, OFFICE = CONTACT["#email"], "office@lonestar.example"


def opened(mails) -> SimpleNamespace:
    """Whom one delivery went to, and of the mail to the request's address the subject, text and calendar event."""
    parts = [part for one in mails for part in one.walk() if part.get_content_maintype() == "text"]
    assert not [part for part in parts if "4711" in part.get_content()]
    files = [Calendar.from_ical(part.get_content()) for part in parts if part.get_content_subtype() == "calendar"]
    [main] = [one for one in mails if one["To"] == SITE]
    to, text = sorted(one["To"] for one in mails), main.get_body(("plain",)).get_content()
    event = files[0].walk("VEVENT")[0] if files else None
    return SimpleNamespace(to=to, subject=main["Subject"], text=text, event=event)


@pytest.fixture
def mail(app_with):
    """`mail()` → what a mail server gets when the worker goes through the outbox once, as `opened`."""
    with servers.smtp_sink() as sink:
        worker = app_with(MAIL_SERVER=sink.host, MAIL_PORT=str(sink.port), MAIL_USE_TLS="0")

        def deliver() -> SimpleNamespace:
            known = len(sink.messages)
            done = worker.test_cli_runner().invoke(args=["mail", "deliver", "--once"])
            assert done.exit_code == 0, done.output
            return opened(sink.messages[known:])

        yield deliver


def sign_in_staff(page, address: str, who) -> None:
    """Straight to a page of theirs: the sign-in stands before it and leads there."""
    page.goto(address)
    page.get_by_label("Email").fill(who.row.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(address)


def looks_fine(person) -> None:
    person.page.wait_for_load_state()  # with its style sheet
    is_fine(person)


def submit(dana) -> None:
    looks_fine(dana)
    dana.page.locator("button.wide[value=submit]").click()
    dana.page.wait_for_url("**/dashboard")


def request(dana, number: str) -> None:
    page = dana.page
    page.get_by_role("link", name=f"Request an inspection on {number}").click()
    fill_contact(page)
    page.locator("#inspection_type").select_option("SEWER")
    page.get_by_label("AM", exact=True).check()
    page.get_by_label("Remarks").fill(REMARKS)
    submit(dana)


def assign(sam, number: str, inspector: str) -> None:
    page = sam.page
    page.get_by_label(f"Select {TYPE}, {number}").check()
    page.get_by_label("Assign to").select_option(inspector)
    page.get_by_role("button", name="Assign", exact=True).click()
    assert page.locator(".said").inner_text() == f"1 request is with {inspector} now."
    page.locator("table.q .stt", has_text="R. Ortega").locator(".tag", has_text="Scheduled").wait_for()
    looks_fine(sam)


def record_failed(ray) -> None:
    page = ray.page
    page.get_by_role("link", name="Failed", exact=True).click()
    page.get_by_label(LISTED).check()
    page.get_by_label("Others").fill(WRITTEN)
    page.get_by_label("Comment for the contractor").fill(COMMENT)
    looks_fine(ray)
    page.get_by_role("button", name="Record and mail it").click()
    assert page.locator(".said").inner_text() == f"{TYPE}, {ADDRESS}: recorded as Failed."
    assert page.locator("#day .done .tag").inner_text() == "Failed"
    looks_fine(ray)


def shown(dana) -> list[str]:
    """The states on Dana's dashboard as she opens it again."""
    dana.page.reload()
    looks_fine(dana)
    return dana.page.locator("#inspections .tag").all_inner_texts()


def request_again(dana) -> None:
    page = dana.page
    page.get_by_role("link", name=f"Request again {TYPE}").click()
    assert {field: page.locator(field).input_value() for field in CONTACT} == CONTACT
    assert [page.locator(f"#{field}").input_value() for field in ("inspection_type", "remarks")] == ["SEWER", REMARKS]
    assert page.get_by_label("AM", exact=True).is_checked() and page.locator("#site_address").input_value() == ADDRESS
    submit(dana)


@pytest.mark.parametrize("staffs", [{}, {"javascript": False, "cdn": False}], ids=["htmx", "staff without script"])
def test_requested_assigned_failed_on_site_requested_again(mail, site, phone, at, dana, danas_house, sam, ray, staffs):
    home, desk, van = phone(), phone(width=1280, **staffs), phone(**staffs)
    sign_in(home.page, site, "Lone Star Plumbing", dana.pin)
    request(home, danas_house.permit_num)
    asked = mail()
    assert asked.to == [SITE, OFFICE] and asked.subject.startswith(f"Requested: {TYPE}, Wed May 27")
    sign_in_staff(desk.page, f"{site}/staff/queue", sam)
    assign(desk, danas_house.permit_num, "Ray Ortega")
    given = mail()
    assert given.to == [SITE] and given.subject.startswith(f"Scheduled: {TYPE}, Wed May 27")
    assert "Inspector: Ray Ortega" in given.text and given.event["UID"] == asked.event["UID"]
    assert [(it.event["SEQUENCE"], it.event["STATUS"]) for it in (asked, given)] == [(0, "TENTATIVE"), (1, "CONFIRMED")]
    assert shown(home) == ["Scheduled"]
    at(NINE)
    sign_in_staff(van.page, f"{site}/staff/day/{WEDNESDAY}", ray)
    for minute, button, state in ((5, "On my way", "On the way"), (20, "Arrived", "Arrived")):
        at(NINE + timedelta(minutes=minute))
        van.page.get_by_role("button", name=button).click()
        van.page.locator(".now .tag", has_text=state).wait_for()
        looks_fine(van)
        assert shown(home) == [state]
    at(NINE + timedelta(minutes=45))
    record_failed(van)
    result = mail()
    assert result.to == [SITE, OFFICE] and result.subject.startswith(f"{TYPE}: Failed") and result.event is None
    assert all(words in result.text for words in (f"- {LISTED}", f"- {WRITTEN}", COMMENT))
    assert shown(home) == ["Failed"]
    assert home.page.locator("#inspections .note > *").all_inner_texts() == [f"{LISTED}\n{WRITTEN}", f"“{COMMENT}”"]
    request_again(home)
    again = mail()
    assert again.to == [SITE, OFFICE] and again.subject.startswith(f"Requested: {TYPE}, Thu May 28")
    assert again.event["UID"] != asked.event["UID"] and again.event.decoded("DTSTART").date() == THURSDAY
    assert shown(home) == ["Requested", "Failed"]
