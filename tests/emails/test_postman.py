"""Over a real socket to a real mail server: what arrives, and what an untrusted server does not get."""

import smtplib
import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import pytest
from flask_mail import Mail as FlaskMail
from icalendar import Calendar

from tests.emails.given import CITY, NOW, again, dana_requests, mails, waiting_mail
from tests.servers import free_port, smtp_sink
from tracker import emails, outbox
from tracker.cli import postman


@pytest.fixture
def post(app, db):
    """post(sink, …settings) delivers what is due and returns what the round did."""

    def deliver(sink, **settings):
        given = {"MAIL_SERVER": sink.host, "MAIL_PORT": sink.port, "MAIL_USE_TLS": False, "MAIL_CA_FILE": ""}
        app.config.update(given, MAIL_DEFAULT_SENDER="permits@bluebonnet.example", **settings)
        FlaskMail(app)
        with app.app_context(), postman.Postman() as send:
            return outbox.deliver(send, now=NOW)

    return deliver


def test_dana_gets_the_whole_mail(post):
    request, inspections = dana_requests("GAS", site_address="418 Larkspur Lane, Peña")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    with smtp_sink() as sink:
        assert post(sink).sent == 1
    [message] = sink.messages
    assert sink.recipients == [["dana@lonestar.example"]]
    assert message["To"] == "dana@lonestar.example"
    assert message["From"] == "City of Bluebonnet <permits@bluebonnet.example>"
    assert message["Subject"] == mail.subject
    assert message["Message-ID"] == f"<{mail.message_id}@bluebonnet.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert message.get_body(("plain",)).get_content().splitlines() == mail.text.splitlines()
    assert message.get_body(("html",)).get_content().splitlines() == mail.html.splitlines()
    [calendar] = message.iter_attachments()
    assert calendar.get_filename() == "inspection.ics"
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert calendar.get_content_type() == "text/calendar"
    assert "Peña" in Calendar.from_ical(calendar.get_payload(decode=True)).events[0]["LOCATION"]


def test_a_subject_of_any_kind_is_one_header(post):
    subject = "Solicitada: Prueba de gas, " + "Peñasco ñandú " * 12 + "(No. 48213)"
    waiting_mail(subject=subject)
    with smtp_sink() as sink:
        assert post(sink).sent == 1
    assert sink.messages[0]["Subject"] == subject


def test_a_line_break_that_reached_the_table_is_not_sent(post):
    waiting_mail(recipient="dana@lonestar.example\r\nBcc: eve@elsewhere.example")
    bad = waiting_mail(subject="x\r\nBcc: eve@elsewhere.example")
    with smtp_sink() as sink:
        done = post(sink)
    assert (done.sent, done.failed, done.trouble) == (0, 2, "")
    assert sink.messages == []
    assert again(bad).last_error == "BadHeaderError"


def test_a_refused_mail_arrives_later_once_with_the_same_message_id(post, monkeypatch):
    mail = waiting_mail()
    with smtp_sink(fault="refuse") as sink:
        assert post(sink).failed == 1
        assert sink.messages == []
        again(mail).update(due_at=NOW).execute()
        sink.fault = None
        assert post(sink).sent == 1
        assert post(sink).sent == 0
    assert [message["Message-ID"] for message in sink.messages] == [f"<{mail.message_id}@bluebonnet.example>"]


def test_a_lost_reply_is_asked_for_again_with_the_same_message_id(post):
    mail = waiting_mail()
    with smtp_sink(fault="lose_reply") as sink:
        assert post(sink).failed == 1
        again(mail).update(due_at=NOW).execute()
        sink.fault = None
        assert post(sink).sent == 1
    first, second = sink.messages
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]


def test_many_mails_share_one_connection(post, monkeypatch):
    for number in range(5):
        waiting_mail(recipient=f"dana+{number}@lonestar.example")
    opened = []
    configure = postman.SecureConnection.configure_host
    monkeypatch.setattr(postman.SecureConnection, "configure_host", lambda self: opened.append(self) or configure(self))
    with smtp_sink() as sink:
        assert post(sink).sent == 5
    assert len(opened) == 1


def test_a_lost_goodbye_is_no_failure(post, monkeypatch):
    def quit(self):
        raise smtplib.SMTPServerDisconnected("gone")

    monkeypatch.setattr(smtplib.SMTP, "quit", quit)
    mail = waiting_mail()
    with smtp_sink() as sink:
        assert post(sink).sent == 1
    assert again(mail).sent_at


def test_over_tls_with_the_citys_own_authority_and_sign_in(post):
    waiting_mail()
    with smtp_sink(tls=True, login=("permits", "secret")) as sink:
        sign_in = {"MAIL_USERNAME": "permits", "MAIL_PASSWORD": "secret"}
        done = post(sink, MAIL_USE_TLS=True, MAIL_CA_FILE=sink.ca_file, **sign_in)
    assert (done.sent, done.trouble) == (1, "")
    assert len(sink.messages) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_certificate_nobody_vouches_for_is_refused(post, host):
    mail = waiting_mail()
    with smtp_sink(tls=True) as sink:
        done = post(SimpleNamespace(host=host, port=sink.port), MAIL_USE_TLS=True)
    assert done.sent == 0
    assert "certificate verify failed" in done.trouble
    assert sink.messages == []
    assert again(mail).due_at > NOW


def test_a_certificate_of_another_host_is_refused(post, monkeypatch):
    waiting_mail()
    with smtp_sink(tls=True) as sink:
        other = SimpleNamespace(host="127.0.0.2", port=sink.port)
        straight = socket.create_connection

        def connect(address, *rest):
            return straight((sink.host, address[1]), *rest)

        monkeypatch.setattr(socket, "create_connection", connect)
        done = post(other, MAIL_USE_TLS=True, MAIL_CA_FILE=sink.ca_file)
    assert "certificate" in done.trouble
    assert sink.messages == []


def test_a_server_without_starttls_gets_nothing(post):
    waiting_mail()
    with smtp_sink() as sink:
        done = post(sink, MAIL_USE_TLS=True)
    assert "STARTTLS" in done.trouble
    assert sink.messages == []


def test_a_wrong_password_is_the_servers_trouble_and_is_not_shown(post):
    mail = waiting_mail()
    with smtp_sink(login=("permits", "secret")) as sink:
        done = post(sink, MAIL_USERNAME="permits", MAIL_PASSWORD="hunter2")
    assert done.trouble == "The mail server refused the sign-in: 535"
    assert again(mail).last_error == done.trouble


def test_port_465_speaks_tls_from_the_start(post, monkeypatch):
    waiting_mail()
    asked = {}

    def connect(host, port, *, timeout, context):
        asked.update(host=host, timeout=timeout, check=context.check_hostname, verify=context.verify_mode)
        raise ConnectionRefusedError

    monkeypatch.setattr(postman, "_Tls", connect)
    assert post(SimpleNamespace(host="mail.example", port=465)).trouble
    assert asked == {"host": "mail.example", "timeout": 20.0, "check": True, "verify": ssl.CERT_REQUIRED}


def test_nobody_there_is_the_servers_trouble(post):
    waiting_mail()
    assert "refused" in post(SimpleNamespace(host="127.0.0.1", port=free_port())).trouble


@pytest.mark.parametrize(("step", "whole"), [(0.3, 60.0), (20.0, 0.3)])
def test_a_server_that_never_answers_is_left(post, monkeypatch, step, whole):
    monkeypatch.setattr(postman, "STEP_SECONDS", step)
    monkeypatch.setattr(postman, "MAIL_SECONDS", whole)
    waiting_mail()
    began = time.monotonic()
    with smtp_sink(fault="slow", delay=3) as sink:
        assert "timed out" in post(sink).trouble
    assert time.monotonic() - began < 3


def test_no_mail_can_outlast_its_lease():
    connecting_to_several_addresses = 4 * postman.STEP_SECONDS
    sending_and_shaking_hands = 2 * postman.STEP_SECONDS
    longest = max(connecting_to_several_addresses, postman.MAIL_SECONDS) + sending_and_shaking_hands
    assert longest < outbox.LEASE.total_seconds()
