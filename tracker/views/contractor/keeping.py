"""What was typed into a request is kept while its writer signs in again."""

import json
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound

from tracker.views.contractor.requests import given_back

NOT_KEPT = ("csrf_token", "action")


def keep() -> str:
    """The form that was just sent, and the permit it is about, as text for a hidden field."""
    typed = {name: value for name, value in request.form.items() if name not in NOT_KEPT}
    return json.dumps({"number": (request.view_args or {}).get("number", ""), "typed": typed})


def give_back(kept: str) -> Any:
    """The form as it was typed, now that its writer is signed in; None where it is not theirs or no such text."""
    try:
        found = json.loads(kept)
        number, typed = str(found["number"]), {str(name): str(value) for name, value in found["typed"].items()}
        return given_back(
            number, MultiDict(typed), _("You are signed in again. Nothing was sent yet: look it over and press Submit.")
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotFound):
        return None
