"""The dashboard refreshes itself: an unchanged list costs next to nothing, a changed one little."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import CLERK, NOW, WEDNESDAY, ask, desk, past, permit_of
from tests.page import DASHBOARD_BYTES, FRAGMENT_BYTES
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.requests import Wish
from tracker.models import Contractor, PermitContractor

# What a server adds to each answer, as gunicorn does.
BY_THE_SERVER = (
    "HTTP/1.1 204 NO CONTENT\r\nServer: gunicorn\r\nDate: Tue, 26 May 2026 15:00:00 GMT\r\nConnection: keep-alive\r\n"
)


@pytest.fixture
def looking(browse, dana, danas_request):
    """Dana has the dashboard open: `looking()` is the refresh that its page asks for, `looking(…)` its status."""
    browsing = browse(dana)

    def refresh(status: int | None = None):
        address = browsing.page.one("#inspections")["data-hx-get"]
        return browsing.get(address, status or 204, HX_Request="true")

    browsing.get("/dashboard")
    refresh.browsing = browsing
    return refresh


def test_an_unchanged_list_is_no_content(looking):
    assert looking().body == b""


def test_an_unchanged_list_is_at_most_400_bytes_with_its_headers(looking):
    headers = "".join(f"{name}: {value}\r\n" for name, value in looking().headers)
    assert len(BY_THE_SERVER + headers + "\r\n") <= 400


def test_an_unchanged_list_asks_the_database_once(looking, counting):
    with counting() as queries:
        looking()
    assert len(queries) == 1 and '"session_token"' in queries[0]


def test_a_request_made_elsewhere_brings_the_list(looking, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "pm"), key="elsewhere")
    page = looking(200)
    assert page.words("h3") == ["Water heater replacement", "Sewer / water yard line"] and not page.is_whole
    assert page.headers["HX-Trigger"] == "permits-changed"


def test_a_cancellation_brings_the_list(looking, danas_inspection):
    cancel_inspection(danas_inspection, desk=desk(), by=CLERK, now=NOW)
    assert looking(200).words(".tag") == ["Cancelled"]


def test_what_the_list_brought_is_unchanged_from_then_on(looking, danas_inspection):
    cancel_inspection(danas_inspection, desk=desk(), by=CLERK, now=NOW)
    looking.browsing.page = looking(200)
    looking()


def test_a_change_by_another_company_on_the_permit_is_told_too(looking, hill, danas_permit, danas_inspection):
    builder = hill(1)
    PermitContractor.create(permit=danas_permit, contractor=builder.company, trade="general")
    before = Contractor.get_by_id(builder.company.id).version
    cancel_inspection(danas_inspection, desk=desk(), by=CLERK, now=NOW)
    assert Contractor.get_by_id(builder.company.id).version > before


@pytest.mark.parametrize(
    "moment, is_new",
    [
        (NOW + timedelta(minutes=1), False),
        (datetime(2026, 5, 26, 20, 59, tzinfo=UTC), False),  # 15:59 in Chicago
        (datetime(2026, 5, 26, 21, 0, tzinfo=UTC), True),  # the cut-off
        (datetime(2026, 5, 27, 5, 0, tzinfo=UTC), True),  # midnight in Chicago
    ],
)
def test_the_cutoff_and_a_new_day_bring_the_list_by_themselves(looking, at, moment, is_new):
    at(moment)
    looking(200 if is_new else 204)


def test_a_version_of_nonsense_brings_the_list(looking):
    looking.browsing.get("/dashboard/inspections?v=%00%ff", HX_Request="true")


def test_a_refreshed_list_of_common_length_is_within_three_kilobytes(looking, dana):
    for number in range(8):
        permit = permit_of(
            dana.company, f"PP-2026-{number}", kind="WATER_HEATER", address=f"{number} Cedar Brake Drive"
        )
        ask(dana, permit, Wish("WH", WEDNESDAY, "pm"), key=f"k{number}")
    assert looking(200).bytes <= FRAGMENT_BYTES


def test_many_inspections_come_by_pages_and_within_the_budget(browse, dana, counting):
    for number in range(60):
        permit = permit_of(
            dana.company, f"PP-2026-{number:05}", kind="WATER_HEATER", address=f"{number} Cedar Brake Drive"
        )
        past(permit, dana.company, "WH", "failed" if number % 2 else "passed")
    browsing = browse(dana)
    with counting() as queries:
        page = browsing.get("/dashboard")
    assert len(page.select("#inspections .row")) == 25 and "Active Inspections 60" in page.text
    assert page.bytes <= DASHBOARD_BYTES and len(queries) <= 6
    assert len(browsing.click("Show more inspections").select("#inspections .row")) == 50
    assert len(browsing.click("Show more inspections").select("#inspections .row")) == 60


def test_a_visitors_refresh_leads_to_sign_in(browse, dana, looking):
    Contractor.update(session_token="another").execute()
    assert looking(200).headers["HX-Redirect"] == "/"
