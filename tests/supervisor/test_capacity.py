"""Places by weekday and trade: shown, tried out, saved; and what a day does that has fewer than are booked."""

import json

import pytest

from tests.actions.a_day import again, asked
from tests.cast import NOW, THURSDAY, WEDNESDAY, ask, desk
from tracker.actions.capacity import set_places
from tracker.actions.changes import tell_everybody
from tracker.actions.requests import NotPossible, Wish
from tracker.models import Capacity, Change, ClosedDay
from tracker.queries.city import limits
from tracker.queries.days import days_on_offer
from tracker.rules.capacity import by_key

PAGE = "/staff/capacity"
WED = 2
TRADES = ["Building", "Electrical", "Plumbing", "Mechanical", "Irrigation"]


@pytest.fixture
def office(browse, olu):
    """Olu's browser, on the page of places."""
    browsing = browse(olu)
    browsing.get(PAGE)
    return browsing


def press(browsing, button, status=200, **typed):
    """The form as the page has it, with these boxes filled in."""
    return browsing.submit("main form", status, button=button, **typed)


def effect(page) -> dict[str, list[str]]:
    """What the table says of a day, and of its trades as in `Wed May 27 Plumbing`."""
    found, day = {}, ""
    for row in page.select("#effect tbody tr"):
        head, *cells = [" ".join(tag.stripped_strings) for tag in row.select("th, td")]
        is_trade = "trade" in row.select("th")[0].get("class", [])
        day = day if is_trade else head
        found[f"{' '.join(day.split()[:3])} {head}" if is_trade else head] = cells
    return found


def test_the_table_as_it_stands(office, app):
    app.config["DAILY_CAPACITY"] = 45
    Capacity.create(weekday=None, trade="plumbing", places=12)
    Capacity.create(weekday=WED, trade=None, places=30)
    page = office.get(PAGE)
    assert page.words(".places h2") == ["All together", *TRADES]
    boxes = {tag["name"]: (tag["value"], tag["placeholder"]) for tag in page.select(".places input")}
    assert len(boxes) == 36
    assert (boxes["all-every"], boxes["all-2"], boxes["all-3"]) == (("", "(45)"), ("30", "(45)"), ("", "(45)"))
    assert (boxes["plumbing-every"], boxes["plumbing-4"]) == (("12", "(no limit)"), ("", "(12)"))
    assert "The city’s setting is 45 a day" in page.words(".lead")[0]
    assert effect(page)["Wed May 27"] == ["30", "0"] and effect(page)["Thu May 28"] == ["45", "0"]
    assert page.words("#effect button") == ["Preview"]


def test_the_effect_is_seen_before_anything_is_saved(office, dana, app):
    app.config["DAILY_CAPACITY"] = 5
    for n in range(3):
        asked(dana, f"{n} Quarry Hill", WEDNESDAY)
    page = press(office, "preview", **{"all-2": "2", "plumbing-every": "3"})
    rows = effect(page)
    assert rows["Wed May 27 1 more than places"] == ["5", "2", "3"]
    assert rows["Wed May 27 Plumbing full"] == ["no limit", "3", "3"]
    assert rows["Thu May 28"] == ["5", "the same", "0"]
    said = page.words("#effect .sub")[0]
    assert "Not saved yet. Places change on 10 of these days." in said
    assert "On 1 day more is booked than there would be places: all of it stays, the day counts as full." in said
    assert not Capacity.select().exists()
    assert page.words("#effect button") == ["Save", "Preview"]
    page = press(office, "save", 303)
    assert page.words(".said") == ["Saved. 2 numbers changed."]
    assert by_key(limits()) == {(WED, None): 2, (None, "plumbing"): 3}


def test_ten_working_days_are_shown_and_no_day_off(office):
    ClosedDay.create(day=THURSDAY, name="Inventory")
    tell_everybody()
    rows = effect(office.get(PAGE))
    assert list(rows)[:2] == ["Wed May 27", "Fri May 29"] and len(rows) == 10 and "Wed Jun 10" in rows


def test_an_empty_box_takes_the_limit_away_and_the_setting_counts(office, olu):
    set_places({(WED, None): 30, (None, "plumbing"): 5}, seen={}, by=olu.by, now=NOW)
    office.get(PAGE)
    page = press(office, "preview", **{"all-2": "", "plumbing-every": " "})
    assert effect(page)["Wed May 27"] == ["30", "60", "0"]
    press(office, "save", 303)
    assert not Capacity.select().exists()


def test_the_record_says_who_set_what(office, olu):
    press(office, "preview", **{"plumbing-2": "7"})
    press(office, "save", 303)
    press(office, "preview", **{"plumbing-2": "9"})
    press(office, "save", 303)
    lines = Change.select().where(Change.verb == "set_places").order_by(Change.id)
    assert [(line.actor, line.subject) for line in lines] == [(olu.by.actor, "capacity")] * 2
    assert [json.loads(line.before)["places"] for line in lines] == [None, 7]
    assert json.loads(lines[1].after) == {"weekday": WED, "trade": "plumbing", "places": 9}
    said = office.get("/staff/changes?subject=capacity").text
    assert "Weekday Wednesday" in said and "Places before 7 9" in said


@pytest.mark.parametrize("typed", ["x", "-1", "10000", "3.5", "٣", "9" * 50])
def test_what_is_no_number_is_said_beside_its_box_and_kept(office, typed):
    page = press(office, "save", 422, **{"electrical-4": typed, "all-2": "30"})
    [link] = page.select("#problems a")
    assert link["href"] == "#electrical-4"
    assert link.get_text() == "Electrical, Fri: A whole number from 0 to 9999, or nothing."
    assert page.one("#electrical-4")["value"] == typed[:20] and page.one("#all-2")["value"] == "30"
    assert page.words("#electrical-4-e") and not Capacity.select().exists()
    assert page.words("title")[0].startswith("Error: Places")


def test_numbers_that_were_not_shown_yet_are_shown_before_they_are_saved(office):
    page = press(office, "save", **{"all-2": "30"})
    assert effect(page)["Wed May 27"] == ["60", "30", "0"] and not Capacity.select().exists()
    page = press(office, "save", **{"all-2": "20"})
    assert "These are other numbers than before." in page.words("#problems")[0]
    press(office, "save", 303)
    assert by_key(limits()) == {(WED, None): 20}


def test_the_effect_alone_as_numbers_are_typed(office):
    form = office.page.fields(office.page.one("main form"))
    part = office.post(f"{PAGE}/effect", {**form, "all-2": "30"}, 200)
    assert not part.is_whole and effect(part)["Wed May 27"] == ["60", "30", "0"]
    part = office.post(f"{PAGE}/effect", {**form, "all-2": "many"}, 422)
    assert part.words(".err") == ["1 box holds no number from 0 to 9999."]
    assert not Capacity.select().exists()


def test_the_second_supervisor_is_told_and_overwrites_nothing(office, sam):
    """Both had the page open: one sets Wednesdays and plumbing, the other Thursdays and plumbing too."""
    form = office.page.fields(office.page.one("main form"))
    set_places({(WED, None): 30, (None, "plumbing"): 5}, seen={}, by=sam.by, now=NOW)
    part = office.post(f"{PAGE}/effect", {**form, "all-3": "20", "plumbing-every": "8"}, 409)
    assert part.words(".err") == ["Sam Okafor saved other numbers meanwhile. Press Preview to see them."]
    for button in ("preview", "save"):
        sent = {**form, "all-3": "20", "plumbing-every": "8", "action": button}
        page = office.post(PAGE, sent, 409)
        assert "Sam Okafor saved other numbers meanwhile." in page.words("#problems")[0]
        assert by_key(limits()) == {(WED, None): 30, (None, "plumbing"): 5}
    boxes = {tag["name"]: tag["value"] for tag in page.select(".places input") if tag["value"]}
    assert boxes == {"all-2": "30", "all-3": "20", "plumbing-every": "8"}
    press(office, "save", 303)
    assert by_key(limits()) == {(WED, None): 30, (3, None): 20, (None, "plumbing"): 8}


def test_fewer_places_than_booked_the_day_is_full_and_nothing_is_taken_away(office, dana, eve, eves_permit):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(3)]
    press(office, "preview", **{"all-2": "1"})
    press(office, "save", 303)
    assert {(again(row).status, again(row).day) for row in rows} == {("requested", WEDNESDAY)}
    with pytest.raises(NotPossible):
        ask(eve, eves_permit, Wish("SEWER", WEDNESDAY, "any"))
    assert WEDNESDAY not in [one.day for one in days_on_offer(desk().city, NOW, daily_capacity=60)]
    assert effect(office.get(PAGE))["Wed May 27 2 more than places"] == ["1", "3"]


def test_a_button_pressed_twice_is_one_act(office):
    press(office, "preview", **{"all-2": "30"})
    form = {**office.page.fields(office.page.one("main form")), "action": "save"}
    for _ in range(2):
        office.post(PAGE, form, 303)
    assert by_key(limits()) == {(WED, None): 30}
    assert Change.select().where(Change.verb == "set_places").count() == 1


def test_limits_without_a_box_stay(office):
    Capacity.create(weekday=6, trade=None, places=0)
    Capacity.create(weekday=None, trade="general", places=4)
    office.get(PAGE)
    press(office, "preview", **{"all-2": "30"})
    press(office, "save", 303)
    assert by_key(limits()) == {(6, None): 0, (None, "general"): 4, (WED, None): 30}


@pytest.mark.parametrize("seen", [None, "x", "all-2", "all-x.3", "all-2.y"])
def test_what_no_page_sends_is_refused_plainly(office, seen):
    sent = {"action": "save", "all-2": "30", **({} if seen is None else {"seen": seen})}
    office.send(PAGE, 400, **sent)


def test_only_supervisors_set_places(browse, sam, iris):
    for who in (sam, iris):
        browsing = browse(who)
        browsing.get(PAGE, status=403)


def test_the_page_asks_the_database_little_however_many_limits(office, counting):
    for weekday in range(5):
        for trade in (None, "plumbing", "building", "electrical"):
            Capacity.create(weekday=weekday, trade=trade, places=10)
    with counting() as queries:
        office.get(PAGE)
    assert len(queries) <= 6, queries
