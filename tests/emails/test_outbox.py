"""The outbox with a sender that does as it is told: what is tried again, when, and when no longer."""

import smtplib
import ssl
from datetime import timedelta

import pytest

from tests.emails.given import NOW, again, mails, waiting_mail
from tracker import outbox
from tracker.db import database
from tracker.models import Mail

MINUTE = timedelta(minutes=1)
DANA = "dana@lonestar.example"
NO_SUCH_MAILBOX = smtplib.SMTPRecipientsRefused({DANA: (550, b"<dana@lonestar.example> unknown")})
GREYLISTED = smtplib.SMTPRecipientsRefused({DANA: (451, b"come back later")})
NOT_ASCII = UnicodeEncodeError("ascii", "ñ", 0, 1, "no")

pytestmark = pytest.mark.usefixtures("db")


class Sender:
    """Keeps what it was given and raises what it was told to, mail by mail."""

    def __init__(self, *errors: Exception | None) -> None:
        self.errors = list(errors)
        self.message_ids: list[str] = []

    def __call__(self, mail: Mail) -> None:
        self.message_ids.append(mail.message_id)
        if self.errors and (error := self.errors.pop(0)):
            raise error


def test_a_mail_is_sent_once_and_marked():
    mail, send = waiting_mail(), Sender()
    assert outbox.deliver(send, now=NOW).sent == 1
    assert outbox.deliver(send, now=NOW + timedelta(days=9)).sent == 0
    assert send.message_ids == [mail.message_id]
    sent = again(mail)
    assert NOW <= sent.sent_at < NOW + MINUTE
    assert (sent.due_at, sent.given_up_at, sent.last_error) == (None, None, "")


def test_it_is_sent_outside_any_transaction():
    waiting_mail()
    seen = []
    outbox.deliver(lambda mail: seen.append((database.in_transaction(), again(mail).due_at)), now=NOW)
    [(in_transaction, leased_until)] = seen
    assert not in_transaction
    # No other worker may take it while a slow server keeps this one waiting.
    assert leased_until >= NOW + 3 * MINUTE


def test_nothing_is_sent_before_it_is_due():
    waiting_mail(due_at=NOW + timedelta(seconds=1))
    assert outbox.deliver(Sender(), now=NOW).sent == 0


def test_the_longest_due_go_first_and_no_more_than_the_limit():
    late = waiting_mail(due_at=NOW)
    early = waiting_mail(due_at=NOW - MINUTE)
    send = Sender()
    assert outbox.deliver(send, now=NOW, limit=1).sent == 1
    assert outbox.deliver(send, now=NOW, limit=1).sent == 1
    assert send.message_ids == [early.message_id, late.message_id]


def test_told_to_stop_it_finishes_the_mail_in_hand_and_takes_no_other():
    for _ in range(3):
        waiting_mail()
    send = Sender()
    outbox.deliver(send, now=NOW, stopping=lambda: len(send.message_ids) > 0)
    assert len(send.message_ids) == 1
    assert Mail.select().where(Mail.sent_at.is_null()).count() == 2


def test_a_refused_mail_is_tried_again_with_growing_pauses_and_the_same_message_id():
    mail, send, at = waiting_mail(), Sender(*[GREYLISTED] * 10), NOW
    pauses = []
    for _ in range(10):
        outbox.deliver(send, now=at)
        pauses.append(round((again(mail).due_at - at) / MINUTE))
        at = again(mail).due_at
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert outbox.deliver(send, now=at).sent == 1
    assert set(send.message_ids) == {mail.message_id}
    assert len(send.message_ids) == again(mail).tries == 11


def test_what_never_succeeds_is_given_up_after_three_days():
    mail, send, at = waiting_mail(), Sender(*[GREYLISTED] * 99), NOW
    while again(mail).due_at:
        at = again(mail).due_at
        given_up = outbox.deliver(send, now=at).given_up
    assert given_up == 1
    assert timedelta(days=3) <= again(mail).given_up_at - NOW < timedelta(days=3) + MINUTE
    assert again(mail).sent_at is None
    assert again(mail).last_error == "Recipient refused: 451 come back later"


@pytest.mark.parametrize("error", [NO_SUCH_MAILBOX, smtplib.SMTPDataError(554, b"no")])
def test_what_is_refused_for_good_is_given_up_within_the_hour(error):
    mail, send, at = waiting_mail(), Sender(*[error] * 99), NOW
    while again(mail).due_at:
        at = again(mail).due_at
        outbox.deliver(send, now=at)
    assert at - NOW < timedelta(hours=1)
    assert again(mail).tries == len(send.message_ids) == outbox.TRIES_WHEN_REFUSED


@pytest.mark.parametrize("error", [GREYLISTED, NO_SUCH_MAILBOX, NOT_ASCII, ValueError()])
def test_one_mail_in_trouble_does_not_hold_up_the_others(error):
    for _ in range(3):
        waiting_mail()
    done = outbox.deliver(Sender(error), now=NOW)
    assert (done.sent, done.failed, done.trouble) == (2, 1, "")


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        TimeoutError("timed out"),
        ssl.SSLCertVerificationError("certificate verify failed"),
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPAuthenticationError(535, b"no such user"),
        smtplib.SMTPSenderRefused(550, b"who are you", "permits@bluebonnet.example"),
        smtplib.SMTPNotSupportedError("STARTTLS extension not supported by server."),
        smtplib.SMTPRecipientsRefused({DANA: (421, b"closing")}),
        smtplib.SMTPDataError(421, b"closing"),
    ],
)
def test_while_the_server_is_in_trouble_all_wait_after_one_try(error):
    for _ in range(3):
        waiting_mail()
    send = Sender(error)
    done = outbox.deliver(send, now=NOW)
    assert len(send.message_ids) == 1
    assert done.trouble
    assert outbox.deliver(send, now=NOW + MINUTE / 2).sent == 0
    assert outbox.deliver(send, now=NOW + 2 * MINUTE).sent == 3
    assert sorted(mail.tries for mail in mails()) == [1, 1, 2]


def test_a_mail_that_makes_the_server_hang_up_does_not_block_the_others():
    bad, good = waiting_mail(due_at=NOW - MINUTE), waiting_mail()

    def send(mail):
        if mail == bad:
            raise smtplib.SMTPServerDisconnected("gone")

    outbox.deliver(send, now=NOW)
    outbox.deliver(send, now=NOW + 2 * MINUTE)
    assert again(good).sent_at
    assert not again(bad).sent_at


def test_a_long_outage_costs_at_most_a_quarter_of_an_hour_once_it_is_over():
    mail, at = waiting_mail(), NOW
    for _ in range(20):
        outbox.deliver(Sender(TimeoutError()), now=at)
        pause, at = again(mail).due_at - at, again(mail).due_at
    assert pause < timedelta(minutes=16)


@pytest.mark.parametrize(
    "error",
    [
        NO_SUCH_MAILBOX,
        smtplib.SMTPAuthenticationError(535, b"permits@bluebonnet.example hunter2 is wrong"),
        smtplib.SMTPDataError(451, b"no\r\n\x00 for <dana@lonestar.example> " + b"x" * 999),
    ],
)
def test_an_error_is_short_and_names_nobody(error):
    mail = waiting_mail()
    outbox.deliver(Sender(error), now=NOW)
    error_shown = again(mail).last_error
    assert 0 < len(error_shown) <= 200
    assert error_shown.isprintable()
    assert "@" not in error_shown
    assert "hunter2" not in error_shown


def test_a_mail_that_outlived_its_lease_is_not_marked_for_its_new_owner():
    mail = waiting_mail()
    theirs = NOW + timedelta(hours=1)

    def send(_):
        Mail.update(due_at=theirs).where(Mail.id == mail.id).execute()
        raise GREYLISTED

    assert outbox.deliver(send, now=NOW).failed == 0
    assert again(mail).due_at == theirs


def test_waiting_counts_what_is_neither_sent_nor_given_up():
    assert outbox.waiting(now=NOW) == outbox.Waiting(0, None)
    waiting_mail(due_at=None, sent_at=NOW, created_at=NOW - timedelta(days=5))
    waiting_mail(due_at=None, given_up_at=NOW, created_at=NOW - timedelta(days=5))
    waiting_mail(created_at=NOW - 2 * MINUTE, due_at=NOW + MINUTE)
    waiting_mail(created_at=NOW - MINUTE)
    assert outbox.waiting(now=NOW) == outbox.Waiting(2, 2 * MINUTE)
