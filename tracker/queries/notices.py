"""Whom to tell today that a permit of theirs expires or has expired."""

from datetime import date, timedelta
from typing import Any

from peewee import JOIN, Case

from tracker.models import Contractor, ExpiryNotice, Permit, PermitContractor
from tracker.rules.expiry import ENDED, FIRST, LAST, TOLD_WITHIN, lives
from tracker.rules.words import ACTIVE_PERMIT, PermitStatus


def companies_to_tell(today: date, *, after: int, limit: int) -> list[int]:
    """The ids of companies with a notice due that they did not get, from the one behind `after` on.

    Reads the permits near their end alone, by the index on expires_on.
    """
    rows = _due(today).select(PermitContractor.contractor).where(PermitContractor.contractor > after)
    return [id for (id,) in rows.distinct().order_by(PermitContractor.contractor).limit(limit).tuples()]


def permits_to_tell(company: Contractor, today: date) -> list[Permit]:
    """The permits of a company that it is to be told of today, in the order they end."""
    mine = _due(today).where(PermitContractor.contractor == company)
    order = (Permit.expires_on, Permit.permit_num)
    found = mine.select(
        Permit.id, Permit.permit_num, Permit.original_address1, Permit.status, Permit.expires_on
    ).distinct()
    return [one for one in found.order_by(*order) if lives(one.status, one.expires_on, today)]


def _due(today: date) -> Any:
    """Permits with their companies and without the notice that is due: the same days as in `notice_due`."""
    stage = Case(
        None,
        [(Permit.expires_on < today, ENDED), (Permit.expires_on <= today + timedelta(days=LAST), LAST)],
        FIRST,
    )
    told = (
        (ExpiryNotice.permit == Permit.id)
        & (ExpiryNotice.contractor == PermitContractor.contractor)
        & (ExpiryNotice.expires_on == Permit.expires_on)
        & (ExpiryNotice.days == stage)
    )
    return (
        Permit.select()
        .join(PermitContractor, on=PermitContractor.permit == Permit.id)
        .join(ExpiryNotice, JOIN.LEFT_OUTER, on=told)
        .where(
            Permit.expires_on.between(today - TOLD_WITHIN, today + timedelta(days=FIRST)),
            Permit.status.in_((*ACTIVE_PERMIT, PermitStatus.EXPIRED)),
            ExpiryNotice.id.is_null(),
        )
    )
