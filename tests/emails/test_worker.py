"""The worker as a process of its own: ended, killed, doubled, and without a database for a while."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.emails.given import NOW, again, waiting_mail
from tests.servers import smtp_sink
from tracker import outbox
from tracker.db import database, is_postgresql
from tracker.models import Mail

TOP = Path(__file__).resolve().parents[2]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "deliver"]
DIES_BEFORE_MARKING = """
import os, signal, tracker
from tracker import clock, outbox
from tracker.cli.postman import Postman
from tracker.db import database

def send(mail):
    post(mail)
    os.kill(os.getpid(), signal.SIGKILL)

with tracker.create_app().app_context(), Postman() as post, database.connection_context():
    outbox.deliver(send, now=clock.now())
"""


@pytest.fixture
def worker(app, db):
    """worker(sink, *arguments) starts a process on the test's database, and ends it afterwards."""
    running = []

    def start(sink=None, *arguments, command=FLASK):
        named = {"MAIL_SERVER": sink.host, "MAIL_PORT": str(sink.port)} if sink else {"MAIL_SERVER": ""}
        named |= {"DATABASE_URL": str(app.config["DATABASE_URL"]), "MAIL_USE_TLS": "0"}
        named |= {"SECRET_KEY": "k" * 32}
        process = subprocess.Popen(
            [*command, *arguments], cwd=TOP, env={**os.environ, **named}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def due_now(**fields):
    now = datetime.now(UTC)
    return waiting_mail(created_at=now, due_at=now, **fields)


def wait_for(what, seconds=20):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)
    return found


def told_to_end(process, number=signal.SIGTERM, within=5.0):
    """Ends with 0, in time, without a traceback; returns what it wrote to stderr."""
    process.send_signal(number)
    _, errors = process.communicate(timeout=within)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    return errors


@pytest.mark.usefixtures("db")
def test_a_second_worker_in_the_middle_of_a_round_takes_the_rest():
    for _ in range(5):
        waiting_mail()
    first, second = [], []

    def send(mail):
        first.append(mail.id)
        outbox.deliver(lambda mail: second.append(mail.id), now=NOW)

    outbox.deliver(send, now=NOW)
    assert (len(first), len(second)) == (1, 4)
    assert len({*first, *second}) == 5


def test_three_workers_at_once_send_each_mail_once(worker):
    sent = {due_now().message_id for _ in range(60)}
    with smtp_sink() as sink:
        workers = [worker(sink, "--once") for _ in range(3)]
        for process in workers:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors
        arrived = [message["Message-ID"].strip("<").split("@")[0] for message in sink.messages]
    assert sorted(arrived) == sorted(sent)
    assert Mail.select().where(Mail.sent_at.is_null()).count() == 0


def test_killed_between_sending_and_marking_it_is_sent_again_with_the_same_message_id(worker):
    mail = due_now()
    with smtp_sink() as sink:
        dies = worker(sink, command=[sys.executable, "-c", DIES_BEFORE_MARKING])
        assert dies.wait(30) == -signal.SIGKILL
        assert len(sink.messages) == 1
        assert worker(sink, "--once").wait(30) == 0
        assert len(sink.messages) == 1, "another worker took a mail during its lease"
        assert again(mail).due_at - mail.due_at < timedelta(minutes=5)
        Mail.update(due_at=datetime.now(UTC)).execute()  # the lease is over
        assert worker(sink, "--once").wait(30) == 0
        assert worker(sink, "--once").wait(30) == 0
    assert again(mail).sent_at
    first, second = sink.messages
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_delivers_what_comes_in_and_ends_when_told(worker, number):
    with smtp_sink() as sink:
        process = worker(sink)
        for arrived in (1, 2):
            mail = due_now()
            wait_for(lambda arrived=arrived: len(sink.messages) == arrived)
            wait_for(lambda mail=mail: again(mail).sent_at)
        told_to_end(process, number)


def test_told_to_end_it_finishes_the_mail_in_hand_and_leaves_the_next(worker):
    first = due_now()
    due_now()
    with smtp_sink(fault="slow", delay=2) as sink:
        process = worker(sink)
        wait_for(lambda: again(first).due_at != first.due_at)
        told_to_end(process)
        assert len(sink.messages) == 1
    assert again(first).sent_at
    assert Mail.select().where(Mail.sent_at.is_null(), Mail.tries == 0).count() == 1


def test_a_server_that_hangs_does_not_keep_it_from_ending(worker):
    mail = due_now()
    with smtp_sink(fault="slow", delay=40) as sink:
        process = worker(sink)
        wait_for(lambda: again(mail).due_at != mail.due_at)
        told_to_end(process, within=12)
    assert again(mail).tries == 1
    assert again(mail).due_at


def test_without_a_mail_server_it_says_so_once_and_mail_waits(worker):
    mail = due_now()
    process = worker()
    time.sleep(4)
    assert process.poll() is None
    assert told_to_end(process).count("No mail server is set") == 1
    assert worker(None, "--once").wait(30) == 0
    assert again(mail).tries == 0


def test_once_without_a_server_that_answers_fails_in_words(worker):
    due_now()
    with smtp_sink() as sink:
        pass
    process = worker(sink, "--once")
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Mail waits: ConnectionRefusedError" in errors
    assert "Traceback" not in errors


def test_a_database_that_is_away_for_a_while_is_waited_for(worker):
    with smtp_sink() as sink:
        process = worker(sink)
        due_now()
        wait_for(lambda: Mail.select().where(Mail.sent_at.is_null(False)).count())
        database.execute_sql("ALTER TABLE mail RENAME TO mail_away")
        if is_postgresql():
            database.execute_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        time.sleep(4)
        assert process.poll() is None
        database.execute_sql("ALTER TABLE mail_away RENAME TO mail")
        mail = due_now()
        wait_for(lambda: again(mail).sent_at)
        assert told_to_end(process).count("The database does not answer") in (1, 2)
    assert len(sink.messages) == 2
