"""When a permit is about to expire, when that is mailed, and how long an expired one is still shown."""

from datetime import date, time, timedelta

from tracker.rules.words import ACTIVE_PERMIT, PermitStatus

SOON = 30  # days: from here on pages say it in bold
AROUND = timedelta(days=7)  # so near its end, before and after, a permit stands on top of the list
SHOWN_EXPIRED = timedelta(days=30)
# Mailed so many days before the end, and when it has come; each once.
FIRST, LAST, ENDED = 30, 7, 0
# An end longer ago than this is no news: it is not mailed any more.
TOLD_WITHIN = timedelta(days=7)
# On the city's clock: the nightly import has gone through, and nobody's phone rings at midnight.
MAILED_FROM = time(7)


def is_soon(expires_on: date | None, today: date) -> bool:
    """Whether it expires within 30 days, or has expired."""
    return expires_on is not None and (expires_on - today).days <= SOON


def notice_due(expires_on: date, today: date) -> int | None:
    """Which notice is due today: 30, 7, or 0 once it has expired; None for none.

    What was missed is made up for by the notice of today alone: after a week without mail nobody is told of
    thirty days that are twenty by now and of seven that have gone by.
    """
    if expires_on < today:
        return ENDED if today - expires_on <= TOLD_WITHIN else None
    left = (expires_on - today).days
    return LAST if left <= LAST else FIRST if left <= FIRST else None


def lives(status: str, expires_on: date, today: date) -> bool:
    """Whether its end is worth a mail: it is active, or has ended only because of its date."""
    return status in ACTIVE_PERMIT or (status == PermitStatus.EXPIRED and expires_on < today)
