"""Requesting inspections: the list, and all of them or none."""

from datetime import UTC, datetime

import pytest

from tests.cast import FRIDAY, THURSDAY, past, permit_of
from tests.pages.conftest import CONTACT, summary, wish
from tracker.forms.requests import MOST_LISTED
from tracker.models import Inspection, Mail, Permit, Request

FORM = "main form"


def booked() -> list[tuple]:
    """(code, day, half, remarks) of every inspection there is."""
    rows = Inspection.select().order_by(Inspection.id)
    return [(row.inspection_type.code, str(row.day), row.time_frame, row.remarks) for row in rows]


def test_one_inspection_leads_to_the_dashboard_with_its_number(filling):
    page = filling.submit(FORM, button="submit", **CONTACT, **wish("SEWER", half="am", remarks="Gate 4711"))
    number = Request.get().id
    words = f"Requested for Wed May 27, AM. No. {number}. The confirmation goes to dana@lonestar.example."
    assert page.words(".said") == [words]
    assert booked() == [("SEWER", "2026-05-27", "am", "Gate 4711")]
    assert page.words("#inspections h3") == ["Sewer / water yard line"]
    assert Mail.get(Mail.recipient == "dana@lonestar.example").calendar


def test_two_are_requested_in_one_go_the_second_without_being_added(filling):
    page = filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER", half="pm", remarks="Trench"))
    assert page.words(".chosen li b") == ["Sewer / water yard line"] and page.value("remarks") == ""
    assert page.words("h2")[0] == "Inspection 2" and "Submit 1 inspection" in page.words("button")
    page = filling.submit(FORM, button="submit", **wish("PLRGH", FRIDAY))
    assert page.words(".said")[0].startswith(f"2 inspections requested. No. {Request.get().id}.")
    assert booked() == [("SEWER", "2026-05-27", "pm", "Trench"), ("PLRGH", "2026-05-29", "any", "")]
    assert Mail.select().where(Mail.recipient == "dana@lonestar.example").count() == 1


def test_what_is_on_the_list_alone_is_sent_too(filling):
    filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER"))
    filling.submit(FORM, button="submit", inspection_type="")
    assert [row[0] for row in booked()] == ["SEWER"]


def test_what_was_typed_above_stays_while_the_list_grows_and_shrinks(filling):
    typed = {**CONTACT, "contact_name": "Dana O’Whitfield <b>", "phone": "not yet", "email": ""}
    filling.submit(FORM, button="add", status=200, **typed, **wish("SEWER"))
    filling.submit(FORM, button="add", status=200, **wish("PLRGH", THURSDAY, "pm", "Call first"))
    page = filling.submit(FORM, button="remove-0", status=200, **wish("", remarks="half a sentence"))
    assert page.words(".chosen li b") == ["Plumbing rough-in (under slab)"]
    assert {name: page.value(name) for name in CONTACT} == typed and page.value("remarks") == "half a sentence"
    assert page.value("inspections-0-remarks") == "Call first" and not booked()


@pytest.mark.parametrize("place", ["7", "x", "", "-1", "²", "99999999999"])
def test_removing_what_is_not_there_changes_nothing(filling, place):
    filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER"))
    page = filling.submit(FORM, button=f"remove-{place}", status=200)
    assert page.words(".chosen li b") == ["Sewer / water yard line"]


def test_adding_asks_for_a_type_but_not_yet_for_the_contact(filling):
    page = filling.submit(FORM, button="add", status=422, **dict.fromkeys(CONTACT, ""), **wish(""))
    assert summary(page) == ["Inspection Type: Choose an inspection type from the list."]


def test_the_same_type_twice_is_refused_when_added(filling):
    filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER"))
    page = filling.submit(FORM, button="add", status=422, **wish("SEWER", FRIDAY))
    assert summary(page) == ["Inspection 2: Inspection Type: Sewer / water yard line is on the list twice. Remove one."]
    assert len(page.select(".chosen li")) == 1 and page.value("inspection_type") == "SEWER"


def test_adding_with_no_type_chosen_asks_for_one_also_when_something_is_listed(filling):
    filling.submit(FORM, button="add", status=200, **wish("SEWER"))
    page = filling.submit(FORM, button="add", status=422, inspection_type="", remarks="")
    assert summary(page) == ["Inspection 2: Inspection Type: Choose an inspection type from the list."]
    assert len(page.select(".chosen li")) == 1


def test_a_type_may_come_before_another_in_the_same_request_where_the_order_allows(browse, hill):
    builder = hill(1)
    house = Permit.get()
    for code in ("PLRGH", "FORM", "FOUND"):
        past(house, builder.company, code, "passed")
    browsing = browse(builder)
    browsing.get("/permits/BP-2026-02000/request")
    for code in ("ELRGH", "PLTOP", "MERGH"):
        browsing.submit(FORM, button="add", status=200, **CONTACT, **wish(code))
    browsing.submit(FORM, button="submit", **wish("FRAME"))
    assert [row[0] for row in booked()][-4:] == ["ELRGH", "PLTOP", "MERGH", "FRAME"]


def test_all_or_nothing_and_the_error_names_the_inspection(filling, dana, danas_house):
    filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER"))
    filling.submit(FORM, button="add", status=200, **wish("PLRGH"))
    page = filling.submit(
        FORM, button="submit", status=422, inspection_type="", **{"inspections-0-requested_date": "2026-05-25"}
    )
    line = "Inspection 1, Sewer / water yard line: Mon May 25 is too soon. The first day is Wed May 27."
    assert summary(page) == [line] and not Request.select().exists() and not Mail.select().exists()
    assert page.words(".chosen li.bad .err") == ["Mon May 25 is too soon. The first day is Wed May 27."]
    assert page.select(".chosen li.bad select option") and len(page.select(".chosen li")) == 2


def test_a_list_from_before_the_cutoff_is_mended_by_another_day(filling, at):
    filling.submit(FORM, button="add", status=200, **CONTACT, **wish("SEWER"))
    at(datetime(2026, 5, 26, 21, 0, tzinfo=UTC))
    page = filling.submit(FORM, button="submit", status=422, inspection_type="")
    assert summary(page) == [
        "Inspection 1, Sewer / water yard line: It is past 4:00 PM, so the first day is Thu May 28."
    ]
    filling.submit(FORM, button="submit", inspection_type="")
    assert booked() == [("SEWER", "2026-05-28", "any", "")]


def test_a_list_longer_than_can_be_taken_says_so_and_loses_nothing(browse, dana):
    permit_of(dana.company, "DS-1", kind="FLATWORK", trade="general")
    browsing = browse(dana)
    browsing.get("/permits/DS-1/request")
    for number in range(MOST_LISTED):
        browsing.submit(FORM, button="add", status=200, **CONTACT, **wish("FLAT", remarks=f"pour {number}"))
    page = browsing.submit(FORM, button="add", status=422, **wish("FLAT", remarks="one too many"))
    assert len(page.select(".chosen li")) == MOST_LISTED and page.value("remarks") == "one too many"
    assert len(summary(page)) == 1
    browsing.submit(FORM, button="submit", inspection_type="", remarks="")
    assert len(booked()) == MOST_LISTED


def test_a_fragment_for_htmx_is_the_form_alone_and_success_leads_on(filling):
    form = filling.page.fields(filling.page.one(FORM))
    page = filling.post(
        "/permits/BP-2026-01184/request", {**form, "action": "add", **wish("SEWER")}, 200, HX_Request="true"
    )
    assert not page.is_whole and page.words(".chosen li b") == ["Sewer / water yard line"]
    sent = {**form, **CONTACT, **wish("SEWER"), "action": "submit"}
    page = filling.post("/permits/BP-2026-01184/request", sent, 200, HX_Request="true")
    assert page.headers["HX-Redirect"] == "/dashboard"
