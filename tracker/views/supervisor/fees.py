"""Re-inspection fees: the desk records them as paid; a supervisor waives one, or takes a mistake back."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.fees import record_fee_paid, reopen_fee, waive_fee
from tracker.actions.opened import CannotSave
from tracker.forms.fees import FeeForm
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.models import Fee
from tracker.queries.fees import fee_shown, fees_due, wanted
from tracker.queries.fees import fees as fees_found
from tracker.queries.records import changes_of
from tracker.rules.words import FeeState, Role
from tracker.saying import say
from tracker.views.here import before, by, now_local
from tracker.views.staff.queue_page import DESK
from tracker.views.staff.record_words import lines_shown
from tracker.views.supervisor import bp

EVERY = "all"  # the state that leaves nothing out; without any, what is due is shown


@bp.get("/fees")
@staff_only(*DESK)
def fees() -> str:
    asked, number = request.args.get("state", ""), one_line(request.args.get("q"))[:40]
    state = asked if asked in (*FeeState, EVERY) else FeeState.DUE.value
    rows, more = fees_found(*wanted("" if state == EVERY else state, number), before=before())
    count, total = fees_due()
    return render_template(
        "supervisor/fees.html",
        fees=rows,
        more=url_for("supervisor.fees", state=state, q=number or None, before=more) if more else None,
        state=state,
        states=[*FeeState, EVERY],
        q=number,
        count=count,
        total=total,
        is_supervisor=current_user.role == Role.SUPERVISOR,
    )


@bp.get("/fees/<int:id>")
@staff_only(*DESK)
def fee(id: int) -> Any:
    return _fee_page(id)


@bp.post("/fees/<int:id>/paid")
@staff_only(*DESK)
def fee_paid(id: int) -> Any:
    form, found = FeeForm(), _fee(id)
    if not form.validate():
        return _fee_page(id, form, code=422)
    try:
        record_fee_paid(found, receipt=form.receipt.data, by=by(), now=now_local())
    except CannotSave as no:
        return _fee_page(id, form, no=no)
    flash(_("Recorded as paid."))
    return go(url_for("supervisor.fee", id=id))


@bp.post("/fees/<int:id>/waive")
@staff_only(Role.SUPERVISOR)
def waive(id: int) -> Any:
    form, found = FeeForm(), _fee(id)
    if not form.validate():
        return _fee_page(id, form, code=422)
    try:
        waive_fee(found, reason=form.reason.data, by=by(), now=now_local())
    except CannotSave as no:
        return _fee_page(id, form, no=no)
    flash(_("Waived."))
    return go(url_for("supervisor.fee", id=id))


@bp.post("/fees/<int:id>/undo")
@staff_only(Role.SUPERVISOR)
def fee_due_again(id: int) -> Any:
    form, found = FeeForm(), _fee(id)
    if form.was.data not in (FeeState.PAID, FeeState.WAIVED):
        abort(400)
    if not form.validate():
        return _fee_page(id, form, code=422)
    try:
        reopen_fee(found, was=FeeState(form.was.data), reason=form.reason.data, by=by(), now=now_local())
    except CannotSave as no:
        return _fee_page(id, form, no=no)
    flash(_("It is due again."))
    return go(url_for("supervisor.fee", id=id))


def _fee(id: int) -> Fee:
    return (Fee.get_or_none(Fee.id == id) if id < 2**31 else None) or abort(404)


def _fee_page(id: int, form: FeeForm | None = None, *, code: int = 200, no: CannotSave | None = None) -> Any:
    row = fee_shown(id)
    if row is None:
        # The result was corrected, and the fee with it.
        if no is None:
            abort(404)
        flash(say(no.reason))
        return go(url_for("supervisor.fees"))
    errors = {one.name: str(one.errors[0]) for one in form or () if one.errors}
    if no is not None:
        errors[no.field] = say(no.reason)
        code = 422 if no.field else 409
    lines, older = changes_of({"fee": [id]}, before=before())
    page = render_template(
        "supervisor/fee.html",
        fee=row,
        errors=errors,
        receipt=form.receipt.data if form else "",
        reason=form.reason.data if form else "",
        is_supervisor=current_user.role == Role.SUPERVISOR,
        lines=lines_shown(lines),
        older=url_for("supervisor.fee", id=id, before=older) if older else None,
    )
    return page, code
