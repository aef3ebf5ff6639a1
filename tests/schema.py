"""What a database says of its tables, in the same words on SQLite and on PostgreSQL."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from tracker.db import database, is_postgresql


class Column(NamedTuple):
    type: str
    null: bool
    in_key: bool


@dataclass
class Table:
    columns: dict[str, Column]
    # (columns, unique)
    indexes: set[tuple[tuple[str, ...], bool]]
    # (column, other table, its column, what happens when that row is removed)
    foreign_keys: set[tuple[str, str, str, str]]
    checks: list[str]


def of_all_tables() -> dict[str, Table]:
    look = _on_postgresql if is_postgresql() else _on_sqlite
    return {name: look(name) for name in database.get_tables()}


def _rows(sql: str, *values: object) -> list[tuple]:
    return list(database.execute_sql(sql, values).fetchall())


def _on_sqlite(name: str) -> Table:
    columns = _rows(f"PRAGMA table_info({name})")
    indexes = [(index, bool(unique)) for _, index, unique, _, _ in _rows(f"PRAGMA index_list({name})")]
    keys = _rows(f"PRAGMA foreign_key_list({name})")
    [(written,)] = _rows("SELECT sql FROM sqlite_master WHERE name = ?", name)
    return Table(
        {column: Column(type, not (needed or key), bool(key)) for _, column, type, needed, _, key in columns},
        {(tuple(row[2] for row in _rows(f"PRAGMA index_info({index})")), unique) for index, unique in indexes},
        {(own, table, other, on_delete) for _, _, table, own, other, _, on_delete, _ in keys},
        sorted(_checks(written)),
    )


def _checks(written: str) -> list[str]:
    """What stands in the parentheses after each CHECK."""
    found = []
    for match in re.finditer(r"CHECK\s*\(", written):
        depth, end = 1, match.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(written[end], 0)
            end += 1
        found.append(re.sub(r"[\s\"]", "", written[match.end() : end - 1]))
    return found


def _on_postgresql(name: str) -> Table:
    columns = _rows(
        "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, coalesce(i.indisprimary, false)"
        " FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary"
        " AND a.attnum = ANY (i.indkey) WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped",
        name,
    )
    indexes = _rows(
        "SELECT array(SELECT pg_get_indexdef(indexrelid, n::int, true) FROM generate_series(1, indnatts) n),"
        " indisunique"
        " FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
        name,
    )
    keys = _rows(
        "SELECT a.attname, c.confrelid::regclass::text, b.attname, c.confdeltype FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid = %s::regclass",
        name,
    )
    checks = _rows(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", name
    )
    removal = {"a": "NO ACTION", "c": "CASCADE", b"a": "NO ACTION", b"c": "CASCADE"}
    return Table(
        {column: Column(type, not needed, key) for column, type, needed, key in columns},
        {(tuple(key.strip('"') for key in keys), unique) for keys, unique in indexes},
        {(own, table.strip('"'), other, removal[on_delete]) for own, table, other, on_delete in keys},
        sorted(check for (check,) in checks),
    )
