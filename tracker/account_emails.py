"""Mails that watch over an account: each writes its row to the outbox, inside the caller's transaction."""

from datetime import datetime

from tracker.letter import Letter, Letterhead, addresses, one_line
from tracker.models import Contractor, Person, Staff
from tracker.rules.dates import time_words
from tracker.rules.reasons import N_


def new_device(account: Contractor | Staff, *, device: str, letterhead: Letterhead, now: datetime) -> None:
    """Somebody signed in where nobody of the account had: to the company's own address, or the staff member's.

    `device` is roughly what it is, "" where nobody knows. It goes out in the company's language; to staff in English.
    """
    of_staff = isinstance(account, Staff)
    letter = Letter("new_device", letterhead, now, None if isinstance(account, Staff) else account.language)
    here = now.astimezone(letterhead.zone)
    values = {
        "who": one_line(account.name if isinstance(account, Staff) else account.company_name),
        "of_staff": of_staff,
        "day": letter.day(here.date()),
        "time": time_words(here, letter.tongue),
        "device": one_line(device),
        "own_page": f"{letterhead.public_url}/staff/me",
    }
    printed = letter.printed(letter.say(N_("Signed in on a new device")), values)
    for address in addresses([account.email]).values():
        letter.post(printed, address)


def gets_all_mails(person: Person, *, letterhead: Letterhead, now: datetime) -> None:
    """Somebody reads all of a company's mails from now on: to the company's own address, unless it is the same."""
    company = person.contractor
    letter = Letter("gets_all_mails", letterhead, now, company.language)
    values = {name: one_line(text) for name, text in (
        ("company", company.company_name), ("name", person.name), ("email", person.email)
    )}  # fmt: skip
    printed = letter.printed(letter.say(N_("All your mails go to one more address")), values)
    for key, address in addresses([company.email]).items():
        if key != person.email.lower():
            letter.post(printed, address)
