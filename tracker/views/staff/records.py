"""An inspection with its contact, its remarks and its record of changes; cancelled or moved for the contractor."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.actions.telephone import cancel_by_telephone, move_by_telephone
from tracker.forms.fields import read_day
from tracker.htmx import go
from tracker.models import Inspection, Permit
from tracker.queries.days import days_for_staff
from tracker.queries.permits import inspection_rows
from tracker.queries.records import changes_of, remarks_on, requests_on, source_words
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import OPEN, Status, TimeFrame
from tracker.saying import say
from tracker.views.here import before, by, desk, now_local
from tracker.views.staff import bp
from tracker.views.staff.keeping import Sent, keeps_typing
from tracker.views.staff.permits import shown
from tracker.views.staff.queue_page import DESK, reason_typed
from tracker.views.staff.record_words import lines_shown


@bp.get("/inspections/<int:id>")
@staff_only()
def inspection(id: int) -> str:
    row = _inspection(id)
    lines, older = changes_of({"inspection": [id]}, before=before())
    return render_template(
        "staff/inspection.html",
        it=row,
        lines=lines_shown(lines),
        older=url_for("staff.inspection", id=id, before=older) if older else None,
        may_change=current_user.role in DESK and row.status in OPEN,
        may_correct=current_user.role in DESK and row.status == Status.DONE,
        source=source_words(id),
    )


@bp.get("/inspections/<int:id>/cancel")
@staff_only(*DESK)
def cancel(id: int) -> Any:
    return _page("cancel", _inspection(id))


@bp.post("/inspections/<int:id>/cancel")
@staff_only(*DESK)
def cancel_now(id: int) -> Any:
    row = _inspection(id)
    at: dict[str, Any] = {"desk": desk(), "by": by(), "now": now_local()}
    try:
        cancel_by_telephone(_seen(id), reason=reason_typed(), **at)
    except Refused as no:
        return _page("cancel", _inspection(id), no)
    flash(_("Cancelled: %(type)s, %(address)s. The contractor is told.", type=row.type_name, address=row.address))
    return go(url_for("staff.permit", number=row.permit_num))


@bp.get("/inspections/<int:id>/move")
@staff_only(*DESK)
def move(id: int) -> Any:
    return _page("move", _inspection(id))


@bp.post("/inspections/<int:id>/move")
@staff_only(*DESK)
def move_now(id: int) -> Any:
    row, frame = _inspection(id), request.form.get("time_frame", "")
    day = read_day(request.form.get("requested_date", ""))
    at: dict[str, Any] = {"desk": desk(), "by": by(), "now": now_local()}
    try:
        if day is None or frame not in list(TimeFrame) or day > days_for_move()[-1].day:
            raise Refused([(None, Reason(N_("Choose a day and a half from the list.")))])
        move_by_telephone(_seen(id), day=day, time_frame=frame, reason=reason_typed(), **at)
    except Refused as no:
        return _page("move", _inspection(id), no)
    words = {"type": row.type_name, "address": row.address, "day": say(Reason("{day}", {"day": day}))}
    if (row.day, row.time_frame) == (day, frame):
        flash(_("Nothing was changed: %(type)s, %(address)s is on %(day)s already.", **words))
        return go(url_for("staff.permit", number=row.permit_num))
    flash(_("Moved: %(type)s, %(address)s, now %(day)s. The contractor is told.", **words))
    return go(url_for("staff.permit", number=row.permit_num))


def days_for_move() -> Any:
    here = desk()
    return days_for_staff(here.city, now_local(), daily_capacity=here.daily_capacity)


def _page(verb: str, row: Any, no: Refused | None = None, sent: Sent | None = None) -> Any:
    problem = say(no.reason) if no else sent.words if sent else ""
    page = render_template(
        "staff/change_of_mind.html",
        verb=verb,
        it=row,
        seen=Seen.of(row).text,
        days=days_for_move() if verb == "move" else [],
        problem=problem,
        form=sent.form if sent else request.form,
        asks_why=no is not None,
        is_open=row.status in OPEN,
    )
    if sent:
        return page, 409
    if no is None:
        return page, 200 if row.status in OPEN else 409
    return page, 409 if isinstance(no, ChangedMeanwhile) else 422


def _seen(id: int) -> Seen:
    """What the form had shown; 400 for that of another inspection."""
    seen = Seen.read(request.form.get("seen", "")) or abort(400)
    return seen if seen.id == id else abort(400)


def _inspection(id: int) -> Any:
    if not 0 < id < 2**31:
        abort(404)
    rows = inspection_rows(Inspection.id == id)
    row = rows[0] if rows else abort(404)
    permit = Permit.get(Permit.permit_num == row.permit_num)
    return shown(row, requests_on(permit), remarks_on(permit))


for view in (cancel_now, move_now):
    verb = view.__name__.removesuffix("_now")
    keeps_typing(view, lambda sent, id, verb=verb: _page(verb, _inspection(id), sent=sent))
