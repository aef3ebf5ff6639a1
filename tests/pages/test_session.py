"""How long somebody is signed in, where they are led, and what ends it."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest

from tests.cast import CLERK, NOW
from tracker.actions.companies import renew_code
from tracker.models import Contractor


def cookies(page) -> dict[str, str]:
    """The cookies that an answer sets: by name, the rest of the line."""
    lines = page.headers.getlist("Set-Cookie")
    return {line.partition("=")[0]: line.partition(";")[2] for line in lines}


def signing_in(browsing, dana, **typed):
    browsing.get("/")
    return browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin, **typed)


def test_without_remember_me_the_cookie_ends_with_the_browser(browse, dana):
    set_now = cookies(signing_in(browse(), dana))
    assert set(set_now) == {"session", "device"} and "Expires" not in set_now["session"]
    assert "HttpOnly" in set_now["session"] and "SameSite=Lax" in set_now["session"]


def test_remember_me_keeps_a_phone_signed_in_for_30_days(browse, dana):
    set_now = cookies(signing_in(browse(), dana, remember="1"))
    for name in ("session", "remember_token"):
        parts = dict(part.strip().partition("=")[::2] for part in set_now[name].split(";"))
        left = parsedate_to_datetime(parts["Expires"]) - datetime.now(UTC)
        assert timedelta(days=29, hours=23) < left <= timedelta(days=30)
        assert "HttpOnly" in parts and parts["SameSite"] == "Lax" and parts["Path"] == "/"


def test_remember_me_outlives_the_session(browse, dana):
    browsing = browse()
    signing_in(browsing, dana, remember="1")
    browsing.client.delete_cookie("session")
    assert browsing.get("/dashboard").words("h1") == ["Lone Star Plumbing"]


def test_signing_out_ends_it_on_this_phone_remembered_or_not(browse, dana):
    for typed in ({}, {"remember": "1"}):
        browsing = browse()
        signing_in(browsing, dana, **typed)
        browsing.get("/dashboard")
        assert browsing.submit("header form").words("h1") == ["Sign in"]
        browsing.get("/dashboard", status=303)


def test_a_phone_signed_in_elsewhere_stays_signed_in(browse, dana):
    mine, other = browse(dana), browse(dana)
    mine.get("/dashboard")
    mine.submit("header form")
    other.get("/dashboard")


def test_a_new_session_token_ends_every_session(browse, dana):
    phones = [browse(dana), browse()]
    signing_in(phones[1], dana, remember="1")
    Contractor.update(session_token="another").execute()
    for phone in phones:
        phone.get("/dashboard", status=303)


def test_a_renewed_code_ends_every_session_and_the_old_code(browse, dana):
    phone = browse(dana)
    code = renew_code(dana.company, by=CLERK, now=NOW)
    phone.get("/dashboard", status=303)
    browse().sign_in("Lone Star Plumbing", dana.pin, status=422)
    browse().sign_in("Lone Star Plumbing", code)


def test_a_blocked_company_is_signed_out_at_once(browse, dana):
    phone = browse(dana)
    Contractor.update(blocked_at=NOW).execute()
    phone.get("/dashboard", status=303)


def test_signing_in_makes_a_new_session(browse, dana):
    browsing = browse()
    browsing.get("/")
    token, before = browsing.token, browsing.client.get_cookie("session").value
    signing_in(browsing, dana)
    assert browsing.client.get_cookie("session").value != before
    browsing.post("/sign-out", {"csrf_token": token}, status=400)


def test_a_signed_in_company_goes_from_the_start_page_to_its_dashboard(browse, dana):
    assert browse(dana).get("/", status=303).headers["Location"] == "/dashboard"


def test_a_code_scanned_on_site_leads_to_sign_in_and_back(browse, dana, danas_permit):
    browsing = browse()
    to_sign_in = browsing.get(f"/permits/{danas_permit.permit_num}", status=303).headers["Location"]
    browsing.get(to_sign_in)
    browsing.submit("main form", 422, company="Lone Star Plumbing", pin="mistyped")
    page = browsing.submit("main form", company="Lone Star Plumbing", pin=dana.pin)
    assert page.words("h1") == ["77 Cedar Brake Drive"]


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\\evil.example", "/%09/evil.example", "/%0a/evil.example", "\\\\evil.example",
        "https://evil.example", "javascript:alert(1)", "evil.example", "%20//evil.example", "///evil.example",
        "/%00//evil.example", "http:/dashboard",
    ],
)  # fmt: skip
def test_next_leads_to_pages_of_our_own_alone(browse, dana, target):
    browsing = browse()
    browsing.get(f"/?next={target}")
    answer = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin)
    assert answer.headers["Location"] == "/dashboard"
    browsing = browse()
    browsing.get("/")
    answer = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin, next=target)
    assert (
        not answer.headers["Location"].startswith(("//", "/\\", "http"))
        and "evil" not in answer.headers["Location"][:8]
    )


def test_next_keeps_what_was_asked_for(browse, dana):
    browsing = browse()
    browsing.get("/?next=/dashboard?q%3Dcedar%26after%3Dx")
    answer = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin)
    assert answer.headers["Location"] == "/dashboard?q=cedar&after=x"
