"""Permits about to expire: told 30 and 7 days before and when it has come, once each, one mail a company and day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import CLERK, LETTERHEAD, NOW, TODAY, Signer, permit_of, signer
from tracker.actions.expiry import set_expiry
from tracker.actions.notices import tell_of_expiry
from tracker.models import Contractor, ExpiryNotice, Mail, Permit, PermitContractor, Person
from tracker.queries.notices import companies_to_tell

OFFICE = "office@lonestar.example"


def ends(who: Signer, number: str, days: int, status: str = "issued") -> Permit:
    """A permit of this company that ends so many days from today."""
    permit = permit_of(who.company, number, status=status, address=f"{number} Heron Bend")
    Permit.update(expires_on=TODAY + timedelta(days=days)).where(Permit.id == permit.id).execute()
    return Permit.get_by_id(permit.id)


def tell(days_later: int = 0, **fields) -> list[Mail]:
    """What a worker that comes by writes, to the end."""
    last, after = Mail.select().count(), 0
    while after := tell_of_expiry(letterhead=LETTERHEAD, now=NOW + timedelta(days=days_later), after=after, **fields):
        pass
    return list(Mail.select().order_by(Mail.id).offset(last).limit(10_000))


MAIL = """\
2 permits expire soon or have expired

Lone Star Plumbing

Expired on Sunday, May 24, 2026
  PP-2, PP-2 Heron Bend
  http://127.0.0.1:8000/permits/PP-2

Expires on Monday, June 15, 2026
  PP-1, PP-1 Heron Bend
  http://127.0.0.1:8000/permits/PP-1

An inspection that is scheduled extends a permit to 180 days after it. Request one: http://127.0.0.1:8000/dashboard
No inspection can be requested on a permit that has expired. Call 512-555-0100 about it.
Who of your company gets this: http://127.0.0.1:8000/profile

City of Bluebonnet
512-555-0100
http://127.0.0.1:8000
"""


def test_dana_reads_which_permits_end_and_what_to_do(dana):
    ends(dana, "PP-1", 20)
    ends(dana, "PP-2", -2)
    ends(dana, "PP-3", 31)
    [mail] = tell()
    assert (mail.recipient, mail.kind) == (OFFICE, "expiry")
    assert mail.subject == "2 permits expire soon or have expired" and mail.text == MAIL
    assert "PP-2" in mail.html and "Expired on Sunday, May 24, 2026" in mail.html


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        ((20,), "Permit P-0 expires Mon Jun 15"),
        ((0,), "Permit P-0 expires Tue May 26"),
        ((-1,), "Permit P-0 has expired"),
        ((20, 5), "2 permits expire soon"),
        ((-1, -3), "2 permits have expired"),
    ],
)
def test_the_subject_says_it_all(dana, days, subject):
    for n, one in enumerate(days):
        ends(dana, f"P-{n}", one)
    assert [mail.subject for mail in tell()] == [subject]


def test_it_goes_to_the_company_and_who_wants_all_each_once(dana):
    ends(dana, "PP-1", 20)
    for name, email, wants in (
        ("Marco Ruiz", "marco@lonestar.example", "all"),
        ("Lena Fox", "lena@lonestar.example", "own"),
        ("The office", OFFICE, "all"),
    ):
        Person.create(contractor=dana.company, name=name, email=email, wants=wants)
    assert sorted(mail.recipient for mail in tell()) == ["marco@lonestar.example", OFFICE]


def test_each_notice_is_told_once_however_often_a_worker_comes_by(dana):
    ends(dana, "PP-1", 40)
    told = {days: tell(days) for days in range(60)}
    again = {days: tell(days) for days in range(60)}
    assert [days for days, found in told.items() if found] == [10, 33, 41]
    assert not any(again.values())
    assert {(row.days, row.expires_on) for row in ExpiryNotice.select()} == {
        (days, TODAY + timedelta(days=40)) for days in (30, 7, 0)
    }


def test_after_a_month_without_a_worker_only_what_is_so_today_is_told(dana):
    ends(dana, "PP-1", 40)
    ends(dana, "PP-2", 10)
    ends(dana, "PP-3", 28)
    [mail] = tell(36)
    assert mail.subject == "Permit PP-1 expires Sun Jul 5"  # the others ended 26 and 8 days before


def test_four_hundred_permits_are_one_mail(hill_country):
    for n in range(60):
        ends(hill_country, f"BP-{n:03}", n % 30)
    [mail] = tell()
    assert mail.subject == "60 permits expire soon" and mail.text.count("/permits/BP-") == 60
    assert ExpiryNotice.select().count() == 60


def test_a_permit_that_comes_in_later_the_same_day_waits_for_the_mail_of_tomorrow(dana):
    ends(dana, "PP-1", 20)
    assert len(tell()) == 1 and companies_to_tell(TODAY, after=0, limit=10) == []
    ends(dana, "PP-2", 25)
    assert tell() == [] and ExpiryNotice.select().count() == 1
    [mail] = tell(1)
    assert "PP-2" in mail.text and "PP-1" not in mail.text


@pytest.mark.parametrize("status", ["finaled", "finaled_with_conditions", "cancelled", "on_hold", "in_review"])
def test_a_permit_that_is_done_or_held_is_not_told_of(dana, status):
    ends(dana, "PP-1", 20, status)
    assert tell() == []


def test_one_that_its_source_calls_expired_is_told_of_when_its_date_says_so_too(dana):
    ends(dana, "PP-1", 20, "expired")
    ends(dana, "PP-2", -1, "expired")
    assert [mail.subject for mail in tell()] == ["Permit PP-2 has expired"]


def test_an_extension_begins_anew_and_its_end_is_not_told_twice(dana):
    permit = ends(dana, "PP-1", 5)
    assert len(tell()) == 1
    Permit.update(expires_on=TODAY + timedelta(days=29)).where(Permit.id == permit.id).execute()
    assert len(tell(1)) == 1
    Permit.update(expires_on=TODAY + timedelta(days=5)).where(Permit.id == permit.id).execute()
    assert tell(2) == []  # taken back: that has been told
    Permit.update(expires_on=TODAY + timedelta(days=9)).where(Permit.id == permit.id).execute()
    assert len(tell(3)) == 1  # six days before another end


def test_everybody_on_the_permit_is_told_but_blocked_and_merged_companies(dana, eve):
    permit = ends(dana, "PP-1", 20)
    PermitContractor.create(permit=permit, contractor=eve.company, trade="general")
    PermitContractor.create(permit=permit, contractor=eve.company, trade="mechanical")
    Contractor.update(blocked_at=NOW).where(Contractor.id == dana.company.id).execute()
    assert [mail.recipient for mail in tell()] == ["eve@evergreen.example"]
    Contractor.update(blocked_at=None).where(Contractor.id == dana.company.id).execute()
    Contractor.update(merged_into=dana.company).where(Contractor.id == eve.company.id).execute()
    assert [mail.recipient for mail in tell(1)] == [OFFICE]


def test_a_company_without_an_address_is_told_once_it_has_one(dana):
    ends(dana, "PP-1", 20)
    Contractor.update(email="n/a").execute()
    assert tell() == [] and not ExpiryNotice.select().exists()
    Contractor.update(email=OFFICE).execute()
    assert len(tell()) == 1


def test_the_city_s_day_counts_not_londons(dana):
    ends(dana, "PP-1", 30)
    before = datetime(2026, 5, 26, 4, 59, tzinfo=UTC)  # 11:59 PM on the 25th in the city
    assert tell_of_expiry(letterhead=LETTERHEAD, now=before) is None and not Mail.select().exists()
    tell_of_expiry(letterhead=LETTERHEAD, now=before + timedelta(minutes=1))
    assert Mail.select().count() == 1


def test_a_few_companies_at_a_time_and_each_of_them(dana, eve):
    for n, who in enumerate((dana, eve, dana, eve)):
        ends(who, f"PP-{n}", 20)
    first = tell_of_expiry(letterhead=LETTERHEAD, now=NOW, limit=1)
    assert first == dana.company.id and Mail.select().count() == 1
    assert tell_of_expiry(letterhead=LETTERHEAD, now=NOW, limit=1, after=first) == eve.company.id
    assert tell_of_expiry(letterhead=LETTERHEAD, now=NOW, limit=1, after=eve.company.id) is None
    assert Mail.select().count() == 2


def test_in_the_companys_language(dana):
    ends(dana, "PP-1", 20)
    Contractor.update(language="es").execute()
    [mail] = tell()
    assert '<html lang="es">' in mail.html and "15 de junio" in mail.text


def test_an_evil_number_and_address_start_no_header(dana):
    permit = ends(dana, "PP-1", 20)
    Permit.update(permit_num="x\nBcc: a@b.example", original_address1="<b>1</b>\r\nBcc: x").where(
        Permit.id == permit.id
    ).execute()
    [mail] = tell()
    assert mail.subject.isprintable() and "\nBcc" not in mail.text and "<b>1</b>" not in mail.html


def test_what_was_taken_back_by_a_failed_write_is_told_by_the_next(dana, monkeypatch):
    ends(dana, "PP-1", 20)
    with monkeypatch.context() as broken:
        broken.setattr("tracker.emails.Letter.post", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tell()
    assert not ExpiryNotice.select().exists() and len(tell()) == 1


@pytest.fixture
def hill_country(app):
    return signer("Hill Country Homes", "permits@hillcountryhomes.example")


@pytest.fixture
def run(app):
    def deliver_once():
        done = app.test_cli_runner().invoke(args=["mail", "deliver", "--once"])
        assert done.exit_code == 0, done.output

    return deliver_once


def test_the_mail_worker_writes_them_also_without_a_mail_server(run, dana):
    ends(dana, "PP-1", 20)
    run()
    run()
    assert [mail.kind for mail in Mail.select()] == ["expiry"]


def test_not_before_seven_in_the_morning(run, at, dana):
    ends(dana, "PP-1", 20)
    at(datetime(2026, 5, 26, 11, 59, tzinfo=UTC))
    run()
    assert not Mail.select().exists()
    at(datetime(2026, 5, 26, 12, 0, tzinfo=UTC))
    run()
    assert Mail.select().count() == 1


def test_a_scheduled_inspection_extends_it_and_there_is_nothing_to_tell(dana):
    permit = ends(dana, "PP-1", 20)
    Permit.update(source_expires_on=TODAY + timedelta(days=200)).where(Permit.id == permit.id).execute()
    set_expiry([permit.id], by=CLERK, now=NOW)
    assert tell() == [] and Permit.get_by_id(permit.id).expires_on > date(2026, 10, 1)
