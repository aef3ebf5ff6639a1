"""What was typed into a form of the staff's is kept while its writer signs in again, or gets a fresh page."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException


class Sent(NamedTuple):
    """A form that could not be taken: what was typed, what the address asked for, and what is to be said of it."""

    form: MultiDict
    args: MultiDict
    words: str


def keeps_typing(view: Callable, given_back: Callable[..., Any]) -> None:
    """The form of this view is given back as it was typed by `given_back(sent, **values of the address)`: a page."""

    def from_an_old_page(**values: Any) -> Any:
        """The page it stood on was too old to be believed."""
        words = _("This page was open for too long. Nothing was sent: look it over and send it once more.")
        sent = Sent(MultiDict(request.form), MultiDict(request.args), words)
        return given_back(sent, **values) if _may(view) else None

    from_an_old_page.is_staffs = True  # type: ignore[attr-defined]
    view.keep_typing, view.given_back = from_an_old_page, given_back  # type: ignore[attr-defined]


def keep() -> str:
    """The form that was just sent, and where to, as text for a hidden field."""
    typed = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return json.dumps({"path": request.path, "query": request.query_string.decode(errors="replace"), "typed": typed})


def give_back(kept: str) -> Any:
    """The form as it was typed, now that its writer is signed in; None where it is not theirs or no such text."""
    try:
        found = json.loads(kept)
        typed = MultiDict([(str(name), str(value)) for name, value in found["typed"]])
        adapter = current_app.create_url_adapter(request)
        endpoint, values = adapter.match(str(found["path"]), method="POST")  # type: ignore[union-attr]
        view: Any = current_app.view_functions[endpoint]
        words = _("You are signed in again. Nothing was sent yet: look it over and send it.")
        sent = Sent(typed, MultiDict(parse_qsl(str(found["query"]))), words)
        return view.given_back(sent, **values) if _may(view) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, HTTPException):
        return None


def _may(view: Any) -> bool:
    roles = view.audience.removeprefix("staff:").split(",")
    return roles == [""] or current_user.role in roles
