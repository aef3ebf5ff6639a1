"""What we sign is signed with SHA-256 and taken in no other way; what cookies are called where they are Secure."""

import hashlib
from base64 import urlsafe_b64encode

import pytest
from itsdangerous import Signer

from tests.page import Browse
from tracker.csrf import unmasked
from tracker.models import Mail

NAMES = {"session", "remember_token", "device"}
WAYS = pytest.mark.parametrize("way, is_ours", [("sha1", False), ("sha256", True)])


def resigned(app, text: str, salt: str, way: str, derived: str = "django-concat") -> str:
    """The same text, signed with our own key by this hash function."""
    body = text.rpartition(".")[0]
    signer = Signer(app.config["SECRET_KEY"], salt=salt, key_derivation=derived, digest_method=getattr(hashlib, way))
    return f"{body}.{signer.get_signature(body).decode()}"


@WAYS
def test_a_session(app, browse, dana, way, is_ours):
    browsing = browse(dana)
    now = browsing.client.get_cookie("session").value
    made = resigned(app, now, "cookie-session", way, "hmac")
    assert (made == now) == is_ours
    browsing.client.set_cookie("session", made)
    browsing.get("/dashboard", status=200 if is_ours else 303)


@WAYS
def test_what_a_browser_is_known_by(app, browse, dana, way, is_ours):
    browsing = browse(dana)
    made = resigned(app, browsing.client.get_cookie("device").value, "device", way)
    browsing.client.set_cookie("device", made)
    browsing.client.delete_cookie("session")
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    assert Mail.select().where(Mail.kind == "new_device").exists() != is_ours


@WAYS
def test_a_form(app, browse, dana, way, is_ours):
    browsing = browse(dana)
    browsing.get("/dashboard")
    made = resigned(app, unmasked(browsing.token), "wtf-csrf-token", way).encode()
    masked = urlsafe_b64encode(bytes(len(made)) + made).decode()  # a mask of zeros
    browsing.post("/language", {"csrf_token": masked, "language": "es", "next": ""}, status=303 if is_ours else 400)


def test_the_forms_token_is_drawn_not_hashed(browse):
    browsing = browse()
    browsing.get("/")
    with browsing.client.session_transaction() as session:
        assert len(session["csrf_token"]) == 22  # 128 bits


@pytest.mark.parametrize("public, before", [("https://permits.city.example", "__Host-"), ("http://127.0.0.1:8000", "")])
def test_over_tls_no_other_site_can_plant_a_cookie_of_ours(app_with, dana, public, before):
    """Given and taken back alike: a browser drops what is said of a `__Host-` cookie in any other way."""
    browsing = Browse(app_with(PUBLIC_URL=public))
    browsing.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    assert {name for _site, _path, name in browsing.client._cookies} == {f"{before}{name}" for name in NAMES}
    browsing.get("/profile")
    said = browsing.submit("header form", follow=False).headers.getlist("Set-Cookie")
    assert {line.partition("=")[0] for line in said} == {f"{before}remember_token", f"{before}session"}
    for line in said:
        assert ("; Secure" in line) == bool(before) and "; Path=/" in line and "Domain" not in line, line
        assert "; HttpOnly" in line and "; SameSite=Lax" in line, line
    browsing.get("/dashboard", status=303)


def test_over_tls_a_cookie_under_its_bare_name_opens_nothing(app_with, dana):
    browsing = Browse(app_with(PUBLIC_URL="https://permits.city.example"))
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    kept = browsing.client.get_cookie("__Host-session").value
    browsing.client.delete_cookie("__Host-session")
    browsing.client.set_cookie("session", kept)
    browsing.get("/dashboard", status=303)
