"""The migrations make what the models say, once, however many start at the same time; and can be taken back."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

from tests import schema
from tests.actions.told import wish
from tests.cast import NOW, ask
from tests.rules.order import MAY_REPEAT, ORDER
from tests.servers import TOP
from tracker.actions.changes import SYSTEM, record
from tracker.actions.companies import make_company
from tracker.db import MIGRATIONS, connect_to, database, is_postgresql, migrate, pending
from tracker.models import TABLES, Capacity, Change, CompanyName, Contractor, Inspection, InspectionType
from tracker.queries.city import inspection_types

NAMES = sorted(file.stem for file in MIGRATIONS.glob("0*.py"))
START = "import sys; from tracker.db import connect_to, migrate; connect_to(sys.argv[1]); print(*migrate())"


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
