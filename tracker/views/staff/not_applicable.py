"""What does not apply to a permit: staff mark an inspection type, with a reason, and take the mark back."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import staff_only
from tracker.actions.opened import CannotSave
from tracker.actions.permits import mark_not_applicable, take_back_not_applicable
from tracker.forms.fields import clean, one_line, read_reason
from tracker.htmx import go
from tracker.models import Permit
from tracker.queries.not_applicable import marks_on
from tracker.queries.permits import record_of
from tracker.rules.not_applicable import not_applicable_problem
from tracker.saying import name_of, say
from tracker.views.here import by, desk, now_local
from tracker.views.staff import bp
from tracker.views.staff.permits import permit_of
from tracker.views.staff.queue_page import DESK


@bp.get("/permits/<path:number>/not-applicable")
@staff_only(*DESK)
def not_applicable(number: str) -> Any:
    return _page(permit_of(number))


@bp.post("/permits/<path:number>/not-applicable")
@staff_only(*DESK)
def change_not_applicable(number: str) -> Any:
    """`action` is mark, or take_back and the type, as in take_back-GAS."""
    found, types = permit_of(number), desk().types
    verb, _dash, code = request.form.get("action", "").partition("-")
    if verb not in ("mark", "take_back"):
        abort(400)
    one = types.get(one_line(request.form.get("inspection_type")) if verb == "mark" else code)
    if one is None:
        return _page(found, 422, errors={"inspection_type": _("Choose an inspection type from the list.")})
    at: dict[str, Any] = {"types": types, "by": by(), "now": now_local()}
    try:
        if verb == "mark":
            reason, too_long = read_reason(request.form.get("reason"))
            if too_long:
                raise CannotSave("reason", too_long)
            mark_not_applicable(found, one, reason=reason, **at)
            flash(_("%(type)s does not apply to this permit now.", type=name_of(one)))
        else:
            take_back_not_applicable(found, one, **at)
            flash(_("%(type)s applies to this permit again.", type=name_of(one)))
    except CannotSave as no:
        return _page(found, 422 if no.field == "reason" else 409, errors={no.field: say(no.reason)})
    return go(url_for("staff.not_applicable", number=number))


def _page(found: Permit, code: int = 200, *, errors: dict[str, str] | None = None) -> Any:
    types = desk().types
    known = record_of(found, None, types)
    rows = [(one, not_applicable_problem(one, known)) for one in types.values() if one.code in known.listed]
    page = render_template(
        "staff/not_applicable.html",
        permit=found,
        marks=[(mark, name_of(mark.type)) for mark in marks_on(found, known.not_applicable, types)],
        choices=[(one.code, name_of(one)) for one, problem in rows if problem is None],
        not_now=[say(problem) for one, problem in rows if problem and one.code in known.open_on],
        chosen=one_line(request.form.get("inspection_type")),
        reason=_reason(),
        errors=errors or {},
    )
    return page, code


def _reason() -> str:
    """As it was typed, whole."""
    return clean(request.form.get("reason"))
