"""The database by its URL, the base of all models, one pooled connection a request, migrations."""

import fcntl
import threading
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec, Self, TypeVar
from urllib.parse import urlsplit

import peewee
from playhouse.db_url import parse
from playhouse.migrations import Runner
from playhouse.pool import PooledPostgresqlDatabase, PooledSqliteDatabase

MIGRATIONS = Path(__file__).parent / "migrations"
# Numbers that are ours alone among PostgreSQL's advisory locks.
UPGRADE_LOCK, TURN_LOCK, CALENDAR_LOCK = 7_203_118, 7_203_119, 7_203_120
DEADLOCK = "40P01"  # the SQLSTATE
COMPANIES = 0  # the turn of whoever makes, names or merges companies, or puts them on permits
TALLIES = -1  # the turn of whoever adds to the sums of the reports
ORDER = -2  # … of whoever writes inspection types, permit types and the order of inspections
STAFF = -3  # … of whoever adds or changes members of the staff

P = ParamSpec("P")
T = TypeVar("T")

database = peewee.DatabaseProxy()


class BaseModel(peewee.Model):
    class Meta:
        database = database
        legacy_table_names = False

    @classmethod
    def create(cls, **values: Any) -> Self:
        """As peewee's own; but the text of the statement is made once, not for every row."""
        row = cls(**values)
        names = tuple(row.__data__)
        fields = [cls._meta.fields[name] for name in names]
        cursor = database.execute_sql(
            _insertion(cls, names, is_postgresql()),  # type: ignore[arg-type]
            [field.db_value(row.__data__[name]) for field, name in zip(fields, names, strict=True)],
        )
        if "id" not in row.__data__ and "id" in cls._meta.fields:
            ((row.id,),) = cursor.fetchall()  # all: a statement with an answer left would be in the way of the commit
        row._dirty.clear()
        return row


@cache
def _insertion(model: type[BaseModel], names: tuple[str, ...], postgresql: bool) -> str:
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
    places = ", ".join(["%s" if postgresql else "?"] * len(names))
    back = " RETURNING id" if "id" in model._meta.fields and "id" not in names else ""
    return f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({places}){back}'


class InstantField(peewee.DateTimeField):
    """An instant: aware in Python, UTC without a zone in the database."""

    if TYPE_CHECKING:  # read from a row it is a datetime, or None where it may be

        def __get__(self, row: Any, model: Any) -> Any: ...

    def db_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError("an instant needs its time zone")
            value = value.astimezone(UTC).replace(tzinfo=None)
        return super().db_value(value)

    def python_value(self, value: Any) -> Any:
        value = super().python_value(value)
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


class _Asked(threading.local):
    """How many statements this thread has sent, ever."""

    count = 0


asked = _Asked()


class _Counts:
    def execute_sql(self, sql: str, params: Any = None) -> Any:
        asked.count += 1
        return super().execute_sql(sql, params)  # type: ignore[misc]


class _Sqlite(_Counts, PooledSqliteDatabase):
    pass


class _Postgresql(_Counts, PooledPostgresqlDatabase):
    pass


def connect_to(url: str) -> peewee.Database:
    """Point every model at the database of `url`; no connection is opened yet.

    Connections belong to one process: a server that forks opens none before it does.
    """
    if urlsplit(url).scheme == "sqlite":
        path = Path(parse(url)["database"])
        path.parent.mkdir(parents=True, exist_ok=True)
        real: peewee.Database = _Sqlite(
            path,
            max_connections=32,
            timeout=10,
            check_same_thread=False,
            # Deferred transactions that read before they write end in "database is locked".
            lock_type="IMMEDIATE",
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "busy_timeout": 10_000,
                "cache_size": -2_000,  # KB, of each of 32 connections; the rest is the machine's own cache
            },
        )
    else:
        real = _Postgresql(
            max_connections=32,
            timeout=10,
            stale_timeout=300,
            prefer_psycopg3=True,
            **{
                "connect_timeout": 5,
                # A row that somebody holds must not fill every thread with those who wait for it. And to compile a
                # statement first takes longer than any of ours does: in a big city a search took half a second.
                "options": "-c lock_timeout=10s -c jit=off",
                **parse(url, unquote_password=True, unquote_user=True),
            },
        )
    database.initialize(real)
    return real


def is_postgresql() -> bool:
    return isinstance(database.obj, peewee.PostgresqlDatabase)


def any_of(field: peewee.Field, values: Iterable[Any]) -> peewee.NodeList:
    """`field IN (values)`, for values as the driver takes them; never true for none."""
    found = list(values)
    return peewee.NodeList((field, peewee.SQL(f"IN ({', '.join([database.obj.param] * len(found)) or 'NULL'})", found)))


def wait_for_turn(id: int) -> None:
    """Whoever else called this with the same id (a permit's, or COMPANIES) ends the transaction first.

    Call it first in your own. SQLite needs nothing: its transactions take turns anyway.
    """
    if is_postgresql():
        database.execute_sql("SELECT pg_advisory_xact_lock(%s, %s)", (TURN_LOCK, id))


def take_calendar(*, alone: bool) -> None:
    """Whoever books shares the calendar with others who do; whoever changes it has it alone until the transaction ends.

    Call it before any row is changed, and read the calendar after it. SQLite needs nothing, as above.
    """
    if is_postgresql():
        lock = "pg_advisory_xact_lock" if alone else "pg_advisory_xact_lock_shared"
        database.execute_sql(f"SELECT {lock}(%s, 0)", (CALENDAR_LOCK,))


def again_after_deadlock(action: Callable[P, T]) -> Callable[P, T]:
    """An action that PostgreSQL broke off, because it and another waited for each other, is tried once more.

    Within somebody else's transaction it is not: that one is broken off as a whole.
    """

    @wraps(action)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        outermost = not database.in_transaction()
        try:
            return action(*args, **kwargs)
        except peewee.OperationalError as error:
            if not outermost or getattr(error.orig, "sqlstate", "") != DEADLOCK:
                raise
        return action(*args, **kwargs)

    return tried


def one_look() -> Any:
    """A transaction that sees the database as it was at its first read, and holds up nobody who writes."""
    return database.atomic("REPEATABLE READ" if is_postgresql() else "DEFERRED")


@contextmanager
def one_at_a_time():
    """Several machines or processes may start at once: the migrations, or a recount, run in one of them."""
    if is_postgresql():
        database.execute_sql("SET lock_timeout = 0")  # whoever comes second waits as long as it takes
        database.execute_sql("SELECT pg_advisory_lock(%s)", (UPGRADE_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (UPGRADE_LOCK,))
            database.execute_sql("RESET lock_timeout")
        return
    with open(f"{database.obj.database}.upgrade-lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate() -> list[str]:
    """Apply the migrations that are missing, oldest first; returns their names."""
    with database.connection_context(), one_at_a_time():
        return Runner(database.obj, str(MIGRATIONS)).up()


class Standing(NamedTuple):
    """Where the schema stands beside this program: what it lacks, and what a newer program brought."""

    missing: list[str]
    unknown: list[str]

    @property
    def problem(self) -> str:
        """One sentence for whoever runs it, and what to do; nothing if the two fit."""
        if self.unknown:
            return (
                f"The database is newer than this program: it has {self.unknown[-1]}."
                " Start the version that brought it, or restore the backup made before."
            )
        if self.missing:
            return f"The database is older than this program: it lacks {', '.join(self.missing)}. Run: db upgrade"
        return ""


def standing() -> Standing:
    """Opens no connection of its own."""
    known = Runner(database.obj, str(MIGRATIONS)).status()
    return Standing(
        [migration.name for migration in known if not migration.applied],
        [migration.name for migration in known if migration.path is None],
    )


def pending() -> list[str]:
    """The names of the migrations not applied yet. Opens no connection of its own."""
    return standing().missing
