"""How the request page opens: filled from what is known, with the types and days that can really be had."""

from datetime import UTC, datetime

import pytest

from tests.cast import WEDNESDAY, ask, past, permit_of
from tests.page import Browse
from tests.pages.conftest import CONTACT
from tracker.actions.requests import Contact, Wish
from tracker.models import ClosedDay, DayLoad, Inspection, Permit, PermitType

OTHER = Contact("Manny Reyes", "512-555-0188", "418 Larkspur Lane, rear", "manny@lonestar.example")


def types(page) -> dict[str, str]:
    """The codes that can be chosen, and those that cannot with what is said of them."""
    return {
        str(one["value"]): one.get_text(strip=True) if one.has_attr("disabled") else ""
        for one in page.select("#inspection_type option[value]")
        if one["value"]
    }


def days(page) -> list[str]:
    return [str(radio["value"]) for radio in page.select("input[name=requested_date]")]


def test_at_first_it_is_filled_from_the_company_and_the_permit(filling):
    page = filling.page
    assert page.value("contact_name") == "" and page.value("phone") == "512-555-0170"
    assert page.value("site_address") == "418 Larkspur Lane" and page.value("email") == "office@lonestar.example"


def test_then_from_the_companys_last_request_on_this_permit(browse, dana, danas_house, danas_permit):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "am", "Gate 4711"), contact=OTHER)
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"), key="another permit")
    page = browse(dana).get("/permits/BP-2026-01184/request")
    assert {name: page.value(name) for name in CONTACT} == OTHER.__dict__ and page.value("remarks") == ""


def test_never_from_another_companys_request(browse, dana, hill, danas_house):
    builder = hill(1)
    type(danas_house.contractors.get()).create(permit=danas_house, contractor=builder.company, trade="general")
    ask(builder, danas_house, Wish("FORM", WEDNESDAY, "am"), contact=OTHER)
    page = browse(dana).get("/permits/BP-2026-01184/request")
    assert "Manny" not in page.body.decode() and page.value("phone") == "512-555-0170"


def test_request_again_fills_everything_in(browse, dana, danas_house):
    row = past(danas_house, dana.company, "SEWER", "failed")
    Inspection.update(time_frame="pm", remarks="Side gate").execute()
    page = browse(dana).get(f"/permits/BP-2026-01184/request?repeat={row.id}")
    said = {name: page.value(name) for name in ("inspection_type", "time_frame", "remarks", "contact_name")}
    assert said == {
        "inspection_type": "SEWER", "time_frame": "pm", "remarks": "Side gate", "contact_name": "Dana Whitfield",
    }  # fmt: skip


def test_the_plumber_of_a_house_may_choose_plumbing_alone(filling):
    can = [code for code, problem in types(filling.page).items() if not problem]
    assert can == ["PLRGH", "SEWER"]
    assert {"PLTOP", "GAS", "SHOWER", "PLFIN"} <= set(types(filling.page)) and "FORM" not in types(filling.page)


def test_what_cannot_be_asked_for_yet_says_why(filling):
    said = types(filling.page)
    assert "Foundation / slab must pass first" in said["PLTOP"]
    assert any("Plumbing top-out" in words and "must pass first" in words for words in filling.page.words("details li"))


def test_the_general_contractor_may_choose_any(browse, hill):
    builder = hill(1)
    assert {"FORM", "SEWER", "TPOLE"} <= set(types(browse(builder).get("/permits/BP-2026-02000/request")))


@pytest.mark.parametrize(
    "kind, can",
    [("WATER_HEATER", {"WH", "GAS"}), ("IRRIGATION", {"IRRIG"}), ("HVAC", {"HVAC"}), ("BUILDING", {"FRAME", "FINAL"})],
)
def test_the_types_are_those_of_the_permits_type(browse, hill, kind, can):
    builder = hill(1)
    Permit.update(permit_type=PermitType.get(PermitType.code == kind)).execute()
    assert set(types(browse(builder).get("/permits/BP-2026-02000/request"))) == can


def test_the_only_type_that_can_be_had_is_chosen_with_its_note(browse, dana):
    permit_of(dana.company, "IR-1", kind="IRRIGATION", trade="irrigation")
    page = browse(dana).get("/permits/IR-1/request")
    assert page.value("inspection_type") == "IRRIG" and "Have the Backflow Test Form on site." in page.text
    assert "put a name and a phone number in the remarks" in page.text


def test_what_is_open_or_has_passed_is_not_offered_again(browse, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "am"))
    past(danas_house, dana.company, "PLRGH", "passed")
    past(danas_house, dana.company, "FOUND", "passed")
    said = types(browse(dana).get("/permits/BP-2026-01184/request"))
    assert "requested already, for Wed May 27" in said["SEWER"] and "PLRGH" not in said


def test_the_first_day_is_chosen_and_every_day_says_how_busy_it_is(filling):
    page = filling.page
    assert days(page)[0] == page.value("requested_date") == "2026-05-27" and page.value("time_frame") == "any"
    assert page.words("#requested_date label")[0] == "Wed May 27 AM quiet PM quiet"
    assert len(days(page)) == 10 and days(page)[-1] == "2026-06-09"
    assert "A wish. The inspector’s day decides." in page.text
    assert "It is 10:00 AM. Before 4:00 PM you can have Wed May 27." in page.text


def test_a_full_day_and_a_closed_day_are_not_offered(browse, dana, danas_house):
    DayLoad.create(day="2026-05-27", trade="", booked=60, am=30, pm=30)
    ClosedDay.create(day="2026-05-28", name="Founders Day")
    page = browse(dana).get("/permits/BP-2026-01184/request")
    assert days(page)[0] == page.value("requested_date") == "2026-05-29"


def test_with_no_day_free_it_says_to_call(app_with, dana, danas_house):

    for day in range(27, 32):
        DayLoad.create(day=f"2026-05-{day}", trade="", booked=60)
    browsing = Browse(app_with(DAYS_AHEAD="2"))
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    assert "No day is free just now. Call 512-555-0100." in browsing.get("/permits/BP-2026-01184/request").text


@pytest.mark.parametrize(
    "hour, minute, first, line",
    [
        (20, 59, "2020-05-26", "It is 3:59 PM. Before 4:00 PM you can have Tue May 26."),
        (21, 0, "2020-05-27", "It is 4:00 PM, past 4:00 PM. The first day you can have is Wed May 27."),
    ],
)
def test_on_the_friday_before_memorial_day_2020_the_cutoff_decides(
    browse, dana, danas_house, at, hour, minute, first, line
):
    Permit.update(expires_on="2020-12-01").execute()
    at(datetime(2020, 5, 22, hour, minute, tzinfo=UTC))
    page = browse(dana).get("/permits/BP-2026-01184/request")
    assert days(page)[0] == page.value("requested_date") == first and line in page.text


@pytest.mark.parametrize("status", ["finaled", "cancelled", "expired", "on_hold", "in_review"])
def test_a_permit_that_is_not_active_answers_with_the_reason(browse, dana, danas_house, status):
    Permit.update(status=status).execute()
    page = browse(dana).get("/permits/BP-2026-01184/request", status=409)
    assert page.words("#problems h2")[0].startswith("This permit ")


@pytest.mark.parametrize("repeat", ["0", "x", "-1", "-99999999999999999999", "99999999999999999999", "1e3"])
def test_repeating_what_is_not_there_is_no_error_of_ours(filling, repeat):
    assert filling.client.get(f"/permits/BP-2026-01184/request?repeat={repeat}").status_code in (200, 404)


def test_repeating_another_companys_inspection_is_not_found(browse, eve, eves_permit, danas_inspection):
    browse(eve).get(f"/permits/PP-2026-00555/request?repeat={danas_inspection.id}", status=404)


def test_the_page_stays_within_its_budget_on_a_builders_house(browse, hill):
    assert browse(hill(1)).get("/permits/BP-2026-02000/request").bytes <= 8 * 1024
