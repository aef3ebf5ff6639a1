"""Cookies, the masked token, compression. What every answer carries: tests/trust/carried.py."""

import gzip
import re

import pytest

from tests.page import Browse
from tracker.csrf import unmasked


@pytest.mark.parametrize(
    "public, secure",
    [("https://permits.city.example", True), ("http://permits.city.example", True), ("http://127.0.0.1:8000", False)],
)
def test_cookies_are_secure_but_on_plain_localhost(app_with, dana, public, secure):
    browsing = Browse(app_with(PUBLIC_URL=public))
    browsing.get("/")
    said = browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin, remember="1")
    cookies = said.headers.getlist("Set-Cookie")
    assert len(cookies) == 3 and all(("Secure" in cookie) == secure for cookie in cookies)


def test_the_token_is_another_text_in_every_page_and_still_one(browse, dana):
    browsing, tokens = browse(dana), set()
    for _ in range(3):
        browsing.get("/dashboard")
        tokens.add(browsing.token)
    # What follows the first dot is the second in which it was signed.
    assert len(tokens) == 3 and len({unmasked(token).partition(".")[0] for token in tokens}) == 1
    browsing.post("/sign-out", {"csrf_token": tokens.pop()})


def test_pages_are_compressed_for_whoever_takes_it(app):
    plain = app.test_client().get("/how-to")
    packed = app.test_client().get("/how-to", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    bare, unpacked = (
        re.sub(rb'csrf_token" value="[^"]+', b"", body) for body in (plain.data, gzip.decompress(packed.data))
    )
    assert unpacked == bare and "Accept-Encoding" in packed.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_a_page_with_its_style_is_within_fourteen_kilobytes(browse, hill, app):
    browsing = browse(hill(400))
    page = browsing.get("/dashboard")
    style = app.test_client().get(str(page.one("link[rel=stylesheet]")["href"]), headers={"Accept-Encoding": "gzip"})
    assert style.headers["Content-Encoding"] == "gzip" and page.bytes + len(style.data) <= 14 * 1024
