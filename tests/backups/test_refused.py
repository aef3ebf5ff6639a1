"""A backup or a restore that can't be done says why in one sentence, and leaves everything as it was."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest
from peewee import sqlite3
from playhouse.migrations import Runner

from tests.actions.told import wish
from tests.cast import ask
from tests.servers import TOP
from tracker.backups import postgresql, sqlite
from tracker.db import MIGRATIONS, database, is_postgresql, migrate, pending
from tracker.models import Contractor, Request

LAST = sorted(file.stem for file in MIGRATIONS.glob("[0-9]*.py"))[-1]
DISK_OF_20_KB = """
import resource, sys
from pathlib import Path
from tracker.backups import BackupProblem, back_up
from tracker.db import connect_to
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
connect_to(sys.argv[1])
try:
    back_up(Path(sys.argv[2]), url=sys.argv[1], tell=lambda done, total: None)
except BackupProblem as no:
    print(no)
"""
DIES_HALF_WAY = """
import os, signal, sys
from pathlib import Path
from tracker import backups
from tracker.backups import postgresql, sqlite
from tracker.db import connect_to

def tell(done, total):
    if done > total / 2:
        os.kill(os.getpid(), signal.SIGKILL)

sqlite.PAGES = 1
postgresql.shutil.copyfileobj = lambda source, to: (to.write(source.read(60_000)), to.flush(), tell(2, 1))
connect_to(sys.argv[1])
backups.restore(Path(sys.argv[2]), url=sys.argv[1], tell=tell)
"""
PSQL_GOES_ON = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'psql'"
BREAKS_OFF = """#!/bin/sh
case "$*" in *--no-owner*) {real} "$@" | sed '/^COPY public.contractor /,$d'; exit 1;; esac
exec {real} "$@"
"""


@pytest.fixture
def kept(run, dana, tmp_path):
    """A backup of a city that knows Dana and nothing else."""
    assert run("backup", tmp_path / "kept").exit_code == 0
    return tmp_path / "kept"


def refused(said) -> str:
    assert said.exit_code == 1 and said.stderr.splitlines()[-1].startswith("Error: "), said.output
    assert "Traceback" not in said.output
    return said.stderr.splitlines()[-1].removeprefix("Error: ")


def test_what_is_in_use_is_not_replaced_without_being_told_to(run, kept, rows, danas_permit):
    before = rows()
    assert refused(run("restore", kept)).startswith("The database holds data, all of which would be lost.")
    assert rows() == before


def test_half_a_backup_is_refused(run, kept, rows):
    before = rows()
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size * 2 // 3])
    assert str(kept) in (said := refused(run("restore", kept, "--replace"))) or "refuses" in said or "damaged" in said
    assert rows() == before


@pytest.mark.parametrize("content", [b"", b"number,status\n1,issued\n"])
def test_what_is_no_backup_is_refused(run, dana, tmp_path, rows, content):
    before = rows()
    (tmp_path / "permits.csv").write_bytes(content)
    refused(run("restore", tmp_path / "permits.csv", "--replace"))
    refused(run("restore", tmp_path / "nowhere", "--replace"))
    assert rows() == before


def test_a_backup_goes_into_no_other_file(run, dana, tmp_path):
    (tmp_path / "permits.csv").write_text("number,status")
    assert "is there and is no backup" in refused(run("backup", tmp_path / "permits.csv"))
    assert "is no folder" in refused(run("backup", tmp_path / "nowhere" / "kept"))
    assert (tmp_path / "permits.csv").read_text() == "number,status"


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
def test_the_database_is_not_written_over_itself(run, dana, end):
    if is_postgresql():
        pytest.skip("it is no file")
    assert "is the database itself" in refused(run("backup", f"{database.obj.database}{end}"))
    assert Contractor.select().count() == 1


def test_of_a_newer_program_it_is_refused(run, dana, tmp_path, rows):
    mark = "INSERT INTO schema_migration (name, applied) VALUES ('9001_later', '2031-01-01')"
    database.execute_sql(mark)
    assert run("backup", tmp_path / "newer").exit_code == 0
    database.execute_sql("DELETE FROM schema_migration WHERE name = '9001_later'")
    before = rows()
    assert "was made by a newer version of this program, which brought 9001_later." in refused(
        run("restore", tmp_path / "newer", "--replace")
    )
    assert rows() == before


def test_of_an_older_program_it_is_brought_up_to_date(run, dana, tmp_path):
    database.close()
    with database.connection_context():
        Runner(database.obj, str(MIGRATIONS)).down(LAST)
    assert run("backup", tmp_path / "older").exit_code == 0
    migrate()
    said = run("restore", tmp_path / "older", "--replace")
    assert said.exit_code == 0 and f"applied {LAST}" in said.stdout, said.output
    assert pending() == [] and Contractor.select().count() == 1


def test_a_full_disk_leaves_the_older_backup_and_nothing_else(db, kept):
    before = kept.read_bytes()
    said = subprocess.run([sys.executable, "-c", DISK_OF_20_KB, db, str(kept)], cwd=TOP, capture_output=True, text=True)
    assert said.returncode == 0 and said.stdout.strip(), said.stderr
    assert kept.read_bytes() == before
    assert [file.name for file in kept.parent.iterdir() if "kept" in file.name] == ["kept"]


def test_a_backup_in_which_rows_are_missing_is_refused(run, kept, rows):
    if is_postgresql():
        pytest.skip("its foreign keys are made after the rows, and refuse")
    before = rows()
    with closing(sqlite3.connect(kept)) as damaged, damaged:
        damaged.execute("DELETE FROM contractor")
    assert "kept is damaged: a row of " in refused(run("restore", kept, "--replace"))
    assert rows() == before


def test_broken_off_in_the_middle_of_the_rows_nothing_is_changed(run, kept, rows, tmp_path, monkeypatch):
    if not is_postgresql():
        pytest.skip("SQLite reads the file itself")
    before, real = rows(), postgresql.shutil.which
    breaks = tmp_path / "pg_restore"
    breaks.write_text(BREAKS_OFF.format(real=real("pg_restore")))
    breaks.chmod(0o755)
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: str(breaks) if name == breaks.name else real(name))
    assert "everything is as it was" in refused(run("restore", kept, "--replace"))
    assert rows() == before


def test_killed_half_way_a_restore_has_changed_nothing(db, kept, dana, danas_permit, rows):
    ask(dana, danas_permit, wish("WH"))
    before = rows()
    database.close()
    said = subprocess.run([sys.executable, "-c", DIES_HALF_WAY, db, str(kept)], cwd=TOP, capture_output=True)
    assert said.returncode == -signal.SIGKILL, said.stderr
    while is_postgresql() and database.execute_sql(PSQL_GOES_ON).fetchone():
        time.sleep(0.05)
    assert rows() == before and Request.select().count() == 1


def test_the_password_is_in_no_list_of_processes():
    url = "postgresql://tracker:a%40b@db.example:5433/permits?sslmode=require"
    assert postgresql._address(url) == "postgresql://tracker@db.example:5433/permits?sslmode=require"
    assert postgresql._environment(url)["PGPASSWORD"] == "a@b"
    assert "PGPASSWORD" not in postgresql._environment("postgresql://tracker@db.example/permits")


def test_without_postgresqls_programs_it_says_which_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(postgresql.shutil, "which", lambda name: None)
    with pytest.raises(postgresql.BackupProblem, match="pg_dump is not on this machine: install"):
        postgresql.dump(tmp_path / "kept", url="postgresql://tracker@db.example/permits")
    assert os.listdir(tmp_path) == [] and sqlite.PAGES == 2_000
