"""A fresh database for each test on the database asked for, the app on it, the clock, and the cast."""

import gc
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests import cast, databases, servers
from tests.in_memory import write_to_memory
from tests.page import Browse
from tracker import clock, create_app, kept
from tracker.actions import hashes
from tracker.db import connect_to, database
from tracker.models import Permit

SETTINGS = {"SECRET_KEY": "for the tests alone, for no city", "TESTING": True}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the tests run on")


# What asks the database nothing, or nothing that another would answer differently, runs once, on SQLite: pure
# functions, how pages look, settings, what the server and its log say, where an answer leads, what a browser does.
ONCE = (
    *("tests/rules/", "tests/weight/", "tests/test_architecture.py", "tests/test_translations.py"),
    *("tests/test_palette.py", "tests/test_asvs.py", "tests/test_settings.py", "tests/test_running.py"),
    *("tests/importing/test_cleaning.py", "tests/importing/test_dates.py", "tests/emails/test_calendar_file.py"),
    *("tests/trust/test_redirects.py", "tests/trust/test_forged_host.py", "tests/trust/test_real_server.py"),
    *("tests/pages/test_look.py", "tests/pages/test_sheets.py", "tests/watching/test_requests.py", "tests/browser/"),
)
# … but for the ways from a form in a browser to the row and the mail, and what the city may be sent twice.
ON_BOTH = (
    *(f"tests/browser/{name}.py" for name in ("test_main_path", "test_the_whole_way", "test_real_file")),
    *(
        f"tests/browser/offline/test_kept_and_sent.py::test_{name}"
        for name in (
            "a_request_without_a_signal_goes_out_by_itself[htmx]",
            "a_city_that_breaks_or_does_not_answer_is_asked_again[lost]",
            "two_tabs_that_send_at_once_send_once",
            "a_cancellation_without_a_signal_counts_once_even_if_it_had_arrived",
            "an_inspector_records_a_result_in_a_dead_zone",
        )
    ),
)


# What takes long in one test: begun last, it would be waited for while nothing else is left to do.
LONG = (
    *("tests/walks/", "tests/soak/", "tests/postgres/test_rolling_restart.py", "tests/importing/test_real_data.py"),
    *("tests/browser/test_narrow.py", "tests/browser/test_staff_accessible.py", "tests/browser/test_hands.py"),
)


def pytest_configure(config: pytest.Config) -> None:
    config.add_cleanup(write_to_memory())


def pytest_collection_finish() -> None:
    """What is collected stays to the end: the garbage collector looks at what tests leave behind, and not at it."""
    gc.collect()
    gc.freeze()


def runs_once(item: pytest.Item) -> bool:
    return item.nodeid.startswith(ONCE) and not item.nodeid.startswith(ON_BOTH)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database") == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if runs_once(item)])
        items[:] = [item for item in items if not runs_once(item)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


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
        return databases.on_postgresql(request.getfixturevalue("postgresql"))
    return databases.on_sqlite(tmp_path_factory.mktemp("databases"))


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


@pytest.fixture(scope="session")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Flask], Flask]:
    """`compiled_once(app)` is the application, whose templates the first that shows them compiles for all processes."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.getbasetemp().parent))

    def compiled(app: Flask) -> Flask:
        app.jinja_env.bytecode_cache = cache
        return app

    return compiled


@pytest.fixture
def app_with(url: str, compiled_once: Callable[[Flask], Flask]) -> Iterator[Callable[..., Flask]]:
    """`app_with(CUTOFF="15:00")` → the application on this test's database with those settings."""

    def make(**settings: Any) -> Flask:
        return compiled_once(create_app({"DATABASE_URL": url, **SETTINGS, **settings}))

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
def shared_app(tmp_path_factory: pytest.TempPathFactory, compiled_once: Callable[[Flask], Flask]) -> Flask:
    """Made once, so that its templates are compiled once. Tests use it as `app`."""
    return compiled_once(
        create_app({"DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('app')}/none.db", **SETTINGS})
    )


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
