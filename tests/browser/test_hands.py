"""For gloves, sun and one thumb: every page of everybody, measured in the browser as it is drawn.

Targets are 44 pixels high and wide, main actions 56, text stands out 7:1, and the right keyboard comes up.
"""

from collections.abc import Callable
from itertools import chain

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.crawl import pages
from tests.browser.person import sign_in
from tracker.cli.demo_city import COMPANIES, PASSWORD

# What can be pressed: its box is that of the label around it, or its own. A link in a sentence, or among others in
# a line of text, is exempt (WCAG 2.2, 2.5.8), and so is one in a table at a desk.
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.checkVisibility() && !one.closest('.vh, .skip, thead'))
    .filter(one => getComputedStyle(one).display !== 'inline' || one.textContent.trim()
        === (one.parentElement.closest('p, li, dd, td, th, h1, h2, h3, small, figcaption') || one).textContent.trim())
    .filter(one => innerWidth < 800 || !one.closest('td, th'))
    .map(one => [one, (one.closest('label') || one).getBoundingClientRect()])
    .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 110)}`)"""

# What is filled is what the page is for; those beside rows and in menus are small on purpose.
LOW = """() => [...document.querySelectorAll('main .btn, main button')]
    .filter(one => one.checkVisibility() && !one.matches('.sm, .vh') && one.getBoundingClientRect().height < 55.5)
    .map(one => one.outerHTML.slice(0, 110))"""

KEYBOARDS = """() => [...document.querySelectorAll('input, textarea')].filter(one => {
    const has = name => one.getAttribute(name);
    return one.type === 'tel' && !(has('inputmode') === 'tel' && has('autocomplete'))
        || one.type === 'email' && !(has('inputmode') === 'email' && has('autocomplete'))
        || one.type === 'password' && !/^(current-password|new-password)$/.test(has('autocomplete'))
        || one.type === 'number' && has('inputmode') !== 'numeric'
        || /phone/.test(one.name) && one.type !== 'tel' || /email/.test(one.name) && one.type !== 'email';
}).map(one => one.outerHTML.slice(0, 140))"""

# Numbers that stand as text and cannot be called by a tap there, apart from one's own and those in a mail as sent.
NUMBERS = """() => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) {
        const at = walk.currentNode.parentElement;
        const number = /\\d{3}-\\d{3}-\\d{4}/.test(walk.currentNode.textContent), row = at.closest('li') || at;
        if (number && !at.closest('a[href^="tel:"], option, textarea, pre') && !row.querySelector('a[href^="tel:"]'))
            found.push(at.outerHTML.slice(0, 140));
    }
    return found;
}"""


def pale(page: Page) -> list[str]:
    """Text that does not stand out 7:1."""
    only = {"type": "rule", "values": ["color-contrast-enhanced"]}
    return [
        f"{node['target'][0]}: {node['any'][0]['message'][:120]}"
        for one in violations(page, runOnly=only)
        for node in one["nodes"]
    ]


def measured(page: Page, path: str) -> list[str]:
    """All that is wrong with the page that is open. At a desk its colours are those of the phone."""
    rules = {"small": SMALL, "low": LOW, "keyboard": KEYBOARDS} | ({} if path == "/profile" else {"number": NUMBERS})
    wrong = [f"{path}: {what}: {one}" for what, script in rules.items() for one in page.evaluate(script)]
    for mode in ("light", "dark") if page.evaluate("innerWidth < 800") else ():
        page.emulate_media(color_scheme=mode)  # type: ignore[arg-type]
        wrong += [f"{path}: pale in the {mode}: {one}" for one in pale(page)]
    return wrong


def visitor(page: Page, city: str) -> str:
    return f"{city}/"


def lone_star(page: Page, city: str) -> str:
    sign_in(page, city, COMPANIES[0].name, COMPANIES[0].code)
    return page.url


def staff(name: str) -> Callable[[Page, str], str]:
    def come_in(page: Page, city: str) -> str:
        page.goto(f"{city}/staff")
        page.locator("[name=email]").fill(f"{name}@bluebonnet.example")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: not url.endswith("/staff"))
        return page.url

    return come_in


EVERYBODY = {
    "a visitor": (visitor, 3),
    "Lone Star": (lone_star, 10),
    "iris": (staff("iris"), 6),
    "olu": (staff("olu"), 35),
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("who", EVERYBODY)
def test_every_page_is_made_for_hands_in_gloves_and_eyes_in_the_sun(demo, phone, who, width):
    page = phone(width=width).page
    come_in, at_least = EVERYBODY[who]
    start = come_in(page, demo)
    found = [measured(page, path) for path in pages(page, start)]
    assert len(found) >= at_least
    assert not any(found), "\n".join(chain(*found))
