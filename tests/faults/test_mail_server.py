"""A mail server that is away, refuses, hangs up or grows strict: what waits, what goes twice, what is told to whom.

How each reply of the server is understood is told in tests/emails; here the real server and the days that pass.
"""

from datetime import timedelta
from email.message import EmailMessage

import pytest

from tests.cast import NOW
from tests.emails.given import again, mails, waiting_mail
from tests.servers import SmtpSink, free_port, smtp_sink
from tracker import outbox
from tracker.models import Mail

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def some(count: int) -> list[Mail]:
    return [
        waiting_mail(recipient=f"dana+{number}@lonestar.example", created_at=NOW, due_at=NOW) for number in range(count)
    ]


def names(sink: SmtpSink) -> list[str]:
    """The Message-IDs that arrived, without their domain."""
    return [message["Message-ID"].strip("<").split("@")[0] for message in sink.messages]


def read(message: EmailMessage) -> str:
    """What of it a person reads, and what a mail program tells it by."""
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return repr([*(message[name] for name in ("Message-ID", "Date", "From", "To", "Subject")), parts])


@pytest.fixture
def nobody_there() -> SmtpSink:
    return SmtpSink(port=free_port())


def test_the_connection_breaks_in_the_middle_of_a_mail(post, db):
    sent = some(3)
    with smtp_sink(fault="drop") as sink:
        assert post(sink, NOW).trouble and not sink.messages
        sink.fault = None
        assert post(sink, NOW + 2 * MINUTE).sent == 3
    assert sorted(names(sink)) == sorted(mail.message_id for mail in sent)


def test_taken_but_the_reply_is_lost_it_goes_twice_under_one_name(post, db):
    sent = some(3)
    with smtp_sink(fault="lose_reply") as sink:
        assert post(sink, NOW).trouble
        sink.fault = None
        assert post(sink, NOW + 2 * MINUTE).sent == 3
    [twice] = {name for name in names(sink) if names(sink).count(name) > 1}
    assert len(names(sink)) == 4 and set(names(sink)) == {mail.message_id for mail in sent}
    assert len({read(message) for message in sink.messages if twice in message["Message-ID"]}) == 1


def test_one_without_a_mailbox_does_not_hold_up_the_others_and_is_shown_within_the_hour(post, browse, olu, at):
    wrong, *others = some(4)
    with smtp_sink() as sink:
        sink.unknown = {wrong.recipient}
        assert post(sink, NOW).sent == 3
        for minutes in range(1, 60):
            post(sink, NOW + minutes * MINUTE)
    assert sorted(names(sink)) == sorted(mail.message_id for mail in others)
    assert sink.tried.count(wrong.recipient) == outbox.TRIES_WHEN_REFUSED
    at(NOW + HOUR)
    page = browse(olu).get("/staff/mail?state=undelivered")
    assert "1 mail could not be delivered." in browse(olu).get("/staff/mail").text
    assert wrong.recipient in page.text and "550" in page.text


def test_greylisting_is_waited_for(post, db):
    sent = some(5)
    with smtp_sink(fault="greylist") as sink:
        first = post(sink, NOW)
        assert (first.sent, first.failed, first.trouble) == (0, 5, "")
        assert post(sink, NOW + MINUTE / 2).sent == 0
        assert post(sink, NOW + 2 * MINUTE).sent == 5
    assert sorted(names(sink)) == sorted(mail.message_id for mail in sent)
    assert len(sink.tried) == 10


def rounds(post, sink: SmtpSink, hours: int, begin=NOW) -> None:
    """The worker goes on for that long; a round every three hours stands for those of every two seconds."""
    for number in range(0, hours, 3):
        post(sink, begin + number * HOUR)


def test_an_outage_of_71_hours_loses_nothing(post, nobody_there):
    sent = some(20)
    rounds(post, nobody_there, hours=71)
    assert outbox.waiting(now=NOW + 71 * HOUR).count == 20
    with smtp_sink() as sink:
        post(sink, NOW + 71 * HOUR)
        post(sink, NOW + 71 * HOUR + 16 * MINUTE)
    assert sorted(names(sink)) == sorted(mail.message_id for mail in sent)
    assert all(mail.sent_at and not mail.given_up_at for mail in mails())


def test_after_three_days_it_is_given_up_shown_and_can_be_sent_again(post, nobody_there, browse, olu, at):
    sent = some(3)
    rounds(post, nobody_there, hours=80)
    assert [mail.given_up_at >= NOW + 72 * HOUR for mail in mails()] == [True] * 3
    at(NOW + 80 * HOUR)
    supervisor = browse(olu)
    page = supervisor.get("/staff/mail?state=undelivered")
    assert len(page.words(".permit .old")) == 3 and "refused" in page.text
    supervisor.submit('main form[action$="/mail/again"]')
    with smtp_sink() as sink:
        assert post(sink, NOW + 80 * HOUR).sent == 3
    assert sorted(names(sink)) == sorted(mail.message_id for mail in sent)


def test_a_mail_written_before_the_clock_was_set_back_goes_out_at_once_and_once(post, db):
    ahead = waiting_mail(created_at=NOW + HOUR, due_at=NOW + HOUR)
    later = waiting_mail(created_at=NOW - HOUR, due_at=NOW + 30 * MINUTE)  # refused before, and put off
    with smtp_sink() as sink:
        assert post(sink, NOW).sent == 1
        assert post(sink, NOW + MINUTE).sent == 0
    assert names(sink) == [ahead.message_id] and not again(later).sent_at


def test_a_mail_of_the_future_that_is_in_hand_is_left_to_whoever_has_it(post, db):
    waiting_mail(created_at=NOW + HOUR, due_at=NOW + outbox.LEASE)
    with smtp_sink() as sink:
        assert post(sink, NOW).sent == 0
