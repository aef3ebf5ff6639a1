"""The way to the mail server: over TLS with certificate check and time-outs."""

import smtplib
import ssl
import time
from email.utils import formataddr, parseaddr

from flask import current_app
from flask_mail import Attachment, Connection, Message

from tracker.models import Mail

STEP_SECONDS = 20.0  # for one answer of the mail server
MAIL_SECONDS = 60.0  # for all answers to one mail: well within outbox.LEASE


class Postman:
    """Sends mails over one connection, opened with the first and dropped when something went wrong."""

    def __init__(self) -> None:
        self.connection: SecureConnection | None = None

    def __enter__(self) -> "Postman":
        return self

    def __exit__(self, *_: object) -> None:
        self.hang_up()

    def __call__(self, mail: Mail) -> None:
        try:
            if self.connection is None:
                self.connection = SecureConnection(current_app.extensions["mail"]).__enter__()
            self.connection.begin_mail()
            self.connection.send(message_of(mail))
        except Exception:
            self.hang_up()
            raise

    def hang_up(self) -> None:
        if self.connection is not None:
            self.connection.__exit__(None, None, None)
            self.connection = None


class _InTime:
    """smtplib's time-out is for one step; a mail's deadline is for all of them together."""

    def __init__(self, *arguments: object, **named: object) -> None:
        self.deadline = time.monotonic() + MAIL_SECONDS
        super().__init__(*arguments, **named)

    def getreply(self) -> tuple[int, bytes]:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no end after {MAIL_SECONDS:.0f} seconds")
        self.sock.settimeout(min(left, STEP_SECONDS))  # type: ignore[attr-defined]
        return super().getreply()  # type: ignore[misc]


class _Plain(_InTime, smtplib.SMTP):
    pass


class _Tls(_InTime, smtplib.SMTP_SSL):
    pass


class SecureConnection(Connection):
    """Flask-Mail's connection, which has no time-out and checks no certificate, with both."""

    host: "_Plain | _Tls"

    def __enter__(self) -> "SecureConnection":
        # Also where Flask-Mail would only pretend (TESTING): what is marked as sent was sent.
        self.host = self.configure_host()
        return self

    def __exit__(self, *_: object) -> None:
        # What happens after the last mail does not concern it: a lost goodbye is no failure.
        try:
            self.host.quit()
        except OSError:
            pass
        finally:
            self.host.close()

    def begin_mail(self) -> None:
        self.host.deadline = time.monotonic() + MAIL_SECONDS

    def configure_host(self) -> "_Plain | _Tls":
        settings = self.mail
        tls = ssl.create_default_context(cafile=current_app.config["MAIL_CA_FILE"] or None)
        if settings.port == smtplib.SMTP_SSL_PORT:
            host: _Plain | _Tls = _Tls(settings.server, settings.port, timeout=STEP_SECONDS, context=tls)
        else:
            host = _Plain(settings.server, settings.port, timeout=STEP_SECONDS)
        try:
            if settings.use_tls and isinstance(host, _Plain):
                host.starttls(context=tls)
            if settings.username:
                host.login(settings.username, settings.password or "")
        except Exception:
            host.close()
            raise
        return host


def message_of(mail: Mail) -> Message:
    """The row as a message: its headers are the same however often it is sent."""
    name, address = parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])
    message = Message(
        subject=mail.subject,
        recipients=[mail.recipient],
        body=mail.text,
        html=mail.html,
        sender=formataddr((name or current_app.config["CITY_NAME"], address)),
        date=mail.created_at.timestamp(),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = f"<{mail.message_id}@{address.rpartition('@')[2]}>"
    if mail.calendar:
        kind = f"text/calendar; method={mail.calendar_method}; charset=utf-8"
        message.attachments.append(Attachment("inspection.ics", kind, mail.calendar.encode()))
    return message
