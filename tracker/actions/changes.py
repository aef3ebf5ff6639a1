"""The record of changes: who did what, when, from where, before and after."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import Query

from tracker.actions.bulk import insert_rows
from tracker.db import any_of, is_postgresql
from tracker.models import Change, Contractor, Edition, Inspection, PermitContractor, Staff
from tracker.statements import statement


@dataclass(frozen=True)
class By:
    """Who acts: 'contractor:12', 'staff:3' or 'system', the name as it is now, and the network address."""

    actor: str
    name: str
    address: str = ""


SYSTEM = By("system", "system")
IMPORT = By("system", "import")


def record(
    by: By,
    verb: str,
    subject: Any,
    *,
    now: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Add a change of `subject` (a row with an id) to the record, in the caller's transaction."""
    Change.create(
        at=now,
        actor=by.actor,
        actor_name=by.name,
        address=by.address,
        verb=verb,
        subject=type(subject).__name__.lower(),
        subject_id=subject.id,
        before=_text(before),
        after=_text(after),
        reason=reason,
    )


def just_made(row: Any, verb: str, after: Mapping[str, Any], *, by: By) -> bool:
    """Whether the row was made by this person with these facts and is as it was made: the same form sent twice."""
    about = (Change.subject == type(row).__name__.lower()) & (Change.subject_id == row.id)
    lines = list(Change.select(Change.verb, Change.actor, Change.after).where(about).limit(2).tuples())
    return lines == [(verb, by.actor, _text(after))]


def record_many(
    by: By,
    verb: str,
    subject: type,
    facts: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]],
    *,
    now: datetime,
) -> None:
    """Add the same change of many rows of a model, each (id, before, after); in the caller's transaction."""
    fields = (Change.at, Change.actor, Change.actor_name, Change.address, Change.verb, Change.subject)
    who = (Change.at.db_value(now), by.actor, by.name, by.address, verb, subject.__name__.lower())
    rows = [(*who, id, _text(before), _text(after), "") for id, before, after in facts]
    insert_rows(Change, (*fields, Change.subject_id, Change.before, Change.after, Change.reason), rows)


def _text(values: Mapping[str, Any] | None) -> str:
    return json.dumps(values, default=str, ensure_ascii=False) if values else ""


def facts(inspection: Any) -> dict[str, Any]:
    """What the record keeps of an inspection that its company asked for or changed."""
    return {name: getattr(inspection, name) for name in ("status", "day", "time_frame")}


def tell_pages(*permit_ids: int) -> None:
    """Raise the version of every company on the permits, so that its open dashboards fetch what changed.

    Also of one that has left a permit: what it had asked for there is still shown to it.
    """
    if len(permit_ids) == 1:
        found = _companies_of(*permit_ids)
    else:
        found = [
            one
            for table in (PermitContractor, Inspection)
            for one in _named_in(table, any_of(table.permit, permit_ids))
        ]
    tell_companies({id for (id,) in found if id})


@statement
def _companies_of(permit_id: Any) -> Query:
    on_it, asked_there = (_named_in(table, table.permit == permit_id) for table in (PermitContractor, Inspection))
    return on_it | asked_there


def _named_in(table: Any, of_permit: Any) -> Any:
    return table.select(table.contractor).distinct().where(of_permit).tuples()


def tell_companies(ids: Iterable[int]) -> None:
    """Raise the version of these companies: their open dashboards fetch what is new."""
    if not (wanted := sorted(ids)):
        return
    if len(wanted) == 1:
        _one_more.change(wanted[0])
        return
    them = any_of(Contractor.id, wanted)
    if is_postgresql():
        # Taken in one order, so that two changes at once never wait for each other; and not from those who
        # have just written a row that names the company, as two requests of its own have.
        held = Contractor.select(Contractor.id).where(them).order_by(Contractor.id)
        list(held.for_update("FOR NO KEY UPDATE").tuples())
    Contractor.update(version=Contractor.version + 1).where(them).execute()


@statement
def _one_more(company_id: Any) -> Query:
    return Contractor.update(version=Contractor.version + 1).where(Contractor.id == company_id)


def tell_everybody() -> None:
    """Any page may show what changed; last in its transaction, since whoever changes such a thing then waits here.

    How far the number rises is left to chance: after a restore, also one broken off at its end, a server may have met
    the numbers that come next, for a city that was another.
    """
    Edition.update(number=Edition.number + 1 + secrets.randbelow(10_000)).execute()


def tell_inspectors(*staff_ids: int | None) -> None:
    """Raise the version of these inspectors, so that their open day fetches what changed; after `tell_pages`."""
    for id in sorted({id for id in staff_ids if id is not None}):
        Staff.update(version=Staff.version + 1).where(Staff.id == id).execute()
