"""What each mail says, to whom, and what an evil name in it cannot do."""

import re
from dataclasses import replace
from datetime import date, time

import pytest

from tests.emails.given import CITY, NOW, WEDNESDAY, dana_requests, mails
from tracker import emails
from tracker.db import database
from tracker.models import InspectionType, Mail

REQUESTED = """\
Requested. No. 48213.

Permit: BP-2026-00418
Address: 418 Larkspur Lane

Gas test
  Wednesday, May 27, 2026, AM
  Change or cancel it online until the end of Tuesday, May 26, 2026.

Irrigation and backflow
  Wednesday, May 27, 2026, AM
  Have the Backflow Test Form on site.
  Change or cancel it online until the end of Tuesday, May 26, 2026.

AM or PM is a wish: the day's workload decides.
Change the date or cancel: https://permits.bluebonnet.example/dashboard
On the day itself, call 512-555-0100 before the inspector comes.

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
MOVED = """\
Gas test is now on Thursday, May 28, 2026, AM.
It was on Wednesday, May 27, 2026. No. 48213.

Permit: BP-2026-00418
Address: 418 Larkspur Lane

AM or PM is a wish: the day's workload decides.
Change or cancel it online until the end of Wednesday, May 27, 2026.
Change the date or cancel: https://permits.bluebonnet.example/dashboard
On the day itself, call 512-555-0100 before the inspector comes.

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
CANCELLED = """\
Gas test on Wednesday, May 27, 2026 is cancelled. No. 48213.

Permit: BP-2026-00418
Address: 418 Larkspur Lane

Request it again: https://permits.bluebonnet.example/permits/BP-2026-00418

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""

pytestmark = pytest.mark.usefixtures("db")


def test_dana_reads_what_she_requested():
    note = "Have the Backflow Test Form on site."
    InspectionType.update(note=note).where(InspectionType.code == "IRRIG").execute()
    request, inspections = dana_requests("GAS", "IRRIG")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert mail.subject == "Requested: 2 inspections, 418 Larkspur Lane (No. 48213)"
    assert mail.text == REQUESTED
    assert mail.recipient == "dana@lonestar.example"
    assert (mail.created_at, mail.due_at, mail.tries) == (NOW, NOW, 0)


def test_dana_reads_that_one_inspection_was_moved():
    _, [gas] = dana_requests("GAS", day=date(2026, 5, 28))
    emails.moved(gas, was_on=WEDNESDAY, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert mail.subject == "Moved: Gas test, Thu May 28 (No. 48213)"
    assert mail.text == MOVED
    assert mail.inspection == gas


def test_dana_reads_that_one_inspection_is_cancelled():
    _, [gas] = dana_requests("GAS")
    emails.cancelled(gas, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert mail.subject == "Cancelled: Gas test, Wed May 27 (No. 48213)"
    assert mail.text == CANCELLED


def test_the_page_of_a_mail_says_what_its_text_says():
    request, inspections = dana_requests("GAS")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    emails.moved(inspections[0], was_on=date(2026, 5, 26), letterhead=CITY, now=NOW)
    emails.cancelled(inspections[0], letterhead=CITY, now=NOW)
    for mail in mails():
        body = re.sub(r"<[^>]+>", " ", mail.html[mail.html.index("<body>") :]).replace("&#39;", "'")
        words = set(re.findall(r"[\w'-]+", body))
        assert set(re.findall(r"[\w'-]+", mail.text)) <= words | {"Request", "again"}
        assert mail.html.startswith('<!doctype html>\n<html lang="en">')


def test_remarks_are_never_mailed():
    request, inspections = dana_requests("GAS")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    emails.moved(inspections[0], was_on=WEDNESDAY, letterhead=CITY, now=NOW)
    emails.cancelled(inspections[0], letterhead=CITY, now=NOW)
    assert len(mails()) == 3
    for mail in mails():
        assert not re.search("4711|0199", f"{mail.subject} {mail.text} {mail.html} {mail.calendar}")


def test_the_company_gets_a_copy_of_the_request_only():
    request, inspections = dana_requests("GAS", company_email="office@lonestar.example")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    emails.moved(inspections[0], was_on=WEDNESDAY, letterhead=CITY, now=NOW)
    emails.cancelled(inspections[0], letterhead=CITY, now=NOW)
    office, dana = "office@lonestar.example", "dana@lonestar.example"
    assert sorted((mail.recipient, mail.kind) for mail in mails()) == [
        (dana, "cancelled"), (dana, "moved"), (dana, "requested"), (office, "requested"),
    ]  # fmt: skip
    # What changes later is not told to the company, so its calendar is left alone.
    assert not Mail.get(recipient=office).calendar
    assert len({mail.message_id for mail in mails()}) == 4


SAME_OR_NONE = ("DANA@LoneStar.example", " dana@lonestar.example ", "", "n/a", "a@b.x, c@d.x")


@pytest.mark.parametrize("company_email", SAME_OR_NONE)
def test_one_address_gets_one_mail(company_email):
    request, inspections = dana_requests("GAS", company_email=company_email)
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert mail.recipient == "dana@lonestar.example"
    assert mail.calendar


def test_a_mail_is_gone_with_the_transaction_that_wrote_it():
    request, inspections = dana_requests("GAS")
    with database.atomic() as transaction:
        emails.requested(request, inspections, letterhead=CITY, now=NOW)
        transaction.rollback()
    assert mails() == []


EVIL = ("x\r\nBcc: a@b.example", "x\nBcc: a@b", "x\u2028Bcc: a@b", "x\x1b[2J", "x\u202eBcc")


@pytest.mark.parametrize("evil", EVIL)
def test_a_line_break_in_a_name_starts_no_header(evil):
    request, inspections = dana_requests("GAS", "WH", site_address=evil)
    InspectionType.update(name=evil).where(InspectionType.code == "GAS").execute()
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    emails.cancelled(inspections[0], letterhead=CITY, now=NOW)
    for mail in mails():
        assert mail.subject.isprintable()
        assert not re.search(r"^Bcc|[\x00\x1b\u2028\u202e\r]", mail.text + mail.html, re.MULTILINE)
        assert not re.search(r"^Bcc|[\x00\x1b\u2028\u202e]", mail.calendar, re.MULTILINE)


def test_a_long_subject_is_cut():
    request, inspections = dana_requests("GAS", "WH", site_address="Larkspur Lane " * 14)
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert 190 < len(mail.subject) <= 200


def test_markup_in_a_name_is_text():
    request, inspections = dana_requests("GAS", site_address="<b>1</b> & {{ city }} %(x)s {address}")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert "&lt;b&gt;1&lt;/b&gt; &amp; {{ city }} %(x)s {address}" in mail.html
    assert "Address: <b>1</b> & {{ city }} %(x)s {address}" in mail.text


@pytest.mark.parametrize(
    ("cancel_until", "day", "told"),
    [
        (time(16), WEDNESDAY, "online until Tuesday, May 26, 2026, 4:00 PM."),
        (None, date(2026, 5, 23), "online until the end of Friday, May 22, 2026."),
        (time(9, 59), date(2026, 5, 23), None),
        (None, date(2026, 5, 22), None),  # the same day, taken by telephone
    ],
)
def test_until_when_it_can_be_changed_online(cancel_until, day, told):
    request, inspections = dana_requests("GAS", day=day)
    emails.requested(request, inspections, letterhead=replace(CITY, cancel_until=cancel_until), now=NOW)
    [mail] = mails()
    assert (told or "On the day itself, call 512-555-0100") in mail.text
    assert ("online until" in mail.text) is bool(told)


@pytest.mark.parametrize("language", ["en", "EN-US", "fr", ""])
def test_a_language_without_a_catalogue_reads_english(language):
    request, inspections = dana_requests("GAS", language=language)
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    assert mails()[0].subject == "Requested: Gas test, Wed May 27 (No. 48213)"


def test_spanish_has_its_own_names_and_dates():
    request, inspections = dana_requests("GAS", language="es")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert "Prueba de gas" in mail.subject
    assert "miércoles 27 de mayo de 2026" in mail.text
    assert '<html lang="es">' in mail.html
