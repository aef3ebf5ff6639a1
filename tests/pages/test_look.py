"""A city's name, colour and sign on every page and mail, without a line of code and without another request."""

import re
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests import cast
from tests.cast import WEDNESDAY, ask
from tests.page import Browse, Page
from tracker import look
from tracker.actions.desk import letterhead_of
from tracker.actions.requests import Wish
from tracker.models import Mail
from tracker.palette import palette

PINK = "#ff4fa3"
WIDE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 60"><script>alert(1)</script></svg>'
SQUARE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 96, 96) + b"\x08\x06\0\0\0"


@pytest.fixture
def sign(tmp_path: Path) -> Callable[[str, bytes], str]:
    def draw(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return draw


def file(browsing: Browse, address: Any) -> Any:
    return browsing.client.get(str(address))


def sheet(browsing: Browse, page: Page) -> str:
    return str(file(browsing, page.one("link[rel=stylesheet]")["href"]).text)


def test_the_colour_is_in_the_one_sheet_that_every_page_loads(app_with, app):
    pink, plain = Browse(app_with(CITY_COLOR=PINK)), Browse(app)
    page, ours = pink.get("/"), plain.get("/")
    colors, css = palette(PINK), sheet(pink, page)
    assert css.startswith(sheet(plain, ours)) and len(css) > len(sheet(plain, ours))
    assert f":root{{--blue:{colors.accent};--bar:{colors.bar}}}" in css
    assert f"{{:root{{--blue:{colors.dark_accent};--bar:{colors.bar}}}}}" in css.split("prefers-color-scheme:dark")[-1]
    assert page.one("link[rel=stylesheet]")["href"] != ours.one("link[rel=stylesheet]")["href"]
    assert len(page.select("link, script, img")) == len(ours.select("link, script, img"))
    assert page.one("meta[name=theme-color]")["content"] == colors.bar
    assert colors.bar in file(pink, page.one("link[rel=icon]")["href"]).text


def test_without_a_colour_it_is_ours(browse):
    browsing = browse()
    page = browsing.get("/")
    assert page.one("meta[name=theme-color]")["content"] == "#1d2170"
    assert (
        sheet(browsing, page).count("--bar:") == 2
        and "#1d2170" in file(browsing, page.one("link[rel=icon]")["href"]).text
    )


@pytest.mark.parametrize(("name", "content", "width"), [("wide.svg", WIDE, 160), ("a seal.PNG", SQUARE, 32)])
def test_the_sign_stands_before_the_name_and_is_the_icon(app_with, sign, name, content, width):
    browsing = Browse(app_with(CITY_SIGN=sign(name, content), CITY_NAME="City of Pecan Junction"))
    page = browsing.get("/")
    shown = page.one(".brand img")
    assert page.words(".brand") == ["City of Pecan Junction"] and shown["alt"] == "" and not page.select(".brand svg")
    assert (shown["width"], shown["height"]) == (str(width), "32")
    assert ("word" in page.one(".brand")["class"]) == (width > 64)
    answer = file(browsing, shown["src"])
    assert answer.data == content and "immutable" in answer.headers["Cache-Control"]
    assert re.fullmatch(r"/static/sign\.[0-9a-f]{12}\.(svg|png)", str(shown["src"]))
    icon = file(browsing, page.one("link[rel=icon]")["href"])
    assert icon.mimetype == "image/svg+xml" and 'href="data:image/' in icon.text
    assert str(shown["src"]) in browsing.client.get("/sw.js").text


def test_a_sign_that_is_opened_by_itself_can_run_nothing(app_with, sign):
    browsing = Browse(app_with(CITY_SIGN=sign("wide.svg", WIDE)))
    page = browsing.get("/")
    for address in (page.one(".brand img")["src"], page.one("link[rel=icon]")["href"]):
        headers = file(browsing, address).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "script-src" not in headers["Content-Security-Policy"] and headers["X-Content-Type-Options"] == "nosniff"


def test_the_sign_is_on_the_printed_permit_and_on_an_error(app_with, sign, dana, danas_permit):
    browsing = Browse(app_with(CITY_SIGN=sign("seal.png", SQUARE)))
    browsing.get("/nothing", status=404).one(".brand img")
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    browsing.get("/permits/PP-2026-00932/print").one(".sheet img")


@pytest.mark.parametrize(
    ("head", "width"),
    [
        ('viewBox="0 0 64 32"', 64),
        ("viewBox='-10,-10,20,40'", 16),
        ('width="120mm" height="60mm"', 64),
        ('width="10" height="10" viewBox="0 0 90 30"', 96),
        ('viewBox="0 0 9000 30"', 160),
        ('viewBox="0 0 0 0"', 32),
        ('viewBox="0 0 1.2.3 4"', 32),
        ("", 32),
    ],
)
def test_the_room_of_a_sign_is_that_of_its_shape(tmp_path, head, width):
    path = tmp_path / "sign.svg"
    path.write_text(f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" {head}/>')
    dressed = look.dress({"app.css": b"", look.ICON: b""}, {"CITY_COLOR": "", "CITY_SIGN": str(path)})
    assert dressed.sign and dressed.sign.width == width


def test_mails_have_the_colour_and_no_picture(app_with, dana, danas_permit):
    app = app_with(CITY_COLOR=PINK)
    at = cast.desk()
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am", ""),
        at=type(at)(at.city, at.types, at.daily_capacity, letterhead_of(app.config)))  # fmt: skip
    html = Mail.select().order_by(Mail.id).first().html
    assert f"background: {palette(PINK).bar}" in html and f"color: {palette(PINK).accent}" in html
    assert "#1d2170" not in html and "<img" not in html
