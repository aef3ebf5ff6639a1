"""Pages rendered once for as long as nothing on them changes but the token against forged posts and the time of day."""

import secrets
from collections.abc import Callable, Hashable
from typing import Any

from flask import render_template, request, session

from tracker.csrf import masked_token
from tracker.filters import clock_time
from tracker.kept import kept
from tracker.views.here import now_local

MOST_LETTERS = 100_000  # of a page that is kept
TOKEN, TIME = secrets.token_hex(16), secrets.token_hex(16)  # where those two go


def whole_page(
    template: str,
    shown: Callable[[], dict[str, Any]],
    *,
    key: Hashable,
    stays_true: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> str:
    """The page; its template finds the time of day as `updated`.

    `key` is all else that the page depends on, who is signed in among it. Rendered anew each time is one that is not
    sure to stay true as long as its key does, one that says what was just done, and one of hundreds of rows. (On the
    answer to a HEAD the language leads elsewhere.)
    """
    if "_flashes" in session or request.method != "GET":
        return render_template(template, updated=clock_time(now_local()), **shown())

    def made() -> tuple[str, bool]:
        values = shown()
        html = render_template(template, **values, csrf_token=lambda: TOKEN, updated=TIME)
        return html, len(html) <= MOST_LETTERS and stays_true(values)

    html, _lasts = kept("pages", (request.script_root, template, key), made, worth_it=lambda page: page[1])
    return html.replace(TOKEN, masked_token()).replace(TIME, clock_time(now_local()))
