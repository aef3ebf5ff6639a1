"""What Dana sees of Ray's day: who comes and when, the outcome, Request again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actions.a_day import FAILED, result, stops
from tests.cast import NOW, TODAY, desk
from tests.page import DASHBOARD_BYTES
from tracker.actions.results import set_arrived, set_on_the_way
from tracker.actions.seen import Seen
from tracker.actions.stops import take_over
from tracker.models import Staff

SWAP = {"HX-Request": "true"}


@pytest.fixture
def eves_before(eve, ray):
    """Two stops of Eve's before Dana's."""
    return stops(eve, ray, "1 Heron Bend", "2 Heron Bend")


@pytest.fixture
def stop(dana, ray, eves_before):
    return stops(dana, ray, "77 Cedar Brake Drive")[0]


def at_site(ray, now=NOW):
    return {"person": ray.row, "desk": desk(), "by": ray.by, "now": now}


def test_on_the_day_it_says_who_comes_when_and_after_how_many(browse, dana, ray, stop):
    page = browse(dana).get("/dashboard")
    row = page.one("#inspections .row").get_text(" ")
    assert "Ray Ortega" in row and "Expected about" in row and "2 stops before you" in row and "An estimate." in row
    assert "tel:+1-512-555-0141" in [str(link["href"]) for link in page.select("#inspections .row a[href^=tel]")]
    # Other companies' stops are counted, never named.
    assert "Heron Bend" not in page.text
    assert page.bytes <= DASHBOARD_BYTES


def test_the_window_moves_with_the_day(browse, at, dana, ray, eves_before, stop):
    phone = browse(dana)
    words = []
    for done in eves_before:
        words.append(" ".join(phone.get("/dashboard").words("#inspections .st")))
        result(ray, done)
    words.append(" ".join(phone.get("/dashboard").words("#inspections .st")))
    assert ["2 stops before you" in words[0], "1 stop before you" in words[1], "You are next" in words[2]] == [True] * 3
    assert len(set(words)) == 3


def test_on_the_way_and_arrived_are_the_yellow_panel(browse, dana, ray, eves_before, stop):
    phone = browse(dana)
    set_on_the_way(Seen(stop.id), **at_site(ray))
    page = phone.get("/dashboard")
    assert page.words(".live .tag") == ["On the way"] and page.words(".live .stops b") == ["You"]
    assert "Call Ray" in page.text and page.select(".live a[href^=tel]")
    set_arrived(Seen(stop.id), **at_site(ray))
    assert phone.get("/dashboard").words(".live .tag") == ["Arrived"]


def test_who_waits_behind_hears_of_each_step(browse, dana, ray, eves_before, stop):
    phone = browse(dana)
    address = str(phone.get("/dashboard").one("#inspections")["data-hx-get"])
    phone.get(address, 204, **SWAP)
    set_arrived(Seen(eves_before[0].id), **at_site(ray))
    assert phone.get(address, 200, **SWAP).select("#inspections")


def test_an_estimate_moves_with_the_clock_too(browse, at, dana, ray, stop):
    phone = browse(dana)
    address = str(phone.get("/dashboard").one("#inspections")["data-hx-get"])
    at(NOW + timedelta(minutes=3))
    phone.get(address, 204, **SWAP)
    at(NOW + timedelta(minutes=6))
    phone.get(address, 200, **SWAP)


def test_after_a_take_over_it_is_the_other_inspector(browse, dana, june, stop):
    take_over([Seen(stop.id)], **at_site(june))
    row = browse(dana).get("/dashboard").one("#inspections .row").get_text(" ")
    assert "June Tran" in row and "You are next" in row


def test_the_outcome_with_comments_corrections_and_request_again(browse, dana, ray, stop):
    result(ray, stop, FAILED)
    phone = browse(dana)
    page = phone.get("/dashboard")
    assert page.words(".row .tag") == ["Failed"]
    assert page.words(".note li") == ["Missing cleanout"] and "Slope is good." in page.text
    again = phone.click("Request again Water heater replacement, 77 Cedar Brake Drive")
    assert again.one("#contact_name")["value"] == "Dana Whitfield"
    permit = phone.get(f"/permits/{stop.permit.permit_num}")
    assert "Missing cleanout" in permit.text and "Ray Ortega" in permit.text and "Failed" in permit.text


def test_an_inspectors_comment_for_the_city_stays_there(browse, dana, ray, stop):
    result(ray, stop, replace(FAILED, staff_comment="Ask for the license next time."))
    phone = browse(dana)
    for path in ("/dashboard", f"/permits/{stop.permit.permit_num}"):
        assert "license next time" not in phone.get(path).text


def test_without_a_phone_there_is_no_number(browse, dana, ray, stop):
    Staff.update(phone="").execute()
    assert browse(dana).get("/dashboard").words("#inspections a[href^=tel]") == ["512-555-0100"]  # the office


def test_tomorrow_there_is_no_window_yet(browse, dana, ray):
    stops(dana, ray, "77 Cedar Brake Drive", day=TODAY + timedelta(days=1))
    page = browse(dana).get("/dashboard")
    assert "The time shows that morning." in page.text and "Expected" not in page.text
