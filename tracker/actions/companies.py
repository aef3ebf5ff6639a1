"""Companies: made with a registration code of their own, known by every spelling; added by hand with a look at names
alike; a code is renewed, sessions are ended, a company is blocked.

Registration codes are printed on permits and are the first PIN: they stand in no log and in no record of changes.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from tracker.actions.bulk import insert_rows
from tracker.actions.changes import By, just_made, record
from tracker.actions.opened import CannotSave, last_hand
from tracker.db import COMPANIES, any_of, database, wait_for_turn
from tracker.models import Change, CompanyName, CompanyStart, Contractor, PossibleMatch
from tracker.queries.companies import code_key, companies_alike, company_licensed, company_named
from tracker.rules.names import company_key, company_starts, company_stem
from tracker.rules.reasons import N_, Reason

# Easy to read out: without 0 and O, 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
# What may be known of a company when it is made, and otherwise; then what every company gets.
KNOWN: dict[str, str | None] = {
    "company_name": "",
    "lic_num": None,
    **dict.fromkeys(("address", "city", "state", "zip", "phone", "email"), ""),
}
MADE = ("registration_code", "code_key", "session_token", "version")


class NamelessCompany(ValueError):
    """A name without a letter or a digit, by which nobody could find the company."""


class SpellingTaken(ValueError):
    """The spelling, or one with the same letters and digits, is another company's."""


class NamesAlike(Exception):
    """Companies of nearly this name are there: `companies` are (id, name) of each."""

    def __init__(self, companies: Sequence[tuple[int, str]]) -> None:
        super().__init__(companies)
        self.companies = list(companies)


def new_registration_code() -> str:
    """Such as RR-4F7K-92QM: 8 random characters, 40 bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"RR-{drawn[:4]}-{drawn[4:]}"


def new_session_token() -> str:
    """128 random bits as 32 hex digits: written to a company's row, it ends its sessions."""
    return secrets.token_hex(16)


def make_company(name: str, **known: Any) -> Contractor:
    """A company with a new registration code, and `known` of lic_num, address, city, state, zip, phone, email.

    Raises NamelessCompany, and SpellingTaken where a company has the name already.
    """
    with database.atomic():
        if CompanyName.select().where(CompanyName.key == company_key(name)).exists():
            raise SpellingTaken(name)
        return Contractor.get_by_id(make_companies([{**known, "company_name": name}])[0])


def make_companies(companies: Sequence[Mapping[str, Any]]) -> list[int]:
    """The ids of new companies in the order given, in the caller's transaction; fields as in KNOWN.

    Raises NamelessCompany; IntegrityError for a spelling or licence number that is taken.
    """
    if not all(company_key(company["company_name"]) for company in companies):
        raise NamelessCompany
    codes = [new_registration_code() for _ in companies]
    keys = [code_key(code) for code in codes]
    rows = [
        (*(company.get(name, default) for name, default in KNOWN.items()), code, key, new_session_token(), 1)
        for company, code, key in zip(companies, codes, keys, strict=True)
    ]
    insert_rows(Contractor, [Contractor._meta.fields[name] for name in (*KNOWN, *MADE)], rows)
    ids = dict(Contractor.select(Contractor.code_key, Contractor.id).where(any_of(Contractor.code_key, keys)).tuples())
    found = [ids[key] for key in keys]
    add_spellings([(id, company["company_name"]) for id, company in zip(found, companies, strict=True)])
    return found


def add_spellings(spellings: Sequence[tuple[int, str]]) -> None:
    """Add (company id, name) each, in the caller's transaction. Raises IntegrityError for one that is taken."""
    names = [(id, name, company_key(name), company_stem(name)) for id, name in spellings]
    starts = [(key, id) for id, name in spellings for key in company_starts(name)]
    insert_rows(CompanyName, (CompanyName.contractor, CompanyName.name, CompanyName.key, CompanyName.stem), names)
    insert_rows(CompanyStart, (CompanyStart.key, CompanyStart.contractor), starts, skip_known=True)


def add_company(name: str, *, despite: Collection[int] = (), by: By, now: datetime, **known: str) -> Contractor:
    """A company by hand, with a registration code of its own; `known` as in `make_company`.

    Raises CannotSave for a name or a licence number that is taken, and NamesAlike where companies of nearly this name
    are there, unless they are among the ids `despite`: then a supervisor is asked whether they are one.
    """
    if not company_key(name):
        raise CannotSave("company_name", Reason(N_("Type a name with letters or digits in it.")))
    with database.atomic():
        wait_for_turn(COMPANIES)
        there = company_named(name)
        if there and just_made(there, "add_company", {"company_name": name, **known}, by=by):
            return there  # the same form sent twice
        _refuse_taken(name, known.get("lic_num", ""))
        alike = companies_alike(name)
        if any(id not in despite for id, _name in alike):
            raise NamesAlike(alike)
        company = make_company(name, **known)
        pairs = [(id, company.id) for id, _name in alike]
        insert_rows(PossibleMatch, (PossibleMatch.contractor, PossibleMatch.other), pairs, skip_known=True)
        record(by, "add_company", company, now=now, after={"company_name": name, **known})
    return company


def _refuse_taken(name: str, lic_num: str) -> None:
    if there := company_named(name):
        there_is = N_("{company} is there already, with the same letters and digits.")
        raise CannotSave("company_name", Reason(there_is, {"company": there.company_name}))
    if there := company_licensed(lic_num):
        has_it = Reason(N_("{company} has this license number."), {"company": there.company_name})
        raise CannotSave("lic_num", has_it)


def code_version(company: Contractor) -> int:
    """Which of the company's registration codes is the one it has now: 0 for that it was made with."""
    about = (Change.subject == "contractor") & (Change.subject_id == company.id) & (Change.verb == "renew_code")
    return Change.select(fn.MAX(Change.id)).where(about).scalar() or 0


def renew_code(company: Contractor, *, by: By, now: datetime, seen: int | None = None) -> str:
    """A new registration code, which is returned; the own PIN is gone and all sessions of the company end.

    `seen` is the `code_version` that a page had shown: raises CannotSave where it has been renewed since.
    """
    code = new_registration_code()
    with database.atomic():
        wait_for_turn(COMPANIES)
        if seen is not None and seen != code_version(company):
            sentence = N_("{who} has renewed the code just now. Show it, or renew it once more.")
            raise CannotSave("", Reason(sentence, {"who": last_hand(company)}))
        Contractor.update(
            registration_code=code,
            code_key=code_key(code),
            own_pin_hash=None,
            session_token=new_session_token(),
            version=Contractor.version + 1,
        ).where(Contractor.id == company.id).execute()
        record(by, "renew_code", company, now=now)
    return code


def sign_out_company(company: Contractor, *, by: By, now: datetime) -> None:
    """Every session of the company ends, on every phone; code and PIN stay."""
    with database.atomic():
        Contractor.update(session_token=new_session_token()).where(Contractor.id == company.id).execute()
        record(by, "sign_out_company", company, now=now)


def block_company(company: Contractor, *, reason: str, by: By, now: datetime) -> None:
    """The company cannot sign in any more and its sessions end; what it asked for stays. Raises CannotSave."""
    if not reason:
        raise CannotSave("reason", Reason(N_("Say why. The reason stays on record.")))
    free = Contractor.blocked_at.is_null() & Contractor.merged_into.is_null()
    with database.atomic():
        values = {"blocked_at": now, "session_token": new_session_token()}
        if not Contractor.update(values).where(Contractor.id == company.id, free).execute():
            raise CannotSave("", _already(N_("{company} is blocked or merged already."), company))
        record(by, "block_company", company, now=now, reason=reason)


def unblock_company(company: Contractor, *, reason: str = "", by: By, now: datetime) -> None:
    """The company can sign in again, with the code and PIN it had. Raises CannotSave where it is not blocked."""
    with database.atomic():
        is_blocked = (Contractor.id == company.id) & Contractor.blocked_at.is_null(False)
        if not Contractor.update(blocked_at=None).where(is_blocked).execute():
            raise CannotSave("", _already(N_("{company} is not blocked any more."), company))
        record(by, "unblock_company", company, now=now, reason=reason)


def _already(sentence: str, company: Contractor) -> Reason:
    return Reason(sentence, {"company": company.company_name})
