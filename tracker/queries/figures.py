"""What is waiting right now, for those who watch over the system."""

from dataclasses import dataclass
from datetime import datetime

from peewee import fn

from tracker.models import Inspection, Mail


@dataclass(frozen=True)
class Waiting:
    """How many requests wait for a technician, and since when the oldest does (aware), if any."""

    requests: int
    since: datetime | None


def waiting_requests() -> Waiting:
    since = fn.MIN(Inspection.requested_at).python_value(Inspection.requested_at.python_value)
    asked = Inspection.select(fn.COUNT(Inspection.id), since).where(Inspection.status == "requested")
    return Waiting(*asked.scalar(as_tuple=True))


def mail_due_since() -> datetime | None:
    """Since when the mail has been due that is due the longest; a worker that lives leaves none due for long."""
    return Mail.select(fn.MIN(Mail.due_at).python_value(Mail.due_at.python_value)).scalar()


def mail_given_up() -> int:
    return Mail.select().where(Mail.given_up_at.is_null(False)).count()
