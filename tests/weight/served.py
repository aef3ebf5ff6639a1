"""The heaviest city behind the real server, as it runs in production but for the day it takes today for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests import servers
from tracker.db import connect_to, database

SETTINGS = {
    "TRUSTED_PROXIES": "1",
    "SECRET_KEY": "for what things weigh, for no city",
    "CITY_NAME": "City of Bluebonnet-on-the-Upper-Brushy-Creek",
    "CITY_CONTACTS": "Sam Okafor (plumbing, irrigation) 512-555-0101, Olu Adeyemi (all else) 512-555-0102",
}


@contextmanager
def served(new_database: Callable[[], Any], build: Callable[[], Any]) -> Iterator[tuple[Any, str]]:
    """What `build` makes of an empty database, and the address it is served at."""
    with new_database() as url:
        connect_to(url)
        with database.atomic():
            city = build()
        database.obj.close_all()
        with servers.gunicorn_server({**SETTINGS, "DATABASE_URL": url}, 1, app="tests.weight.morning:app") as server:
            yield city, server.url
