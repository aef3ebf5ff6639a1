"""Migrated databases for tests, a fresh one for each: copies of one file, or emptied and used again on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tracker.db import connect_to, database, migrate

NewDatabase = Callable[[], Any]  # a context manager that yields the URL of one
SENT_AWAY = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
# No trigger and no foreign key stands in the way, not even of what is only ever added to.
ALMIGHTY = "-c session_replication_role=replica -c lock_timeout=5s"
numbers = count(1)


def on_sqlite(folder: Path) -> NewDatabase:
    first = folder / "first.db"
    connect_to(f"sqlite:///{first}")
    migrate()
    database.obj.close_all()

    @contextmanager
    def fresh() -> Iterator[str]:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(first, path)
        yield f"sqlite:///{path}"
        for file in folder.glob(f"{path.name}*"):
            file.unlink()

    return fresh


def on_postgresql(server: str) -> NewDatabase:
    """To make a database takes 100 ms, to empty one 5: it is used again, unless a test left it unfit."""
    base, spare = server.rsplit("/", 1)[0], list[UsedAgain]()

    def run(statement: str) -> None:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(statement)  # type: ignore[arg-type]

    run("CREATE DATABASE first")
    connect_to(f"{base}/first")
    migrate()
    database.obj.close_all()
    at_first = AtFirst.of(f"{base}/first")

    @contextmanager
    def fresh() -> Iterator[str]:
        one = spare.pop() if spare else None
        if not one:
            one = UsedAgain(f"{base}/test_{next(numbers)}", at_first)
            run(f"CREATE DATABASE {one.name} TEMPLATE first")
        yield one.url
        try:
            one.empty()
            spare.append(one)
        except psycopg.Error:
            run(f"DROP DATABASE {one.name} WITH (FORCE)")

    return fresh


@dataclass(frozen=True)
class AtFirst:
    """What a new database holds: of each table its rows as JSON, None for an empty one."""

    rows: dict[str, str | None]
    digests: tuple[Any, ...]
    look: str  # reads the digests, one for each table
    count_on: str  # the next row of each table has the number it had at first

    @classmethod
    def of(cls, url: str) -> "AtFirst":
        with psycopg.connect(url) as connection:
            tables = _all(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            read = "SELECT json_agg(one)::text FROM {} AS one"
            rows = {name: _all(connection, read.format(name))[0][0] for (name,) in tables}
            look = f"SELECT {', '.join(_digest(name, rows[name]) for name in rows)}"
            return cls(rows, _all(connection, look)[0], look, _count_on(connection, [*rows]))


def _all(connection: psycopg.Connection, statement: str) -> list[tuple[Any, ...]]:
    return connection.execute(statement).fetchall()  # type: ignore[arg-type]


def _digest(name: str, rows: str | None) -> str:
    """Of a table that was empty it is enough to know whether it is."""
    if rows is None:
        return f"EXISTS (SELECT FROM {name})"
    return f"(SELECT md5(string_agg(one::text, '|' ORDER BY one::text)) FROM {name} AS one)"


def _count_on(connection: psycopg.Connection, names: list[str]) -> str:
    parts = []
    for name in names:
        if name != "attempt":  # which has no number
            [(last,)] = _all(connection, f"SELECT max(id) FROM {name}")
            parts.append(f"setval('{name}_id_seq', {last or 1}, {last is not None})")
    return f"SELECT {', '.join(parts)}"


@dataclass
class UsedAgain:
    """A database that is emptied after each test, by a connection that is kept: a new one knows no table yet."""

    url: str
    at_first: AtFirst
    kept: psycopg.Connection | None = None

    @property
    def name(self) -> str:
        return self.url.rsplit("/", 1)[1]

    def empty(self) -> None:
        """As it was at first; whoever else is connected is sent away. Raises psycopg.Error if it cannot be."""
        connection = self._alone()
        with connection.transaction():
            [digests] = _all(connection, self.at_first.look)
            for (name, rows), was, now in zip(self.at_first.rows.items(), self.at_first.digests, digests, strict=True):
                if was != now:
                    _as_at_first(connection, name, rows)
            connection.execute(self.at_first.count_on)  # type: ignore[arg-type]

    def _alone(self) -> psycopg.Connection:
        """The kept connection, when everybody else is sent away; a new one if a test has done that to it."""
        if self.kept:
            with suppress(psycopg.OperationalError):
                self.kept.execute(SENT_AWAY)
                return self.kept
        self.kept = psycopg.connect(self.url, autocommit=True, options=ALMIGHTY)
        self.kept.execute(SENT_AWAY)
        return self.kept


def _as_at_first(connection: psycopg.Connection, name: str, rows: str | None) -> None:
    connection.execute(f"DELETE FROM {name}")  # type: ignore[arg-type]
    if rows:
        insert = f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, %s)"
        connection.execute(insert, [rows])  # type: ignore[arg-type]
