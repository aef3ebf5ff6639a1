"""The people of a company, and which mails about its inspections each of them gets.

Whoever writes holds the company's row first: two changes at once take turns, and one that is merged takes nobody more.
Who reads all mails from now on is told to the company: a found phone is enough to add somebody.
"""

from collections.abc import Mapping
from datetime import datetime

from peewee import IntegrityError

from tracker import account_emails
from tracker.actions.changes import By, record
from tracker.actions.opened import CannotSave, differing, refuse_if_changed
from tracker.actions.profile import write_to
from tracker.db import database
from tracker.letter import Letterhead
from tracker.models import Contractor, Person
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Wants

FACTS = ("name", "email", "phone", "wants")
# More would be a way to have the city write to strangers.
MOST = 30


def facts_of(person: Person) -> dict[str, str]:
    """What may be changed of a person, by name, as the record of changes keeps it."""
    return {name: getattr(person, name) for name in FACTS}


def add_person(
    company: Contractor, facts: Mapping[str, str], *, letterhead: Letterhead, by: By, now: datetime
) -> Person:
    """Somebody more; `facts` are FACTS by name, the e-mail in lower case. Raises CannotSave."""
    try:
        with database.atomic():
            write_to(company)
            if Person.select().where(Person.contractor == company).count() >= MOST:
                raise CannotSave("", Reason(N_("There is room for {most} people. Remove one first."), {"most": MOST}))
            person = Person.create(contractor=company, **facts)
            record(by, "add_person", company, now=now, after=facts)
            if person.wants == Wants.ALL:
                account_emails.gets_all_mails(person, letterhead=letterhead, now=now)
            return person
    except IntegrityError:
        raise _is_there(company, facts["email"]) from None


def change_person(
    person: Person, facts: Mapping[str, str], *, version: str, letterhead: Letterhead, by: By, now: datetime
) -> None:
    """`facts` are FACTS by name, `version` what `opened_with` said of them. Raises CannotSave."""
    company = person.contractor
    try:
        with database.atomic():
            write_to(company)
            there = Person.get_or_none(Person.id == person.id)
            if there is None:
                raise CannotSave("", Reason(N_("{name} was removed meanwhile."), {"name": person.name}))
            before = facts_of(there)
            refuse_if_changed(company, before, version)
            if differing(before, facts):
                Person.update(**facts).where(Person.id == person.id).execute()
                record(by, "change_person", company, now=now, before=before, after=facts)
                if facts["wants"] == Wants.ALL and {"email", "wants"} & set(differing(before, facts)):
                    account_emails.gets_all_mails(Person.get_by_id(person.id), letterhead=letterhead, now=now)
    except IntegrityError:
        raise _is_there(company, facts["email"]) from None


def remove_person(person: Person, *, by: By, now: datetime) -> None:
    """Gone from the list; adding the person again is the way back. Raises CannotSave."""
    with database.atomic():
        write_to(person.contractor)
        if Person.delete().where(Person.id == person.id).execute():
            record(by, "remove_person", person.contractor, now=now, before=facts_of(person))


def _is_there(company: Contractor, email: str) -> CannotSave:
    other = Person.get_or_none(Person.contractor == company, Person.email == email)
    name = other.name if other else N_("somebody else")
    return CannotSave("email", Reason(N_("{name} has this address already."), {"name": name}))
