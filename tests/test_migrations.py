"""The migrations make what the models say, once, however many start at the same time; and can be taken back."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from tests import schema
from tests.actions.told import wish
from tests.cast import CHICAGO, NOW, ask, desk
from tests.rules.order import MAY_REPEAT, ORDER
from tests.servers import TOP, gunicorn_server
from tracker.actions.changes import SYSTEM, record
from tracker.actions.companies import make_company
from tracker.actions.tallies import recount
from tracker.cli.demo_city import build
from tracker.db import MIGRATIONS, connect_to, database, is_postgresql, migrate, pending
from tracker.models import TABLES, Capacity, Change, CompanyName, Contractor, Inspection, InspectionType
from tracker.queries.city import inspection_types

NAMES = sorted(file.stem for file in MIGRATIONS.glob("0*.py"))
START = "import sys; from tracker.db import connect_to, migrate; connect_to(sys.argv[1]); print(*migrate())"

START_IN = "from tracker import db; db.MIGRATIONS = '{folder}'; " + START
HALF_WAY = """
import os, signal, sys

def up(migrator, db):
    db.execute_sql("CREATE TABLE more (id INTEGER)")
    for table in ("company_start", "company_name", "contractor"):
        db.execute_sql(f"DELETE FROM {table}")
    print("half way", flush=True)
    if "die" in sys.argv:
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def empty(db, tmp_path) -> Iterator[str]:
    """The URL of a database without any table; the models point at it."""
    if not is_postgresql():
        database.obj.close_all()
        db = f"sqlite:///{tmp_path / 'empty.db'}"
        connect_to(db)
    else:
        database.execute_sql("DROP SCHEMA public CASCADE")
        database.execute_sql("CREATE SCHEMA public")
        database.close()
    yield db
    database.obj.close_all()


def go_back(target: str = NAMES[0]) -> list[str]:
    with database.connection_context():
        return Runner(database.obj, str(MIGRATIONS)).down(target)


def test_what_the_migrations_make_is_what_the_models_say(empty):
    database.create_tables(TABLES)
    wanted = schema.of_all_tables()
    database.drop_tables(TABLES)
    database.close()
    migrate()
    made = schema.of_all_tables()
    del made["schema_migration"]
    assert made.keys() == wanted.keys()
    for table in wanted:
        assert made[table] == wanted[table], table


def test_the_database_tells_enough_for_that_to_mean_something(db):
    inspection = schema.of_all_tables()["inspection"]
    assert inspection.columns["day"].null is False and inspection.columns["closed_on"].null is True
    assert inspection.columns["status"].type.lower() in ("varchar(20)", "character varying(20)")
    assert (("permit_id", "open_type"), True) in inspection.indexes
    assert ("inspection_type_id", "inspection_type", "id", "NO ACTION") in inspection.foreign_keys
    assert any("declined" in check for check in inspection.checks) and len(inspection.checks) == 4


def test_the_default_city_has_the_order_of_the_citys_table(db):
    there = {
        code: (one.trade, " ".join(sorted(need.code + "!" * need.by_request for need in one.needs)))
        for code, one in inspection_types().items()
    }
    wanted = {code: (trade, " ".join(sorted(needs.split()))) for code, (trade, needs) in ORDER.items()}
    assert there == wanted and list(there) == list(wanted)
    assert [code for code, one in inspection_types().items() if one.may_repeat] == list(MAY_REPEAT)
    assert [code for code, one in inspection_types().items() if one.is_final] == ["FINAL"]
    assert [code for code, one in inspection_types().items() if one.needs_caller] == ["IRRIG"]


def test_several_processes_at_once_apply_each_migration_once(empty):
    started = [
        subprocess.Popen([sys.executable, "-c", START, empty], cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=60) for process in started]
    assert [process.returncode for process in started] == [0] * 4, said
    assert sorted(name for out, _ in said for name in out.decode().split()) == NAMES
    assert pending() == [] and InspectionType.select().count() == len(ORDER)


def test_down_to_nothing_and_up_again_with_data_in_it(empty):
    migrate()
    company = make_company("Lone Star Plumbing", phone="512-555-0170")
    record(SYSTEM, "renamed", company, now=NOW)
    database.close()
    assert go_back() == NAMES[::-1]
    assert set(schema.of_all_tables()) == {"schema_migration"}
    database.close()
    assert migrate() == NAMES
    assert not any(table.select().exists() for table in (Contractor, CompanyName, Change))
    assert len(inspection_types()) == len(ORDER)


def test_the_default_city_is_not_taken_from_under_inspections(dana, danas_permit):
    ask(dana, danas_permit, wish("WH"))
    database.close()
    with pytest.raises(RuntimeError):
        go_back("0002_default_city")
    assert "0002_default_city" not in pending()
    assert Inspection.select().count() == 1 and len(inspection_types()) == len(ORDER)


def test_an_inspection_was_asked_for_here_or_brought_and_what_was_brought_stays(dana, danas_permit):
    ask(dana, danas_permit, wish("WH"))
    for wrong in ({"request": None}, {"source_key": "#1"}):
        with pytest.raises(IntegrityError), database.atomic():
            Inspection.update(wrong).execute()
    Inspection.update(request=None, contractor=None, requested_at=None, source_key="#1").execute()
    database.close()
    with pytest.raises(RuntimeError):
        go_back("0008_history")
    assert "0008_history" not in pending() and Inspection.get().source_key == "#1"


def test_of_two_limits_for_the_same_the_first_stays(empty):
    migrate()
    go_back("0003_one_limit_each")
    with database.connection_context():
        rows = [(None, None, 40), (None, None, 50), (2, "plumbing", 5), (2, "plumbing", 6)]
        rows += [(2, None, 30), (None, "plumbing", 7)]
        for weekday, trade, places in rows:
            Capacity.create(weekday=weekday, trade=trade, places=places)
    migrate()
    with database.connection_context():
        assert {row.places for row in Capacity.select()} == {40, 5, 30, 7}
        for weekday, trade, _places in rows:
            with pytest.raises(IntegrityError), database.atomic():
                Capacity.create(weekday=weekday, trade=trade, places=1)


def test_step_by_step_down_and_up_a_city_at_work_keeps_its_rows(app, at_work):
    """Back to before each migration but the first two, and up again: what is kept is row by row what it was."""
    begun = at_work()
    for name in reversed(NAMES[2:]):
        database.close()
        assert go_back(name)[-1] == name
        without = at_work()
        database.close()
        assert migrate()[0] == name
        again = at_work()
        assert shared(again, without) == shared(without, again) == shared(begun, without), name
        assert set(again) == set(begun), name
    recount(CHICAGO)
    assert at_work()["tally"] == begun["tally"]


@pytest.fixture
def at_work(app):
    """`at_work()` → table → its columns and rows: of the demo city, which has seen all kinds of work."""
    with database.connection_context():
        build(desk(), now=NOW)
        recount(CHICAGO)

    def rows() -> dict[str, tuple[list[str], list[tuple]]]:
        with database.connection_context():
            names = [name for name in database.get_tables() if name not in ("schema_migration", "uncounted")]
            return {name: all_of(name) for name in names}

    return rows


def all_of(table: str) -> tuple[list[str], list[tuple]]:
    """Columns by name and rows by id, tallies without the id that counting them anew gives."""
    columns = sorted(column.name for column in database.get_columns(table))
    columns = [name for name in columns if (table, name) != ("tally", "id")]
    found = database.execute_sql(f'SELECT {", ".join(chr(34) + name + chr(34) for name in columns)} FROM "{table}"')
    return columns, sorted(found.fetchall(), key=repr)


def shared(one: dict, other: dict) -> dict:
    """Of `one`, the tables and columns that `other` has too."""
    found = {}
    for table in one.keys() & other.keys():
        kept = [n for n, name in enumerate(one[table][0]) if name in other[table][0]]
        found[table] = sorted([tuple(row[n] for n in kept) for row in one[table][1]], key=repr)
    return found


def test_killed_in_the_middle_of_a_migration_the_next_upgrade_finishes(db, tmp_path):
    """It has made a table and emptied another by then: none of it is left."""
    folder = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    (folder / "9001_more.py").write_text(HALF_WAY)
    company = make_company("Lone Star Plumbing", phone="512-555-0170")
    database.close()
    command = [sys.executable, "-c", START_IN.format(folder=folder), db]
    dies = subprocess.Popen([*command, "die"], cwd=TOP, stdout=subprocess.PIPE, text=True)
    assert dies.communicate(timeout=60)[0].split() == ["half", "way"] and dies.returncode == -signal.SIGKILL
    assert "more" not in schema.of_all_tables() and Contractor.get().id == company.id
    database.close()
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["half", "way", "9001_more"], done.stderr
    assert "more" in schema.of_all_tables() and Contractor.select().count() == 0


def test_a_newer_database_is_told_as_such(app, db):
    database.execute_sql("INSERT INTO schema_migration (name, applied) VALUES ('9001_later', '2031-01-01')")
    said = app.test_client().get("/readyz")
    sentence = "The database is newer than this program: it has 9001_later."
    assert (said.status_code, said.json["migrations_unknown"]) == (503, ["9001_later"])
    assert said.json["problem"].startswith(sentence) and app.test_client().get("/healthz").status_code == 200
    database.close()
    for command in ("status", "upgrade"):
        run = app.test_cli_runner().invoke(args=["db", command])
        assert run.exit_code == 1 and run.stderr.startswith(f"Error: {sentence}")


def test_an_older_database_is_told_as_such_whatever_it_lacks(app, db):
    database.close()
    gone = go_back("0005_fees_mail_changes")
    said = app.test_client().get("/readyz")
    assert (said.status_code, said.json["migrations_pending"]) == (503, gone[::-1])
    assert said.json["problem"].startswith("The database is older than this program: it lacks 0005_fees_mail_changes, ")
    database.close()
    with gunicorn_server({"DATABASE_URL": db, "SECRET_KEY": "k" * 32}, workers=1, ready_within=60) as server:
        wait_until(lambda: said.json["problem"] in server.said())


def wait_until(true, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def test_a_second_upgrade_has_nothing_to_do(db):
    assert migrate() == [] and pending() == []


def test_db_status_says_where_the_schema_stands(app):
    run = app.test_cli_runner()
    fine = run.invoke(args=["db", "status"])
    assert (fine.exit_code, fine.output) == (0, "The schema is up to date.\n")
    last = go_back(NAMES[-1])
    behind = run.invoke(args=["db", "status"])
    assert (behind.exit_code, behind.output.split()) == (1, ["missing", *last])
    assert run.invoke(args=["db", "upgrade"]).output == f"applied {last[0]}\nThe schema is up to date.\n"
    assert run.invoke(args=["db", "status"]).exit_code == 0


def test_db_status_of_an_empty_database_lists_all_and_makes_nothing(app, empty):
    behind = app.test_cli_runner().invoke(args=["db", "status"])
    assert (behind.exit_code, behind.output.split()) == (1, [word for name in NAMES for word in ("missing", name)])
    assert schema.of_all_tables() == {}
