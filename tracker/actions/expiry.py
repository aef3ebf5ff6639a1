"""A permit lives for 180 days after its last inspection that is scheduled or took place; the one place that says so."""

from collections.abc import Collection
from datetime import datetime

from peewee import fn

from tracker.actions.changes import By, record
from tracker.models import Inspection, Permit
from tracker.queries.day import COUNTS
from tracker.rules.outcomes import extended_expiry


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
        last = Inspection.select(fn.MAX(Inspection.day)).where(Inspection.permit == id, COUNTS).scalar()
        expires_on = extended_expiry(permit.source_expires_on, last)
        if expires_on != permit.expires_on:
            Permit.update(expires_on=expires_on).where(Permit.id == id).execute()
            before, after = {"expires_on": permit.expires_on}, {"expires_on": expires_on}
            record(by, "set_expiry", permit, now=now, before=before, after=after)
