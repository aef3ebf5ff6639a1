"""The record of changes: who did what, when, from where, before and after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.models import Change, Contractor, PermitContractor, Staff


@dataclass(frozen=True)
class By:
    """Who acts: 'contractor:12', 'staff:3' or 'system', the name as it is now, and the network address."""

    actor: str
    name: str
    address: str = ""


SYSTEM = By("system", "system")


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
    Change.insert(
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
    ).execute()


def _text(values: Mapping[str, Any] | None) -> str:
    return json.dumps(values, default=str, ensure_ascii=False) if values else ""


def tell_pages(*permit_ids: int) -> None:
    """Raise the version of every company on the permits, so that its open dashboards fetch what changed."""
    on_it = (
        PermitContractor.select(PermitContractor.contractor).where(PermitContractor.permit.in_(permit_ids)).distinct()
    )
    # One after the other in one order: two changes at once never wait for each other.
    for (contractor_id,) in sorted(on_it.tuples()):
        Contractor.update(version=Contractor.version + 1).where(Contractor.id == contractor_id).execute()


def tell_inspectors(*staff_ids: int | None) -> None:
    """Raise the version of these inspectors, so that their open day fetches what changed; after `tell_pages`."""
    for id in sorted({id for id in staff_ids if id is not None}):
        Staff.update(version=Staff.version + 1).where(Staff.id == id).execute()
