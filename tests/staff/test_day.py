"""The inspector's day, page by page, as Ray taps through it without scripts."""

from datetime import timedelta

import pytest

from tests.actions.a_day import FAILED, again, asked, given, order, result, stops
from tests.cast import NOW, TODAY, WEDNESDAY
from tests.page import PAGE_BYTES
from tracker.models import Inspection, InspectionResult, Staff

SWAP = {"HX-Request": "true"}
DAY = f"/staff/day/{TODAY}"


@pytest.fixture
def day(dana, ray):
    """Three stops of Ray's today; at the first there is a gate."""
    rows = stops(dana, ray, "1 Heron Bend", "2 Heron Bend", "3 Heron Bend")
    remarks = "Gate 4471. Marco 512-555-0163 <b>"
    Inspection.update(remarks=remarks).where(Inspection.id == rows[0].id).execute()
    return rows


@pytest.fixture
def phone(browse, ray, day):
    """Ray's phone with his day open."""
    browsing = browse(ray)
    browsing.get("/staff/day")
    return browsing


def tap(browsing, verb: str, stop: Inspection | None = None, status: int = 303):
    return browsing.submit("#day form", status, button=f"{verb}-{stop.id}" if stop else verb)


def buttons(page) -> list[str]:
    return [str(button["value"]) for button in page.select("button[name=action]")]


def test_the_day_as_it_begins(phone, day):
    page = phone.page
    assert page.words("h1") == ["Tue May 26"] and page.words("#day h2") == ["Ray Ortega"]
    assert page.words(".now h3") == ["1 Heron Bend"]
    waiting = page.words(".steps > li > details > summary")
    assert [line.split(", about")[0] for line in waiting] == [
        f"{number} · {number} Heron Bend Water heater replacement" for number in (2, 3)
    ]
    links = {str(link["href"]) for link in page.select(".now a")}
    assert "tel:+1-512-555-0170" in links and "tel:+1-512-555-0163" in links
    assert "https://www.google.com/maps/dir/?api=1&destination=1%20Heron%20Bend%20Bluebonnet%2078664" in links
    assert f"/staff/permits/{day[0].permit.permit_num}" in links
    assert "Gate 4471. Marco 512-555-0163 <b>" in page.text
    assert "0 of 3 done" in page.text
    assert page.bytes <= PAGE_BYTES


def test_on_my_way_then_arrived_alone_then_a_result(phone, day):
    assert f"arrived-{day[0].id}" not in buttons(phone.page)
    page = tap(phone, "on_the_way", day[0])
    assert page.words(".now .tag") == ["On the way"]
    page = tap(phone, "arrived", day[0])
    assert page.words(".now .tag") == ["Arrived"]
    assert f"arrived-{day[0].id}" not in buttons(page)
    page = phone.click("Passed")
    assert page.words("h1") == ["Result"] and page.words("details:first-of-type .tag") == ["Passed"]
    page = phone.submit("form.form", comment="All good.")
    assert page.words(".said") == ["Water heater replacement, 1 Heron Bend: recorded."]
    assert "1 of 3 done" in page.text and page.words(".now h3") == ["2 Heron Bend"]
    assert page.words(".done summary") == ["1 done: 1 passed"]
    assert (again(day[0]).result, again(day[0]).comment) == ("passed", "All good.")


def test_failed_needs_its_corrections_and_keeps_what_was_typed(phone, day):
    phone.click("Failed")
    assert phone.page.select("details[open] input[name=corrections]")
    page = phone.submit("form.form", 422, staff_comment="Rude.")
    assert page.words("#problems h2") == ["Say what failed: tick a correction, or write one."]
    assert page.select("#staff_comment")[0].get_text().strip() == "Rude."
    assert page.select("input[name=result][checked]")[0]["value"] == "failed"
    page = phone.submit(
        "form.form", corrections=["Missing cleanout", "Pipe not supported"], other="Label\r\n\r\nthe valve"
    )
    row = again(day[0])
    assert row.corrections.splitlines() == ["Missing cleanout", "Pipe not supported", "Label", "the valve"]
    assert row.staff_comment == "Rude." and row.to_repeat


def test_another_result_has_to_be_chosen(phone, day):
    page = phone.click("Other result")
    values = [str(one["value"]) for one in page.select("input[name=result]")]
    assert values == [
        "passed", "passed_with_conditions", "partial", "failed", "no_access", "not_ready", "cancelled", "waived",
    ]  # fmt: skip
    page = phone.submit("form.form", 422)
    assert page.words("#result-e") == ["Choose a result."]
    phone.submit("form.form", result="waived")
    assert again(day[0]).result == "waived"


@pytest.mark.parametrize("typed", [{"result": "perfect"}, {"result": "passed", "comment": "x" * 2001},
                                   {"result": "passed", "corrections": "y" * 201}])  # fmt: skip
def test_a_result_that_makes_no_sense_is_refused(phone, day, typed):
    phone.click("Passed")
    phone.submit("form.form", 422, **typed)
    assert again(day[0]).status == "scheduled"


def test_a_correction_shows_both_versions(phone, day):
    phone.click("Failed")
    phone.submit("form.form", corrections="Missing cleanout", other="Label the valve", comment="Nearly.")
    phone.click("Correct Water heater replacement, 1 Heron Bend")
    page = phone.page
    assert page.words("h1") == ["Correct the result"]
    assert [str(one["value"]) for one in page.select("input[name=corrections][checked]")] == ["Missing cleanout"]
    assert page.one("#other").get_text().strip() == "Label the valve"
    phone.submit("form.form", result="passed_with_conditions", corrections="", other="", comment="Label it.")
    row = again(day[0])
    assert (row.result, row.corrections, row.comment) == ("passed_with_conditions", "", "Label it.")
    page = phone.get(f"/staff/stops/{row.id}/result")
    assert page.words("main > ul .tag") == ["Passed, conditions", "Failed"]
    assert InspectionResult.select().count() == 2


def test_a_correction_that_comes_second_is_told(phone, day, ray, sam):
    phone.click("Passed")
    phone.submit("form.form")
    phone.click("Correct Water heater replacement, 1 Heron Bend")
    InspectionResult.create(inspection=day[0], result="waived", recorded_at=NOW)
    page = phone.submit("form.form", 409, result="not_ready")
    assert "recorded Passed" in page.words("#problems h2")[0]
    assert again(day[0]).result == "passed"


def test_a_result_that_is_there_already_is_told(phone, day, ray):
    phone.click("Passed")
    result(ray, day[0], FAILED)
    page = phone.submit("form.form", 409)
    assert page.words("#problems h2") == [
        "Water heater replacement, 1 Heron Bend: Ray Ortega recorded Failed, 10:00 AM."
    ]
    assert again(day[0]).result == "failed"


def test_up_down_and_by_area(phone, day, ray):
    page = tap(phone, "up", day[2])
    assert order(ray) == ["1 Heron Bend", "3 Heron Bend", "2 Heron Bend"]
    assert f"down-{day[1].id}" not in buttons(page)
    tap(phone, "down", day[0])
    page = tap(phone, "suggest")
    assert order(ray) == ["1 Heron Bend", "2 Heron Bend", "3 Heron Bend"]
    assert page.words(".said") == ["In order by area."]


def test_not_reached_in_one_tap_and_the_rest_of_the_day(phone, day, ray):
    page = tap(phone, "not_reached", day[0])
    assert page.words(".said") == ["1 moved to Wed May 27, first in order. The contractors are told."]
    page = tap(phone, "not_reached")
    assert page.words(".said") == ["2 moved to Wed May 27, first in order. The contractors are told."]
    assert "No stops on this day." in page.text
    # What moved later goes before what moved first.
    assert order(ray, WEDNESDAY) == ["2 Heron Bend", "3 Heron Bend", "1 Heron Bend"]


def test_a_colleagues_stop_and_day_are_taken_over(browse, june, ray, day):
    phone = browse(june)
    page = phone.get(f"{DAY}?inspector={ray.row.id}")
    assert page.words("#day h2") == ["Ray Ortega"]
    assert {value.split("-")[0] for value in buttons(page)} == {"take_over"}
    assert not page.select('a[href*="/result"]')
    page = tap(phone, "take_over", day[1])
    assert order(june) == ["2 Heron Bend"]
    page = tap(phone, "take_over")
    assert page.words(".said") == ["2 taken over. The contractors are told."]
    assert order(june) == ["2 Heron Bend", "1 Heron Bend", "3 Heron Bend"]
    assert phone.get("/staff/day").words(".now h3") == ["2 Heron Bend"]


def test_whose_stop_was_taken_over_is_told(browse, june, ray, phone, day):
    other = browse(june)
    other.get(f"{DAY}?inspector={ray.row.id}")
    tap(other, "take_over", day[0])
    page = tap(phone, "arrived", day[0], 409)
    assert "is with June Tran. Take it over first." in page.text
    page = phone.get(f"/staff/stops/{day[0].id}/result?result=passed")
    page = phone.submit("form.form", 422)
    assert "is with June Tran. Take it over first." in page.words("#problems h2")[0]


def test_the_supervisor_orders_and_gives_up_for_others(browse, olu, ray, day):
    phone = browse(olu)
    page = phone.get(f"{DAY}?inspector={ray.row.id}")
    assert {value.split("-")[0] for value in buttons(page)} == {"up", "down", "not_reached", "take_over", "suggest"}
    tap(phone, "not_reached", day[0])
    assert order(ray) == ["2 Heron Bend", "3 Heron Bend"]


def test_a_technician_looks_only(browse, sam, ray, day):
    desk = browse(sam)
    page = desk.get(f"{DAY}?inspector={ray.row.id}")
    assert "1 Heron Bend" in page.text and buttons(page) == []
    desk.send(DAY, 403, inspector=str(ray.row.id), action=f"not_reached-{day[0].id}")
    desk.get(DAY)
    desk.send(f"/staff/stops/{day[0].id}/result", 403, result="passed")
    desk.get(f"/staff/stops/{day[0].id}/result", 403)
    desk.post(f"/staff/stops/{day[0].id}/result", {"result": "passed"}, 400)


def test_contractors_and_visitors_do_not_come_here(browse, dana, day):
    paths = ("/staff/day", DAY, f"{DAY}/stops", f"/staff/stops/{day[0].id}/result", "/staff/permits/PP-00001")
    for path in paths:
        browse(dana).get(path, 404)
        assert browse().get(path, 303).headers["Location"].startswith("/staff?next=")


NOT_THERE = (
    "/staff/day/yesterday", "/staff/day/2026-02-30", f"{DAY}?inspector=99", f"{DAY}?inspector=x",
    f"{DAY}?inspector=٣", "/staff/stops/99/result", "/staff/stops/99999999999/result", "/staff/permits/none",
    "/staff/permits/a%00b",
)  # fmt: skip


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_is_not_there(phone, path):
    phone.get(path, 404)


@pytest.mark.parametrize("action", ["", "dance", "up", "arrived-", "not_reached-x", "take_over-1.2", "up-99999999999"])
def test_a_button_that_no_page_has(phone, ray, action):
    phone.send(DAY, 404, inspector="", action=action)
    assert order(ray) == ["1 Heron Bend", "2 Heron Bend", "3 Heron Bend"]


def test_a_form_without_its_token_changes_nothing(phone, ray, day):
    phone.post(DAY, {"action": f"not_reached-{day[0].id}"}, 400)
    page = phone.post(f"/staff/stops/{day[0].id}/result", {"result": "failed", "other": "Label it"}, 409)
    assert page.one("#other").get_text().strip() == "Label it"
    assert order(ray)[0] == "1 Heron Bend"


# ---- Other days


def test_yesterdays_results_can_be_corrected_and_what_was_forgotten_shows(browse, at, dana, ray, day):
    result(ray, day[0])
    at(NOW + timedelta(days=1))
    phone = browse(ray)
    page = phone.get("/staff/day")
    assert "2 stops of Tue May 26 have no result" in page.text
    page = phone.click("2 stops of Tue May 26 have no result")
    assert page.select('a[href*="/result"]') and not any(value.startswith("on_the_way") for value in buttons(page))
    assert "Correct Water heater replacement, 1 Heron Bend" in page.words(".done a")
    tap(phone, "not_reached")
    assert order(ray, WEDNESDAY) == ["2 Heron Bend", "3 Heron Bend"]


def test_a_day_to_come_can_be_put_in_order_only(browse, dana, ray):
    stops(dana, ray, "1 Heron Bend", "2 Heron Bend", day=WEDNESDAY)
    phone = browse(ray)
    phone.get("/staff/day")
    page = phone.click("Wed May 27")
    assert {value.split("-")[0] for value in buttons(page)} == {"down", "up", "suggest"}
    assert not page.select('a[href*="/result"]')


# ---- Swaps and refresh


def test_a_swap_brings_the_stops_alone(phone, day):
    page = phone.send(DAY, 200, SWAP, inspector="", action=f"on_the_way-{day[0].id}")
    assert page.body.lstrip().startswith(b'<section id="day"')
    assert page.words(".now .tag") == ["On the way"]
    page = phone.send(DAY, 409, SWAP, inspector="", action=f"on_the_way-{day[0].id}")
    assert "Ray Ortega is on the way since" in page.words("[data-say]")[0]


def test_an_unchanged_day_costs_nothing(phone, dana, ray, day, counting):
    address = str(phone.page.one("#day")["data-hx-get"])
    with counting() as queries:
        assert phone.get(address, 204, **SWAP).body == b""
    assert len(queries) == 1
    given(ray, asked(dana, "4 Heron Bend"))
    assert "4 Heron Bend" in phone.get(address, 200, **SWAP).text


def test_the_day_takes_as_many_queries_with_three_stops_as_with_twelve(browse, dana, ray, counting):
    stops(dana, ray, *(f"{n} Heron Bend" for n in range(3)))
    phone = browse(ray)
    with counting() as few:
        phone.get("/staff/day")
    stops(dana, ray, *(f"{n} Quarry Hill" for n in range(9)))
    with counting() as many:
        page = phone.get("/staff/day")
    assert len(few) == len(many) <= 6
    assert page.bytes <= PAGE_BYTES


def test_twenty_stops_fit(browse, dana, ray):
    stops(dana, ray, *(f"{n} Very Long Street Name of the Limestone Hills, Building {n}, Unit B" for n in range(20)))
    assert browse(ray).get("/staff/day").bytes <= PAGE_BYTES


def test_a_day_without_stops(browse, ray, june):
    page = browse(ray).get("/staff/day")
    assert "No stops on this day." in page.text
    assert page.words("details a") == ["June Tran"]


def test_a_member_who_left_has_no_page(browse, ray, phone):
    Staff.update(left_at=NOW).where(Staff.id == ray.row.id).execute()
    phone.get("/staff/day", 303)


def test_the_permit_as_the_city_sees_it(phone, dana, day):
    result_page = phone.get(f"/staff/permits/{day[0].permit.permit_num}")
    assert result_page.words("h1") == ["1 Heron Bend"]
    assert "Lone Star Plumbing" in result_page.text and "Scheduled" in result_page.text
