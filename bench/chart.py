"""The table of targets as an SVG that any browser shows."""

from collections.abc import Sequence
from html import escape

ROW, LEFT, RIGHT = 26, 330, 900
COLOURS = {True: "#1b6e3c", False: "#b3261e", None: "#5a5f66"}


def chart(targets: Sequence[tuple[str, str, str, bool | None]]) -> str:
    """A line for each target: its name, what it asks, and the figure, green where it is met and red where not."""
    lines = []
    for place, (name, target, figure, met) in enumerate(targets):
        y = ROW * place + 18
        lines += [
            f'<text x="10" y="{y}">{escape(name)}</text>',
            f'<text x="{LEFT}" y="{y}" fill="#5a5f66">{escape(target)}</text>',
            f'<text x="{RIGHT - 10}" y="{y}" text-anchor="end" font-weight="bold" fill="{COLOURS[met]}">',
            f'{escape(figure)}</text><path d="M10 {y + 7}H{RIGHT - 10}" stroke="#dde0e4"/>',
        ]
    height = ROW * len(targets) + 10
    box = f'viewBox="0 0 {RIGHT} {height}" font-family="sans-serif" font-size="14"'
    ground = f'<rect width="{RIGHT}" height="{height}" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{ground}{"".join(lines)}</svg>\n'
