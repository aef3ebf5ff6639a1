"""The inspector's day: stops in order, on the way, arrived, not reached, take over."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, abort, flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions import results, stops
from tracker.actions.review import capacity_warnings
from tracker.actions.seen import Refused, Seen
from tracker.forms.fields import read_day
from tracker.htmx import go, is_swap, show
from tracker.models import Staff
from tracker.rules.reasons import Reason
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, desk, now_local, today
from tracker.views.staff import bp
from tracker.views.staff.day_page import DayPage, inspector_of, version_of

MAY_ACT = (Role.INSPECTOR, Role.SUPERVISOR)
MOST_STOPS = 200


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
    """`action` is a verb and a stop as it was shown, as in arrived-12.on_the_way.20260526.3, or one about the day."""
    inspector, when = inspector_of(request.form, current_user.row), _read(day)
    verb, _dash, text = request.form.get("action", "").partition("-")
    seen = _shown(text, inspector, when) if text else None
    try:
        said = _act(verb, seen, inspector, when)
    except Refused as no:
        return _show_day(inspector, when, 409, problem=say(no.reason))
    return _answer(inspector, when, said)


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
    if verb == "suggest":
        stops.suggest_order(inspector, when, **at)
        return _("In order by area.")
    all_shown = [_shown(text, inspector, when) for text in request.form.getlist("stops")[:MOST_STOPS]]
    if verb == "not_reached":
        return _said(verb, stops.not_reached(all_shown, **at))
    if verb == "take_over":
        taken = stops.take_over(all_shown, all_or_none=False, **at)
        return _said(verb, taken, left=len(all_shown) - len(taken) if taken else 0)
    return abort(404)


def _shown(text: str, inspector: Staff, when: date) -> Seen:
    """A stop as the page of this day showed it; 404 for what no such page has."""
    seen = Seen.read(text)
    return seen if seen and (seen.day, seen.inspector_id) == (when, inspector.id) else abort(404)


def _said(verb: str, done: Any, left: int = 0) -> str:
    if verb not in ("not_reached", "take_over"):
        return ""
    if not done:
        moved, taken = _("Moved already. Nothing was changed."), _("Taken over already. Nothing was changed.")
        return moved if verb == "not_reached" else taken
    if verb == "not_reached":
        first = done[0]
        said = ngettext(
            "%(num)s moved to %(day)s, first in order. The contractor is told.",
            "%(num)s moved to %(day)s, first in order. The contractors are told.",
            len(done), day=say(Reason("{day}", {"day": first.day})),
        )  # fmt: skip
        return " ".join([said, *map(say, capacity_warnings(first.inspector, [first.day]))])
    said = ngettext(
        "%(num)s taken over. The contractor is told.", "%(num)s taken over. The contractors are told.", len(done)
    )
    stay = ngettext("%(num)s of another trade stays.", "%(num)s of other trades stay.", left)
    return f"{said} {stay}" if left else said


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


def _read(text: str) -> date:
    return read_day(text) or abort(404)
