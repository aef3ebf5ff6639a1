"""A dry run is the run itself, on copies: temporary tables that hide the real ones from this one connection.

So its summary is the real one's by construction, nobody else waits, and nothing is left of it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from peewee import Model

from tracker.db import database, is_postgresql
from tracker.models import (
    Change,
    CompanyName,
    CompanyStart,
    Contractor,
    Inspection,
    InspectionResult,
    Permit,
    PermitContractor,
    PossibleMatch,
)

# Every table that an import writes to: one that is missing here is written to by its dry run.
BY_PERMITS = (Contractor, CompanyName, CompanyStart, PossibleMatch, Permit, PermitContractor, Change)
BY_HISTORY = (Contractor, Permit, Inspection, InspectionResult, Change)


@contextmanager
def rehearsal(written: Sequence[type[Model]]) -> Iterator[None]:
    """While it lasts, what this connection writes to the tables of `written` goes nowhere."""
    names = [model._meta.table_name for model in written]
    copy, drop = (
        (_copy_postgresql, "DROP TABLE IF EXISTS pg_temp.{}")
        if is_postgresql()
        else (_copy_sqlite, "DROP TABLE IF EXISTS temp.{}")
    )
    foreign_keys = None if is_postgresql() else database.obj.foreign_keys
    try:
        if foreign_keys:  # a temporary table can't refer to a real one
            database.obj.foreign_keys = 0
        for name in names:
            copy(name)
        yield
    finally:
        for name in names:
            database.execute_sql(drop.format(name))
        if foreign_keys:
            database.obj.foreign_keys = foreign_keys


def _copy_sqlite(name: str) -> None:
    made = database.execute_sql(
        "SELECT sql FROM main.sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL "
        "ORDER BY type DESC",
        (name,),
    ).fetchall()
    for (sql,) in made:
        # An index lives where its name says, on the table of that name there.
        sql = sql.replace("CREATE TABLE ", "CREATE TEMP TABLE ", 1)
        for start in ("CREATE UNIQUE INDEX ", "CREATE INDEX "):
            sql = sql.replace(start, f"{start}temp.", 1) if sql.startswith(start) else sql
        database.execute_sql(sql)
    database.execute_sql(f"INSERT INTO temp.{name} SELECT * FROM main.{name}")


def _copy_postgresql(name: str) -> None:
    database.execute_sql(f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING ALL)")
    database.execute_sql(f"INSERT INTO pg_temp.{name} SELECT * FROM public.{name}")
    database.execute_sql(f"ANALYZE pg_temp.{name}")
