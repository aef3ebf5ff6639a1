"""The dashboard: all active inspections and outcomes, then all active permits."""

from datetime import timedelta

import pytest

from tests import cast
from tests.cast import FRIDAY, THURSDAY, TODAY, WEDNESDAY, ask, past, permit_of
from tracker.actions.requests import Wish
from tracker.models import Inspection, Permit, Staff

LONGER_AGO = TODAY - timedelta(days=31)


def titles(page) -> list[str]:
    return page.words("#inspections .row h3")


def test_a_new_company_reads_what_to_do(browse, dana):
    page = browse(dana).get("/dashboard")
    assert page.words(".blank b") == ["Nothing asked for yet.", "No active permits."]


def test_active_inspections_stand_first_soonest_on_top(browse, dana, danas_house, danas_permit):
    ask(dana, danas_house, Wish("SEWER", FRIDAY, "pm"), Wish("PLRGH", WEDNESDAY, "any"))
    ask(dana, danas_permit, Wish("WH", THURSDAY, "am"), key="another")
    page = browse(dana).get("/dashboard")
    assert page.words("section:not([hidden]) h2")[0].startswith("Active Inspections 3")
    assert titles(page) == ["Plumbing rough-in (under slab)", "Water heater replacement", "Sewer / water yard line"]
    assert page.words("#inspections .row .tag") == ["Requested"] * 3
    assert page.words("#inspections .row time") == ["Wed 27 May any", "Thu 28 May AM", "Fri 29 May PM"]


def test_a_row_says_permit_type_address_day_and_number(browse, dana, danas_request):
    row = browse(dana).get("/dashboard").words("#inspections .row")[0]
    for said in ("77 Cedar Brake Drive", "PP-2026-00932", f"No. {danas_request.id}.", "Wed 27 May AM"):
        assert said in row


def test_the_inspector_is_named_once_assigned(browse, dana, danas_inspection):
    ray = Staff.create(
        email="ray@city.example", name="Ray Ortega", role="inspector", password_hash="", session_token=""
    )
    Inspection.update(status="scheduled", inspector=ray).execute()
    row = browse(dana).get("/dashboard").words("#inspections .row")[0]
    assert "Scheduled" in row and "Ray Ortega" in row


def test_on_the_way_stands_above_the_list_with_a_number_to_call(browse, dana, danas_inspection):
    ray = Staff.create(email="ray@city.example", name="Ray Ortega", role="inspector", phone="512-555-0142",
                       password_hash="", session_token="")  # fmt: skip
    Inspection.update(status="on_the_way", inspector=ray, day=TODAY).execute()
    page = browse(dana).get("/dashboard")
    assert page.words(".live .tag") == ["On the way"] and page.words(".live a.btn") == ["Call Ray"]
    assert page.select('.live a[href="tel:+1-512-555-0142"]') and not page.select("#inspections .row")


@pytest.mark.parametrize("result", ["failed", "no_access", "not_ready", "partial"])
def test_what_did_not_pass_can_be_requested_again(browse, dana, danas_permit, result):
    past(danas_permit, dana.company, "WH", result)
    browsing = browse(dana)
    browsing.get("/dashboard")
    page = browsing.click("Request again Water heater replacement, 77 Cedar Brake Drive")
    assert page.value("inspection_type") == "WH" and page.value("contact_name") == "Dana Whitfield"


@pytest.mark.parametrize("result", ["passed", "passed_with_conditions", "waived"])
def test_what_passed_cannot_be_requested_again(browse, dana, danas_permit, result):
    past(danas_permit, dana.company, "WH", result)
    page = browse(dana).get("/dashboard")
    assert len(page.select("#inspections .row")) == 1 and "Request again" not in page.text


def test_the_outcome_shows_corrections_and_comment(browse, dana, danas_permit):
    past(danas_permit, dana.company, "WH", "failed")
    Inspection.update(
        comment="Gate <b>code</b> & dog.", corrections="Missing cleanout\nPipe not supported", staff_comment="Rude."
    ).execute()
    page = browse(dana).get("/dashboard")
    assert page.words("#inspections .note li") == ["Missing cleanout", "Pipe not supported"]
    assert page.words("#inspections .note > p") == ["“Gate <b>code</b> & dog.”"] and "Rude" not in page.text


def test_outcomes_stay_for_thirty_days(browse, dana, danas_permit, danas_house):
    past(danas_permit, dana.company, "WH", "passed", day=TODAY - timedelta(days=30))
    past(danas_house, dana.company, "SEWER", "passed", day=LONGER_AGO)
    assert titles(browse(dana).get("/dashboard")) == ["Water heater replacement"]


def test_what_is_still_to_come_stands_before_what_passed(browse, dana, danas_house):
    past(danas_house, dana.company, "PLRGH", "passed")
    past(danas_house, dana.company, "GAS", "failed")
    ask(dana, danas_house, Wish("SEWER", FRIDAY, "pm"))
    names = ["Gas test", "Sewer / water yard line", "Plumbing rough-in (under slab)"]
    assert titles(browse(dana).get("/dashboard")) == names


def test_requesting_again_takes_the_failed_one_out_of_the_way(browse, dana, danas_house):
    past(danas_house, dana.company, "SEWER", "failed")
    ask(dana, danas_house, Wish("SEWER", FRIDAY, "pm"))
    page = browse(dana).get("/dashboard")
    assert page.words("#inspections .row .tag") == ["Requested", "Failed"] and "Request again" not in page.text


def test_remarks_gate_codes_and_contacts_are_not_on_it(browse, dana, danas_request):
    text = browse(dana).get("/dashboard").body.decode()
    for secret in ("4711", "555-0199", "555-0170", "dana@lonestar.example", dana.pin):
        assert secret not in text


def test_another_companys_inspections_are_not_on_it(browse, eve, danas_request, eves_permit):
    page = browse(eve).get("/dashboard")
    assert "Cedar Brake" not in page.text and page.words(".permit b") == ["9 Heron Bend"]


def test_another_company_on_the_permit_has_its_inspections_to_itself(browse, dana, hill, danas_permit):
    builder = hill(1)
    cast.PermitContractor.create(permit=danas_permit, contractor=builder.company, trade="general")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am", "Gate 4711"))
    page = browse(builder).get("/dashboard")
    assert page.words("#inspections .blank b") == ["Nothing asked for yet."]


@pytest.mark.parametrize(
    "status", ["finaled", "expired", "cancelled", "on_hold", "in_review", "fees_payment", "occupancy", "appeal"]
)
def test_only_active_permits_are_listed(browse, dana, danas_permit, status):
    Permit.update(status=status).execute()
    assert browse(dana).get("/dashboard").words("#permits .blank b") == ["No active permits."]


@pytest.mark.parametrize(
    "days, words", [(0, "Expires today"), (1, "Expires in 1 day"), (30, "Expires in 30 days"), (31, "Expires Jun 26")]
)
def test_when_a_permit_ends_is_said_in_words(browse, dana, danas_permit, days, words):
    Permit.update(expires_on=TODAY + timedelta(days=days)).execute()
    assert words in browse(dana).get("/dashboard").words(".permit")[0]


@pytest.mark.parametrize("status", ["issued", "inspection_phase", "expired"])
@pytest.mark.parametrize("days, words", [(1, "Expired May 25"), (30, "Expired Apr 26")])
def test_an_expired_permit_is_shown_for_thirty_days_with_whom_to_call(browse, dana, danas_permit, status, days, words):
    Permit.update(expires_on=TODAY - timedelta(days=days), status=status).execute()
    page = browse(dana).get("/dashboard")
    assert f"{words} · Call 512-555-0100." in page.words(".permit")[0] and page.words(".permit b.old") == [words]
    [call] = page.select(".permit a.btn")
    assert call["href"] == "tel:+1-512-555-0100" and page.words(".permit a.btn") == [
        "Call the city about PP-2026-00932"
    ]


def test_the_dot_of_a_month_in_spanish_is_not_doubled(browse, dana, danas_permit):
    Permit.update(expires_on=TODAY - timedelta(days=30)).execute()
    said = browse(dana, **{"Accept-Language": "es"}).get("/dashboard").words(".permit")[0]
    assert "Venció el 26 de abr. · Llame al 512-555-0100." in said


@pytest.mark.parametrize("status, days", [("issued", -31), ("expired", -31), ("finaled", -1), ("on_hold", -1)])
def test_what_expired_longer_ago_or_has_ended_otherwise_is_gone(browse, dana, danas_permit, status, days):
    Permit.update(expires_on=TODAY + timedelta(days=days), status=status).execute()
    assert not browse(dana).get("/dashboard").select(".permit")


def test_the_week_around_the_end_stands_on_top_by_the_day_it_ends(browse, dana):
    for number, days in (("A", 60), ("B", 7), ("C", 8), ("D", 0), ("E", -7), ("F", -8), ("G", 7)):
        permit = permit_of(dana.company, number, issued_on=TODAY - timedelta(days=100 - ord(number)))
        Permit.update(expires_on=TODAY + timedelta(days=days)).where(Permit.id == permit.id).execute()
    browsing = browse(dana)
    assert browsing.get("/dashboard").words(".permit .num") == ["E", "D", "G", "B", "F", "C", "A"]


def test_the_request_link_of_a_row_opens_its_form(browse, dana, danas_permit):
    browsing = browse(dana)
    browsing.get("/dashboard")
    page = browsing.click("Request an inspection on PP-2026-00932")
    assert page.words("h1") == ["Request inspections"]


def test_a_permit_with_two_trades_of_one_company_is_listed_once(browse, dana, danas_permit):
    cast.PermitContractor.create(permit=danas_permit, contractor=dana.company, trade="mechanical")
    assert len(browse(dana).get("/dashboard").select(".permit")) == 1


def test_a_permit_without_type_address_or_dates_is_listed_too(browse, dana):
    permit = permit_of(dana.company, "X-1", address="")
    Permit.update(permit_type=None, issued_on=None, expires_on=None, description="").where(
        Permit.id == permit.id
    ).execute()
    assert "No expiry date" in browse(dana).get("/dashboard").words(".permit")[0]
