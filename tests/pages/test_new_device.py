"""A sign-in in a browser never seen before is told to whom the account belongs."""

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from itsdangerous import Signer

from tests.cast import NOW, PASSWORD
from tests.page import Browse
from tracker.actions import sign_ins
from tracker.actions.sign_ins import MAILS_A_DAY
from tracker.models import Change, Contractor, Mail, SignIn

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
TOLD = """\
Somebody signed in as Lone Star Plumbing on a new device.

When: Tuesday, May 26, 2026, 10:00 AM
On: Safari, iPhone

If it was one of your people, there is nothing to do.
If not: sign out everywhere and set a PIN of your own, or another one: http://127.0.0.1:8000/profile
Or call 512-555-0100: the city signs out everybody and gives you a new registration code.

City of Bluebonnet
512-555-0100
http://127.0.0.1:8000
"""
STAFF_TOLD = """\
Somebody signed in as Iris Vandermeer on a new device.

When: Tuesday, May 26, 2026, 10:00 AM
On: a device that does not say what it is

If it was you, there is nothing to do.
If not: sign out everywhere and change your password: http://127.0.0.1:8000/staff/me
If that does not work, tell a supervisor at once.

City of Bluebonnet
512-555-0100
http://127.0.0.1:8000
"""


def mails() -> list[Mail]:
    return list(Mail.select().where(Mail.kind == "new_device").order_by(Mail.id))


def staff_signs_in(browsing: Browse, member: Any) -> Browse:
    browsing.get("/staff")
    browsing.submit("main form", follow=False, email=member.row.email, password=PASSWORD)
    return browsing


def test_the_first_sign_in_ever_is_no_news(browse, dana):
    browse(dana)
    assert not mails() and not Change.select().exists()


def test_the_second_device_is_told_to_the_companys_address(browse, dana):
    browse(dana)
    browse(dana, User_Agent=IPHONE)
    [mail] = mails()
    assert (mail.recipient, mail.subject) == ("office@lonestar.example", "Signed in on a new device")
    assert mail.text == TOLD and "Safari, iPhone" in mail.html


def test_it_is_on_record_with_the_network_it_came_from(browse, dana):
    browse(dana)
    browse(dana, User_Agent=IPHONE)
    [line] = Change.select()
    assert (line.verb, line.actor_name, line.address) == ("sign_in_new_device", "Lone Star Plumbing", "127.0.0.1")
    assert line.subject_id == dana.company.id and "Safari, iPhone" in line.after


def test_a_device_is_known_after_signing_out_after_a_new_pin_and_after_a_year(browse, dana, at):
    browse(dana)
    phone = browse(dana)
    Mail.delete().execute()
    phone.get("/dashboard")
    phone.submit("header form")
    phone.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    phone.get("/profile/pin")
    phone.submit("main form", pin=dana.pin, new_pin="copper elbow 9", new_pin_again="copper elbow 9")
    at(NOW + timedelta(days=360))
    phone.sign_in("Lone Star Plumbing", "copper elbow 9")
    assert not mails()


def test_the_cookie_it_is_known_by_lasts_and_is_no_way_in(browse, dana, app):
    browsing = browse()
    browsing.get("/")
    answer = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin)
    [line] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("device=")]
    assert "HttpOnly" in line and "SameSite=Lax" in line and f"Max-Age={400 * 86_400}" in line
    for name in ("session", "remember_token"):
        browsing.client.delete_cookie(name)
    browsing.get("/dashboard", status=303)


def test_a_visitor_who_signs_in_nowhere_gets_no_such_cookie(browse, dana):
    browsing = browse()
    browsing.sign_in("Lone Star Plumbing", "wrong", status=422)
    assert browsing.client.get_cookie("device") is None


@pytest.mark.parametrize("forged", ["a" * 32, "a" * 32 + ".AAAA", "", "é", ".", "x" * 4000])
def test_a_forged_one_is_no_known_device_and_no_error_of_ours(browse, dana, forged):
    browse(dana)
    SignIn.update(device="a" * 32).execute()
    browsing = browse()
    browsing.client.set_cookie("device", forged)
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    assert len(mails()) == 1


def test_one_signed_with_another_key_or_for_another_end_is_forged_too(browse, dana, app):
    browse(dana)
    SignIn.update(device="a" * 32).execute()
    for secret, salt in (("another key altogether", "device"), (app.config["SECRET_KEY"], "cookie-session")):
        browsing = browse()
        browsing.client.set_cookie(
            "device", Signer(secret, salt=salt, digest_method=hashlib.sha256).sign("a" * 32).decode()
        )
        browsing.sign_in("Lone Star Plumbing", dana.pin)
    assert len(mails()) == 2


def test_a_phone_of_one_company_is_new_to_another(browse, dana, eve):
    browse(eve)
    phone = browse(dana)
    phone.get("/dashboard")
    phone.submit("header form")
    phone.sign_in("Evergreen Drains", eve.pin)
    assert [mail.recipient for mail in mails()] == ["eve@evergreen.example"]


def test_in_the_companys_language(browse, dana):
    Contractor.update(language="es").execute()
    browse(dana)
    browse(dana, User_Agent=IPHONE)
    [mail] = mails()
    assert mail.subject == "Inicio de sesión en un dispositivo nuevo"
    assert "Alguien inició sesión como Lone Star Plumbing" in mail.text and "Safari, iPhone" in mail.text
    assert not re.search(r"\b(If|When|device)\b", mail.text)


def test_somebody_of_the_staff_is_told_at_their_own_address(browse, iris):
    staff_signs_in(browse(), iris)
    assert not mails()
    staff_signs_in(browse(User_Agent=""), iris)
    [mail] = mails()
    assert (mail.recipient, mail.text) == (iris.row.email, STAFF_TOLD)
    [line] = Change.select()
    assert (line.verb, line.actor, line.subject) == ("sign_in_new_device", f"staff:{iris.row.id}", "staff")


def test_a_company_without_an_address_is_told_nothing_and_gets_in(browse, dana):
    Contractor.update(email="").execute()
    browse(dana)
    browse(dana).get("/dashboard")
    assert not mails() and Change.select().count() == 1


def test_what_a_browser_calls_itself_cannot_write_into_the_mail(browse, dana):
    browse(dana)
    browse(dana, User_Agent="<script>alert(1)</script> Bcc: all@city.example Firefox/1")
    [mail] = mails()
    assert "script>" not in mail.html and "Bcc" not in f"{mail.subject}{mail.text}" and "On: Firefox\n" in mail.text


def test_a_browser_that_forgets_its_cookies_does_not_fill_the_mailbox(browse, dana, at):
    for _ in range(MAILS_A_DAY + 5):
        browse(dana)
    assert len(mails()) == MAILS_A_DAY
    assert Change.select().where(Change.verb == "sign_in_new_device").count() == MAILS_A_DAY + 4
    at(NOW + timedelta(days=1, minutes=1))
    browse(dana)
    assert len(mails()) == MAILS_A_DAY + 1


def test_the_mail_and_the_session_are_one(browse, dana, monkeypatch, app):
    """Where the mail cannot be written there is no session either: nobody gets in untold."""
    browse(dana)

    def broken(*_, **__):
        raise RuntimeError("no mail")

    monkeypatch.setattr(sign_ins.account_emails, "new_device", broken)
    browsing = browse()
    browsing.get("/")
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    browsing.submit("main form", 500, company="Lone Star Plumbing", pin=dana.pin)
    assert SignIn.select().count() == 1 and not Change.select().exists()
