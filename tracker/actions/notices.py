"""Telling companies that permits of theirs expire: one mail a company and day, each notice once."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from tracker import emails
from tracker.db import database
from tracker.emails import Ending
from tracker.letter import Letterhead
from tracker.models import Contractor, ExpiryNotice, Permit
from tracker.queries.notices import companies_to_tell, permits_to_tell
from tracker.rules.expiry import notice_due

# Companies in one go: a worker writes few rows at a time and looks after the mail in between.
BATCH = 20


def tell_of_expiry(*, letterhead: Letterhead, now: datetime, after: int = 0, limit: int = BATCH) -> int | None:
    """Write the notices due today to the next companies behind the id `after`.

    Returns the id of the last one looked at, None when there is none left. `now` is aware, the day the city's.
    """
    today = now.astimezone(letterhead.zone).date()
    ids = companies_to_tell(today, after=after, limit=limit)
    for id in ids:
        # It may have had its mail of today, by another worker or before this permit came in: it is told tomorrow.
        with suppress(IntegrityError):
            _tell(id, today, letterhead=letterhead, now=now)
    return ids[-1] if ids else None


def _tell(company_id: int, today: date, *, letterhead: Letterhead, now: datetime) -> None:
    with database.atomic():
        company = Contractor.get_by_id(company_id)
        if company.blocked_at or company.merged_into_id:
            return
        permits = permits_to_tell(company, today)
        endings = [
            Ending(one.permit_num, one.original_address1, one.expires_on, one.expires_on < today) for one in permits
        ]
        message_id = f"expiry-{company.id}-{today:%Y%m%d}"
        # With nobody to write to, what is due is written once there is somebody.
        if endings and emails.expiry(company, endings, letterhead=letterhead, now=now, message_id=message_id):
            ExpiryNotice.insert_many([_told(company, one, today) for one in permits]).execute()


def _told(company: Contractor, permit: Permit, today: date) -> dict[str, Any]:
    days = notice_due(permit.expires_on, today)
    return {"permit": permit.id, "contractor": company.id, "expires_on": permit.expires_on, "days": days}
