"""The outbox as the staff read it."""

from tracker.models import Mail

PAGE = 50


def mails(*, before: int | None = None) -> tuple[list[Mail], int | None]:
    """A page of mails, the newest first, and the id that the next page is before (None on the last one)."""
    query = Mail.select(
        Mail.id,
        Mail.kind,
        Mail.recipient,
        Mail.subject,
        Mail.created_at,
        Mail.sent_at,
        Mail.given_up_at,
        Mail.tries,
        Mail.last_error,
    ).order_by(Mail.id.desc())
    if before:
        query = query.where(Mail.id < max(0, min(before, 2**31 - 1)))
    rows = list(query.limit(PAGE + 1))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None
