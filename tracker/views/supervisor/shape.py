"""What the supervisor's forms share: their errors by anchor, and lines that come and go without a script."""

from collections.abc import Callable, Mapping
from typing import Any

from wtforms import FieldList

from tracker.actions.opened import CannotSave, opened_with
from tracker.forms.fields import PostedForm
from tracker.saying import say

Facts = Mapping[str, Any]


def errors_of(form: PostedForm, no: CannotSave | None = None) -> dict[str, str]:
    """What is wrong, by the id of the field it is about; '' is the whole form."""
    errors: dict[str, str] = {}
    for field in form:
        if isinstance(field, FieldList):
            errors |= _errors_of_lines(field)
        elif field.errors:
            errors[field.name] = str(field.errors[0])
    if no is not None:
        errors[no.field] = say(no.reason)
    return errors


def _errors_of_lines(lines: FieldList) -> dict[str, str]:
    said_of_all = [str(one) for one in lines.errors if not isinstance(one, dict)]
    errors = {lines.name: said_of_all[0]} if said_of_all else {}
    for place, entry in enumerate(lines.entries):
        errors |= {f"{lines.name}-{place}-{name}": str(said[0]) for name, said in entry.errors.items()}
    return errors


def refused(page: Callable[..., Any], form: Any, row: Any, no: CannotSave, now_is: Callable[[], Facts]) -> Any:
    """Told why on its `page`; where somebody was quicker, pressing again puts this form in place of what `now_is`."""
    if not no.field:
        form.version.data = opened_with(now_is())
    return page(form, row, code=422 if no.field else 409, no=no)


def press(form: PostedForm, action: str) -> bool:
    """Add or take away a line, as in `add-needs` or `remove-needs-2`; whether there is such a button."""
    verb, _dash, rest = action.partition("-")
    name, _dash, place = rest.partition("-")
    lines: Any = form._fields.get(name)
    if not isinstance(lines, FieldList):
        return False
    if verb == "add" and not place:
        if len(lines.entries) < (lines.max_entries or 0):
            lines.append_entry({})
        return True
    if verb == "remove" and place.isdecimal() and place.isascii() and int(place[:4]) < len(lines.entries):
        del lines.entries[int(place[:4])]
        return True
    return False
