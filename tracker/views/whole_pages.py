"""Pages rendered once for as long as nothing on them changes, but for the token against forged posts and the hour."""

import secrets
from collections.abc import Callable, Hashable
from typing import Any

from flask import render_template, session

from tracker.csrf import masked_token
from tracker.filters import clock_time
from tracker.kept import kept
from tracker.views.here import now_local

TOKEN, HOUR = secrets.token_hex(16), secrets.token_hex(16)  # where those two go


def whole_page(
    template: str,
    shown: Callable[[], dict[str, Any]],
    *,
    key: Hashable,
    true_for: Callable[[dict[str, Any]], bool] = lambda _: True,
) -> str:
    """The page, with `updated` for the hour. `key` is all that it depends on, who is signed in with it; a page that is
    not `true_for` as long as its key is rendered anew each time, and so is one that says what was just done."""
    if "_flashes" in session:
        return render_template(template, updated=clock_time(now_local()), **shown())

    def made() -> tuple[str, bool]:
        values = shown()
        html = render_template(template, **values, csrf_token=lambda: TOKEN, updated=HOUR)
        return html, true_for(values)

    html, _lasts = kept("pages", (template, key), made, worth_it=lambda page: page[1])
    return html.replace(TOKEN, masked_token()).replace(HOUR, clock_time(now_local()))
