"""The outbox: claim a mail, send it, mark it. At least once, and with the same Message-ID each time.

A claim is a guarded update that moves `due_at` to the end of a lease, so any number of workers may deliver
from one table. A worker that dies with a mail in hand leaves it to whoever comes after the lease.
"""

import re
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from peewee import fn

from tracker.models import Mail

# Longer than a sender may take for one mail: whoever outlives the lease may send it a second time.
LEASE = timedelta(minutes=3)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
# While the mail server is away one mail a pause is tried, so its own pause need not grow long.
OUTAGE_PAUSE, LONGEST_OUTAGE_PAUSE = timedelta(minutes=1), timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(days=3)
# A mail refused for good (5xx) is tried for half an hour, in case the refusal was a slip, but not for days.
TRIES_WHEN_REFUSED = 6
ERROR_LENGTH = 200
TOO_FAR = timedelta(hours=5)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Delivered:
    """What a round did. `trouble` says why it ended early: no mail at all can go out just now."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class Waiting:
    """How many mails are neither sent nor given up, and how long the oldest has been waiting."""

    count: int
    oldest: timedelta | None


@dataclass(frozen=True)
class Failure:
    """Why a mail was not sent, without addresses. `outage`: no other mail could be sent either."""

    words: str
    outage: bool = False
    for_good: bool = False


def deliver(
    send: Callable[[Mail], None],
    *,
    now: datetime,
    limit: int = 50,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Send what is due, the longest due first, at most `limit` mails; asks `stopping` before each.

    `now` (aware) is when the round begins. `send` is called outside any transaction and must be done within
    the lease; what it raises is kept as the mail's last error. When the server itself is in trouble the round
    ends and everything due waits. Errors of the database are the caller's.
    """
    done, began = Delivered(), time.monotonic()
    # By a clock that was wrong: what is put off further than any pause, and what was written ahead of now and has
    # not been tried.
    too_late = (Mail.due_at > now + TOO_FAR) | ((Mail.due_at > now) & (Mail.due_at == Mail.created_at))
    is_due = (Mail.due_at <= now) | too_late
    due = Mail.select(Mail.id, Mail.due_at).where(is_due).order_by(Mail.due_at).limit(limit)
    for seen in list(due):
        if stopping() or done.trouble:
            break
        mail = _claim(seen, now + timedelta(seconds=time.monotonic() - began))
        if mail is None:
            continue
        try:
            send(mail)
        except Exception as error:
            _mark_failed(mail, failure(error), now + timedelta(seconds=time.monotonic() - began), done)
        else:
            at = now + timedelta(seconds=time.monotonic() - began)
            done.sent += _mark(mail, tries=mail.tries + 1, sent_at=at, due_at=None, last_error="")
    return done


def waiting(*, now: datetime) -> Waiting:
    """What has not gone out yet. Reads the waiting rows alone, however many were sent before."""
    since = fn.MIN(fn.COALESCE(Mail.again_at, Mail.created_at)).python_value(Mail.created_at.python_value)
    count, oldest = Mail.select(fn.COUNT(Mail.id), since).where(Mail.due_at > LONG_AGO).scalar(as_tuple=True)
    return Waiting(count, now - oldest if count else None)


def pause(tries: int) -> timedelta:
    """How long to wait after the n-th failed try: 1, 2, 4 … minutes, at most 4 hours."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)


def failure(error: Exception) -> Failure:
    """What went wrong, in words, and whom it concerns: this mail or all of them."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return Failure(_words(f"Recipient refused: {code}", reply), code == 421, 500 <= code < 600)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # Without the server's words, which may repeat the name.
        return Failure(f"The mail server refused the sign-in: {error.smtp_code}", outage=True)
    if isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        return Failure(_words(f"Mail refused: {code}", error.smtp_error), code == 421, 500 <= code < 600)
    if isinstance(error, smtplib.SMTPResponseException):
        return Failure(_words(f"The mail server refused: {error.smtp_code}", error.smtp_error), outage=True)
    # Every SMTP error is an OSError too, and so are those of TLS and of the network.
    return Failure(_words(type(error).__name__, str(error)), outage=isinstance(error, OSError))


def _words(what: str, why: str | bytes) -> str:
    text = why.decode("utf-8", "replace") if isinstance(why, bytes) else why
    text = re.sub(r"\S+@\S+", "…", text)
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", f"{what} {text}").split())[:ERROR_LENGTH]


def _claim(seen: Mail, at: datetime) -> Mail | None:
    """The mail, ours until the lease ends; None when another worker was faster."""
    ours = Mail.update(due_at=at + LEASE).where(Mail.id == seen.id, Mail.due_at == seen.due_at).execute()
    # list() reads to the end: a cursor left open would hold a read transaction during the sending.
    return list(Mail.select().where(Mail.id == seen.id))[0] if ours else None


def _mark(mail: Mail, **values: object) -> int:
    """Write the outcome, unless the lease ran out and the mail is another worker's by now."""
    return Mail.update(**values).where(Mail.id == mail.id, Mail.due_at == mail.due_at).execute()


def _mark_failed(mail: Mail, why: Failure, at: datetime, done: Delivered) -> None:
    tries, last_at = mail.tries + 1, (mail.again_at or mail.created_at) + GIVE_UP_AFTER
    wait = min(pause(tries), LONGEST_OUTAGE_PAUSE) if why.outage else pause(tries)
    over = at >= last_at or (why.for_good and tries >= TRIES_WHEN_REFUSED)
    outcome = {"due_at": None, "given_up_at": at} if over else {"due_at": min(at + wait, last_at)}
    marked = _mark(mail, tries=tries, last_error=why.words, **outcome)
    done.failed += marked
    done.given_up += marked if over else 0
    if why.outage:
        done.trouble = why.words
        # One time-out for all, not one after another. They come before the one that failed: if it is that
        # mail which makes the server hang up, the others get past it.
        Mail.update(due_at=at + OUTAGE_PAUSE - timedelta(seconds=1)).where(Mail.due_at <= at).execute()
