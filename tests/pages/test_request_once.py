"""One request, however often it is sent; and what was typed outlives a page that was open for too long."""

import pytest

from tests.pages.conftest import CONTACT, wish
from tracker.models import Change, Contractor, DayLoad, Inspection, Mail, Permit, Request

FORM = "main form"
ADDRESS = "/permits/BP-2026-01184/request"


@pytest.fixture
def sent(filling) -> dict[str, str]:
    """The form as Dana filled it in, ready to be sent more than once."""
    fields = filling.page.fields(filling.page.one(FORM))
    return {**fields, **CONTACT, **wish("SEWER", half="am", remarks="Gate 4711"), "action": "submit"}


def counts() -> list[int]:
    return [model.select().count() for model in (Request, Inspection)]


def test_pressing_twice_is_one_request(filling, sent):
    filling.post(ADDRESS, sent)
    mails, changes = Mail.select().count(), Change.select().count()
    answer = filling.post(ADDRESS, sent)
    assert answer.headers["Location"] == "/dashboard" and counts() == [1, 1]
    assert (Mail.select().count(), Change.select().count()) == (mails, changes)
    assert {row.trade: row.booked for row in DayLoad.select()} == {"": 1, "plumbing": 1}


def test_both_presses_read_the_same_number(filling, sent):
    filling.post(ADDRESS, sent)
    first = filling.get("/dashboard").words(".said")
    filling.post(ADDRESS, sent)
    assert filling.get("/dashboard").words(".said") == first and len(first) == 1


def test_a_form_that_was_booked_gets_its_number_also_where_the_permit_has_ended_since(filling, sent):
    filling.post(ADDRESS, sent)
    Permit.update(status="finaled").execute()
    assert filling.post(ADDRESS, sent).headers["Location"] == "/dashboard"
    assert f"No. {Request.get().id}." in filling.get("/dashboard").words(".said")[0]
    filling.post(ADDRESS, {**sent, "remarks": "changed"}, 409)
    assert "sent before" in filling.page.text and counts() == [1, 1]
    filling.post(ADDRESS, {**sent, "key": "another"}, 409)
    assert counts() == [1, 1]


def test_the_same_form_with_other_content_shows_what_was_booked(filling, sent):
    filling.post(ADDRESS, sent)
    page = filling.post(ADDRESS, {**sent, **wish("PLRGH", half="pm")}, 409)
    assert page.words("h1") == ["Already requested"] and page.words(".chosen b") == ["Sewer / water yard line"]
    assert f"This form was sent before, as No. {Request.get().id}." in page.text and counts() == [1, 1]


def test_from_there_a_new_request_can_be_made(filling, sent):
    filling.post(ADDRESS, sent)
    filling.post(ADDRESS, {**sent, "remarks": "changed"}, 409)
    filling.click("New request")
    filling.submit(FORM, button="submit", **CONTACT, **wish("PLRGH"))
    assert counts() == [2, 2]


def test_a_refused_form_can_be_mended_and_sent_under_its_key(filling, sent):
    filling.post(ADDRESS, {**sent, "email": "nobody"}, 422)
    assert filling.page.value("key") == sent["key"]
    filling.submit(FORM, button="submit", email="dana@lonestar.example")
    assert counts() == [1, 1]


def test_a_key_of_another_company_is_no_key_of_ours(filling, sent, browse, eve, eves_permit):
    filling.post(ADDRESS, sent)
    other = browse(eve)
    other.get("/permits/PP-2026-00555/request")
    other.submit(FORM, button="submit", key=sent["key"], **CONTACT, **wish("SEWER"))
    assert counts() == [2, 2]


@pytest.mark.parametrize("key", ["", "x" * 300, "\0"])
def test_a_form_without_a_right_key_is_taken_all_the_same(filling, sent, key):
    filling.post(ADDRESS, {**sent, "key": key})
    assert counts() == [1, 1]


@pytest.mark.parametrize("token", ["", "stale", "ñ", "A" * 500, None])
def test_a_stale_page_gives_the_typing_back_and_sends_nothing(filling, sent, token):
    page = filling.post(
        ADDRESS, {**sent, "csrf_token": token} if token is not None else {**sent, "csrf_token": []}, 409
    )
    assert page.words("#problems h2") == [
        "This page was open for too long. Nothing was sent: look it over and press Submit."
    ]
    assert {name: page.value(name) for name in (*CONTACT, "remarks", "key")} == {
        name: sent[name] for name in (*CONTACT, "remarks", "key")
    }
    assert counts() == [0, 0]
    filling.submit(FORM, button="submit")
    assert counts() == [1, 1]


def test_a_stale_page_keeps_the_list_too(filling, sent):
    filling.post(ADDRESS, {**sent, "action": "add"}, 200)
    again = filling.page.fields(filling.page.one(FORM))
    page = filling.post(ADDRESS, {**again, "csrf_token": "stale", "action": "submit"}, 409)
    assert page.words(".chosen li b") == ["Sewer / water yard line"]


def test_a_stale_page_of_someone_elses_permit_is_not_found(filling, sent, eves_permit):
    filling.post("/permits/PP-2026-00555/request", {**sent, "csrf_token": "stale"}, 404)
    filling.post("/permits/nothing/request", {**sent, "csrf_token": "stale"}, 404)


def test_a_form_sent_after_the_sign_in_ended_is_given_back(filling, sent, dana):
    Contractor.update(session_token="another").execute()
    page = filling.post(ADDRESS, sent, 401)
    assert page.words("#problems h2") == ["You were signed out meanwhile. Sign in: what you typed is kept."]
    filling.submit(FORM, 422, company="Lone Star Plumbing", pin="mistyped")
    page = filling.submit(FORM, 409, company="Lone Star Plumbing", pin=dana.pin)
    assert page.value("remarks") == "Gate 4711" and counts() == [0, 0]
    filling.submit(FORM, button="submit")
    assert counts() == [1, 1]


@pytest.mark.parametrize(
    "kept", ["x", "[]", "{}", "[" * 20_000, '{"number": 1, "typed": {"a": []}}', '{"number": "\\ud800", "typed": {}}',
             '{"number": "BP-2026-01184", "typed": {"inspections-²-remarks": "x", "key": "\\u0000"}}']
)  # fmt: skip
def test_what_was_kept_may_be_nonsense(browse, dana, danas_house, kept):
    browsing = browse()
    browsing.get("/")
    token = browsing.token
    data = {"csrf_token": token, "company": "Lone Star Plumbing", "pin": dana.pin, "kept": kept}
    assert browsing.client.post("/", data=data).status_code in (303, 409)


def test_what_another_company_had_typed_is_not_given_to_this_one(filling, sent, eve):
    Contractor.update(session_token="another").execute()
    filling.post(ADDRESS, sent, 401)
    answer = filling.submit(FORM, follow=False, company="Evergreen Drains", pin=eve.pin)
    assert answer.headers["Location"].startswith("/")
