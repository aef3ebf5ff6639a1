"""Companies by what somebody types: the beginning of any word of a spelling, or a whole spelling."""

from typing import Any

from peewee import SQL, Select, fn

from tracker.models import Change, CompanyName, CompanyStart, Contractor
from tracker.rules.names import company_key, company_stem
from tracker.statements import statement

MATCHES = 8
LEAST = 2  # letters


def companies_beginning(text: str) -> list[tuple[int, str]]:
    """At most eight (id, company name), the nearest first; none for less than two letters or digits."""
    key = company_key(text)
    if len(key) < LEAST:
        return []
    # The last of all characters ends the range, so that the index serves it on both databases.
    return _nearest_between(key, f"{key}\U0010ffff")


@statement
def _nearest_between(first: Any, last: Any) -> Select:
    """The index alone says which companies they are; a name is read of those that are shown, and no other row comes."""
    starts = CompanyStart.select(CompanyStart.contractor, CompanyStart.key)
    starts = starts.where(CompanyStart.key >= first, CompanyStart.key < last)
    starts = starts.order_by(CompanyStart.key, CompanyStart.contractor).limit(4 * MATCHES)
    nearest = Select((starts,), (starts.c.contractor_id, fn.MIN(starts.c.key).alias("first")))
    nearest = nearest.group_by(starts.c.contractor_id).order_by(SQL("first"), starts.c.contractor_id).limit(MATCHES)
    named = Contractor.select(Contractor.id, Contractor.company_name)
    named = named.join(nearest, on=nearest.c.contractor_id == Contractor.id)
    return named.where(Contractor.merged_into.is_null()).order_by(nearest.c.first, Contractor.id)


def companies_alike(text: str) -> list[tuple[int, str]]:
    """At most eight (id, company name) with the same name but for its legal form, such as Inc. or LLC."""
    alike = (
        Contractor.select(Contractor.id, Contractor.company_name)
        .join(CompanyName, on=CompanyName.contractor == Contractor.id)
        .where(CompanyName.stem == company_stem(text[:200]), Contractor.merged_into.is_null())
        .distinct()
        .order_by(Contractor.id)
        .limit(MATCHES)
    )
    return list(alike.tuples()) if company_key(text) else []


def company_named(text: str) -> Contractor | None:
    """The company of which the text is a whole spelling, case, spaces and punctuation apart."""
    named = CompanyName.select(CompanyName.contractor).where(CompanyName.key == company_key(text))
    return _that_stays(Contractor.get_or_none(Contractor.id == named))


def company_with_code(text: str) -> Contractor | None:
    """The company whose registration code the text is, case, spaces and hyphens apart.

    The code of one that was merged, still printed on its permits, leads to the company that stays.
    """
    return _that_stays(Contractor.get_or_none(Contractor.code_key == code_key(text)))


def company_licensed(lic_num: str) -> Contractor | None:
    """The company with this licence number, or the one that such a company was merged into."""
    return _that_stays(Contractor.get_or_none(Contractor.lic_num == lic_num)) if lic_num else None


def _that_stays(found: Contractor | None) -> Contractor | None:
    return found.merged_into if found and found.merged_into_id else found


def blocked_because(company: Contractor) -> Change | None:
    """The change that blocked the company: who, when, and why."""
    about = (Change.subject == "contractor") & (Change.subject_id == company.id)
    return Change.select().where(about, Change.verb == "block_company").order_by(Change.id.desc()).first()


def code_key(text: str) -> str:
    """A registration code as it is compared: upper case letters and digits."""
    return "".join(character for character in text.upper() if character.isalnum())
