"""What a company changes of itself: its own PIN, its address, its language.

Who changes the PIN or the address proves the PIN first (`accounts.sign_in_company`): a found phone is not enough.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker import emails
from tracker.actions.accounts import hash_pin
from tracker.actions.changes import By, record
from tracker.actions.companies import new_session_token
from tracker.actions.opened import CannotSave, differing, refuse_if_changed
from tracker.db import database
from tracker.letter import Letterhead
from tracker.models import Contractor
from tracker.rules.passwords import pin_problem
from tracker.rules.reasons import N_, Reason

DETAILS = ("address", "city", "state", "zip", "phone", "email")


def details_of(company: Contractor) -> dict[str, str]:
    """What the company may change of itself, by column."""
    return {name: getattr(company, name) for name in DETAILS}


def set_own_pin(company: Contractor, pin: str, *, letterhead: Letterhead, by: By, now: datetime) -> Contractor:
    """The company with its new PIN; all sessions end, and whoever asked for it opens a new one.

    Raises CannotSave: for a PIN that is no good, or where the PIN or code was changed meanwhile.
    """
    known = [company.company_name, company.lic_num or "", *details_of(company).values()]
    if reason := pin_problem(pin, code=company.registration_code, known=known):
        raise CannotSave("new_pin", reason)
    hashed = hash_pin(pin)
    with database.atomic():
        write_to(company, own_pin_hash=hashed, session_token=new_session_token())
        record(by, "set_own_pin", company, now=now)
        emails.pin_changed(company, letterhead=letterhead, now=now)
    return Contractor.get_by_id(company.id)


def change_company(
    company: Contractor, details: Mapping[str, str], *, version: str, letterhead: Letterhead, by: By, now: datetime
) -> bool:
    """Whether any of `details` (by column, all of DETAILS) was new; then it is written and mailed.

    `version` is what `opened_with` said of them. Raises CannotSave where somebody was quicker.
    """
    with database.atomic():
        # Holds the row, so that of two at once the second sees what the first wrote.
        write_to(company)
        company = Contractor.get_by_id(company.id)
        before = details_of(company)
        refuse_if_changed(company, before, version)
        names = differing(before, details)
        if not names:
            return False
        Contractor.update({name: details[name] for name in names}).where(Contractor.id == company.id).execute()
        was, now_is = ({name: facts[name] for name in names} for facts in (before, details))
        record(by, "change_company", company, now=now, before=was, after=now_is)
        company = Contractor.get_by_id(company.id)
        emails.company_changed(company, before=before, letterhead=letterhead, now=now)
    return True


def set_language(company: Contractor, language: str, *, by: By, now: datetime) -> None:
    """Pages and mails are in this language from now on; `language` is one of the city's."""
    if language == company.language:
        return
    with database.atomic():
        Contractor.update(language=language).where(Contractor.id == company.id).execute()
        before = {"language": company.language}
        record(by, "set_language", company, now=now, before=before, after={"language": language})


def write_to(company: Contractor, **values: Any) -> None:
    """Write to the row of a company, or only hold it; raises CannotSave where its session has ended meanwhile."""
    same = (Contractor.id == company.id) & (Contractor.session_token == company.session_token)
    same &= Contractor.merged_into.is_null()
    values = values or {"session_token": company.session_token}
    if not Contractor.update(**values).where(same).execute():
        raise CannotSave("", Reason(N_("The company was signed out meanwhile. Sign in again.")))
