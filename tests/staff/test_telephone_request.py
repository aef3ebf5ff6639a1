"""Sam takes a request by telephone: past the rules where there is a reason, which stays on record."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.actions.told import mails
from tests.cast import CONTACT, NOW, THURSDAY, TODAY, WEDNESDAY, Wish, ask, past, permit_of
from tracker.models import Change, DayLoad, Fee, Inspection, InspectionType, Request
from tracker.rules.words import Status

FIELDS = {
    "contact_name": "Dana Whitfield",
    "phone": "512-555-0170",
    "site_address": "418 Larkspur Lane",
    "email": "dana@lonestar.example",
    "time_frame": "am",
    "remarks": "",
}


@pytest.fixture
def calls(browse, sam, dana, danas_house):
    """`calls(code, day)` → the page after Sam pressed Submit for Dana, and `more` typed with it."""
    browsing = browse(sam)

    def call(code: str, day=WEDNESDAY, status: int = 303, permit=danas_house, who=dana, again=None, **more):
        url = f"/staff/permits/{permit.permit_num}/request?company={who.company.id}"
        page = again or browsing.get(url)
        form = page.fields(page.one("main form[method=post]"))
        named = [tag["value"] for tag in page.select("[name=named]")]
        typed = {**FIELDS, "inspection_type": code, "requested_date": str(day), "action": "submit", "named": named}
        return browsing.send(url, status, **{**form, **typed, **more})

    return call


def booked() -> list[tuple[str, str]]:
    return [(row.inspection_type.code, str(row.day)) for row in Inspection.select().order_by(Inspection.id)]


def test_taken_for_the_contractor_who_is_mailed(calls, sam, dana):
    answer = calls("SEWER")
    assert answer.headers["Location"] == "/staff/permits/BP-2026-01184"
    made = Request.get()
    assert (made.contractor, made.taken_by, made.contact_name) == (dana.company, sam.row, "Dana Whitfield")
    told = sorted(to for kind, to in mails() if kind == "requested")
    assert told == ["dana@lonestar.example", "office@lonestar.example"]
    line = Change.get(Change.verb == "request_inspections")
    assert (line.actor_name, line.reason) == ("Sam Okafor", "")


def passes(calls, says: str, code: str, day=WEDNESDAY, **more) -> Change:
    """The refusal names the rule and asks for a reason; with the reason it is done, and on record."""
    there = Request.select().count()
    refused = calls(code, day, 422, **more)
    assert says in refused.one(".sub li").get_text()
    assert refused.one("#reason")
    assert calls(code, day, 422, again=refused, **more).one("#reason"), "no reason, no request"
    assert Request.select().count() == there
    calls(code, day, again=refused, reason="The slab is poured at noon.", **more)
    assert booked()[-1] == (code, str(day))
    line = Change.select().where(Change.verb == "request_inspections").order_by(Change.id.desc()).get()
    assert line.reason == "The slab is poured at noon."
    assert says in json.loads(line.after)["despite"][0]
    return line


def test_past_the_cutoff(calls, at):
    at(NOW + timedelta(hours=7))  # 5 PM
    passes(calls, "It is past 4:00 PM", "SEWER")


def test_on_the_same_day(calls):
    passes(calls, "Tue May 26 is too soon.", "SEWER", TODAY)


def test_beyond_capacity(calls, app):
    app.config["DAILY_CAPACITY"] = 1
    DayLoad.insert(day=WEDNESDAY, trade="", booked=1).execute()
    passes(calls, "Wed May 27 has just filled up.", "SEWER")
    assert DayLoad.get(DayLoad.day == WEDNESDAY, DayLoad.trade == "").booked == 2


def test_without_what_must_pass_first(calls):
    passes(calls, "Foundation / slab must pass first.", "PLTOP")


def test_what_has_passed_already(calls, dana, danas_house):
    past(danas_house, dana.company, "SEWER", "passed")
    passes(calls, "has passed already.", "SEWER")


def test_despite_a_fee_that_is_due(calls, dana):
    shed = permit_of(dana.company, "BP-2026-00031", kind="DEMOLITION", address="3 Heron Bend")
    final = InspectionType.get(InspectionType.code == "FINAL")
    Fee.create(permit=shed, inspection_type=final, attempt=3, amount=Decimal(75), due_at=NOW)
    passes(calls, "first pay the re-inspection fee, $75.00.", "FINAL", permit=shed)


def test_a_reason_for_one_rule_is_none_for_another(calls, app):
    """Between the refusal and the reason the day has filled up: that is named too before it is let pass."""
    app.config["DAILY_CAPACITY"] = 1
    refused = calls("PLTOP", WEDNESDAY, 422)
    DayLoad.insert(day=WEDNESDAY, trade="", booked=1).execute()
    answer = calls("PLTOP", WEDNESDAY, 422, again=refused, reason="Concrete is on its way.")
    assert len(answer.select(".sub li")) == 2
    assert answer.one("#reason").get_text().strip() == "Concrete is on its way."
    calls("PLTOP", WEDNESDAY, again=answer, reason="Concrete is on its way.")
    assert len(booked()) == 1


@pytest.mark.parametrize(
    ("code", "day", "says"),
    [
        ("SEWER", TODAY - timedelta(days=1), "has passed."),
        ("SEWER", WEDNESDAY + timedelta(days=3), "The city does not work on Sat May 30."),
        ("SEWER", "2099-12-30", "more than a year ahead"),
        ("SEWER", "9999-12-31", "Choose a day from the list."),
        ("WH", WEDNESDAY, "is not part of this permit."),
        ("FRAME", WEDNESDAY, "is for the general contractor"),
        ("NOPE", WEDNESDAY, "Choose an inspection type from the list."),
    ],
)
def test_what_no_reason_helps_is_refused(calls, code, day, says):
    answer = calls(code, day, 422, reason="Please")
    assert says in answer.text
    assert not answer.select("#reason")
    assert not booked()


def test_one_that_is_open_already_stays_one(calls, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", THURSDAY, "any"))
    assert "is requested already, for Thu May 28." in calls("SEWER", WEDNESDAY, 422, reason="Please").text
    assert len(booked()) == 1


def test_irrigation_needs_its_caller_by_telephone_too(calls, dana):
    yard = permit_of(dana.company, "IR-00001", kind="IRRIGATION", trade="irrigation")
    assert "Add a name and a phone number" in calls("IRRIG", WEDNESDAY, 422, permit=yard, reason="Please").text


def test_missing_fields_are_named_and_what_was_typed_stays(calls):
    answer = calls("SEWER", WEDNESDAY, 422, phone="", contact_name="Marco Ruiz")
    assert "Phone Number" in answer.words("#problems li")[0]
    assert answer.value("contact_name") == "Marco Ruiz"


def test_the_same_form_twice_is_one_request(browse, calls, sam, dana, danas_house):
    page = browse(sam).get(f"/staff/permits/{danas_house.permit_num}/request?company={dana.company.id}")
    calls("SEWER", key=page.value("key"))
    calls("SEWER", key=page.value("key"))
    assert len(booked()) == 1
    assert "This form was sent before, as No. " in calls("TPOLE", THURSDAY, 409, key=page.value("key")).text


def test_several_on_the_list(browse, calls):
    listed = calls("SEWER", WEDNESDAY, 200, action="add")
    assert listed.words(".chosen b") == ["Sewer / water yard line"]
    calls("PLRGH", THURSDAY, again=listed)
    assert booked() == [("SEWER", str(WEDNESDAY)), ("PLRGH", str(THURSDAY))]


def test_the_form_opens_for_a_company_of_the_permit_alone(browse, sam, dana, eve, danas_house, iris):
    browsing = browse(sam)
    url = f"/staff/permits/{danas_house.permit_num}/request"
    page = browsing.get(f"{url}?company={dana.company.id}")
    assert page.value("phone") == "512-555-0170"
    assert page.one("input[name=requested_date][checked]")["value"] == str(WEDNESDAY)
    for wrong in ("", "?company=x", f"?company={eve.company.id}", "?company=" + "9" * 30):
        browsing.get(url + wrong, status=404)
    browse(iris).get(f"{url}?company={dana.company.id}", status=403)


def test_a_permit_that_is_not_active_is_refused(browse, sam, dana):
    permit_of(dana.company, "BP-OLD", status="finaled")
    page = browse(sam).get(f"/staff/permits/BP-OLD/request?company={dana.company.id}", status=409)
    assert "This permit is final." in page.text


def test_the_note_of_a_type_comes_by_itself(browse, sam, dana):
    yard = permit_of(dana.company, "IR-00001", kind="IRRIGATION", trade="irrigation")
    browsing = browse(sam)
    page = browsing.get(f"/staff/permits/IR-00001/request?company={dana.company.id}")
    url = str(page.one("#inspection_type")["data-hx-post"])
    assert "Backflow" in browsing.send(url, 200, inspection_type="IRRIG").text
    assert yard.permit_num in url


def test_a_request_again_brings_what_there_was(browse, sam, dana, danas_house):
    failed = past(danas_house, dana.company, "SEWER", "failed")
    url = f"/staff/permits/{danas_house.permit_num}/request?company={dana.company.id}&repeat={failed.id}"
    page = browse(sam).get(url)
    assert page.one("#inspection_type option[selected]")["value"] == "SEWER"
    assert CONTACT.contact_name == page.value("contact_name")
    assert failed.status == Status.DONE


def test_adding_with_no_type_chosen_asks_for_one_also_when_something_is_listed(calls):
    listed = calls("SEWER", WEDNESDAY, 200, action="add")
    page = calls("", WEDNESDAY, 422, again=listed, action="add")
    assert len(page.select(".chosen li")) == 1 and "Choose an inspection type" in page.text


def test_the_summary_leads_to_the_reason(calls):
    page = calls("PLTOP", WEDNESDAY, 422)
    link = page.select("#problems a")[0]
    assert (link["href"], link.get_text()) == ("#reason", "Give a reason to do it all the same.")
    assert page.words("#problems h2") == ["A rule stands against it. Nothing was sent yet."]
    assert page.one(".form #reason"), "near the summary, before the fields"


def test_a_reason_stays_while_another_field_is_put_right(calls):
    page = calls("PLTOP", WEDNESDAY, 422)
    page = calls("PLTOP", WEDNESDAY, 422, again=page, reason="Concrete is on its way.", phone="12")
    assert page.one("#reason").get_text().strip() == "Concrete is on its way."
    calls("PLTOP", WEDNESDAY, again=page, reason="Concrete is on its way.")
    assert len(booked()) == 1


def test_a_reason_too_long_to_keep_is_said_and_not_cut(calls):
    page = calls("PLTOP", WEDNESDAY, 422)
    page = calls("PLTOP", WEDNESDAY, 422, again=page, reason="x" * 1001)
    assert "1,001 characters. There is room for 1,000: shorten the reason." in page.words("#problems a")
    assert page.one("#reason").get_text().strip() == "x" * 1001
    assert booked() == []


def test_the_days_are_introduced_in_words_for_the_desk_and_a_type_is_named_once(calls, dana, danas_house, browse, sam):
    past(danas_house, dana.company, "SEWER", "passed")
    desk = browse(sam)
    page = desk.get(f"/staff/permits/{danas_house.permit_num}/request?company={dana.company.id}")
    assert page.words("#requested_date > .hint") == [
        "Any working day from today on. What a contractor could not have takes a reason."
    ]
    assert "Sewer / water yard line has passed already" in page.words("#inspection_type option")
