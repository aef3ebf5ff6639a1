"""A dashboard rendered once for as long as nothing on it changes: everybody still gets their own, and a true one."""

from datetime import timedelta

import pytest

from tests.cast import CLERK, NOW, TODAY, WEDNESDAY, ask
from tracker import kept
from tracker.actions.changes import tell_companies
from tracker.actions.opened import opened_with
from tracker.actions.requests import Wish
from tracker.actions.types import change_type, type_facts
from tracker.models import Inspection, InspectionType


@pytest.fixture
def browsing(browse, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    return browse(dana)


@pytest.fixture
def looks(browsing, counting):
    """`looks()` → the dashboard and how many queries it cost."""

    def look():
        with counting() as queries:
            page = browsing.get("/dashboard")
        return page, len(queries)

    return look


def test_the_second_look_costs_one_query_and_shows_the_same(looks):
    first, _ = looks()
    second, queries = looks()
    assert queries == 1 and second.text == first.text


def test_its_forms_have_a_token_of_this_session_masked_anew(app, looks):
    tokens = [looks()[0].select("input[name=csrf_token]")[0]["value"] for _ in range(3)]
    assert len(set(tokens)) == 3 and all(len(token) == len(tokens[0]) for token in tokens)


def test_the_time_of_day_goes_on(at, looks):
    looks()
    at(NOW + timedelta(minutes=3))
    assert "Updated 10:03 AM" in looks()[0].text


def test_a_type_that_is_called_otherwise_is_so_at_once(looks):
    assert "Water heater" in looks()[0].text
    row = InspectionType.get(InspectionType.code == "WH")
    was = type_facts(row)
    there = {"version": opened_with(was), "place": None, "today": TODAY, "by": CLERK, "now": NOW}
    change_type(row, {**was, "name": "Hot water"}, **there)
    page, queries = looks()
    assert "Hot water" in page.text and queries > 1


def test_another_company_on_the_permit_gets_a_page_of_its_own(browse, looks, eve):
    mine, theirs = looks()[0], browse(eve).get("/dashboard")
    assert "Lone Star Plumbing" in mine.text and "Lone Star Plumbing" not in theirs.text


def test_where_somebody_is_expected_nothing_is_kept(looks, dana, ray):
    Inspection.update(status="on_the_way", day=TODAY, inspector=ray.row).execute()
    tell_companies([dana.company.id])
    looks()
    assert looks()[1] > 1


def test_what_was_just_done_is_said_once(browsing, looks):
    looks()
    with browsing.client.session_transaction() as session:
        session["_flashes"] = [("message", "Your PIN is set.")]
    assert "Your PIN is set." in looks()[0].text
    assert "Your PIN is set." not in looks()[0].text


def test_the_oldest_goes_when_there_are_too_many(app, monkeypatch):
    monkeypatch.setitem(kept.MOST, "pages", 2)
    with app.app_context():
        for number in (1, 2, 3):
            assert kept.kept("pages", number, lambda number=number: f"page {number}") == f"page {number}"
        assert list(app.extensions["kept"]["pages"]) == [2, 3]
