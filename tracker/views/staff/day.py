"""The inspector's day: stops in order, on the way, arrived, a result, not reached, take over."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions import results, stops
from tracker.actions.results import Outcome, correct_result, record_result, result_version
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.forms.fields import read_day
from tracker.forms.results import ResultForm
from tracker.htmx import go, is_swap, show
from tracker.models import Staff
from tracker.queries.day import Stop, corrections_of, one_stop, stops_of_day, versions_of
from tracker.rules.reasons import Reason
from tracker.rules.words import Result, Role, Status
from tracker.saying import name_of, say
from tracker.views.here import by, desk, now_local, today
from tracker.views.staff import bp
from tracker.views.staff.day_page import DayPage, inspector_of, version_of

MAY_ACT = (Role.INSPECTOR, Role.SUPERVISOR)


@bp.get("/day")
@staff_only()
def my_day() -> Any:
    return _day_page(today())


@bp.get("/day/<day>")
@staff_only()
def day(day: str) -> Any:
    return _day_page(_read(day))


@bp.get("/day/<day>/stops")
@staff_only()
def day_stops(day: str) -> Any:
    """The stops alone, for a page that stays open; nothing where nothing changed."""
    inspector = inspector_of(request.args, current_user.row)
    if request.args.get("v") == version_of(inspector):
        return "", 204
    return render_template("staff/_day.html", plan=DayPage(inspector, _read(day), current_user.row))


@bp.post("/day/<day>")
@staff_only(*MAY_ACT)
def change_day(day: str) -> Response:
    """`action` is a verb and a stop, as in arrived-12, or a verb about the whole day."""
    inspector, when = inspector_of(request.form, current_user.row), _read(day)
    verb, _dash, number = request.form.get("action", "").partition("-")
    seen = (Seen.read(number) or abort(404)) if number else None
    try:
        said = _act(verb, seen, inspector, when)
    except Refused as no:
        return _show_day(inspector, when, 409, problem=say(no.reason))
    return _answer(inspector, when, said)


@bp.get("/stops/<int:id>/result")
@staff_only(*MAY_ACT)
def result(id: int) -> Any:
    stop = _stop(id)
    return _result_page(stop, _opened(stop, request.args.get("result", "")), 200)


@bp.post("/stops/<int:id>/result")
@staff_only(*MAY_ACT)
def send_result(id: int) -> Any:
    stop, form = _stop(id), ResultForm()
    if not form.validate():
        return _result_page(stop, form, 422)
    outcome = Outcome(Result(form.result.data), form.all_corrections, form.comment.data, form.staff_comment.data)
    at = {"person": current_user.row, "desk": desk(), "by": by(), "now": now_local()}
    try:
        if form.version.data:
            known = form.version.data.isdecimal() and len(form.version.data) < 10
            version = int(form.version.data) if known else -1
            done = correct_result(stop.id, outcome, version=version, **at)
        else:
            done = record_result(Seen(stop.id), outcome, **at)
    except ChangedMeanwhile as other:
        return _result_page(_stop(id), form, 409, say(other.reason))
    except Refused as no:
        return _result_page(stop, form, 422, say(no.reason))
    flash(_("%(type)s, %(address)s: recorded.", type=name_of(stop.type), address=stop.address))
    inspector = done.inspector or current_user.row
    return go(DayPage(inspector, done.day, current_user.row).url)


def keep_typing(id: int) -> Any:
    """The form given back as it was typed, when the page it stood on was too old to be believed."""
    if current_user.role not in MAY_ACT:
        return None
    problem = _("This page was open for too long. Nothing was recorded: send it once more.")
    return _result_page(_stop(id), ResultForm(), 409, problem)


keep_typing.is_staffs = True  # type: ignore[attr-defined]
send_result.keep_typing = keep_typing  # type: ignore[attr-defined]


def _act(verb: str, seen: Seen | None, inspector: Staff, when: date) -> str:
    """Does what the button says; what is to be said of it. 404 for a button that no page has."""
    at = {"person": current_user.row, "desk": desk(), "by": by(), "now": now_local()}
    one: dict[str, Callable[[Seen], Any]] = {
        "on_the_way": lambda stop: results.set_on_the_way(stop, **at),
        "arrived": lambda stop: results.set_arrived(stop, **at),
        "up": lambda stop: stops.move_stop(stop, up=True, **at),
        "down": lambda stop: stops.move_stop(stop, up=False, **at),
        "not_reached": lambda stop: stops.not_reached([stop], **at),
        "take_over": lambda stop: stops.take_over([stop], **at),
    }
    if seen is not None and verb in one:
        return _said(verb, one[verb](seen))
    open_stops = [Seen.of(stop) for stop in stops_of_day(inspector.id, when) if stop.status != Status.DONE]
    if verb == "suggest":
        stops.suggest_order(inspector, when, **at)
        return _("In order by area.")
    if verb == "not_reached":
        return _said(verb, stops.not_reached(open_stops, **at))
    if verb == "take_over":
        taken = stops.take_over(open_stops, all_or_none=False, **at)
        return _said(verb, taken, left=len(open_stops) - len(taken))
    return abort(404)


def _said(verb: str, done: Any, left: int = 0) -> str:
    if verb == "not_reached" and done:
        first = done[0]
        words = {"count": len(done), "day": say(Reason("{day}", {"day": first.day}))}
        return _("%(count)s moved to %(day)s, first in order. The contractors are told.", **words)
    if verb == "take_over":
        said = _("%(count)s taken over. The contractors are told.", count=len(done))
        return f"{said} {_('%(count)s of other trades stay.', count=left)}" if left else said
    return ""


def _day_page(when: date) -> Any:
    inspector = inspector_of(request.args, current_user.row)
    return render_template("staff/day.html", plan=DayPage(inspector, when, current_user.row))


def _show_day(inspector: Staff, when: date, code: int = 200, *, problem: str = "", said: str = "") -> Response:
    plan = DayPage(Staff.get_by_id(inspector.id), when, current_user.row, problem=problem, said=said)
    return show("staff/day.html", "staff/_day.html", code, plan=plan)


def _answer(inspector: Staff, when: date, said: str) -> Response:
    if is_swap():
        return _show_day(inspector, when, said=said)
    if said:
        flash(said)
    return go(DayPage(inspector, when, current_user.row).url)


def _result_page(stop: Stop, form: ResultForm, code: int, problem: str = "") -> Any:
    page = render_template(
        "staff/result.html",
        stop=stop,
        form=form,
        listed=corrections_of(stop.type.id),
        versions=versions_of(stop.id) if stop.status == Status.DONE else [],
        result_words=list(Result),
        problem=problem,
        day_url=url_for("staff.day", day=stop.day, inspector=stop.inspector_id),
    )
    return page, code


def _opened(stop: Stop, result: str) -> ResultForm:
    """The form as it opens: for the result that was tapped, or with the result to be corrected."""
    listed = {one.text for one in corrections_of(stop.type.id)}
    return ResultForm(
        formdata=None,
        result=stop.result or result,
        corrections=[line for line in stop.corrections if line in listed],
        other="\n".join(line for line in stop.corrections if line not in listed),
        comment=stop.comment,
        staff_comment=stop.staff_comment,
        version=str(result_version(stop.id)) if stop.status == Status.DONE else "",
    )


def _stop(id: int) -> Stop:
    return (one_stop(id) if id < 2**31 else None) or abort(404)


def _read(text: str) -> date:
    return read_day(text) or abort(404)
