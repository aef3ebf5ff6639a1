"""How the city looks: the static files as its colour and its sign make them."""

import base64
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tracker.palette import OURS, palette

HEIGHT = 32  # of the sign in the header, in pixels
WIDEST = 160
ICON = "icons/flower.svg"


class Sign(NamedTuple):
    """The city's own sign: its name among the static files, and the room it takes in the header, in pixels."""

    name: str
    width: int
    height: int = HEIGHT

    @property
    def is_wide(self) -> bool:
        """A wordmark: on a phone it stands for the city's name, for which there is no room beside it."""
        return self.width > 2 * self.height


class Look(NamedTuple):
    """What pages say of it: the colour of the browser's own bar, the icon among the static files, the sign."""

    theme: str
    icon: str
    sign: Sign | None


def dress(files: dict[str, bytes], settings: Mapping[str, Any]) -> Look:
    """Put CITY_COLOR into the style sheet and the icon, and CITY_SIGN among the files."""
    colors = palette(settings["CITY_COLOR"])
    if colors != OURS:
        # At the end of the one sheet that every page loads: no request and no inline style of its own.
        files["app.css"] += (
            f":root{{--blue:{colors.accent};--bar:{colors.bar}}}"
            f"@media screen and (prefers-color-scheme:dark){{:root{{--blue:{colors.dark_accent};--bar:{colors.bar}}}}}"
        ).encode()
        files[ICON] = files[ICON].replace(OURS.bar.encode(), colors.bar.encode())
    if not settings["CITY_SIGN"]:
        return Look(colors.bar, ICON, None)
    path = Path(settings["CITY_SIGN"])
    content, kind = path.read_bytes(), path.suffix.lower()
    name = f"sign{kind}"
    files[name], files["icons/sign.svg"] = content, _icon(content, kind)
    return Look(colors.bar, "icons/sign.svg", Sign(name, _width(content, kind)))


def _icon(content: bytes, kind: str) -> bytes:
    """The sign, whatever its shape, in a white square: for tabs and home screens."""
    media = "image/png" if kind == ".png" else "image/svg+xml"
    packed = base64.b64encode(content).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#fff" d="M0 0h32v32H0z"/>'
        f'<image x="2" y="2" width="28" height="28" href="data:{media};base64,{packed}"/></svg>'
    ).encode()


def _width(content: bytes, kind: str) -> int:
    """How wide it is at HEIGHT, so that the page does not move when it arrives."""
    wide, high = _size_of_png(content) if kind == ".png" else _size_of_svg(content)
    return min(WIDEST, round(HEIGHT * wide / high)) if wide > 0 and high > 0 else HEIGHT


def _size_of_png(content: bytes) -> tuple[float, float]:
    # The signature (8 bytes), length and name of the first chunk (8), then width and height.
    wide, high = struct.unpack(">II", content[16:24])
    return wide, high


def _size_of_svg(content: bytes) -> tuple[float, float]:
    """By its viewBox, else by width and height; a square where neither says."""
    tag = re.search(r"<svg\b[^>]*>", content.decode(errors="replace"))
    head, number = tag[0] if tag else "", r"\s*([\d.]+)"
    box = re.search(rf"""\bviewBox=["'][\s\d.,-]*?[\s,]{number}[\s,]+{number}\s*["']""", head)
    sides = box or re.search(rf"""\swidth=["']{number}.*?\sheight=["']{number}""", head, re.DOTALL)
    try:
        return (float(sides[1]), float(sides[2])) if sides else (1, 1)
    except ValueError:
        return 1, 1
