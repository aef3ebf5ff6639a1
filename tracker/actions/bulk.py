"""Many rows at once, several times as fast as peewee builds a statement of as many values."""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import SQL, Field, Model, NodeList

from tracker.db import database


def insert_rows(
    model: type[Model], fields: Sequence[Field], rows: Iterable[Sequence[Any]], *, skip_known: bool = False
) -> None:
    """Insert rows of values as the driver takes them (dates and amounts may be text), in the caller's transaction.

    With `skip_known` a row that is there already (a unique index says so) is left out; otherwise IntegrityError.
    """
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    places = ", ".join([database.obj.param] * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({places})'
    sql += " ON CONFLICT DO NOTHING" if skip_known else ""
    database.obj.cursor().executemany(sql, list(rows))


def any_of(field: Field, values: Iterable[Any]) -> NodeList:
    """`field IN (values)`, for values as the driver takes them; never true for none."""
    found = list(values)
    return NodeList((field, SQL(f"IN ({', '.join([database.obj.param] * len(found)) or 'NULL'})", found)))
