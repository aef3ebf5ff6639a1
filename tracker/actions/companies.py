"""Companies: made with a registration code of their own, known by every spelling; a code is renewed.

Registration codes are printed on permits and are the first PIN: they stand in no log and in no record of changes.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.actions.bulk import insert_rows
from tracker.actions.changes import By, record
from tracker.db import any_of, database
from tracker.models import CompanyName, CompanyStart, Contractor
from tracker.queries.companies import code_key
from tracker.rules.names import company_key, company_starts, company_stem

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


def new_registration_code() -> str:
    """Such as RR-4F7K-92QM: 8 random characters, 40 bits."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"RR-{drawn[:4]}-{drawn[4:]}"


def new_session_token() -> str:
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


def add_spelling(company: Contractor, name: str) -> None:
    """Know the company by this name too. Raises NamelessCompany, SpellingTaken."""
    key = company_key(name)
    if not key:
        raise NamelessCompany(name)
    with database.atomic():
        known = CompanyName.get_or_none(CompanyName.key == key)
        if known and known.contractor_id != company.id:
            raise SpellingTaken(name)
        if not known:
            add_spellings([(company.id, name)])


def add_spellings(spellings: Sequence[tuple[int, str]]) -> None:
    """Add (company id, name) each, in the caller's transaction. Raises IntegrityError for one that is taken."""
    names = [(id, name, company_key(name), company_stem(name)) for id, name in spellings]
    starts = [(key, id) for id, name in spellings for key in company_starts(name)]
    insert_rows(CompanyName, (CompanyName.contractor, CompanyName.name, CompanyName.key, CompanyName.stem), names)
    insert_rows(CompanyStart, (CompanyStart.key, CompanyStart.contractor), starts, skip_known=True)


def renew_code(company: Contractor, *, by: By, now: datetime) -> str:
    """A new registration code, which is returned; the own PIN is gone and all sessions of the company end."""
    code = new_registration_code()
    with database.atomic():
        Contractor.update(
            registration_code=code,
            code_key=code_key(code),
            own_pin_hash=None,
            session_token=new_session_token(),
            version=Contractor.version + 1,
        ).where(Contractor.id == company.id).execute()
        record(by, "renew_code", company, now=now)
    return code
