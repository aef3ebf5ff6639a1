"""The people of a company, as its pages list them."""

from typing import NamedTuple

from tracker.models import Person


class PersonRow(NamedTuple):
    id: int
    name: str
    email: str
    phone: str
    wants: str


def people_of(company_id: int) -> list[PersonRow]:
    """The people of a company by name."""
    rows = Person.select(Person.id, Person.name, Person.email, Person.phone, Person.wants)
    mine = rows.where(Person.contractor == company_id).order_by(Person.name, Person.id)
    return [PersonRow(*row) for row in mine.tuples()]
