"""Several mail workers at once tell each company once that a permit expires."""

from datetime import timedelta
from functools import partial

from tests.cast import LETTERHEAD, NOW, TODAY, permit_of, signer
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.notices import tell_of_expiry
from tracker.models import Contractor, ExpiryNotice, Mail, Permit

TELL = partial(tell_of_expiry, letterhead=LETTERHEAD, now=NOW)


def ending(companies: int) -> None:
    for n in range(companies):
        who = signer(f"Company {n}", f"office{n}@town.example")
        permit_of(who.company, f"PP-{n}")
    Permit.update(expires_on=TODAY + timedelta(days=20)).execute()


def test_eight_workers_at_once_write_one_mail_a_company(app):
    ending(6)
    answers = at_once([TELL] * 8)
    assert not [one for one in answers if isinstance(one, Exception)]
    assert sorted(mail.recipient for mail in Mail.select()) == [f"office{n}@town.example" for n in range(6)]
    assert ExpiryNotice.select().count() == 6


def test_a_second_worker_waits_for_the_first_and_has_nothing_to_tell(app):
    ending(1)
    meanwhile(TELL, TELL, commit=True)
    assert Mail.select().count() == ExpiryNotice.select().count() == 1


def test_a_second_worker_tells_what_the_first_could_not_finish(app):
    ending(1)
    meanwhile(TELL, TELL, commit=False)
    assert Mail.select().count() == ExpiryNotice.select().count() == 1


def test_workers_in_the_middle_of_changes_to_the_company_never_wait_for_each_other(app):
    ending(3)
    bump = partial(Contractor.update(version=Contractor.version + 1).execute)
    answers = at_once([TELL, bump, TELL, bump, TELL])
    assert not [one for one in answers if isinstance(one, Exception)]
    assert Mail.select().count() == 3
