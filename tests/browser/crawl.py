"""Every page that somebody can reach by links, one of each kind."""

import re
from collections import deque
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page

FILES = (".csv", ".ics", ".js")
HREFS = "all => all.map(one => one.getAttribute('href'))"


def pages(page: Page, start: str) -> Iterator[str]:
    """Open one page after the other, from `start` along the links; yields the path of each that answers 200."""
    site, waiting, kinds, seen = urljoin(start, "/"), deque([start]), set[str](), {start}
    while waiting:
        address = waiting.popleft()
        path = urlsplit(address).path
        # Numbers of permits, ids and codes stand for themselves alone.
        kind = re.sub(r"[^/]*[0-9A-Z][^/]*", "#", path)
        if kind in kinds:
            continue
        answer = page.goto(address)
        if answer is None or answer.status != 200:
            continue
        kinds.add(kind)
        yield path
        for href in page.eval_on_selector_all("a[href]", HREFS):
            there = urljoin(page.url, href).partition("#")[0]
            if there.startswith(site) and there not in seen and not urlsplit(there).path.endswith(FILES):
                seen.add(there)
                waiting.append(there)
