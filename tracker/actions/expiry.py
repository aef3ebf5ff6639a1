"""A permit lives for 180 days after its last inspection that is scheduled or took place; the one place that says so."""

from collections.abc import Collection
from datetime import date, datetime

from peewee import fn

from tracker.actions.bulk import update_rows
from tracker.actions.changes import By, record, record_many
from tracker.db import any_of, is_postgresql
from tracker.models import Inspection, Permit
from tracker.queries.day import COUNTS
from tracker.rules.outcomes import extended_expiry
from tracker.rules.words import Status

# Also what was scheduled and then moved: it goes on, and waits for its inspector to be named again.
EXTENDS = COUNTS | ((Inspection.status == Status.REQUESTED) & Inspection.scheduled_at.is_null(False))


def set_expiry(permit_ids: Collection[int], *, by: By, now: datetime) -> None:
    """Extend these permits, or take an extension back, as their inspections now say; in the caller's transaction.

    A permit without a date of its own never expires and stays so.
    """
    for id in sorted(set(permit_ids)):
        # Holds the row, so that of two changes at once the second counts what the first did.
        Permit.update(expires_on=Permit.expires_on).where(Permit.id == id).execute()
        permit = Permit.get_by_id(id)
        if permit.source_expires_on is None:
            continue
        last = Inspection.select(fn.MAX(Inspection.day)).where(Inspection.permit == id, EXTENDS).scalar()
        expires_on = extended_expiry(permit.source_expires_on, last)
        if expires_on != permit.expires_on:
            Permit.update(expires_on=expires_on).where(Permit.id == id).execute()
            before, after = {"expires_on": permit.expires_on}, {"expires_on": expires_on}
            record(by, "set_expiry", permit, now=now, before=before, after=after)


def extend_expiry(permit_ids: Collection[int], *, by: By, now: datetime) -> list[int]:
    """As `set_expiry` for many permits at once, but no expiry becomes earlier; returns those that are later now.

    In the caller's transaction; a few statements, however many permits.
    """
    dated = any_of(Permit.id, sorted(permit_ids)) & Permit.source_expires_on.is_null(False)
    rows = Permit.select(Permit.id, Permit.source_expires_on, Permit.expires_on).where(dated).order_by(Permit.id)
    there = list((rows.for_update("FOR NO KEY UPDATE") if is_postgresql() else rows).tuples())
    # Permit by permit: for many at once SQLite would read every inspection that is done.
    last_day = Inspection.select(fn.MAX(Inspection.day)).where(Inspection.permit == Permit.id, EXTENDS)
    last = dict(Permit.select(Permit.id, last_day).where(any_of(Permit.id, [id for id, *_ in there])).tuples())
    day = Inspection.day.python_value
    later: dict[int, tuple[date | None, date]] = {}
    for id, source_expires_on, expires_on in there:
        extended = extended_expiry(source_expires_on, day(last.get(id)))
        if expires_on is not None and extended > expires_on:
            later[id] = (expires_on, extended)
    new = [(id, expires_on.isoformat()) for id, (_, expires_on) in later.items()]
    update_rows(Permit, Permit.expires_on, new, cast="date")
    facts = [(id, {"expires_on": before}, {"expires_on": after}) for id, (before, after) in later.items()]
    record_many(by, "set_expiry", Permit, facts, now=now)
    return list(later)
