"""A dashboard that was rendered before is shown only while rendering it anew would give the same."""

import random
import re
import sys
import threading
from datetime import timedelta

import pytest

from tests.cast import CLERK, NOW, WEDNESDAY, ask, desk, past
from tests.page import Browse
from tracker import kept
from tracker.actions.by_hand import take_off
from tracker.actions.changes import tell_everybody
from tracker.actions.requests import Wish
from tracker.actions.results import Outcome, correct_result, result_version
from tracker.models import ClosedDay, PermitContractor
from tracker.rules.words import Result
from tracker.views import whole_pages

KEPT = '{"number": "BP-2026-01184", "typed": {}}'


def without_tokens(text):
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text)


@pytest.fixture
def is_true(app):
    """`is_true(browsing)`: the dashboard is as it would be if nothing had been kept; gives its HTML."""

    def look(browsing, app=app):
        shown = browsing.client.get("/dashboard").text
        kept.bind(app)
        assert without_tokens(browsing.client.get("/dashboard").text) == without_tokens(shown)
        return shown

    return look


def test_too_late_to_cancel_where_that_is_before_midnight(app_with, dana, danas_permit, at, is_true):
    app = app_with(CANCEL_UNTIL="14:00")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    browsing = Browse(app)
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    assert "Change date" in browsing.get("/dashboard").text
    at(NOW + timedelta(hours=4))
    assert "Too late to cancel here." in is_true(browsing, app)


def test_a_result_that_is_corrected_after_the_company_left_the_permit(browse, dana, danas_permit, olu, is_true):
    row = past(danas_permit, dana.company, "WH", "failed")
    take_off(danas_permit, PermitContractor.get(contractor=dana.company).id, by=CLERK, now=NOW)
    browsing = browse(dana)
    assert "Failed" in browsing.get("/dashboard").text
    seen = {"version": result_version(row.id), "person": olu.row, "desk": desk(), "by": olu.by, "now": NOW}
    correct_result(row.id, Outcome(Result.PASSED), **seen)
    assert "Failed" not in is_true(browsing)


def test_what_answers_a_question_for_the_head_alone_is_not_kept(app, browse, dana, danas_permit, is_true):
    browsing = browse(dana)
    kept.bind(app)
    browsing.client.head("/dashboard")
    assert 'name="next" value="/dashboard"' in is_true(browsing)


def test_a_page_of_hundreds_of_rows_is_not_kept(app, browse, dana, danas_permit, monkeypatch):
    monkeypatch.setattr(whole_pages, "MOST_LETTERS", 100)
    kept.bind(app)
    browse(dana).get("/dashboard")
    assert not app.extensions["kept"]["pages"]


def test_under_another_address_its_links_are_others(app, browse, dana, danas_permit, sam):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    for who, path in ((dana, "/dashboard"), (sam, "/staff/queue")):
        client = browse(who).client
        kept.bind(app)
        client.get(path, base_url="http://localhost/elsewhere")
        assert "/elsewhere/" not in client.get(path).text, path


def test_a_form_given_back_at_the_sign_in_offers_no_day_that_was_closed_since(browse, dana, danas_house):
    """Who signs in at this moment was found without the city's counter."""

    def offered():
        browsing = browse()
        browsing.get("/")
        typed = {"company": "Lone Star Plumbing", "pin": dana.pin, "kept": KEPT, "csrf_token": browsing.token}
        return f'value="{WEDNESDAY}"' in browsing.client.post("/", data=typed).text

    assert offered()
    ClosedDay.create(day=WEDNESDAY, name="Storm")
    tell_everybody()
    assert not offered()


class Slow:
    """A key that other threads come in between of while it is compared."""

    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number % 50

    def __eq__(self, other):
        return self.number == other.number


def test_many_threads_keep_at_once(app, monkeypatch):
    monkeypatch.setitem(kept.MOST, "pages", 30)
    wrong = []

    def work(first):
        with app.app_context():
            for key in random.Random(first).choices(range(200), k=3_000):
                if kept.kept("pages", Slow(key), lambda key=key: f"page {key}") != f"page {key}":
                    wrong.append(key)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(6)]
    often = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(often)
    assert not wrong and len(app.extensions["kept"]["pages"]) == 30
