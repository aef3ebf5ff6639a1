"""A fresh database for each test on the database asked for, the app on it, the clock, and the cast."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask

from tests import cast, servers
from tests.page import Browse
from tracker import clock, create_app, kept
from tracker.actions import hashes
from tracker.db import connect_to, database, migrate
from tracker.models import Permit

numbers = count(1)
SETTINGS = {"SECRET_KEY": "for the tests alone, for no city", "TESTING": True}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on")


# What looks at pages or at pure functions is the same on every database: it runs once, on SQLite.
ONCE = (
    *("tests/rules/", "tests/weight/", "tests/test_architecture.py", "tests/test_translations.py"),
    *("tests/test_palette.py", "tests/test_asvs.py", "tests/browser/"),
)
# … but for the ways from a form in a browser to the row and the mail.
ON_BOTH = tuple(
    f"tests/browser/{name}.py"
    for name in ("test_main_path", "test_the_whole_way", "test_real_file", "offline/test_kept_and_sent")
)


def runs_once(item: pytest.Item) -> bool:
    return item.nodeid.startswith(ONCE) and not item.nodeid.startswith(ON_BOTH)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if runs_once(item)])
        items[:] = [item for item in items if not runs_once(item)]


@pytest.fixture(scope="session")
def postgresql(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a PostgreSQL server of this run's own."""
    try:
        with servers.postgres_server() as url:
            yield url
    except servers.MissingPart as missing:
        servers.skip_or_fail(missing)


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """Makes migrated databases: a context manager that yields the URL of one, each a copy of the first."""
    if request.config.getoption("--database") == "postgresql":
        return _on_postgresql(request.getfixturevalue("postgresql"))
    return _on_sqlite(tmp_path_factory.mktemp("databases"))


def _on_sqlite(folder: Path) -> Callable[[], Any]:
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


def _on_postgresql(server: str) -> Callable[[], Any]:
    """To make a database takes 100 ms, to empty one 20: it is used again, unless a test left it unfit."""
    base, spare = server.rsplit("/", 1)[0], []

    def run(sql: str) -> None:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(sql)

    run("CREATE DATABASE first")
    connect_to(f"{base}/first")
    migrate()
    database.obj.close_all()
    at_first = _rows(f"{base}/first")

    @contextmanager
    def fresh() -> Iterator[str]:
        name = spare.pop() if spare else f"test_{next(numbers)}"
        if name not in made:
            run(f"CREATE DATABASE {name} TEMPLATE first")
            made.add(name)
        yield f"{base}/{name}"
        try:
            _empty(f"{base}/{name}", at_first)
            spare.append(name)
        except psycopg.Error:
            run(f"DROP DATABASE {name} WITH (FORCE)")

    made: set[str] = set()
    return fresh


def _rows(url: str) -> dict[str, str | None]:
    """The rows of each table as JSON, None for an empty one."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        read = "SELECT json_agg(one)::text FROM {} AS one"
        return {name: connection.execute(read.format(name)).fetchone()[0] for (name,) in tables}  # type: ignore[index,arg-type]


def _empty(url: str, at_first: dict[str, str | None]) -> None:
    """Everything as it was at first; whoever is still connected is sent away. Raises psycopg.Error if it cannot be."""
    with psycopg.connect(url, options="-c lock_timeout=5s") as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # No trigger and no foreign key stands in the way, not even of what is only ever added to.
        connection.execute("SET session_replication_role = replica")
        for name, rows in at_first.items():
            connection.execute(f"DELETE FROM {name}")  # type: ignore[arg-type]
            if rows:
                insert = f"INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, %s)"
                connection.execute(insert, [rows])  # type: ignore[arg-type]
            if name != "attempt":  # which has no number
                last = f"(SELECT max(id) FROM {name})"
                begin = f"SELECT setval('{name}_id_seq', COALESCE({last}, 1), {last} IS NOT NULL)"
                connection.execute(begin)  # type: ignore[arg-type]


@pytest.fixture
def url(new_database: Callable[[], Any]) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    with new_database() as address:
        yield address


@pytest.fixture
def db(url: str) -> Iterator[str]:
    """The models point at this test's database; the value is its URL."""
    connect_to(url)
    yield url
    database.obj.close_all()


@pytest.fixture
def app_with(url: str) -> Iterator[Callable[..., Flask]]:
    """`app_with(CUTOFF="15:00")` → the application on this test's database with those settings."""

    def make(**settings: Any) -> Flask:
        return create_app({"DATABASE_URL": url, **SETTINGS, **settings})

    yield make
    database.obj.close_all()


@pytest.fixture(scope="session", autouse=True)
def real_hashes() -> Iterator[tuple[PasswordHasher, str]]:
    """PINs are hashed the quick way in tests; the value is how the city does it, and what it compares nobody's with."""
    kept = hashes.HASHER, hashes.NOBODY
    hashes.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hashes.NOBODY = hashes.HASHER.hash("nobody")
    yield kept
    hashes.HASHER, hashes.NOBODY = kept


@pytest.fixture
def with_real_hashes(real_hashes: tuple[PasswordHasher, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, real in zip(("HASHER", "NOBODY"), real_hashes, strict=True):
        monkeypatch.setattr(hashes, name, real)


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once, so that its templates are compiled once. Tests use it as `app`."""
    return create_app({"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('app')}/none.db", **SETTINGS})


@pytest.fixture
def app(shared_app: Flask, db: str) -> Iterator[Flask]:
    """The application on this test's database; what a test sets in its config is forgotten."""
    settings = dict(shared_app.config)
    shared_app.config["DATABASE_URL"] = db
    kept.bind(shared_app)  # what is there was true of another test's database
    yield shared_app
    shared_app.config.clear()
    shared_app.config.update(settings)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)` sets the clock."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_clock


@pytest.fixture(autouse=True)
def _clock(at: Callable[[datetime], None]) -> None:
    """In every test it is Tuesday 26 May 2026, 10:00 in Chicago, unless it says otherwise."""
    at(cast.NOW)


@pytest.fixture
def browse(app: Flask) -> Callable[..., Browse]:
    """`browse(dana)` → a browser in which Dana is signed in; `browse()` → a visitor's."""

    def browser(who: cast.Signer | cast.Member | None = None, **headers: str) -> Browse:
        browsing = Browse(app, headers)
        if isinstance(who, cast.Member):
            browsing.get("/staff")
            browsing.submit("main form", follow=False, email=who.row.email, password=cast.PASSWORD)
        elif who:
            browsing.sign_in(who.company.company_name, who.pin)
        return browsing

    return browser


@pytest.fixture
def dana(app: Flask) -> cast.Signer:
    """Dana of Lone Star Plumbing."""
    return cast.signer("Lone Star Plumbing", "office@lonestar.example")


@pytest.fixture
def eve(app: Flask) -> cast.Signer:
    """Eve of another company, who is curious."""
    return cast.signer("Evergreen Drains", "eve@evergreen.example")


@pytest.fixture
def danas_permit(dana: cast.Signer) -> Permit:
    """A water heater: WH can be asked for, and GAS once its own order allows."""
    return cast.permit_of(
        dana.company, "PP-2026-00932", kind="WATER_HEATER", trade="plumbing", address="77 Cedar Brake Drive"
    )


@pytest.fixture
def danas_house(dana: cast.Signer) -> Permit:
    """A new house on which Dana is the plumber."""
    return cast.permit_of(dana.company, "BP-2026-01184", kind="NEW", trade="plumbing")


@pytest.fixture
def eves_permit(eve: cast.Signer) -> Permit:
    return cast.permit_of(eve.company, "PP-2026-00555", kind="PLUMBING", trade="plumbing", address="9 Heron Bend")


@pytest.fixture
def sam(app: Flask) -> cast.Member:
    """Sam the technician."""
    return cast.member("Sam Okafor", "technician")


@pytest.fixture
def iris(app: Flask) -> cast.Member:
    """Iris the inspector: building and electrical."""
    return cast.member("Iris Vandermeer", "inspector", "building electrical")


@pytest.fixture
def ray(app: Flask) -> cast.Member:
    """Ray, who inspects plumbing, mechanical and irrigation."""
    return cast.member("Ray Ortega", "inspector", "plumbing mechanical irrigation")


@pytest.fixture
def june(app: Flask) -> cast.Member:
    """June, who inspects building and plumbing."""
    return cast.member("June Tran", "inspector", "building plumbing")


@pytest.fixture
def olu(app: Flask) -> cast.Member:
    """Olu the supervisor."""
    return cast.member("Olu Adeyemi", "supervisor")
