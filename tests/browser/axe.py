"""axe on the page that is open. It is itself JavaScript: not for a phone without."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WCAG_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# As axe has it, this rule says nothing of what does not even stand out 4.5:1, which it leaves to another one: here it
# tells of all below 7:1 (below 4.5:1 for large letters), so that colours are looked at once.
SEVEN_TO_ONE = """() => axe.configure({checks: [{id: "color-contrast-enhanced", options: {
  ignoreUnicode: true, ignoreLength: false, ignorePseudo: false, boldValue: 700, boldTextPt: 14, largeTextPt: 18,
  contrastRatio: {normal: {expected: 7}, large: {expected: 4.5}},
  pseudoSizeThreshold: 0.25, shadowOutlineEmMax: 0.1, textStrokeEmMin: 0.03,
}}]})"""
# What is fine is not handed over: that takes as long as the look itself.
RUN = "async options => (await axe.run(options)).violations"


def violations(page: Page, **options: Any) -> list[dict[str, Any]]:
    """What axe finds, each as it tells it."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(SEVEN_TO_ONE)
    found: list[dict[str, Any]] = page.evaluate(RUN, {"resultTypes": ["violations"], **options})
    return found


def against_wcag(page: Page, contrast: bool = True) -> list[str]:
    """What breaks WCAG 2.2 AA, a line each: the rule, its words, and where.

    How far text stands out takes most of the time. At a desk it is not looked at: colours are those of the phone.
    """
    width = page.viewport_size["width"] if page.viewport_size else 0
    rules = {} if contrast and width < 800 else {"color-contrast": {"enabled": False}}
    found = violations(page, runOnly={"type": "tag", "values": WCAG_AA}, rules=rules)
    return [
        f"{one['id']}: {one['help']}: {' | '.join(str(node['target'][0]) for node in one['nodes'])}" for one in found
    ]
