"""The town of these tests: built once, and a copy of its database for each test that may write to it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask

from tests import cast
from tests.trust.forms import Fields, forms_of_pages
from tests.trust.town import Town, build
from tracker import clock
from tracker.db import connect_to, database

numbers = count(1)


@pytest.fixture(scope="session")
def town_and_url(shared_app: Flask, new_database: Callable[[], Any]) -> Iterator[tuple[Town, str]]:
    with new_database() as url, pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: cast.NOW)
        connect_to(url)
        patch.setitem(shared_app.config, "DATABASE_URL", url)
        town = build(shared_app)
        database.obj.close_all()
        yield town, url


@pytest.fixture
def town(town_and_url: tuple[Town, str]) -> Town:
    return town_and_url[0]


@pytest.fixture(scope="session")
def forms_read() -> dict[str, tuple[str, Fields]]:
    return {}


@pytest.fixture
def forms(app: Flask, town: Town, forms_read: dict[str, tuple[str, Fields]]) -> dict[str, tuple[str, Fields]]:
    """The forms of the town's pages, as they are before anybody does anything; read once."""
    if not forms_read:
        forms_read.update(forms_of_pages(app, town))
    return forms_read


@pytest.fixture
def url(town_and_url: tuple[Town, str]) -> Iterator[str]:
    """A copy of the town's database, for this test alone."""
    with copied(town_and_url[1]) as address:
        yield address


def copied(url: str) -> Any:
    """A context manager: the URL of a copy of this database, which goes with it."""
    return _copied_file(url) if url.startswith("sqlite") else _copied_in_postgresql(url)


@contextmanager
def _copied_file(url: str) -> Iterator[str]:
    there = Path(url.removeprefix("sqlite:///"))
    path = there.with_name(f"town-{next(numbers)}.db")
    shutil.copy(there, path)
    yield f"sqlite:///{path}"
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()


@contextmanager
def _copied_in_postgresql(url: str) -> Iterator[str]:
    base, name = url.rsplit("/", 1)
    copy = f"town_{next(numbers)}"
    with psycopg.connect(f"{base}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")  # type: ignore[arg-type]
        yield f"{base}/{copy}"
        admin.execute(f"DROP DATABASE {copy} WITH (FORCE)")  # type: ignore[arg-type]
