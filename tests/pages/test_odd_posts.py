"""What no browser sends gets a plain sentence and a 4xx."""

import pytest

from tests.page import Page

FORM = "application/x-www-form-urlencoded"


def token(visitor) -> str:
    return str(visitor.get("/").one("main input[name=csrf_token]")["value"])


@pytest.mark.parametrize("body", ["5", "[1]", "true", '{"company": 5}', '{"pin": [1]}', '{"next": "/\\ud800"}'])
@pytest.mark.parametrize("path", ["/", "/staff"])
def test_json_is_no_form(browse, path, body):
    visitor = browse()
    headers = {"X-CSRFToken": token(visitor), "Content-Type": "application/json", **visitor.headers}
    assert 400 <= visitor.client.post(path, data=body, headers=headers).status_code < 500


@pytest.mark.parametrize(("path", "name"), [("/", "company"), ("/", "pin"), ("/staff", "email")])
def test_a_file_is_no_text(browse, path, name, tmp_path):
    visitor = browse()
    file = tmp_path / "x.txt"
    file.write_text("x")
    with file.open("rb") as upload:
        answer = visitor.client.post(path, data={"csrf_token": token(visitor), name: (upload, "x.txt")})
    assert 400 <= answer.status_code < 500


def test_a_remember_cookie_that_is_no_ascii_is_nobodys(browse):
    visitor = browse()
    visitor.client.set_cookie("remember_token", "é|é")
    assert visitor.client.get("/", headers={"Cookie": "remember_token=é|é"}).status_code == 200


def test_signing_in_by_a_swap_leads_to_a_page_with_odd_letters(browse, dana):
    visitor = browse()
    data = {"csrf_token": token(visitor), "company": "Lone Star Plumbing", "pin": dana.pin, "next": "/dashboard?q=€"}
    page = visitor.post("/", data, status=200, **{"HX-Request": "true"})
    assert page.answer.headers["HX-Redirect"] == "/dashboard?q=%E2%82%AC"


def test_a_link_cannot_fill_in_the_form_that_is_given_back(browse):
    page = browse().get('/?kept={"number":"PP-1","typed":{}}&company=Lone+Star&next=/dashboard')
    assert not page.select("input[name=kept]") and page.one("#company")["value"] == "Lone Star"


def test_a_form_sent_when_even_the_session_is_gone_is_given_back_after_signing_in(browse, dana, danas_permit):
    gone = browse()
    typed = {"contact_name": "Dana", "phone": "512-555-0170", "remarks": "Gate 4411", "key": "a-form"}
    path = f"/permits/{danas_permit.permit_num}/request"
    page = gone.post(path, typed, status=401)
    assert "You were signed out meanwhile" in page.text
    page = gone.submit("main form", 409, company="Lone Star Plumbing", pin=dana.pin)
    assert isinstance(page, Page) and page.one("textarea[name=remarks]").get_text().strip() == "Gate 4411"
