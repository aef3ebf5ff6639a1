"""The database is held by somebody else, or has no room: what the user reads, and that nothing is half done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from peewee import OperationalError

from tests.faults.held import held_for
from tests.page import Page
from tracker.db import database, is_postgresql
from tracker.models import Change, DayLoad, Inspection, Mail, Request

AWAY = "The city's records do not answer right now."


def lose_patience() -> None:
    """From now on whoever waits for a lock on this thread's connections gives up after 0.3 s instead of 10."""
    if is_postgresql():
        database.connect(reuse_if_open=True)
        database.execute_sql("SET lock_timeout = 300")
    else:
        database.obj.pragma("busy_timeout", 300, permanent=True)


def written() -> list[int]:
    return [model.select().count() for model in (Request, Inspection, Change, Mail, DayLoad)]


def read_503(answer: Page) -> None:
    assert answer.words("h1") == [AWAY] and answer.headers["Retry-After"] == "60"
    assert "Wait a minute, look at your own page, and send it again if it is not there." in answer.text


def test_held_for_four_seconds_the_request_waits_and_is_booked(danas_form, db):
    browsing, address, fields = danas_form
    with held_for(4, db):
        began = time.monotonic()
        browsing.post(address, fields)
        assert time.monotonic() - began > 3
    assert written()[:2] == [1, 1]


def test_while_somebody_writes_for_long_pages_can_be_read(danas_form, db):
    browsing, address, _fields = danas_form
    with held_for(30, db):
        began = time.monotonic()
        for path in ("/dashboard", address):
            browsing.get(path)
        assert time.monotonic() - began < 10


def test_held_for_longer_than_anybody_waits_nothing_is_half_done(danas_form, db):
    browsing, address, fields = danas_form
    before = written()
    lose_patience()
    with held_for(30, db):
        read_503(browsing.post(address, fields, 503))
    assert written() == before
    browsing.post(address, fields)
    assert written()[:2] == [1, 1]


@contextmanager
def no_room(url: str) -> Iterator[None]:
    """No page can be added any more; on PostgreSQL, whose pages are its own affair, it says so in its words."""
    if not is_postgresql():
        database.connect(reuse_if_open=True)
        database.execute_sql("CREATE TABLE ballast (filling BLOB)")
        [(pages,)] = database.execute_sql("PRAGMA page_count").fetchall()
        database.obj.pragma("max_page_count", pages, permanent=True)
        # What is left in half-filled pages is used up.
        with pytest.raises(Exception, match="full"):
            while True:
                database.execute_sql("INSERT INTO ballast VALUES (zeroblob(400))")
        yield
        database.execute_sql("DROP TABLE ballast")
        database.obj.pragma("max_page_count", 1_000_000, permanent=True)
        return
    with psycopg.connect(url, autocommit=True) as clerk:
        clerk.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        clerk.execute("CREATE TRIGGER no_room BEFORE INSERT ON mail EXECUTE FUNCTION no_room()")
        yield
        clerk.execute("DROP FUNCTION no_room CASCADE")


def test_a_full_disk_refuses_in_words_and_what_is_there_can_be_read(danas_form, db):
    browsing, address, fields = danas_form
    before = written()
    with no_room(db):
        read_503(browsing.post(address, {**fields, "remarks": "x" * 900}, 503))
        assert written() == before
        browsing.get("/dashboard")
        assert browsing.client.get("/readyz").status_code == 200
    browsing.post(address, {**fields, "remarks": "x" * 900})
    assert written()[:2] == [1, 1] and browsing.get("/dashboard").words(".said")


def test_a_confirmation_waits_for_the_page_that_was_asked_for(danas_form, db, monkeypatch):
    """It is not spent on a page that says that the records do not answer."""
    browsing, address, fields = danas_form
    browsing.post(address, fields)
    with monkeypatch.context() as patch:
        patch.setitem(browsing.client.application.view_functions, "contractor.dashboard", away)
        read_503(browsing.get("/dashboard", 503))
    assert f"No. {Request.get().id}." in " ".join(browsing.get("/dashboard").words(".said"))


def away() -> None:
    raise OperationalError("server closed the connection unexpectedly")
