"""What a city of any size is asked for all the time is found by an index, in the order in which it is shown."""

import pytest

from tracker.db import database, is_postgresql
from tracker.queries import queue, records


@pytest.fixture
def plan_of(db):
    """`plan_of(statement, *values)` → what the database will do; PostgreSQL would rather read a few rows whole."""

    def plan(statement, *values) -> str:
        prepared = statement._here()
        given = dict(zip(statement.names, values, strict=True))
        values = [getattr(one, "of", lambda _given, one=one: one)(given) for one in prepared.places]
        explain = "EXPLAIN " if is_postgresql() else "EXPLAIN QUERY PLAN "
        return "\n".join(str(row[-1]) for row in database.execute_sql(explain + prepared.text, values).fetchall())

    with database.connection_context():
        if is_postgresql():
            database.execute_sql("SET enable_seqscan = off")
            database.execute_sql("SET enable_bitmapscan = off")
        yield plan
        if is_postgresql():
            database.execute_sql("RESET ALL")


@pytest.mark.parametrize(
    "statement, values, index",
    [
        (queue._first_page, (51,), "inspection_open"),
        (queue._how_many_open, (), "inspection_open"),
        (queue._open_days, (), "inspection_open"),
        (records._numbers_between, ("bp-1", "bp-1\U0010ffff"), "permit_permit_num_lower"),
        (records._addresses_between, ("15 q", "15 q\U0010ffff"), "permit_original_address1_lower"),
    ],
)
def test_it_is_found_by_its_index_and_not_sorted(plan_of, statement, values, index):
    if statement is queue._first_page and is_postgresql():
        pytest.skip("of an empty table PostgreSQL takes whatever index there is")
    plan = plan_of(statement, *values)
    assert index in plan and "TEMP B-TREE" not in plan and "Sort" not in plan, plan


def test_no_statement_is_compiled_first(db):
    """In a city of a million permits that would take many times as long as a search itself."""
    if not is_postgresql():
        pytest.skip("SQLite compiles none")
    with database.connection_context():
        assert database.execute_sql("SHOW jit").fetchall() == [("off",)]
