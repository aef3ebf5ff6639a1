"""Who of a company gets which mail about its inspections."""

from datetime import date

import pytest

from tests.emails.given import CITY, NOW, WEDNESDAY, dana_requests, mails
from tracker import emails
from tracker.models import Contractor, Mail, Person

pytestmark = pytest.mark.usefixtures("db")
DANA, OFFICE, MARCO = "dana@lonestar.example", "office@lonestar.example", "marco@lonestar.example"


def person(request, wants: str, email: str = MARCO) -> Person:
    return Person.create(contractor=request.contractor, name="Marco Ruiz", email=email, wants=wants)


def all_mails(request, gas) -> None:
    """One of each kind."""
    emails.requested(request, [gas], letterhead=CITY, now=NOW)
    emails.assigned(gas, letterhead=CITY, now=NOW)
    emails.moved(gas, was_on=date(2026, 5, 26), letterhead=CITY, now=NOW)
    emails.next_up(gas, letterhead=CITY, now=NOW)
    emails.cancelled(gas, letterhead=CITY, now=NOW)
    emails.declined(gas, letterhead=CITY, now=NOW)
    gas.result = "failed"
    emails.result(gas, letterhead=CITY, now=NOW)


KINDS = ["assigned", "cancelled", "declined", "moved", "next_up", "requested", "result"]


def kinds_to(address: str) -> list[str]:
    return sorted(mail.kind for mail in mails() if mail.recipient.lower() == address)


def test_who_wants_all_gets_every_mail_about_an_inspection(db):
    request, [gas] = dana_requests(company_email=OFFICE)
    person(request, "all")
    all_mails(request, gas)
    assert kinds_to(MARCO) == kinds_to(DANA) == KINDS
    assert kinds_to(OFFICE) == ["requested", "result"]
    assert len({mail.message_id for mail in mails()}) == len(mails())


@pytest.mark.parametrize("wants", ["own", "none"])
def test_who_wants_the_own_ones_or_none_gets_none_of_anothers(wants):
    request, [gas] = dana_requests()
    person(request, wants)
    all_mails(request, gas)
    assert kinds_to(MARCO) == [] and kinds_to(DANA) == KINDS


@pytest.mark.parametrize("wants", ["all", "own", "none"])
def test_whoevers_address_stands_in_the_request_gets_its_mails_once_whatever_was_chosen(wants):
    request, [gas] = dana_requests(email="Marco@LoneStar.example")
    person(request, wants)
    all_mails(request, gas)
    assert kinds_to(MARCO) == KINDS and len(mails()) == len(KINDS)


def test_the_company_and_somebody_with_the_same_address_are_told_once():
    request, [gas] = dana_requests(company_email="Marco@LoneStar.example")
    person(request, "all")
    all_mails(request, gas)
    assert kinds_to(MARCO) == KINDS


def test_only_the_requests_address_gets_a_calendar_file():
    request, [gas] = dana_requests(company_email=OFFICE)
    person(request, "all")
    all_mails(request, gas)
    assert {mail.recipient for mail in mails() if mail.calendar} == {DANA}
    assert {mail.recipient for mail in mails() if mail.calendar_method} == {DANA}


def test_people_of_another_company_are_not_told():
    request, [gas] = dana_requests()
    other = Contractor.create(company_name="E", registration_code="X", code_key="X", session_token="t")
    Person.create(contractor=other, name="Eve", email="eve@evergreen.example", wants="all")
    all_mails(request, gas)
    assert {mail.recipient for mail in mails()} == {DANA}


def test_who_reads_along_is_next_once_too():
    request, [gas] = dana_requests()
    person(request, "all")
    for _ in range(2):
        emails.next_up(gas, letterhead=CITY, now=NOW)
    assert kinds_to(MARCO) == kinds_to(DANA) == ["next_up"]
    assert Mail.get(Mail.recipient == DANA).message_id == f"next-up-{gas.id}-{WEDNESDAY:%Y%m%d}"


def test_an_address_that_is_none_gets_no_mail():
    request, [gas] = dana_requests()
    person(request, "all", email="n/a")
    emails.cancelled(gas, letterhead=CITY, now=NOW)
    assert [mail.recipient for mail in mails()] == [DANA]
