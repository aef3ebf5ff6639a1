"""The record of changes of the whole city: by who, what, about what and when, and what each line is about."""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from peewee import fn

from tracker.db import any_of
from tracker.models import Change, Contractor, Fee, Inspection, InspectionType, Mail, Permit, PermitType, Staff
from tracker.queries.companies import company_named, company_with_code
from tracker.queries.records import Line, line_of, permits_found
from tracker.queries.spellings import merged_ids
from tracker.rules.sequence import Type

PAGE = 50
COMPANIES = "companies"  # the actor filter for all of them


@dataclass(frozen=True)
class Asked:
    """What of the record is shown: without anything, all of it.

    `who` is an actor ('staff:3', 'system') or COMPANIES; `begin` and `end` are aware, the end is not in it; `q` is the
    beginning of a permit's number or address, or a company's name or code.
    """

    who: str = ""
    verb: str = ""
    subject: str = ""
    begin: datetime | None = None
    end: datetime | None = None
    q: str = ""


@dataclass(frozen=True)
class About:
    """What a line is about, as far as it is still there."""

    name: str = ""
    type: Type | None = None
    permit_num: str = ""


def changes_found(asked: Asked, *, before: int | None = None, limit: int = PAGE) -> tuple[list[Line], int | None]:
    """A page of the record, the newest first, and the id that the next page is before.

    In the order of their instants, so that every filter is served by an index; of one instant, of their ids.
    """
    where = _conditions(asked)
    if where is None:
        return [], None
    if before and (place := Change.get_or_none(Change.id == min(before, 2**31 - 1))):
        where += [Change.at <= place.at, (Change.at < place.at) | (Change.id < place.id)]
    query = Change.select().where(*where) if where else Change.select()
    rows = list(query.order_by(Change.at.desc(), Change.id.desc()).limit(limit + 1))
    return [line_of(row) for row in rows[:limit]], rows[limit - 1].id if len(rows) > limit else None


def _conditions(asked: Asked) -> list[Any] | None:
    """The filter as conditions; None where nothing can be like that."""
    where: list[Any] = []
    if asked.who:
        by_company = fn.SUBSTR(Change.actor, 1, len("contractor:")) == "contractor:"
        where.append(by_company if asked.who == COMPANIES else Change.actor == asked.who)
    where += [field == value for field, value in ((Change.verb, asked.verb), (Change.subject, asked.subject)) if value]
    where += [Change.at >= asked.begin] if asked.begin else []
    where += [Change.at < asked.end] if asked.end else []
    if asked.q:
        about = _about(asked.q)
        return None if about is None else [*where, about]
    return where


def _about(text: str) -> Any:
    """The lines about permits that begin like this and what is on them, and about or by a company; None for neither."""
    permits = [permit.id for permit in permits_found(text)]
    inspections = Inspection.select(Inspection.id).where(any_of(Inspection.permit, permits))
    fees = Fee.select(Fee.id).where(any_of(Fee.permit, permits))
    ids = {"permit": permits, "inspection": _ids(inspections), "fee": _ids(fees), "contractor": []}
    company = company_named(text) or company_with_code(text)
    if company:
        ids["contractor"] = [company.id, *merged_ids(company)]
    found = [(Change.subject == subject) & any_of(Change.subject_id, some) for subject, some in ids.items() if some]
    found += [Change.actor == f"contractor:{id}" for id in ids["contractor"]]
    # Each through its own index: of an OR, SQLite would read the whole record in its order.
    picked = [Change.select(Change.id).where(condition) for condition in found]
    return Change.id.in_(reduce(operator.or_, picked)) if picked else None


def _ids(query: Any) -> list[int]:
    return [id for (id,) in query.tuples()]


def subjects_of(lines: Sequence[Line]) -> dict[tuple[str, int], About]:
    """What these lines are about, by subject and id; one query for each kind that is among them."""
    ids: dict[str, set[int]] = {}
    for line in lines:
        ids.setdefault(line.subject, set()).add(line.subject_id)
    found: dict[tuple[str, int], About] = {}
    for subject, read in READ.items():
        if wanted := ids.get(subject):
            found |= {(subject, id): about for id, about in read(wanted)}
    return found


def _permits(ids: Iterable[int]) -> Any:
    rows = Permit.select(Permit.id, Permit.permit_num, Permit.original_address1).where(any_of(Permit.id, ids))
    return [(id, About(address, permit_num=number)) for id, number, address in rows.tuples()]


def _on_permits(model: Any) -> Any:
    """Of rows that have a permit and an inspection type."""

    def read(ids: Iterable[int]) -> Any:
        kind = (InspectionType.code, InspectionType.name, InspectionType.name_es, InspectionType.trade)
        rows = model.select(model.id, Permit.permit_num, *kind).join(Permit).switch(model).join(InspectionType)
        rows = rows.where(any_of(model.id, ids))
        return [(id, About(type=Type(0, *of_type), permit_num=number)) for id, number, *of_type in rows.tuples()]

    return read


def _named(model: Any, name: Any) -> Any:
    def read(ids: Iterable[int]) -> Any:
        rows = model.select(model.id, name).where(any_of(model.id, ids))
        return [(id, About(text)) for id, text in rows.tuples()]

    return read


def _types(model: Any) -> Any:
    """Of inspection types and permit types, whose names are in two languages."""

    def read(ids: Iterable[int]) -> Any:
        rows = model.select(model.id, model.code, model.name, model.name_es).where(any_of(model.id, ids))
        return [(id, About(type=Type(0, code, name, name_es, ""))) for id, code, name, name_es in rows.tuples()]

    return read


READ = {
    "permit": _permits,
    "inspection": _on_permits(Inspection),
    "fee": _on_permits(Fee),
    "contractor": _named(Contractor, Contractor.company_name),
    "staff": _named(Staff, Staff.name),
    "inspectiontype": _types(InspectionType),
    "permittype": _types(PermitType),
    "mail": _named(Mail, Mail.subject),
}


def who_acts() -> list[tuple[str, str]]:
    """(actor, name) of all staff there have been, by name."""
    rows = Staff.select(Staff.id, Staff.name).order_by(Staff.name, Staff.id)
    return [(f"staff:{id}", name) for id, name in rows.tuples()]
