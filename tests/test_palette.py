"""The city's colour can be read wherever it is used, and is left alone where it can be."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.servers import TOP
from tracker.palette import DARK, LIGHT, OURS, WHITE, Palette, contrast, palette

COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLORS)
def test_any_colour_ends_at_seven_to_one_on_everything_it_meets(color):
    city = palette(color)
    assert min(contrast(city.accent, ground) for ground in LIGHT) >= 7
    assert min(contrast(city.dark_accent, ground) for ground in DARK) >= 7
    assert contrast(city.bar, WHITE) >= 7


@given(COLORS)
def test_a_colour_that_can_be_read_is_the_one_that_is_used(color):
    city = palette(color)
    assert (city.bar == color) == (contrast(color, WHITE) >= 7)
    assert (city.dark_accent == color) == (min(contrast(color, ground) for ground in DARK) >= 7)


@pytest.mark.parametrize(
    ("color", "becomes"),
    [
        ("#ffe600", Palette("#595000", "#635a00", "#ffe600")),  # yellow turns to olive on white
        ("#0b3d1e", Palette("#0b3d1e", "#0b3d1e", "#23c15f")),
        ("#ff4fa3", Palette("#a1004d", "#b00054", "#ff7dbb")),
        ("#ffffff", Palette("#505050", "#595959", "#ffffff")),
        ("#000000", Palette("#000000", "#000000", "#a8a8a8")),
    ],
)
def test_it_is_changed_by_as_little_as_it_takes(color, becomes):
    assert palette(color) == becomes


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#ffffff", "#000000", 21), ("#777777", "#ffffff", 4.48), ("#0a0a0a", "#0a0a0a", 1)]
)
def test_contrast_is_that_of_the_standard(one, other, ratio):
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.005)


def test_ours_are_those_of_the_style_sheet_and_so_are_the_grounds():
    light, dark = re.findall(r":root \{(.*?)\}", (TOP / "static" / "app.css").read_text(), re.DOTALL)
    token = {name: dict(re.findall(r"--(\w+): (#\w+)", block)) for name, block in (("light", light), ("dark", dark))}
    assert (token["light"]["blue"], token["light"]["bar"], token["dark"]["blue"]) == OURS == palette("")
    assert (token["light"]["paper"], token["light"]["wash"]) == ("#fff", LIGHT[1])
    assert (token["dark"]["paper"], token["dark"]["wash"]) == DARK
    assert (token["light"]["onblue"], token["dark"]["onblue"]) == ("#fff", DARK[0])
