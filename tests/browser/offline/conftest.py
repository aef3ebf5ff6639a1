"""A site behind a line that fails, and Dana's phone on it."""

from collections.abc import Iterator

import pytest

from tests import servers
from tests.browser.conftest import Phone
from tests.browser.offline.dead_zone import STORED, Line, scheduled_today, settled, sign_in_staff, until
from tests.browser.person import sign_in
from tracker.views import offline


@pytest.fixture
def line(app, monkeypatch) -> Line:
    monkeypatch.setattr(offline, "WORKER_LASTS", 0)  # a new worker is noticed at once
    return Line(app)


@pytest.fixture
def site(line) -> Iterator[str]:
    with servers.web_server(line) as address:
        yield address
        line.over.set()


@pytest.fixture
def home(site, phone, dana, danas_house) -> Phone:
    """Dana's phone with the dashboard open and kept."""
    made = phone()
    sign_in(made.page, site, "Lone Star Plumbing", dana.pin)
    settled(made.page)
    return made


@pytest.fixture
def van(site, phone, at, dana, danas_house, ray) -> Phone:
    """Ray's phone with his day open, one stop on it, and the page of its result kept."""
    stop = scheduled_today(dana, danas_house, ray)
    made = phone()
    sign_in_staff(made.page, site, ray)
    settled(made.page)
    until(made.page, f"async path => (await ({STORED})())[1].includes(path)", f"/staff/stops/{stop.id}/result")
    return made
