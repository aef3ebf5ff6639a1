"""The inspector's day, page by page, as Ray taps through it without scripts."""

from datetime import timedelta

import pytest

from tests.actions.a_day import FAILED, again, asked, given, order, result, stops
from tests.actions.told import mails
from tests.cast import NOW, TODAY, WEDNESDAY, Wish, ask
from tests.page import PAGE_BYTES
from tracker.actions.seen import Seen
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
    """Press the button of the page; where it has none (any more), one for the stop as it is now."""
    if stop is None:
        return browsing.submit("#day form", status, button=verb, stops=seen_on(browsing.page))
    there = [value for value in buttons(browsing.page) if value.startswith(f"{verb}-{stop.id}.")]
    shown = Seen(stop.id, again(stop).status, stop.day, stop.inspector_id)
    return browsing.submit("#day form", status, button=next(iter(there), f"{verb}-{shown.text}"))


def seen_on(page) -> list[str]:
    """What the page says that it shows of its stops."""
    return [str(tag["value"]) for tag in page.select("#day input[name=stops]")]


def has(page, verb: str, stop: Inspection) -> bool:
    return any(value.startswith(f"{verb}-{stop.id}.") for value in buttons(page))


def buttons(page) -> list[str]:
    return [str(button["value"]) for button in page.select("button[name=action]")]


def test_a_wished_half_is_not_read_as_that_of_the_window(phone, day):
    Inspection.update(time_frame="pm").execute()
    page = phone.get("/staff/day")
    for line in (page.words(".now .split")[0], *page.words("summary .soft")[:2]):
        assert line.count("about ") == line.count(" · wish: PM") == 1, line


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
    assert not has(phone.page, "arrived", day[0])
    page = tap(phone, "on_the_way", day[0])
    assert page.words(".now .tag") == ["On the way"]
    page = tap(phone, "arrived", day[0])
    assert page.words(".now .tag") == ["Arrived"]
    assert not has(page, "arrived", day[0])
    page = phone.click("Passed")
    assert page.words("h1") == ["Result"] and page.words("details:first-of-type .tag") == ["Passed"]
    page = phone.submit("form.form", comment="All good.")
    assert page.words(".said") == ["Water heater replacement, 1 Heron Bend: recorded as Passed."]
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
        "Water heater replacement, 1 Heron Bend: Ray Ortega recorded Failed, 10:00 AM. "
        "Look at it below. Sent again, what you typed takes its place."
    ]
    assert again(day[0]).result == "failed"
    assert page.words("h1") == ["Correct the result"] and page.words("main > ul .tag") == ["Failed"]
    assert page.one("input[name=result][checked]")["value"] == "passed"
    phone.submit("form.form", comment="It was another stop that failed.")
    assert (again(day[0]).result, again(day[0]).corrections) == ("passed", "")


def test_after_a_correction_that_came_second_it_can_be_sent_knowingly(phone, day, sam):
    phone.click("Passed")
    phone.submit("form.form")
    phone.click("Correct Water heater replacement, 1 Heron Bend")
    InspectionResult.create(inspection=day[0], result="waived", recorded_at=NOW)
    phone.submit("form.form", 409, result="not_ready")
    phone.submit("form.form")
    assert again(day[0]).result == "not_ready"


def test_passed_leaves_nothing_to_correct(phone, day):
    phone.click("Failed")
    phone.submit("form.form", corrections="Missing cleanout", other="Label the valve")
    phone.click("Correct Water heater replacement, 1 Heron Bend")
    page = phone.submit("form.form", 422, result="passed")
    assert page.words("#problems h2") == [
        "Passed has no corrections. Untick them, or choose Passed with conditions or Failed."
    ]
    assert again(day[0]).result == "failed"
    page = phone.get(f"/staff/stops/{day[0].id}/result?result=passed")
    assert not page.select("input[name=corrections][checked]") and not page.one("#other").get_text().strip()
    phone.submit("form.form")
    assert (again(day[0]).result, again(day[0]).corrections) == ("passed", "")


def test_passed_after_all_when_it_is_requested_again(browse, phone, dana, ray, olu, day):
    result(ray, day[0], FAILED)
    again_asked = ask(dana, day[0].permit, Wish("WH", WEDNESDAY, "any"), key="again")
    words = f"It is requested again for Wed May 27, No. {again_asked.id}."
    page = phone.get(f"/staff/stops/{day[0].id}/result?result=passed")
    assert words in page.words(".sub")[0]
    page = phone.submit("form.form")
    assert words in page.words(".said")[0]
    desk = browse(olu)
    desk.get(f"/staff/stops/{day[0].id}/result")
    assert desk.click("Look at that request").words("h1") == ["Cancel for the contractor"]


def test_up_down_and_by_area(phone, day, ray):
    page = tap(phone, "up", day[2])
    assert order(ray) == ["1 Heron Bend", "3 Heron Bend", "2 Heron Bend"]
    assert not has(page, "down", day[1])
    tap(phone, "down", day[0])
    page = tap(phone, "suggest")
    assert order(ray) == ["1 Heron Bend", "2 Heron Bend", "3 Heron Bend"]
    assert page.words(".said") == ["In order by area."]


def test_not_reached_in_one_tap_and_the_rest_of_the_day(phone, day, ray):
    page = tap(phone, "not_reached", day[0])
    assert page.words(".said") == ["1 moved to Wed May 27, first in order. The contractor is told."]
    page = tap(phone, "not_reached")
    assert page.words(".said") == ["2 moved to Wed May 27, first in order. The contractors are told."]
    assert "No stops on this day." in page.text
    # What moved later goes before what moved first.
    assert order(ray, WEDNESDAY) == ["2 Heron Bend", "3 Heron Bend", "1 Heron Bend"]


def test_not_reached_pressed_twice_moves_and_mails_once(phone, day, ray):
    press = next(value for value in buttons(phone.page) if value.startswith("not_reached-"))
    phone.send(DAY, inspector="", action=press)
    phone.send(DAY, inspector="", action=press)
    assert phone.get(DAY).words(".said")[-1] == "Moved already. Nothing was changed."
    assert again(day[0]).day == WEDNESDAY
    assert [kind for kind, _to in mails()].count("moved") == 1


def test_a_stop_of_a_day_to_come_is_not_given_up(phone, dana, ray):
    [later] = stops(dana, ray, "9 Quarry Hill", day=WEDNESDAY)
    for value in (Seen.of(later).text, str(later.id)):
        phone.send(DAY, 404, inspector="", action=f"not_reached-{value}")
        phone.get(DAY)
    page = phone.send(f"/staff/day/{WEDNESDAY}", 409, inspector="", action=f"not_reached-{Seen.of(later).text}")
    assert "is on Wed May 27, which is still to come." in page.text
    assert again(later).day == WEDNESDAY


def test_the_rest_of_the_day_names_the_stops_and_the_day_before_it_moves_them(phone, dana, ray, day):
    page = phone.page
    assert page.words("#day details > .plain li") == [
        f"{number} Heron Bend Water heater replacement" for number in (1, 2, 3)
    ]
    assert "These 3 stops move to Wed May 27, first in order. The contractors are told." in page.text
    given(ray, asked(dana, "4 Heron Bend"))  # came after he looked
    page = tap(phone, "not_reached")
    assert page.words(".said") == ["3 moved to Wed May 27, first in order. The contractors are told."]
    assert order(ray) == ["4 Heron Bend"]


def test_more_than_the_next_day_holds_is_said(phone, day, ray):
    Staff.update(stops_a_day=1).execute()
    assert "Ray Ortega has 3 stops on Wed May 27, more than 1." in tap(phone, "not_reached").words(".said")[0]


def test_what_a_third_took_meanwhile_is_not_taken_from_her(browse, june, olu, ray, day):
    mine = browse(june)
    mine.get(f"{DAY}?inspector={ray.row.id}")
    hers = browse(olu)
    hers.get(f"{DAY}?inspector={ray.row.id}")
    tap(hers, "take_over", day[1])
    page = tap(mine, "take_over", day[1], 409)
    assert "It is with Olu Adeyemi on Tue May 26." in page.text
    assert order(olu) == ["2 Heron Bend"]
    mine.get(f"{DAY}?inspector={ray.row.id}")
    tap(hers, "take_over", day[2])
    tap(mine, "take_over", status=409)
    assert order(june) == []


def test_taken_over_twice_is_said_as_it_is(browse, june, ray, day):
    phone = browse(june)
    page = phone.get(f"{DAY}?inspector={ray.row.id}")
    press = next(value for value in buttons(page) if value.startswith("take_over-"))
    for words in ("1 taken over. The contractor is told.", "Taken over already. Nothing was changed."):
        phone.send(DAY, inspector=str(ray.row.id), action=press)
        assert phone.get(f"{DAY}?inspector={ray.row.id}").words(".said") == [words]


def test_whose_day_it_is_and_what_can_be_done(browse, june, olu, sam, ray, day):
    for who, words in (
        (june, "You can take stops over. Your own day"),
        (olu, "You can put it in order, give stops up or take them over. Your own day"),
        (sam, "You can look, and correct results."),
    ):
        page = browse(who).get(f"{DAY}?inspector={ray.row.id}")
        assert page.words("#day > .sub") == [f"This is the day of Ray Ortega. {words}"]
    assert not browse(ray).get(DAY).select("#day > .sub")


def test_a_technician_corrects_what_is_recorded(browse, sam, ray, day):
    result(ray, day[0], FAILED)
    desk = browse(sam)
    desk.get(f"{DAY}?inspector={ray.row.id}")
    desk.click("Correct Water heater replacement, 1 Heron Bend")
    desk.submit("form.form", result="waived", corrections="", other="", comment="")
    assert again(day[0]).result == "waived"
    desk.get(f"/staff/inspections/{day[0].id}")
    assert desk.click("Correct the result").words("h1") == ["Correct the result"]


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
    assert "changed by June Tran, 10:00 AM. It is with June Tran on Tue May 26." in page.text
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
    desk.send(DAY, 403, inspector=str(ray.row.id), action=f"not_reached-{Seen.of(day[0]).text}")
    desk.get(DAY)
    desk.send(f"/staff/stops/{day[0].id}/result", 403, result="passed")
    desk.get(f"/staff/stops/{day[0].id}/result", 403)
    desk.post(f"/staff/stops/{day[0].id}/result", {"result": "passed"}, 403)


def test_contractors_and_visitors_do_not_come_here(browse, dana, day):
    paths = ("/staff/day", DAY, f"/staff/stops/{day[0].id}/result", "/staff/permits/PP-00001")
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
    page = phone.send(DAY, 200, SWAP, inspector="", action=f"on_the_way-{Seen.of(day[0]).text}")
    assert page.body.lstrip().startswith(b'<section id="day"')
    assert page.words(".now .tag") == ["On the way"]
    page = phone.send(DAY, 409, SWAP, inspector="", action=f"on_the_way-{Seen.of(day[0]).text}")
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
    phone.get("/staff/day")  # the first page of all reads the calendar, and keeps it
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
