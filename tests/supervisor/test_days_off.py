"""Days off: the year's holidays, a day the city closes, and what becomes of the requests that are on it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.actions.a_day import again, asked, given
from tests.actions.told import loads, mails
from tests.cast import CITY, FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, ask, desk, member, permit_of
from tracker.actions.change_of_mind import out_of_order
from tracker.actions.requests import Wish
from tracker.actions.review import assign
from tracker.actions.seen import Seen
from tracker.models import Capacity, Change, ClosedDay, DayLoad, Inspection, Mail, Permit

MONDAY, JUNETEENTH, THANKSGIVING = FRIDAY + timedelta(days=3), date(2026, 6, 19), date(2026, 11, 26)
AFTER_THANKSGIVING = THANKSGIVING + timedelta(days=1)
PAGE, CLOSE = "/staff/days-off", "/staff/days-off/close"


@pytest.fixture
def office(browse, olu):
    """Olu's browser, on the page of days off."""
    browsing = browse(olu)
    browsing.get(PAGE)
    return browsing


@pytest.fixture
def three(dana, eve):
    """Open requests on Friday: two of Dana's, one of Eve's."""
    whose = {"1 Quarry Hill": dana, "2 Quarry Hill": dana, "3 Sedge Row": eve}
    return [asked(who, address, FRIDAY) for address, who in whose.items()]


def close(browsing, day=FRIDAY, name="Inventory", status=303):
    return browsing.send(CLOSE, status, day=str(day), name=name)


def shown(browsing, day=FRIDAY, name="Inventory"):
    """The page with the requests on the day."""
    return browsing.get(close(browsing, day, name).headers["Location"])


def confirm(browsing, status=303, **typed):
    """What the page shows is sent as it stands, but for what is typed: `r17="decline"` for a menu."""
    form = browsing.page.fields(browsing.page.one("main form"))
    for id in [name for name in typed if name.startswith("r") and name[1:].isdecimal()]:
        [menu] = [name for name in form if name.startswith(f"to-{id[1:]}.")]
        form[menu] = typed.pop(id)
    return browsing.post(CLOSE, {**form, **typed}, status)


def days(page) -> list[str]:
    return page.words("main .chosen li > span")


def last(verb: str) -> Change:
    return Change.select().where(Change.verb == verb).order_by(Change.id.desc()).get()


def test_the_federal_holidays_of_a_year_are_days_off_by_themselves(office):
    page = office.get(f"{PAGE}?year=2026")
    assert len(days(page)) == 11 and "Thu Nov 26 Thanksgiving Day Federal holiday" in days(page)
    assert "Fri Jul 3 Independence Day (observed) Federal holiday" in days(page)
    assert not any("Jul 4" in line for line in days(page))  # a Saturday: off anyway
    assert "Fri Dec 31, 2027 New Year's Day (observed) Federal holiday" in days(office.get(f"{PAGE}?year=2027"))
    for odd in ("x", "1949", "2101", "20260", "٢٠٢٦", "-1"):
        office.get(f"{PAGE}?year={odd}", status=404)


def test_a_day_without_requests_is_closed_at_once(office, olu):
    office.submit("main form[action$=close]:has(#day)", day=str(AFTER_THANKSGIVING), name="Day after Thanksgiving")
    assert office.page.words(".said") == ["Closed: Fri Nov 27, Day after Thanksgiving."]
    assert "Fri Nov 27 Day after Thanksgiving Closed by the city" in days(office.page)
    line = last("close_day")
    assert (line.actor, line.subject_id) == (olu.by.actor, ClosedDay.get().id)
    assert json.loads(line.after) == {"day": "2026-11-27", "name": "Day after Thanksgiving", "moved": 0, "declined": 0}


def test_and_opened_again(office, dana, danas_permit):
    close(office)
    page = office.get("/staff/queue")
    office.get(PAGE)
    assert "Contractors can then book Fri May 29." in office.page.words("details.own .hint")
    office.submit(f"details form.own:has(input[value='{FRIDAY}'])")
    assert office.page.words(".said") == ["The city works on Fri May 29."]
    assert not ClosedDay.select().exists() and last("open_day")
    assert page and ask(dana, danas_permit, Wish("WH", FRIDAY, "any"))


def test_a_holiday_on_which_the_city_works_and_then_not_again(office, dana, danas_permit):
    office.submit(f"form.own:has(input[value='{JUNETEENTH}'])")
    row = ClosedDay.get()
    assert (row.day, row.open, row.name) == (JUNETEENTH, True, "Juneteenth National Independence Day")
    [line] = [line for line in days(office.page) if "Jun 19" in line]
    assert line.endswith("The city works, federal holiday")
    works = desk(replace(CITY, exceptions={JUNETEENTH: True}))
    soon = NOW + timedelta(days=15)
    there = ask(dana, danas_permit, Wish("WH", JUNETEENTH, "any"), now=soon, at=works).inspections.get()
    office.submit(f"form.own:has(input[value='{JUNETEENTH}'])")  # Closed again: a request is on it by now
    assert office.page.words("h1") == ["Close Fri Jun 19"]
    confirm(office)
    assert not ClosedDay.select().exists() and again(there).day == date(2026, 6, 22)


@pytest.mark.parametrize(
    ("day", "name", "words"),
    [
        ("", "Inventory", "Choose the day."),
        ("29.5.2026", "Inventory", "A date looks like 2026-05-27."),
        (str(FRIDAY), " ", "Type what the day is called."),
        (str(FRIDAY), "x" * 101, "101 characters. There is room for 100."),
        ("2029-05-25", "Inventory", "That is more than two years ahead. Look at the year."),
        (str(TODAY - timedelta(days=5)), "Inventory", "Thu May 21 has passed and stays as it was."),
        (str(FRIDAY + timedelta(days=1)), "Inventory", "Sat May 30 is a weekend, a day off anyway."),
        (str(THANKSGIVING), "Inventory", "Thu Nov 26 is a day off already."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(office, day, name, words):
    page = office.send(CLOSE, 422, day=day, name=name)
    assert any(words in said for said in page.words("#problems")), page.words("#problems")
    assert page.words("title")[0].startswith("Error: Days off, 2")
    assert [page.one(f"#{field}")["value"] for field in ("day", "name")] == [day, name.strip()]
    assert not ClosedDay.select().exists()


def test_a_past_day_is_not_opened_either(office):
    page = office.send("/staff/days-off/open", 422, day="2026-05-25")
    assert "Mon May 25 has passed and stays as it was." in page.words("#problems")[0]
    assert not page.select(".own input[value='2026-05-25']")


def test_the_requests_on_the_day_are_shown_first(office, three, ray, dana):
    given(ray, three[0])
    page = shown(office)
    assert page.words("h1") == ["Close Fri May 29"] and not ClosedDay.select().exists()
    assert "Inventory. 3 requests are on this day." in page.words(".lead")[0]
    first = page.words(f"#r{three[0].id}")[0]
    assert first.startswith("Scheduled Water heater replacement 1 Quarry Hill PP-00001 · Lone Star Plumbing · any")
    assert "R. Ortega" in first
    assert page.words("#requested_date option[selected]") == ["Mon Jun 1 · 60 places left"]
    offered = [tag["value"] for tag in page.select("#requested_date option")]
    assert offered[:4] == [str(WEDNESDAY), str(THURSDAY), str(MONDAY), str(MONDAY + timedelta(days=1))]
    assert str(JUNETEENTH) not in offered


def test_all_of_them_move_the_day_is_closed_and_everybody_is_told(office, three, ray):
    given(ray, three[0])
    was = Mail.select().count()
    shown(office)
    page = office.get(confirm(office).headers["Location"])
    assert page.words(".said") == ["Closed: Fri May 29, Inventory. 3 requests moved. The contractors are told."]
    assert {again(row).day for row in three} == {MONDAY}
    assert (again(three[0]).status, again(three[0]).inspector) == ("scheduled", ray.row)
    assert [kind for kind, _to in mails()[was:]] == ["moved"] * 3
    assert "The city is closed that day." in Mail.select().order_by(Mail.id.desc()).get().text
    assert loads() == {(MONDAY, ""): (3, 0, 0), (MONDAY, "plumbing"): (3, 0, 0)}
    assert last("move_by_staff").reason == "The city is closed on Fri May 29: Inventory."
    facts = json.loads(last("close_day").after)
    assert (facts["moved"], facts["declined"]) == (3, 0)


def test_some_go_elsewhere_and_some_are_declined(office, three):
    shown(office)
    typed = {f"r{three[1].id}": str(WEDNESDAY), f"r{three[2].id}": "decline"}
    confirm(office, **typed, reason="Ask for June.")
    assert [again(row).day for row in three] == [MONDAY, WEDNESDAY, FRIDAY]
    left = again(three[2])
    assert (left.status, left.comment) == ("declined", "Ask for June.")
    assert "Ask for June." in Mail.get(Mail.kind == "declined").text
    assert {day for day, _trade in loads()} == {MONDAY, WEDNESDAY}
    assert not Inspection.select().where(Inspection.day == FRIDAY, Inspection.status != "declined").exists()


def test_declining_takes_a_reason_and_nothing_typed_is_lost(office, three):
    shown(office)
    page = confirm(office, 422, **{f"r{three[0].id}": "decline", f"r{three[1].id}": str(THURSDAY)}, reason=" ")
    assert page.words("#problems a[href='#reason']") == ["Write the reason: the contractor reads it."]
    assert page.words("#reason-e") == ["Write the reason: the contractor reads it."]
    assert not page.select("[name=beyond]")
    assert not ClosedDay.select().exists() and {again(row).day for row in three} == {FRIDAY}
    kept = page.fields(page.one("main form"))
    assert [kept[f"to-{Seen.of(row).text}"] for row in three] == ["decline", str(THURSDAY), ""]
    assert kept["name"] == "Inventory"


def test_a_day_with_room_for_all_is_proposed(office, three, app):
    app.config["DAILY_CAPACITY"] = 5
    DayLoad.insert(day=MONDAY, trade="", booked=4).execute()
    assert shown(office).words("#requested_date option[selected]") == ["Tue Jun 2 · 5 places left"]
    Capacity.create(weekday=1, trade="plumbing", places=2)
    assert shown(office).words("#requested_date option[selected]") == ["Wed Jun 3 · 5 places left"]


def test_a_full_day_is_refused_with_its_numbers_and_taken_all_the_same_when_ticked(office, three, app):
    app.config["DAILY_CAPACITY"] = 5
    Capacity.create(weekday=MONDAY.weekday(), trade="plumbing", places=1)
    shown(office)
    page = confirm(office, 422, requested_date=str(MONDAY))
    assert "Mon Jun 1, Plumbing: places left 1, requests that would go there 3." in page.words("#problems")[0]
    assert not ClosedDay.select().exists() and loads()[(FRIDAY, "")] == (3, 0, 0)
    assert page.select("[name=beyond]")
    confirm(office, beyond="1")
    assert {again(row).day for row in three} == {MONDAY} and loads()[(MONDAY, "plumbing")] == (3, 0, 0)


def test_what_needs_another_first_is_looked_at_once_all_have_moved(office, dana, danas_house):
    """The roughs and the framing go together; the framing alone would come before them."""
    permit = permit_of(dana.company, "BP-77", kind="REMODEL", address="4 Heron Bend")
    wishes = [Wish(code, FRIDAY, "any") for code in ("ELRGH", "PLTOP", "MERGH", "FRAME")]
    rows = list(ask(dana, permit, *wishes).inspections.order_by(Inspection.id))
    shown(office)
    page = confirm(office, 422, **{f"r{rows[3].id}": str(THURSDAY)})
    assert "Framing, 418 Larkspur Lane: " in page.words("#problems")[0]
    assert {again(row).day for row in rows} == {FRIDAY}
    confirm(office, **{f"r{rows[3].id}": ""})
    assert {again(row).day for row in rows} == {MONDAY}


def test_the_order_on_a_permit_is_read_once_however_many_go(dana, db, counting):
    permits = [permit_of(dana.company, f"BP-7{n}", kind="REMODEL", address=f"{n} Heron Bend") for n in range(3)]
    wishes = [Wish(code, FRIDAY, "any") for code in ("ELRGH", "PLTOP", "MERGH")]
    of_each = [list(ask(dana, permit, *wishes, key=permit.permit_num).inspections) for permit in permits]

    def queries(*rows: Inspection) -> int:
        going = [(again(row), MONDAY) for row in rows]
        with counting() as asked_for:
            assert out_of_order(going, desk()) == []
        return len(asked_for)

    few = queries(*of_each[0])
    assert queries(*of_each[0] * 20) == few
    assert queries(*(row for rows in of_each for row in rows * 20)) <= 3 * few


def test_what_arrives_before_the_confirmation_is_shown_again_as_new(office, three, eve):
    shown(office)
    late = asked(eve, "4 Sedge Row", FRIDAY)
    page = confirm(office, 409, **{f"r{three[0].id}": "decline"})
    assert "Water heater replacement, 4 Sedge Row: it came onto this day just now." in page.words("#problems")[0]
    assert page.words(".fates .old") == ["New since you looked"]
    assert "New since you looked" in page.words(f"#r{late.id}")[0]
    assert not ClosedDay.select().exists() and {again(row).status for row in three} == {"requested"}
    confirm(office)
    assert again(three[0]).status == "declined"
    assert {again(row).day for row in [*three[1:], late]} == {MONDAY}


def test_what_was_changed_meanwhile_is_told_and_its_menu_kept(office, three, sam, ray, dana):
    shown(office)
    assign([Seen.of(three[0])], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    page = confirm(office, 409, **{f"r{three[0].id}": "decline"})
    assert "changed by Sam Okafor, 10:00 AM. It is with Ray Ortega on Fri May 29." in page.words("#problems")[0]
    confirm(office)
    assert (again(three[0]).status, again(three[1]).day) == ("declined", MONDAY)


def test_today_can_be_closed_with_an_inspector_on_the_way(office, dana, ray):
    """An ice storm: the day's stops move to tomorrow at the earliest."""
    [stop] = given(ray, asked(dana, "1 Quarry Hill", TODAY))
    Inspection.update(status="on_the_way", on_the_way_at=NOW).execute()
    page = shown(office, TODAY, "Ice storm")
    assert page.select("#requested_date option")[0]["value"] == str(WEDNESDAY)
    confirm(office)
    assert (again(stop).day, again(stop).status, again(stop).on_the_way_at) == (WEDNESDAY, "scheduled", None)


@pytest.fixture
def una(browse):
    """The browser of Una, who is a supervisor too."""
    browsing = browse(member("Una Marsh", "supervisor"))
    browsing.get(PAGE)
    return browsing


def test_the_second_supervisor_is_told_who_was_quicker(office, una, three):
    for browsing in (una, office):
        shown(browsing)
    confirm(office)
    page = confirm(una, 409)
    assert page.words("#problems") == ["Fri May 29 is a day off already. Olu Adeyemi changed it, 10:00 AM."]
    office.get(PAGE)
    office.submit(f"form.own:has(input[value='{FRIDAY}'])")
    page = una.send("/staff/days-off/open", 409, day=str(FRIDAY))
    assert page.words("#problems") == ["The city works on Fri May 29 already. Olu Adeyemi changed it, 10:00 AM."]
    assert Change.select().where(Change.verb == "open_day").count() == 1


def test_a_button_pressed_twice_is_one_act(office, three):
    shown(office)
    form = office.page.fields(office.page.one("main form"))
    for _ in range(2):
        assert office.post(CLOSE, form, 303).headers["Location"] == f"{PAGE}?year=2026"
    opened = {"csrf_token": form["csrf_token"], "day": str(FRIDAY)}
    for _ in range(2):
        office.post("/staff/days-off/open", opened)
    for verb, count in (("close_day", 1), ("open_day", 1), ("move_by_staff", 3)):
        assert Change.select().where(Change.verb == verb).count() == count
    assert [kind for kind, _to in mails()].count("moved") == 3


def test_who_stands_at_the_door_is_not_called_off(office, dana, ray):
    [stop] = given(ray, asked(dana, "1 Quarry Hill", TODAY))
    Inspection.update(status="arrived", arrived_at=NOW).execute()
    shown(office, TODAY, "Ice storm")
    page = confirm(office, 422, beyond="1")
    assert "1 Quarry Hill: Ray Ortega is there already. Call first." in page.words("#problems")[0]
    assert again(stop).day == TODAY and not ClosedDay.select().exists()


def test_a_page_that_shows_a_day_that_is_off_by_now_leads_to_the_year(office):
    close(office)
    assert office.get(f"{CLOSE}?day={FRIDAY}&name=x", status=303).headers["Location"] == f"{PAGE}?year=2026"
    for odd in ("", "?day=x", "?day=1949-01-01"):
        office.get(f"{CLOSE}{odd}", status=404)


@pytest.mark.parametrize("line", ["to-x", "to-17.requested", "to-1.requested.20260529.0"])
def test_what_no_page_sends_is_refused_plainly(office, line):
    token = {"csrf_token": office.token}
    office.post(CLOSE, {**token, "day": str(FRIDAY), "name": "Inventory", "requested_date": "", line: ""}, 400)
    office.post("/staff/days-off/open", {**token, "day": "never"}, 400)


def test_a_request_of_another_day_is_not_moved_along(office, three, dana):
    other = asked(dana, "9 Quarry Hill", THURSDAY)
    shown(office)
    page = confirm(office, 409, **{f"to-{Seen.of(other).text}": str(MONDAY)})
    assert again(other).day == THURSDAY and not ClosedDay.select().exists()
    assert page.words("#problems")


def test_nobody_moves_onto_the_day_that_is_being_closed_nor_into_the_past(office, three):
    shown(office)
    for day, words in (
        (FRIDAY, "The city does not work on Fri May 29."),
        (TODAY - timedelta(days=1), "Mon May 25 has passed."),
        (FRIDAY + timedelta(days=1), "The city does not work on Sat May 30."),
    ):
        page = confirm(office, 422, requested_date=str(day))
        assert words in page.words("#problems")[0]
    assert {again(row).day for row in three} == {FRIDAY}


def test_technicians_and_inspectors_do_not_close_days(browse, sam, iris):
    for who in (sam, iris):
        browsing = browse(who)
        browsing.get("/staff/home", status=303)
        browsing.get(PAGE, status=403)


def test_the_extension_of_a_permit_follows_the_move(office, dana, ray):
    [stop] = given(ray, asked(dana, "1 Quarry Hill", FRIDAY))
    shown(office)
    confirm(office)
    assert Permit.get_by_id(stop.permit_id).expires_on == MONDAY + timedelta(days=180)


def test_sixty_requests_are_closed_in_one_go(office, dana, counting):
    rows = [asked(dana, f"{n} Quarry Hill", FRIDAY) for n in range(12)]
    with counting() as few:
        shown(office)
    assert len(few) < 25
    confirm(office)
    assert {again(row).day for row in rows} == {MONDAY}


def test_a_second_form_with_other_decisions_is_told_what_was_done(office, three):
    shown(office)
    form = office.page.fields(office.page.one("main form"))
    confirm(office)
    other = {**form, **{f"to-{Seen.of(row).text}": "decline" for row in three}}
    office.get(PAGE)
    for second in (other, {**form, "name": "Stocktaking"}, {**form, "requested_date": str(THURSDAY)}):
        page = office.post(CLOSE, second, 409)
        assert page.words("#problems") == [
            "Fri May 29 is a day off already: you closed it, 10:00 AM. Requests moved: 3, declined: 0."
        ]
    assert {again(row).status for row in three} == {"requested"}
    page = office.get(office.post(CLOSE, form).headers["Location"])
    assert page.words(".said") == ["Closed: Fri May 29, Inventory. 3 requests moved. The contractors are told."]


def test_nobody_is_moved_further_than_a_year_ahead(office, three):
    shown(office)
    far = TODAY + timedelta(days=371)
    page = confirm(office, 422, requested_date=str(far), beyond="1")
    assert "is more than a year ahead. Pick another day." in page.words("#problems")[0]
    assert not ClosedDay.select().exists() and {again(row).day for row in three} == {FRIDAY}


def test_one_request_named_twice_is_refused(office, three):
    shown(office)
    token = {"csrf_token": office.token, "day": str(FRIDAY), "name": "Inventory", "requested_date": str(MONDAY)}
    seen = Seen.of(three[0])
    office.post(CLOSE, {**token, f"to-{seen.text}": "", f"to-{seen.id}": "decline"}, 400)
    office.post(CLOSE, {**token, f"to-{seen.text}": ["", "decline"]}, 400)
    assert not ClosedDay.select().exists()


def test_a_reason_too_long_is_said_and_kept_whole(office, three):
    shown(office)
    page = confirm(office, 422, **{f"r{three[0].id}": "decline"}, reason="x" * 1001)
    assert page.words("#reason-e") == ["1,001 characters. There is room for 1,000: shorten the reason."]
    assert page.fields(page.one("main form"))["reason"] == "x" * 1001 and not ClosedDay.select().exists()
