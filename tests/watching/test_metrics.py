"""Figures for Prometheus: whoever has the token reads them, of all processes, and sees what waits and stands still."""

import re
import urllib.request
from datetime import timedelta

import pytest

from tests.cast import NOW
from tests.servers import gunicorn_server
from tracker.db import connect_to, database
from tracker.models import Inspection, Mail

TOKEN = "read by the watch alone".replace(" ", "-")


@pytest.fixture
def figures(app):
    """`figures()` → each figure by its name and labels, as the watch reads it."""
    app.config["METRICS_TOKEN"] = TOKEN

    def read():
        said = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert said.status_code == 200 and said.content_type.startswith("text/plain"), said.data
        return parsed(said.text)

    return read


def parsed(text):
    assert all(re.fullmatch(r"#.*|[a-z_]+(\{[^{}]*\})? [\d.e+-]+", line) for line in text.splitlines())
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[0] != "#"}


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong-wrong-wrong-wrong", f"Basic {TOKEN}", "Bearer ñandú"])
def test_without_the_token_there_is_no_such_page(app, given):
    app.config["METRICS_TOKEN"] = TOKEN
    assert app.test_client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_unless_the_city_sets_a_token_nobody_reads_them(app):
    for given in ("", "Bearer", "Bearer "):
        assert app.test_client().get("/metrics", headers={"Authorization": given}).status_code == 404


def test_each_request_counts_once_under_its_pattern(app, figures, browse, dana, danas_permit):
    before = figures()
    browsing = browse(dana)
    for _ in range(3):
        browsing.get("/permits/PP-2026-00932")
    browsing.get("/permits/OTHER", status=404)
    browsing.get("/no/such/page", status=404)
    after = figures()

    def risen(name):
        return after.get(name, 0) - before.get(name, 0)

    route = next(name for name in after if 'route="/permits/<' in name and 'number>",' in name)
    route = re.search('route="[^"]+"', route)[0]
    assert risen(f'tracker_requests_total{{method="GET",{route},status="2xx"}}') == 3
    assert risen(f'tracker_requests_total{{method="GET",{route},status="4xx"}}') == 1
    assert risen('tracker_requests_total{method="GET",route="none",status="4xx"}') == 1
    assert risen('tracker_request_seconds_count{part="contractor"}') >= 5
    assert risen('tracker_request_seconds_bucket{le="+Inf",part="contractor"}') >= 5
    assert not [name for name in after if "PP-2026" in name or "created" in name]


def test_what_waits_and_for_how_long(figures, danas_inspection, at):
    at(NOW + timedelta(minutes=5))
    found = figures()
    mails = Mail.select().count()
    assert mails and found["tracker_mail_waiting"] == mails and found["tracker_mail_oldest_seconds"] == 300
    assert found["tracker_requests_waiting"] == 1 and found["tracker_requests_oldest_seconds"] == 300
    assert found["tracker_database_up"] == 1
    Inspection.update(status="cancelled").execute()
    Mail.update(due_at=None, given_up_at=NOW).execute()
    found = figures()
    assert found["tracker_requests_waiting"] == 0 and found["tracker_mail_given_up"] == mails
    assert (
        found["tracker_mail_waiting"]
        == found["tracker_mail_oldest_seconds"]
        == found["tracker_mail_overdue_seconds"]
        == 0
    )


def test_a_mail_that_nobody_tries_is_overdue_one_that_waits_for_its_next_try_is_not(figures, danas_request, at):
    Mail.update(due_at=NOW).execute()
    at(NOW + timedelta(minutes=5))
    assert figures()["tracker_mail_overdue_seconds"] == 300
    Mail.update(due_at=NOW + timedelta(hours=1)).execute()
    assert figures()["tracker_mail_overdue_seconds"] == 0


def test_they_are_read_while_the_database_is_away(figures, url, tmp_path):
    database.obj.close_all()
    connect_to(f"sqlite:///{tmp_path}" if url.startswith("sqlite") else "postgresql://tester@127.0.0.1:9/nothing")
    try:
        found = figures()
    finally:
        connect_to(url)
    assert found["tracker_database_up"] == 0 and "tracker_mail_waiting" not in found


def test_all_processes_of_a_server_are_counted_and_one_that_comes_after_another_goes_on(db, dana):
    database.close()
    settings = {
        "DATABASE_URL": db,
        "SECRET_KEY": "k" * 32,
        "METRICS_TOKEN": TOKEN,
        "GUNICORN_CMD_ARGS": "--max-requests=20",
    }
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with gunicorn_server(settings, ready_within=60) as server:
        for _ in range(70):  # each process ends after some twenty, and another takes its place
            straight.open(f"{server.url}/how-to").read()
        asked = urllib.request.Request(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        found = parsed(straight.open(asked).read().decode())
    assert found['tracker_requests_total{method="GET",route="/how-to",status="2xx"}'] == 70
