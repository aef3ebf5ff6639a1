"""What every answer carries: headers, cookies, a masked token, compression, and static files that stay."""

import gzip
import re

import pytest

from tests.page import Browse
from tracker.csrf import unmasked

POLICY = (
    "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js; "
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def test_every_page_carries_the_headers_of_trust(browse, dana, danas_permit):
    browsing = browse(dana)
    addresses = ["/how-to", "/dashboard", "/permits/PP-2026-00932", "/permits/PP-2026-00932/request"]
    for page in [browsing.get(address) for address in addresses] + [browsing.get("/nothing", status=404)]:
        assert page.headers["Content-Security-Policy"] == POLICY
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in page.headers


def test_the_one_foreign_file_is_pinned_and_deferred(browse):
    scripts = [tag for tag in browse().get("/").select("script") if str(tag["src"]).startswith("http")]
    assert len(scripts) == 1 and scripts[0]["src"] in POLICY
    assert scripts[0]["integrity"].startswith("sha384-") and scripts[0].has_attr("defer")


def test_behind_tls_it_is_https_for_a_year(app_with):
    app = app_with(TRUSTED_PROXIES="1", PUBLIC_URL="https://permits.city.example")
    said = app.test_client().get(
        "/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "permits.city.example"}
    )
    assert said.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_forwarded_header_is_not_believed_without_a_proxy(app):
    said = app.test_client().get("/", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in said.headers


@pytest.mark.parametrize(
    "public, secure",
    [("https://permits.city.example", True), ("http://permits.city.example", True), ("http://127.0.0.1:8000", False)],
)
def test_cookies_are_secure_but_on_plain_localhost(app_with, dana, public, secure):
    browsing = Browse(app_with(PUBLIC_URL=public))
    browsing.get("/")
    said = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin, remember="1")
    cookies = said.headers.getlist("Set-Cookie")
    assert len(cookies) == 2 and all(("Secure" in cookie) == secure for cookie in cookies)


def test_an_unknown_host_changes_nothing(browse, dana, danas_permit):
    page = browse(dana).get("/how-to", Host="evil.example")
    assert b"evil.example" not in page.body
    said = browse().client.get("/dashboard", headers={"Host": "evil.example"})
    assert said.headers["Location"] == "/?next=/dashboard"


def test_the_token_is_another_text_in_every_page_and_still_one(browse, dana):
    browsing, tokens = browse(dana), set()
    for _ in range(3):
        browsing.get("/dashboard")
        tokens.add(browsing.token)
    # What follows the first dot is the second in which it was signed.
    assert len(tokens) == 3 and len({unmasked(token).partition(".")[0] for token in tokens}) == 1
    browsing.post("/sign-out", {"csrf_token": tokens.pop()})


@pytest.mark.parametrize("token", ["", "x", "A" * 41, "ñ", "\0", "=" * 100, "Zm9v" * 1000])
def test_a_forged_post_is_refused(browse, dana, token):
    browsing = browse(dana)
    page = browsing.post("/sign-out", {"csrf_token": token}, status=400)
    assert page.words("h1") == ["This page was open for too long."]
    browsing.get("/dashboard")


def test_a_token_of_another_session_is_refused(browse, dana, eve):
    mine, other = browse(dana), browse(eve)
    mine.get("/dashboard")
    other.get("/dashboard")
    mine.post("/sign-out", {"csrf_token": other.token}, status=400)


def test_pages_are_compressed_for_whoever_takes_it(app):
    plain = app.test_client().get("/how-to")
    packed = app.test_client().get("/how-to", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    bare, unpacked = (
        re.sub(rb'csrf_token" value="[^"]+', b"", body) for body in (plain.data, gzip.decompress(packed.data))
    )
    assert unpacked == bare and "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_static_files_carry_their_hash_and_stay_for_good(browse, app):
    page = browse().get("/")
    for address in [str(tag["href"]) for tag in page.select("link")] + ["/" + str(page.select("script")[1]["src"])[1:]]:
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        said = app.test_client().get(address)
        assert said.status_code == 200 and "immutable" in said.headers["Cache-Control"]
        assert said.headers["X-Content-Type-Options"] == "nosniff" and "Set-Cookie" not in said.headers


def test_a_page_with_its_style_is_within_fourteen_kilobytes(browse, hill, app):
    browsing = browse(hill(400))
    page = browsing.get("/dashboard")
    style = app.test_client().get(str(page.one("link[rel=stylesheet]")["href"]), headers={"Accept-Encoding": "gzip"})
    assert style.headers["Content-Encoding"] == "gzip" and page.bytes + len(style.data) <= 14 * 1024


@pytest.mark.parametrize("address", ["/static/app.css", "/static/../config.py", "/static/%2e%2e/config.py", "/static/"])
def test_only_what_is_in_static_is_served_and_under_its_hash(app, address):
    assert app.test_client().get(address).status_code == 404
