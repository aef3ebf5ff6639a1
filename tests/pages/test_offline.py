"""What the city tells a phone that keeps things: the worker, the account's name, a fresh token."""

import json
import re

import pytest

from tests.cast import WEDNESDAY, ask
from tracker.actions.requests import Wish
from tracker.static_files import slim_script


def account(page) -> str:
    return page.headers["X-Account"]


def test_the_worker_is_asked_for_once_an_hour_and_costs_nothing_unchanged(app):
    said = app.test_client().get("/sw.js")
    assert said.mimetype == "text/javascript" and said.headers["Cache-Control"] == "max-age=3600"
    assert said.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    for address in re.findall(r'"(/static/[^"]+)"', said.text):
        assert app.test_client().get(address).status_code == 200
    again = app.test_client().get("/sw.js", headers={"If-None-Match": said.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_scripts_are_sent_without_their_comments_and_with_all_of_their_code(app):
    written = '/* One\n   two. */\n(() => {\n  /* In */ a("/* b */");\n\n  /* Three */\n  c(); /* d */\n})();\n'
    assert slim_script(written) == '(() => {\n/* In */ a("/* b */");\nc(); /* d */\n})();\n'
    worker = app.test_client().get("/sw.js").text
    assert "{#" not in worker and "\n " not in worker


def test_pages_name_their_account_alike_in_every_session_and_no_other(browse, dana, eve, sam):
    mine, another = browse(dana), browse(dana)
    names = [account(one.get("/dashboard")) for one in (mine, another, browse(eve))]
    names.append(account(browse(sam).get("/staff/queue")))
    assert names[0] == names[1] and len(set(names)) == 3 and all(re.fullmatch("[0-9a-f]{24}", one) for one in names)
    assert account(browse().get("/")) == "none"


def test_fragments_and_unknown_readers_name_none(browse, dana):
    browsing = browse(dana)
    assert "X-Account" not in browsing.get("/dashboard/inspections", HX_Request="true").headers
    assert "X-Account" not in browsing.client.get("/healthz").headers


def test_a_token_is_for_who_is_signed_in(browse, dana):
    assert browse().client.get("/offline/token").status_code == 401
    browsing = browse(dana)
    page = browsing.get("/dashboard")
    said = browsing.client.get("/offline/token")
    assert said.headers["Cache-Control"] == "no-store" and said.json["account"] == account(page)
    browsing.post("/sign-out", {"csrf_token": said.json["token"]})


def test_no_token_for_a_company_that_owes_a_pin_of_its_own(app, browse, dana):
    browsing = browse(dana)
    app.config["REQUIRE_OWN_PIN"] = True
    assert browsing.client.get("/offline/token").status_code == 401


def test_a_copy_takes_no_message_away(browse, dana, danas_permit):
    made = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am")).inspections.get()
    browsing = browse(dana)
    browsing.get(f"/inspections/{made.id}/cancel")
    browsing.submit("main form", follow=False)
    browsing.get("/dashboard", X_Purpose="keep")
    assert browsing.get("/dashboard").words(".said")[0].startswith("Cancelled: Water heater replacement")


@pytest.mark.parametrize("where", ["request", "cancel"])
def test_forms_that_may_be_kept_say_whose_they_are_and_where_to_go_on(browse, dana, danas_permit, where):
    made = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am")).inspections.get()
    browsing = browse(dana)
    address = {"request": "/permits/PP-2026-00932/request", "cancel": f"/inspections/{made.id}/cancel"}[where]
    page = browsing.get(address)
    forms = page.select("main form[data-held]")
    if where == "cancel":
        held = json.loads(str(forms[0]["data-held"]))
        assert held["rows"] == [["2026-05-27", "AM", "Cancel: Water heater replacement"]]
        assert (held["account"], held["page"], held["num"]) == (account(page), "/dashboard", "PP-2026-00932")
    leaving = json.loads(str(page.one("header form[data-held]")["data-held"]))
    assert leaving == {"account": account(page), "out": 1}


def test_a_page_for_no_signal_is_nobodys(browse, dana):
    page = browse(dana).get("/offline")
    assert page.words("h1") == ["No signal"] and "Lone Star" not in page.text and not page.select("input")
