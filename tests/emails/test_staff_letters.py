"""The mails that the city's people set off: scheduled, declined, a result, you are next."""

from datetime import date

import pytest
from icalendar import Calendar

from tests.emails.given import CITY, NOW, WEDNESDAY, dana_requests, mails
from tracker import emails
from tracker.models import InspectionType, Staff
from tracker.rules.reasons import Reason

ASSIGNED = """\
Gas test is scheduled: Wednesday, May 27, 2026, AM.

Inspector: Ray Ortega
Permit: BP-2026-00418
Address: 418 Larkspur Lane
No. 48213.

AM or PM is a wish: the day's workload decides.
The time shows that morning: https://permits.bluebonnet.example/dashboard
Change or cancel it online until the end of Tuesday, May 26, 2026.
On the day itself, call 512-555-0100 before the inspector comes.

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
DECLINED = """\
The city declined Gas test on Wednesday, May 27, 2026. No. 48213.

The permit names another address.

Permit: BP-2026-00418
Address: 418 Larkspur Lane

Request it again: https://permits.bluebonnet.example/permits/BP-2026-00418
Questions: call 512-555-0100.

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
FAILED = """\
Gas test: Failed

To correct:
  - Line did not hold the test
  - Pipe not supported

Slope is good.

Inspector: Ray Ortega
Permit: BP-2026-00418
Address: 418 Larkspur Lane
No. 48213.

Request it again: https://permits.bluebonnet.example/permits/BP-2026-00418

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
PASSED = """\
Gas test: Passed

Inspector: Ray Ortega
Permit: BP-2026-00418
Address: 418 Larkspur Lane
No. 48213.

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
NEXT_UP = """\
You are next: Gas test
Ray Ortega is done at the stop before yours.
Phone: 512-555-0142

Address: 418 Larkspur Lane
Permit: BP-2026-00418
No. 48213.

https://permits.bluebonnet.example/dashboard

City of Bluebonnet
512-555-0100
https://permits.bluebonnet.example
"""
MOVED = """\
Gas test is now on Thursday, May 28, 2026, AM.
It was on Wednesday, May 27, 2026. No. 48213.
The inspector could not get to it that day.
"""

pytestmark = pytest.mark.usefixtures("db")


def gas_test(**fields):
    """Dana's gas test, with Ray: `fields` are the inspection's; those of the request have `request_` before them."""
    of_request = {
        name.removeprefix("request_"): fields.pop(name) for name in list(fields) if name.startswith("request_")
    }
    ray = Staff.create(
        email="ray@bluebonnet.example", name="Ray Ortega", role="inspector", phone="512-555-0142",
        password_hash="", session_token="t",
    )  # fmt: skip
    _, [gas] = dana_requests("GAS", **of_request)
    for name, value in {"inspector": ray, "status": "scheduled", **fields}.items():
        setattr(gas, name, value)
    gas.save()
    return gas


def only_mail():
    [mail] = mails()
    return mail


def test_scheduled_with_its_inspector_and_calendar():
    gas = gas_test(calendar_sequence=1)
    emails.assigned(gas, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert (mail.subject, mail.text) == ("Scheduled: Gas test, Wed May 27 (No. 48213)", ASSIGNED)
    assert (mail.recipient, mail.inspection, mail.calendar_method) == ("dana@lonestar.example", gas, "REQUEST")
    [event] = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 1)


def test_declined_with_its_reason():
    gas = gas_test(status="declined", comment="The permit names\nanother address.", calendar_sequence=1)
    emails.declined(gas, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert (mail.subject, mail.text) == ("Declined: Gas test, Wed May 27 (No. 48213)", DECLINED)
    [event] = Calendar.from_ical(mail.calendar).walk("VEVENT")
    assert (event["STATUS"], mail.calendar_method) == ("CANCELLED", "CANCEL")


def test_a_failed_one_with_what_to_correct():
    gas = gas_test(
        status="done", result="failed", corrections="Line did not hold the test\nPipe not supported",
        comment="Slope is good.", staff_comment="Rude.",
    )  # fmt: skip
    emails.result(gas, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert (mail.subject, mail.text, mail.calendar) == ("Gas test: Failed (No. 48213)", FAILED, "")
    assert "Rude" not in mail.html
    assert mail.html.count("<li>") == 2


def test_a_passed_one_is_short():
    emails.result(gas_test(status="done", result="passed"), letterhead=CITY, now=NOW)
    assert only_mail().text == PASSED


def test_a_corrected_one_says_so():
    emails.result(gas_test(status="done", result="passed"), corrected=True, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert mail.subject == "Corrected: Gas test, Passed (No. 48213)"
    assert mail.text.startswith("Gas test: Passed\nThis corrects the result mailed before.\n")


def test_the_company_gets_a_copy_of_a_result_once():
    emails.result(gas_test(status="done", result="passed", request_company_email="office@lonestar.example"),
                  letterhead=CITY, now=NOW)  # fmt: skip
    assert sorted(mail.recipient for mail in mails()) == ["dana@lonestar.example", "office@lonestar.example"]


def test_you_are_next_with_the_inspectors_phone_once_a_day():
    gas = gas_test()
    emails.next_up(gas, letterhead=CITY, now=NOW)
    emails.next_up(gas, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert (mail.subject, mail.text) == ("You are next: Gas test, 418 Larkspur Lane (No. 48213)", NEXT_UP)
    gas.day = date(2026, 5, 28)
    emails.next_up(gas, letterhead=CITY, now=NOW)
    assert len(mails()) == 2


def test_not_reached_says_why_it_moved():
    gas = gas_test(day=date(2026, 5, 28))
    why = Reason("The inspector could not get to it that day.")
    emails.moved(gas, was_on=WEDNESDAY, why=why, letterhead=CITY, now=NOW)
    mail = only_mail()
    assert mail.text.startswith(MOVED)
    assert why.message in mail.html


@pytest.mark.parametrize("evil", ["x\r\nBcc: a@b.example", "<b>x</b> {address} %(x)s", "x\u202eBcc\x1b[2J"])
def test_what_staff_typed_is_text_on_one_line(evil):
    gas = gas_test(status="done", result="failed", corrections=evil.replace("\r\n", " "), comment=evil)
    InspectionType.update(name=evil).where(InspectionType.code == "GAS").execute()
    Staff.update(name=evil).execute()
    gas = type(gas).get_by_id(gas.id)
    emails.assigned(gas, letterhead=CITY, now=NOW)
    emails.result(gas, letterhead=CITY, now=NOW)
    emails.next_up(gas, letterhead=CITY, now=NOW)
    gas.status = "declined"
    emails.declined(gas, letterhead=CITY, now=NOW)
    for mail in mails():
        assert mail.subject.isprintable()
        assert "<b>" not in mail.html and not any(one in mail.text + mail.html for one in "\r\u202e\x1b")


def test_no_mail_holds_the_remarks():
    gas = gas_test(status="done", result="failed", comment="c")
    for mail in (emails.assigned, emails.declined, emails.result, emails.next_up):
        mail(gas, letterhead=CITY, now=NOW)
    assert not [mail for mail in mails() if "4711" in mail.text + mail.html + mail.calendar]


def test_spanish_has_its_own_names_and_dates():
    gas = gas_test(request_language="es")
    emails.assigned(gas, letterhead=CITY, now=NOW)
    assert "miércoles 27 de mayo de 2026" in only_mail().text
    assert "Prueba de gas" in only_mail().subject
