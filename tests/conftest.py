"""A fresh database for each test on the database asked for, the app on it, the clock, and the cast."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from peewee import PostgresqlDatabase

from tests import cast, servers
from tests.page import Browse
from tracker import clock, create_app
from tracker.db import connect_to, database, migrate
from tracker.models import Permit

numbers = count(1)
SETTINGS = {"SECRET_KEY": "for the tests alone", "TESTING": True}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on")


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
    admin = PostgresqlDatabase("postgres", user="tester", host="127.0.0.1", port=urlsplit(server).port,
                               prefer_psycopg3=True, autoconnect=True)  # fmt: skip
    base = server.rsplit("/", 1)[0]

    def run(sql: str) -> None:
        admin.connect(reuse_if_open=True)
        admin.connection().autocommit = True
        admin.execute_sql(sql)

    run("CREATE DATABASE first")
    connect_to(f"{base}/first")
    migrate()
    database.obj.close_all()

    @contextmanager
    def fresh() -> Iterator[str]:
        name = f"test_{next(numbers)}"
        run(f"CREATE DATABASE {name} TEMPLATE first")
        yield f"{base}/{name}"
        run(f"DROP DATABASE {name} WITH (FORCE)")

    return fresh


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


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Made once, so that its templates are compiled once. Tests use it as `app`."""
    return create_app({"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('app')}/none.db", **SETTINGS})


@pytest.fixture
def app(shared_app: Flask, db: str) -> Iterator[Flask]:
    """The application on this test's database; what a test sets in its config is forgotten."""
    kept = dict(shared_app.config)
    shared_app.config["DATABASE_URL"] = db
    yield shared_app
    shared_app.config.clear()
    shared_app.config.update(kept)


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
