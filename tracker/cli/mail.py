"""`mail deliver`: the worker that sends the outbox."""

import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType

import click
import peewee
from flask import current_app
from flask.cli import AppGroup

from tracker import clock, outbox
from tracker.actions.desk import letterhead_of
from tracker.actions.notices import tell_of_expiry
from tracker.cli.postman import Postman
from tracker.db import database
from tracker.models import Mail
from tracker.rules.expiry import MAILED_FROM

group = AppGroup("mail", help="The mail that waits to be sent.")
log = logging.getLogger("tracker.mail")

IDLE_SECONDS = 2.0
GRACE_SECONDS = 8.0  # for the mail in hand when told to end


@group.command()
@click.option("--once", is_flag=True, help="Send what is due and end.")
def deliver(once: bool) -> None:
    """Send the mail that waits, until SIGTERM or Ctrl-C."""
    with ending() as end:
        if not current_app.config["MAIL_SERVER"]:
            click.echo("No mail server is set (MAIL_SERVER): mail waits.", err=True)
        if once:
            deliver_once(end)
        else:
            deliver_until_told(end)


def deliver_once(end: "End") -> None:
    """Round after round until nothing is due. Raises ClickException where a server is in trouble."""
    sent = failed = 0
    daily = Daily()
    try:
        while daily.goes_on() and not end.asked:
            pass
        while (done := deliver_round(end)).sent or done.failed:
            sent, failed = sent + done.sent, failed + done.failed
            if done.trouble:
                raise click.ClickException(f"Mail waits: {done.trouble}")
    except peewee.PeeweeException as error:
        raise click.ClickException(f"The database does not answer: {error}") from None
    click.echo(f"Sent: {sent}. Failed: {failed}.")


def deliver_until_told(end: "End") -> None:
    """Poll the outbox. A database that restarts or is locked is waited for, and said once."""
    said = ""
    daily = Daily()
    while not end.asked:
        busy = False
        try:
            busy = daily.goes_on()
            done = deliver_round(end)
            said = ""
        except peewee.PeeweeException as error:
            done = outbox.Delivered()
            if said != (said := type(error).__name__):
                log.warning("The database does not answer, mail waits: %s", " ".join(str(error).split()))
        if done.trouble:
            log.warning("Mail waits: %s", done.trouble)
        if not (done.sent or busy):
            rest(end)


class Daily:
    """The notices of permits about to expire: once a day on the city's clock, some companies at a time.

    Where it got to is kept by this process alone; that nobody is told twice is for the database to see to.
    """

    def __init__(self) -> None:
        self.day: date | None = None
        self.after: int | None = 0

    def goes_on(self) -> bool:
        """Tell the next companies; False once there is nothing left to do today."""
        letterhead, now = letterhead_of(current_app.config), clock.now()
        here = now.astimezone(letterhead.zone)
        if self.day != here.date():
            self.day, self.after = here.date(), 0
        if self.after is None or here.time() < MAILED_FROM:
            return False
        with database.connection_context():
            self.after = tell_of_expiry(letterhead=letterhead, now=now, after=self.after)
        return self.after is not None


def deliver_round(end: "End") -> outbox.Delivered:
    if not current_app.config["MAIL_SERVER"]:
        return outbox.Delivered()
    with database.connection_context(), Postman() as send:
        done = outbox.deliver(end.in_hand(send), now=clock.now(), stopping=lambda: end.asked)
    if done.sent or done.failed:
        log.info("Mail: %d sent, %d failed, %d given up", done.sent, done.failed, done.given_up)
    return done


class End:
    """Whether the worker was told to end. The mail in hand has a few seconds left then."""

    def __init__(self) -> None:
        self.asked = self.sending = False

    def ask(self, number: int, frame: FrameType | None) -> None:
        if not self.asked:
            signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)
        self.asked = True

    def in_hand(self, send: Callable[[Mail], None]) -> Callable[[Mail], None]:
        def sending(mail: Mail) -> None:
            self.sending = True
            try:
                send(mail)
            finally:
                self.sending = False

        return sending

    def cut(self, number: int, frame: FrameType | None) -> None:
        # Only out of the talk with the server: the marking of what was sent is never cut.
        if self.sending:
            raise TimeoutError("told to end")


@contextmanager
def ending() -> Iterator[End]:
    """While this is open, SIGTERM and Ctrl-C ask for the end instead of ending at once."""
    end = End()
    handlers = {signal.SIGTERM: end.ask, signal.SIGINT: end.ask, signal.SIGALRM: end.cut}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield end
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def rest(end: End) -> None:
    """Idle, in steps: a signal does not cut a sleep short."""
    until = time.monotonic() + IDLE_SECONDS
    while not end.asked and time.monotonic() < until:
        time.sleep(0.1)
