"""PostgreSQL is stopped, killed and started again while people work: what they read, and that what was confirmed is
there."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.page import Browse
from tests.servers import MissingPart, Postgres, SmtpSink, postgres_to_stop, skip_or_fail, smtp_sink
from tests.soak.ledger import Ledger
from tests.soak.people import everybody
from tests.soak.phone import Phone
from tests.soak.reckoning import reckon
from tests.soak.services import services
from tests.soak.soak import drain, go_on
from tests.soak.town import SECRET_KEY, found
from tracker import create_app
from tracker.db import connect_to, database, migrate

AWAY = "The city's records do not answer right now."


@pytest.fixture(autouse=True)
def _on_postgresql(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--database") != "postgresql":
        pytest.skip("PostgreSQL alone can be away by itself")


@pytest.fixture
def server(tmp_path) -> Iterator[Postgres]:
    try:
        with postgres_to_stop() as running:
            connect_to(running.url)
            migrate()
            yield running
            database.obj.close_all()
    except MissingPart as missing:
        skip_or_fail(missing)


def test_killed_and_started_again_under_load(server, tmp_path):
    """Twice, in the middle of requests, results and mail, on two web servers."""
    town, ledger, stop = found(builders=4, inspectors=1, stops=40), Ledger(), threading.Event()
    sink: SmtpSink
    with smtp_sink() as sink:
        with services(
            {"DATABASE_URL": server.url, "SECRET_KEY": SECRET_KEY}, sink, tmp_path, webs=2, workers=1
        ) as running:  # fmt: skip
            people = everybody(town, running.addresses, ledger, stop)
            for one in people:
                one.start()
            for _ in range(2):
                go_on(ledger)
                server.stop("immediate")
                server.start()
            go_on(ledger)
            stop.set()
            for one in people:
                one.join(60)
            drain(wait_for_leases=False)
        with database.connection_context():
            assert list(reckon(ledger, sink)) == []
    assert not any(status.startswith("5") and status != "503" for status in ledger.heard)


@pytest.fixture
def app(server):
    return create_app({"DATABASE_URL": server.url, "SECRET_KEY": SECRET_KEY, "TESTING": True})


def test_while_it_is_away_pages_say_so_and_the_first_one_afterwards_is_right(server, app, tmp_path):
    """Eight phones at once, so that eight connections of the pool have been in use, and broke."""
    [builder] = found(builders=1, inspectors=0, stops=0).builders
    with smtp_sink() as sink, services(
        {"DATABASE_URL": server.url, "SECRET_KEY": SECRET_KEY}, sink, tmp_path, webs=1, workers=1
    ) as running:  # fmt: skip
        phone = Phone(running.addresses)
        phone.sign_in("/", company=builder.who.company.company_name, pin=builder.who.pin)
        assert looked_at(phone) == {200: 8}
        server.stop()
        away = phone.once("GET", "/dashboard")
        assert away.status_code == 503 and away.headers["Retry-After"] == "60"
        assert away.page.words("h1") == [AWAY] and "512-555-0100" in away.page.text
        assert looked_at(phone) == {503: 8}
        assert [phone.once("GET", path).status_code for path in ("/readyz", "/healthz", "/")] == [503, 200, 503]
        assert Phone(running.addresses).once("GET", "/").status_code == 200  # nobody is signed in: nothing is asked
        server.start()
        assert looked_at(phone) == {200: 8}
        assert phone.once("GET", "/readyz").status_code == 200


def looked_at(phone: Phone) -> Counter[int]:
    phones = [Phone(phone.addresses, dict(phone.cookies)) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        return Counter(pool.map(lambda one: one.once("GET", "/dashboard").status_code, phones))


def test_connections_that_broke_while_nobody_asked_are_replaced(server, app):
    """A restart in the night: the first page of the morning is no error."""
    [builder] = found(builders=1, inspectors=0, stops=0).builders
    browsing = Browse(app)
    browsing.sign_in(builder.who.company.company_name, builder.who.pin)
    server.stop("immediate")
    server.start()
    assert browsing.get("/dashboard").words("h1") == [builder.who.company.company_name]
