"""The city's colour as its pages and mails can use it: as dark or as light as it must be to be read, no more."""

from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache
from typing import NamedTuple

READABLE = 7.0  # of text on its ground: WCAG 2.2, 1.4.6
STEPS = 200  # of lightness, from black to white
WHITE = "#ffffff"
# What stands under the accent, and over it as the label of a button: paper and wash of app.css in each mode.
LIGHT = (WHITE, "#eef0fa")
DARK = ("#0b0e22", "#171b38")


class Palette(NamedTuple):
    """Colours as #rrggbb: the accent is that of links, buttons and tapes, the bar is the header with its white text."""

    accent: str
    bar: str
    dark_accent: str


# As app.css has them.
OURS = Palette("#272b92", "#1d2170", "#b9c0ff")


@lru_cache
def palette(color: str) -> Palette:
    """The city's colour (#rrggbb) where it can be read at 7:1, else the nearest of its hue that can; ours for ''."""
    if not color:
        return OURS
    return Palette(
        _readable(color, LIGHT, darker=True), _readable(color, (WHITE,), darker=True), _readable(color, DARK)
    )


def contrast(one: str, other: str) -> float:
    """How far two colours (#rrggbb) stand apart, from 1 to 21: the ratio of WCAG 2.2."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _readable(color: str, grounds: tuple[str, ...], *, darker: bool = False) -> str:
    """The colour, made darker or lighter by as little as it takes to be read on each of the grounds."""
    hue, lightness, saturation = rgb_to_hls(*_parts(color))
    found, toward = color, -1 if darker else 1
    for step in range(1, STEPS + 1):
        if min(contrast(found, ground) for ground in grounds) >= READABLE:
            break
        there = min(1.0, max(0.0, lightness + toward * step / STEPS))
        found = "#" + "".join(f"{round(part * 255):02x}" for part in hls_to_rgb(hue, there, saturation))
    return found


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(color: str) -> float:
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
