"""The outbox as the staff read it."""

from datetime import UTC, datetime

from peewee import JOIN

from tracker.models import Contractor, Inspection, Mail, Permit

PAGE = 50
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# Said of an instant, so that the index on it serves.
GIVEN_UP = Mail.given_up_at > LONG_AGO
WAITING = Mail.due_at > LONG_AGO
STATES = {"waiting": WAITING, "undelivered": GIVEN_UP, "sent": Mail.sent_at.is_null(False)}


def mails(state: str = "", *, before: int | None = None) -> tuple[list[Mail], int | None]:
    """A page of mails in this state ('': any), the newest first, and the id that the next page is before.

    Each has `permit_num`, `company_id` and `company_name` of the inspection it is about, None without one.
    """
    query = _with_subject(
        Mail.id, Mail.kind, Mail.recipient, Mail.subject, Mail.created_at, Mail.sent_at, Mail.given_up_at, Mail.tries,
        Mail.last_error,
    ).order_by(Mail.id.desc())  # fmt: skip
    if state:
        query = query.where(STATES[state])
    if before:
        query = query.where(Mail.id < max(0, min(before, 2**31 - 1)))
    rows = list(query.limit(PAGE + 1).objects())
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def mail_shown(id: int) -> Mail | None:
    """One mail, whole, with what `mails` says of its inspection."""
    return _with_subject(Mail).where(Mail.id == max(0, min(id, 2**31 - 1))).objects().first()


def mail_counts() -> dict[str, int]:
    """How many wait, and how many could not be delivered; what was sent is not counted, it is too many."""
    return {state: Mail.select().where(STATES[state]).count() for state in ("waiting", "undelivered")}


def _with_subject(*columns):
    about = (Permit.permit_num, Contractor.id.alias("company_id"), Contractor.company_name)
    query = Mail.select(*columns, *about).join(Inspection, JOIN.LEFT_OUTER).join(Permit, JOIN.LEFT_OUTER)
    return query.switch(Inspection).join(Contractor, JOIN.LEFT_OUTER)
