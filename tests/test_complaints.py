"""The ten things people complain of in the portals of today, each as the people of this town would check it."""

import json
import time
from datetime import date, datetime
from decimal import Decimal

import pytest

from tests.actions.a_day import asked, given, stops
from tests.cast import CHICAGO, NOW, THURSDAY, WEDNESDAY, past, permit_of
from tests.page import Browse, Page
from tests.pages.conftest import CONTACT, summary, wish
from tests.staff.a_queue import shown
from tracker.models import (
    Capacity,
    Change,
    DayLoad,
    Fee,
    Inspection,
    InspectionType,
    Mail,
    PermitContractor,
    PermitType,
    Request,
)

FORM = "main form[method=post]"


def days_offered(page: Page) -> list[str]:
    return [str(one["value"]) for one in page.select("input[name=requested_date]")]


def fill(browsing: Browse, number: str, code: str, day: date | str = WEDNESDAY, status: int = 303, **more: str) -> Page:
    """The request page of this permit, filled in and submitted."""
    browsing.get(f"/permits/{number}/request")
    return browsing.submit(FORM, status, button="submit", **{**CONTACT, **wish(code, day), **more})


def mail_to(recipient: str) -> list[tuple[str, str]]:
    """(kind, text) of the mails to this address, in the order written."""
    rows = Mail.select(Mail.kind, Mail.text).where(Mail.recipient == recipient).order_by(Mail.id)
    return list(rows.tuples())


@pytest.fixture
def far_away(monkeypatch):
    """The machine stands on the other side of the date line."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "Pacific/Kiritimati")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def queue(browse, sam):
    browsing = browse(sam)
    browsing.get("/staff/queue")
    return browsing


def decide(queue: Browse, inspection: Inspection, **fields: object) -> Page:
    """Sam ticks one request of the queue and presses a button."""
    page = queue.get("/staff/queue")
    back = page.one("#rows input[name=back]")["value"]
    tick = str(page.one(f"#t{inspection.id}")["value"])
    answer = queue.send("/staff/queue", inspections=[tick], back=back, **fields)
    return queue.get(answer.headers["Location"])


def test_1_the_cut_off_is_one_rule_by_the_citys_clock(browse, at, dana, far_away):
    kinds = [kind.code for kind in PermitType.select()]
    for kind in kinds:
        permit_of(dana.company, f"{kind}-1", kind=kind)
    last_second, cutoff = (datetime(2026, 5, 26, *hour, tzinfo=CHICAGO) for hour in ((15, 59, 59), (16, 0, 0)))
    browsing = browse(dana)
    for kind in kinds:
        at(last_second)
        assert days_offered(browsing.get(f"/permits/{kind}-1/request"))[0] == str(WEDNESDAY), kind
        at(cutoff)
        assert days_offered(browsing.get(f"/permits/{kind}-1/request"))[0] == str(THURSDAY), kind
        code = next(str(one["value"]) for one in browsing.page.select("option[value]:not([disabled])") if one["value"])
        remarks = "Marco, 512-555-0163"
        page = fill(browsing, f"{kind}-1", code, status=422, remarks=remarks)
        assert summary(page) == ["Requested Date: It is past 4:00 PM, so the first day is Thu May 28."], kind
        fill(browsing, f"{kind}-1", code, THURSDAY, remarks=remarks)
    assert {row.day for row in Inspection.select()} == {THURSDAY} and Inspection.select().count() == len(kinds)


def test_2_an_impossible_request_is_refused_with_the_reason_and_an_accepted_one_is_answered(
    browse, queue, dana, danas_house
):
    contractor, number = browse(dana), danas_house.permit_num
    DayLoad.create(day=THURSDAY, trade="", booked=60, am=30, pm=30)
    for code, day, says in (
        ("PLTOP", WEDNESDAY, "Inspection Type: Foundation / slab must pass first."),
        ("WH", WEDNESDAY, "Inspection Type: Water heater replacement is not part of this permit."),
        ("SEWER", "2026-05-30", "Requested Date: The city does not work on Sat May 30. Pick another day."),
        ("SEWER", THURSDAY, "Requested Date: Thu May 28 has just filled up. Pick another day."),
    ):
        assert summary(fill(contractor, number, code, day, 422)) == [says]
    assert not Request.select().exists() and not queue.get("/staff/queue").select("[name=inspections]")
    fill(contractor, number, "SEWER")
    sewer = Inspection.get()
    assert "today" in queue.get("/staff/queue").text  # how long it waits
    decide(queue, sewer, action="decline", reason="The water main is not tapped yet.")
    kind, text = mail_to("dana@lonestar.example")[-1]
    assert kind == "declined" and "The water main is not tapped yet." in text
    assert "The water main is not tapped yet." in contractor.get("/dashboard").text


def test_3_the_error_says_which_inspection_of_several_it_is_about(browse, dana, danas_house):
    PermitContractor.update(trade="general").execute()
    contractor = browse(dana)
    contractor.get(f"/permits/{danas_house.permit_num}/request")
    for code in ("SEWER", "TPOLE", "FORM"):
        contractor.submit(FORM, 200, button="add", **CONTACT, **wish(code))
    page = contractor.submit(FORM, 422, button="submit", **wish("GAS"))
    assert summary(page) == ["Inspection 4: Inspection Type: Plumbing top-out must pass first."]
    Capacity.create(weekday=None, trade="electrical", places=0)
    page = contractor.submit(FORM, 422, button="submit", **wish(""))
    assert summary(page) == ["Inspection 2, Temporary power pole: Wed May 27 has just filled up. Pick another day."]
    past(danas_house, dana.company, "FORM", "passed")
    page = contractor.submit(FORM, 422, button="submit", **wish(""))
    assert summary(page) == ["Inspection 3, Form survey: Form survey has passed already."]
    assert page.words("#inspections-2 .err") == ["Form survey has passed already."]
    assert not Inspection.select().where(Inspection.status == "requested").exists()


def test_4_what_comes_first_depends_on_the_permit(browse, dana, danas_permit, danas_house):
    contractor = browse(dana)
    fill(contractor, danas_permit.permit_num, "GAS")  # of a water heater, on which there is no top-out
    page = fill(contractor, danas_house.permit_num, "GAS", status=422)
    assert summary(page) == ["Inspection Type: Plumbing top-out must pass first."]
    assert [row.permit_id for row in Inspection.select()] == [danas_permit.id]


def test_5_who_cancels_or_moves_is_heard_by_the_inspector_and_nothing_is_dropped(browse, queue, dana, ray):
    first, second = given(ray, asked(dana, "1 Quarry Hill", WEDNESDAY), asked(dana, "2 Quarry Hill", WEDNESDAY))
    contractor, phone = browse(dana), browse(ray)
    page = phone.get(f"/staff/day/{WEDNESDAY}")
    assert "1 Quarry Hill" in page.text and "2 Quarry Hill" in page.text
    address = str(page.one("#day")["data-hx-get"])
    phone.get(address, 204, HX_Request="true")
    contractor.get(f"/inspections/{first.id}/cancel")
    contractor.submit("main form")
    assert phone.get(address, 200, HX_Request="true").select("#day")  # his open page fetches it
    seen = phone.get(f"/staff/day/{WEDNESDAY}").text
    assert "1 Quarry Hill" not in seen and "2 Quarry Hill" in seen
    assert mail_to(first.request.email)[-1][0] == "cancelled"
    decide(queue, second, action="move", requested_date=str(THURSDAY))
    assert "2 Quarry Hill" in phone.get(f"/staff/day/{THURSDAY}").text  # moved by the city, it stays with him
    contractor.get(f"/inspections/{second.id}/move")
    contractor.submit("main form", requested_date="2026-05-29", time_frame="am")
    assert "2 Quarry Hill" not in phone.get(f"/staff/day/{THURSDAY}").text
    waiting = queue.get("/staff/queue?day=2026-05-29&state=requested&inspector=none")
    assert shown(waiting) == ["2 Quarry Hill"]  # moved by Dana, it waits for whoever can come that day
    assert [kind for kind, _text in mail_to(second.request.email)][-2:] == ["moved", "moved"]


def test_6_the_result_is_mailed_and_shown_with_what_the_inspector_wrote(browse, dana, ray):
    [stop] = stops(dana, ray, "77 Cedar Brake Drive")
    phone = browse(ray)
    phone.get("/staff/day")
    phone.click("Failed")
    typed = {"corrections": "Missing cleanout", "comment": "Slope is good.", "staff_comment": "Dog in the yard."}
    phone.submit("form.form", **typed)
    contractor = browse(dana)
    for page in (contractor.get("/dashboard"), contractor.get(f"/permits/{stop.permit.permit_num}")):
        assert "Failed" in page.text and "Missing cleanout" in page.text and "Slope is good." in page.text
        assert "Dog in the yard." not in page.body.decode()
    for address in (stop.request.email, "office@lonestar.example"):
        kind, text = mail_to(address)[-1]
        assert kind == "result" and "Missing cleanout" in text and "Slope is good." in text
        assert "Dog in the yard." not in text
    assert "Request again" in contractor.get("/dashboard").text


def test_7_who_comes_and_when_is_on_the_dashboard_and_mailed_when_you_are_next(browse, dana, eve, ray):
    [before] = stops(eve, ray, "1 Heron Bend")
    [stop] = stops(dana, ray, "77 Cedar Brake Drive")
    contractor, phone = browse(dana), browse(ray)
    said = contractor.get("/dashboard").words("#inspections .row")[0]
    for words in ("Ray Ortega", "512-555-0141", "Expected about", "1 stop before you", "An estimate."):
        assert words in said
    assert mail_to(stop.request.email)[-1][0] == "assigned" and "Ray Ortega" in mail_to(stop.request.email)[-1][1]
    phone.get("/staff/day")
    phone.click("Passed")
    phone.submit("form.form")
    kind, text = mail_to(stop.request.email)[-1]
    assert kind == "next_up" and "Ray Ortega" in text and "next_up" not in dict(mail_to(before.request.email))
    assert "You are next" in contractor.get("/dashboard").words("#inspections .row")[0]


def test_8_when_the_telephone_rings_staff_get_past_the_cut_off_and_a_fee_with_a_reason(browse, at, sam, dana):
    shed = permit_of(dana.company, "BP-2026-00031", kind="BUILDING", address="3 Heron Bend")
    final = InspectionType.get(InspectionType.code == "FINAL")
    Fee.create(permit=shed, inspection_type=final, attempt=3, amount=Decimal(75), due_at=NOW)
    at(datetime(2026, 5, 26, 17, tzinfo=CHICAGO))
    owing = "Inspection Type: Building final: first pay the re-inspection fee, $75.00."
    late = "Requested Date: It is past 4:00 PM, so the first day is Thu May 28."
    assert summary(fill(browse(dana), "BP-2026-00031", "FINAL", status=422)) == [owing, late]
    desk = browse(sam)
    desk.get(f"/staff/permits/BP-2026-00031/request?company={dana.company.id}")
    page = desk.submit(FORM, 422, button="submit", **CONTACT, **wish("FINAL"))
    assert [words.split(": ", 1)[-1] for words in page.words(".sub li")] and not Inspection.select().exists()
    desk.submit(FORM, button="submit", reason="Paid at the counter, concrete is on its way.",
                named=[str(one["value"]) for one in page.select("[name=named]")])  # fmt: skip
    made = Inspection.get()
    assert (made.inspection_type, made.day, made.request.taken_by) == (final, WEDNESDAY, sam.row)
    line = Change.get(Change.verb == "request_inspections")
    assert (line.actor_name, line.reason) == ("Sam Okafor", "Paid at the counter, concrete is on its way.")
    assert len(json.loads(line.after)["despite"]) == 2
    assert mail_to("dana@lonestar.example")[-1][0] == "requested"


def test_9_everybody_of_the_company_who_asked_for_the_mails_gets_them(browse, dana, danas_permit):
    contractor = browse(dana)
    for name, wants in (("Lupe Marsh", "all"), ("Beto Crane", "own")):
        contractor.get("/profile/people/new")
        email = f"{name.split()[0].lower()}@lonestar.example"
        contractor.submit("main form", name=name, email=email, phone="", wants=wants)
    fill(contractor, danas_permit.permit_num, "WH")
    booked = Inspection.get()
    contractor.get(f"/inspections/{booked.id}/move")
    contractor.submit("main form", requested_date=str(THURSDAY), time_frame="am")
    assert [kind for kind, _text in mail_to("lupe@lonestar.example")] == ["requested", "moved"]
    assert mail_to("beto@lonestar.example") == []
    fill(contractor, danas_permit.permit_num, "GAS", email="beto@lonestar.example", contact_name="Beto Crane")
    assert [kind for kind, _text in mail_to("beto@lonestar.example")] == ["requested"]
    assert [kind for kind, _text in mail_to("lupe@lonestar.example")] == ["requested", "moved", "requested"]


def test_10_the_date_is_there_from_the_start_and_enter_sends_in_any_browser(browse, dana, danas_permit):
    contractor = browse(dana, **{"User-Agent": "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)"})
    page = contractor.get(f"/permits/{danas_permit.permit_num}/request")
    assert days_offered(page)[0] == str(WEDNESDAY) and page.select("input[name=time_frame]")
    assert page.one("input[name=requested_date][checked]")["value"] == str(WEDNESDAY)
    first = page.one(FORM).select("button, input[type=submit]")[0]
    assert (first["name"], first["value"]) == ("action", "submit")  # the one that Enter presses
    page = contractor.submit(FORM, button=str(first["value"]), **CONTACT, inspection_type="WH")
    assert "Requested" in page.text and Inspection.get().day == WEDNESDAY
