"""A copy made while people work is one moment of the city, and brings all of it back."""

import json
import stat
import threading
import urllib.request

import pytest

from tests.actions.told import wish
from tests.cast import NOW, ask
from tests.servers import gunicorn_server
from tracker.actions.changes import SYSTEM, record, tell_everybody
from tracker.actions.companies import make_company
from tracker.backups import sqlite
from tracker.db import database, is_postgresql
from tracker.models import Change, CompanyName, Contractor, Edition, Inspection, Mail, Request


@pytest.fixture
def kept(run, danas_permit, dana, tmp_path):
    """A backup of the city with one request of Dana's."""
    ask(dana, danas_permit, wish("WH"))
    assert run("backup", tmp_path / "kept").exit_code == 0
    return tmp_path / "kept"


def without_versions(tables):
    """The numbers are left out that rise with each change, of a company and of the city."""
    tables = {name: found for name, found in tables.items() if name != "edition"}
    return tables | {"contractor": sorted(Contractor.select(Contractor.id, Contractor.company_name).tuples())}


def add_company(number):
    """In one transaction a company, its name, and the line of it in the record of changes."""
    with database.atomic():
        record(SYSTEM, "renamed", make_company(f"Company {number}", phone="512-555-0170"), now=NOW)


def test_what_was_kept_comes_back_row_by_row(run, rows, kept, dana):
    before = without_versions(rows())
    Mail.delete().execute()
    Inspection.update(status="cancelled").execute()
    add_company("that came later")
    said = run("restore", kept, "--replace")
    assert (said.exit_code, said.stdout.splitlines()[-1]) == (0, f"The database is as {kept} has it.")
    after = without_versions(rows())
    assert after.keys() == before.keys()
    for table in before:
        assert after[table] == before[table], table


def test_into_a_database_that_is_empty(run, rows, kept, app):
    before = without_versions(rows())
    drop_everything()
    assert run("restore", kept).exit_code == 0
    assert without_versions(rows()) == before


def drop_everything():
    with database.connection_context():
        if is_postgresql():
            database.execute_sql("DROP SCHEMA public CASCADE")
            database.execute_sql("CREATE SCHEMA public")
            return
        path = database.obj.database
    database.obj.close_all()
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def test_it_is_for_its_owner_alone_and_replaces_an_older_one_whole(run, kept):
    first = kept.read_bytes()
    add_company("the second")
    said = run("backup", kept)
    assert said.stdout.splitlines()[-1] == f"{kept.stat().st_size:,} bytes written to {kept}"
    assert kept.read_bytes() != first and stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [file.name for file in kept.parent.iterdir() if "kept" in file.name] == ["kept"]


def test_no_row_is_without_those_that_were_written_with_it(run, tmp_path, monkeypatch):
    """Copied a page at a time, while companies come in one after the other."""
    monkeypatch.setattr(sqlite, "PAGES", 1)
    done, over, begun = [], threading.Event(), threading.Event()

    def work():
        with database.connection_context():
            while not over.is_set():
                add_company(len(done))
                done.append(1)
                if len(done) == 10:
                    begun.set()

    worker = threading.Thread(target=work)
    worker.start()
    begun.wait(20)
    confirmed = len(done)
    said = run("backup", tmp_path / "busy")
    later = len(done)
    over.set()
    worker.join()
    assert said.exit_code == 0, said.output
    assert run("restore", tmp_path / "busy", "--replace").exit_code == 0
    with database.connection_context():
        assert confirmed <= Contractor.select().count() <= later + 1 < len(done) + 2
        ids = set(Contractor.select(Contractor.id).tuples())
        assert set(CompanyName.select(CompanyName.contractor).tuples()) == ids
        assert set(Change.select(Change.subject_id).where(Change.verb == "renamed").tuples()) == ids


def test_a_write_in_the_middle_of_the_copy_is_not_in_it(app, run, tmp_path, monkeypatch):
    if is_postgresql():
        pytest.skip("pg_dump sees to it")
    monkeypatch.setattr(sqlite, "PAGES", 1)
    copied = []

    def tell(done, total):
        copied.append(done)
        assert len(copied) < 500, "the copy began anew"
        if len(copied) == 3:
            add_company("in the middle")

    add_company("from before")
    (tmp_path / "copy").touch()
    sqlite.copy(tmp_path / "copy", tell=tell)
    assert run("restore", tmp_path / "copy", "--replace").exit_code == 0
    assert [row.company_name for row in Contractor.select()] == ["Company from before"]


def test_a_phone_that_saw_a_later_state_is_told_of_the_change(run, kept, dana, browse):
    seen = Contractor.get().version
    Contractor.update(version=seen + 40).execute()
    run("restore", kept, "--replace")
    assert Contractor.get().version > seen + 40


def test_what_a_server_rendered_before_is_not_shown_again(run, kept, app):
    before = Edition.get().number
    run("restore", kept, "--replace")
    once = Edition.get().number
    run("restore", kept, "--replace")
    assert len({before, once, Edition.get().number}) == 3


def test_changes_after_a_restore_have_other_numbers_than_those_before(app, db):
    def after(number):
        Edition.update(number=number).execute()
        tell_everybody()
        return Edition.get().number

    found = {after(7) for _ in range(5)}
    assert len(found) > 1 and min(found) > 7


def test_a_mail_that_waited_waits_again_as_the_same_mail(run, kept):
    waiting = set(Mail.select(Mail.message_id, Mail.due_at).tuples())
    Mail.update(sent_at=NOW, due_at=None).execute()
    run("restore", kept, "--replace")
    assert waiting and set(Mail.select(Mail.message_id, Mail.due_at).tuples()) == waiting


def test_a_server_that_is_running_goes_on_with_what_came_back(run, kept, db):
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with gunicorn_server({"DATABASE_URL": db, "SECRET_KEY": "k" * 32}, ready_within=60) as server:

        def found():
            """Asked so often that a connection would keep its way to ask."""
            said = {straight.open(f"{server.url}/companies?company=company").read() for _ in range(12)}
            return b"Company that came later" in said.pop() and not said

        add_company("that came later")
        assert found()
        assert run("restore", kept, "--replace").exit_code == 0
        assert not found()
        assert json.load(straight.open(f"{server.url}/readyz"))["migrations_pending"] == []
        assert server.said() == ""


def test_what_was_asked_for_after_the_backup_is_gone_and_can_be_asked_for_again(run, dana, danas_permit, tmp_path):
    run("backup", tmp_path / "kept")
    ask(dana, danas_permit, wish("WH"), key="the form")
    run("restore", tmp_path / "kept", "--replace")
    assert Request.select().count() == 0
    ask(dana, danas_permit, wish("WH"), key="the form")
    assert Inspection.select().count() == 1
