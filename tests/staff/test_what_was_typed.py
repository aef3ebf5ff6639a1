"""A sign-in that ended while somebody typed: the form comes back as it was typed, and nothing was sent."""

import pytest

from tests.actions.a_day import again, asked, stops
from tests.cast import PASSWORD, THURSDAY, WEDNESDAY
from tests.staff.a_queue import tick
from tracker.models import Change, Contractor, Inspection, Permit, Request

STALE = "This page was open for too long. Nothing was sent: look it over and send it once more."
BACK = "You are signed in again. Nothing was sent yet: look it over and send it."


@pytest.fixture
def signed_out(app):
    """The browser's session is gone, its page is still open."""

    def sign_out(browsing):
        with browsing.client.session_transaction() as session:
            token = session["csrf_token"]
            session.clear()
            session["csrf_token"] = token
        return browsing

    return sign_out


def back_in(browsing, who, path: str, code: int = 409, **typed):
    """Sent without a sign-in, then signed in: the page that follows."""
    page = browsing.send(path, 401, **typed)
    assert "You were signed out meanwhile. Sign in: what you typed is kept." in page.words("#problems")[0]
    before = Change.select().count()
    page = browsing.submit("main form", code, follow=False, email=who.row.email, password=PASSWORD)
    assert Change.select().count() == before, "nothing is sent by itself"
    return page


def test_a_result(browse, dana, ray, signed_out):
    [stop] = stops(dana, ray, "1 Heron Bend")
    phone = browse(ray)
    phone.get(f"/staff/stops/{stop.id}/result?result=failed")
    typed = {"result": "failed", "corrections": ["Missing cleanout", "Pipe not supported"], "comment": "Nearly."}
    page = back_in(signed_out(phone), ray, f"/staff/stops/{stop.id}/result", **typed)
    assert page.words("#problems h2") == [BACK]
    assert [str(one["value"]) for one in page.select("input[name=corrections][checked]")] == typed["corrections"]
    phone.submit("form.form", corrections=typed["corrections"])
    assert (again(stop).result, again(stop).comment) == ("failed", "Nearly.")


def test_a_request_by_telephone(browse, dana, danas_house, sam, signed_out):
    phone = browse(sam)
    url = f"/staff/permits/{danas_house.permit_num}/request?company={dana.company.id}"
    phone.get(url)
    typed = {"contact_name": "Marco Ruiz", "remarks": "Gate 4711", "inspection_type": "SEWER", "key": "a-key"}
    page = back_in(signed_out(phone), sam, url, **typed, requested_date=str(THURSDAY), reason="The slab is poured.")
    assert BACK in page.words("#problems h2")[0]
    fields = page.fields(page.one("main form[method=post]"))
    assert {name: fields[name] for name in typed} == typed and fields["requested_date"] == str(THURSDAY)
    assert not Request.select().exists()


def test_the_page_of_a_request_says_what_to_do_where_the_answer_would_be_swapped_in(browse, dana, danas_house, sam):
    phone = browse(sam)
    url = f"/staff/permits/{danas_house.permit_num}/request?company={dana.company.id}"
    assert phone.get(url).one("[data-trouble]")["data-out"]
    token = phone.token
    phone.client.delete_cookie("session")
    phone.post(url, {"csrf_token": token}, 401, HX_Request="true")


@pytest.mark.parametrize("number", ["", "PP-2026-00932"])
def test_a_permit_by_hand(browse, danas_permit, sam, signed_out, number):
    phone = browse(sam)
    path = f"/staff/permits/{number}/correct" if number else "/staff/permits/new"
    phone.get(path)
    typed = {"permit_num": "BP-2026-09001", "permit_type": "NEW", "original_address1": "1 Quarry Hill"}
    page = back_in(signed_out(phone), sam, path, **typed, reason="Misread.")
    assert page.words("#problems h2") == [BACK]
    assert page.value("original_address1") == "1 Quarry Hill"
    assert str(page.one("main form")["action"]) == path
    assert Permit.select().count() == 1


def test_a_company(browse, sam, signed_out):
    phone = browse(sam)
    phone.get("/staff/contractors/new")
    page = back_in(signed_out(phone), sam, "/staff/contractors/new", company_name="Granite Shoals Electric")
    assert page.words("#problems h2") == [BACK]
    phone.submit("main form")
    assert Contractor.get().company_name == "Granite Shoals Electric"


def test_the_reason_of_a_refusal_in_the_queue(browse, dana, sam, signed_out):
    row = asked(dana, "1 Quarry Hill", WEDNESDAY)
    desk = browse(sam)
    ticks = tick(desk.get("/staff/queue"), row.id)
    page = back_in(signed_out(desk), sam, "/staff/queue", action="decline", inspections=ticks, reason="Another lot.")
    assert page.words("h1") == ["Decline 1 request"] and BACK in page.words("#problems")[0]
    desk.submit("main form", button="decline")
    assert (again(row).status, again(row).comment) == ("declined", "Another lot.")


@pytest.mark.parametrize("verb", ["move", "cancel"])
def test_a_change_of_mind_at_the_telephone(browse, dana, sam, signed_out, verb):
    row = asked(dana, "1 Quarry Hill", WEDNESDAY)
    desk, path = browse(sam), f"/staff/inspections/{row.id}/{verb}"
    seen = desk.get(path).value("seen")
    typed = {"seen": seen, "reason": "He is ill.", "requested_date": str(THURSDAY), "time_frame": "pm"}
    page = back_in(signed_out(desk), sam, path, **typed)
    assert page.words("#problems h2") == [BACK] and page.one("#reason").get_text().strip() == "He is ill."
    desk.submit("main form")
    assert (again(row).status, again(row).day) in {("cancelled", WEDNESDAY), ("requested", THURSDAY)}


def test_a_page_that_was_open_for_too_long_gives_it_back_at_once(browse, dana, sam):
    row = asked(dana, "1 Quarry Hill", WEDNESDAY)
    desk = browse(sam)
    ticks = tick(desk.get("/staff/queue"), row.id)
    page = desk.post("/staff/queue", {"action": "decline", "inspections": ticks, "reason": "Another lot."}, 409)
    assert STALE in page.words("#problems")[0] and page.one("#reason").get_text().strip() == "Another lot."
    assert again(row).status == "requested"


def test_who_may_not_send_it_does_not_get_it(browse, dana, sam, ray, signed_out):
    """Sam typed it, Ray signs in on the same machine."""
    row = asked(dana, "1 Quarry Hill", WEDNESDAY)
    desk = browse(sam)
    ticks = tick(desk.get("/staff/queue"), row.id)
    page = back_in(signed_out(desk), ray, "/staff/queue", 303, action="decline", inspections=ticks, reason="No.")
    assert page.headers["Location"] == "/staff/home"
    assert Inspection.get().status == "requested"


@pytest.mark.parametrize("kept", ["x", "[]", "{}", '{"path":"/","query":"","typed":[]}', '{"path":"/staff/queue"}',
                                  '{"path":"/staff/stops/99/result","query":"","typed":[["result","\\ud800"]]}',
                                  '{"path":"/staff/queue","query":"","typed":[["inspections","x"],["action","move"]]}',
                                  "[" * 5000])  # fmt: skip
def test_what_is_no_form_leads_to_the_own_page(browse, sam, kept):
    desk = browse()
    desk.get("/staff")
    answer = desk.submit("main form", follow=False, email=sam.row.email, password=PASSWORD, kept=kept)
    assert answer.headers["Location"] == "/staff/home"
