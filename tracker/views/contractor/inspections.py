"""A change of mind: cancel an inspection, or ask for another day."""

from typing import Any

from flask import current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import contractor_only, inspection_for
from tracker.actions.change_of_mind import TooLate, cancel_inspection, move_inspection
from tracker.actions.requests import NotPossible
from tracker.forms.fields import read_day
from tracker.htmx import go
from tracker.models import Inspection
from tracker.queries.days import days_on_offer
from tracker.queries.permits import inspection_rows, record_of
from tracker.rules.calendar import change_problem, cutoff_line
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import counting_on
from tracker.rules.words import CHANGEABLE, Status, TimeFrame
from tracker.saying import name_of, say
from tracker.views.contractor import bp
from tracker.views.contractor.shown import Shown, day_and_half
from tracker.views.here import by, city, desk, now_local


@bp.get("/inspections/<int:id>/cancel")
@contractor_only
def cancel(id: int) -> Any:
    inspection = inspection_for(current_user, id)
    return _page("contractor/cancel.html", inspection, _too_late(inspection), counting=_counting(inspection))


@bp.post("/inspections/<int:id>/cancel")
@contractor_only
def cancel_now(id: int) -> Any:
    inspection = inspection_for(current_user, id)
    try:
        cancelled = cancel_inspection(inspection, desk=desk(), by=by(), now=now_local())
    except TooLate as late:
        cancelled = Inspection.get_by_id(inspection.id)
        if cancelled.status != Status.CANCELLED or cancelled.closed_by != by().name:
            return _page("contractor/cancel.html", inspection, late.reason)
        # Sent before, from a dead zone: what was asked for is so.
    words = {"type": name_of(cancelled.inspection_type), "when": day_and_half(cancelled)}
    flash(_("Cancelled: %(type)s, %(when)s. No. %(number)s.", **words, number=cancelled.request_id))
    return go(url_for("contractor.dashboard"))


@bp.get("/inspections/<int:id>/move")
@contractor_only
def move(id: int) -> Any:
    inspection = inspection_for(current_user, id)
    return _move_page(inspection, _too_late(inspection))


@bp.post("/inspections/<int:id>/move")
@contractor_only
def move_now(id: int) -> Any:
    inspection = inspection_for(current_user, id)
    frame = request.form.get("time_frame", "")
    day = read_day(request.form.get("requested_date", ""))
    if day is None:
        return _move_page(inspection, Reason(N_("Choose a day from the list.")), 422)
    if frame not in list(TimeFrame):
        return _move_page(inspection, Reason(N_("Choose AM, PM or any.")), 422)
    try:
        moved = move_inspection(inspection, day=day, time_frame=frame, desk=desk(), by=by(), now=now_local())
    except TooLate as late:
        return _move_page(inspection, late.reason)
    except NotPossible as no:
        return _move_page(inspection, no.problems[0][2], 422, frame=frame)
    words = {"type": name_of(moved.inspection_type), "when": day_and_half(moved)}
    if moved.calendar_sequence == inspection.calendar_sequence:
        flash(_("Nothing changed: %(type)s is still %(when)s.", **words))
    else:
        flash(_("Moved: %(type)s, now %(when)s.", **words))
    return go(url_for("contractor.dashboard"))


def _counting(inspection: Inspection) -> str:
    """Says what else was asked for because of this inspection, and would be turned away without it."""
    types = desk().types
    known = record_of(inspection.permit, inspection.contractor, types)
    found = counting_on(types[inspection.inspection_type.code], known, types)
    words = {"types": [one for one, _day in found], "type": inspection.inspection_type}
    return say(Reason(N_("{types} needs {type} first. Cancel or move that too."), words)) if found else ""


def _too_late(inspection: Inspection) -> Reason | None:
    if inspection.status == Status.CANCELLED:
        return Reason(N_("This inspection is cancelled already."))
    if inspection.status not in CHANGEABLE:
        return Reason(N_("This inspection can no longer be changed here. Call {phone}."), {"phone": city().phone})
    return change_problem(inspection.day, now_local(), city())


def _move_page(inspection: Inspection, problem: Reason | None, code: int | None = None, frame: str = "") -> Any:
    offers = days_on_offer(
        city(),
        now_local(),
        daily_capacity=current_app.config["DAILY_CAPACITY"],
        trade=inspection.inspection_type.trade,
    )
    if _too_late(inspection):
        offers = []
    return _page(
        "contractor/move.html",
        inspection,
        problem,
        code,
        days=offers,
        chosen=inspection.day,
        time_frame=frame or inspection.time_frame,
        cutoff_line=say(cutoff_line(now_local(), city())),
    )


def _page(
    template: str, inspection: Inspection, problem: Reason | None, code: int | None = None, **context: Any
) -> Any:
    row = inspection_rows(Inspection.id == inspection.id)[0]
    page = render_template(template, inspection=Shown(row), problem=say(problem), **context)
    return page, code or (409 if problem else 200)
