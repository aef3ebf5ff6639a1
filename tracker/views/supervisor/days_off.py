"""Days off: the year's federal holidays and the city's own; closing a day, with the requests that are on it."""

from collections import Counter
from datetime import date
from typing import Any

from flask import abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import staff_only
from tracker.actions.days_off import Done, GoesBeyond, close_day, open_day
from tracker.actions.review import NO_REASON
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.filters import day as day_words
from tracker.forms.calendar import DayOffForm, not_far
from tracker.forms.fields import TOO_LONG, one_line, read_day, read_reason
from tracker.htmx import go
from tracker.queries.days_off import DayOff, closed_day, days_instead, days_off, open_on
from tracker.rules.calendar import works_on
from tracker.rules.capacity import best_day
from tracker.rules.reasons import Reason
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, city, desk, now_local, today
from tracker.views.staff.queue_page import Row
from tracker.views.supervisor import bp

LINE, DECLINE = "to-", "decline"  # the name of each menu, with what was seen of the request; what it may say


@bp.get("/days-off")
@staff_only(Role.SUPERVISOR)
def days_off_page() -> Any:
    year = request.args.get("year", "")
    if year and read_day(f"{year}-01-01") is None:
        abort(404)
    return _year_page(int(year or today().year))


@bp.get("/days-off/close")
@staff_only(Role.SUPERVISOR)
def close() -> Any:
    """The requests that are on the day, and what could become of them."""
    day = read_day(request.args.get("day", "")) or abort(404)
    if day < today() or _is_off(day):
        return go(url_for("supervisor.days_off_page", year=day.year))
    return _close_page(day, one_line(request.args.get("name"))[:100])


@bp.post("/days-off/close")
@staff_only(Role.SUPERVISOR)
def close_now() -> Any:
    """At once where nothing is on the day; otherwise with what the form says of each request, once it was shown."""
    form = DayOffForm()
    if not form.validate({"day": [not_far(today())]}) or form.chosen is None:
        return _year_page((form.chosen or today()).year, form, 422)
    day, name, was_shown = form.chosen, form.name.data, "requested_date" in request.form
    if not was_shown and day >= today() and not _is_off(day) and open_on(day):
        return go(url_for("supervisor.close", day=day, name=name))
    wanted, (reason, too_long) = _lines(), read_reason(request.form.get("reason"))
    try:
        if too_long:
            raise Refused([(None, too_long)])
        done = close_day(
            day, name=name, wanted=wanted, reason=reason,
            beyond=request.form.get("beyond") == "1", desk=desk(), by=by(), now=now_local(),
        )  # fmt: skip
    except Refused as no:
        if day < today() or _is_off(day):
            return _year_page(day.year, form, _code(no), say(no.reason))
        return _close_page(day, name, no)
    flash(_said(day, done))
    return go(url_for("supervisor.days_off_page", year=day.year))


@bp.post("/days-off/open")
@staff_only(Role.SUPERVISOR)
def open_now() -> Any:
    """The city works on a holiday, or a day of its own is no day off any more."""
    day = read_day(request.form.get("day", "")) or abort(400)
    try:
        open_day(day, desk=desk(), by=by(), now=now_local())
    except Refused as no:
        return _year_page(day.year, code=_code(no), problem=say(no.reason))
    flash(_("The city works on %(day)s.", day=day_words(day)))
    return go(url_for("supervisor.days_off_page", year=day.year))


def _lines() -> dict[Seen, date | None]:
    """Each request with the day it moves to, or None to decline it; 400 for what no page of ours sends."""
    common, lines, ids = read_day(request.form.get("requested_date", "")), {}, set()
    for line, chosen in request.form.items(multi=True):
        if line.startswith(LINE):
            seen = Seen.read(line.removeprefix(LINE)) or abort(400)
            if seen.id in ids:
                abort(400)
            ids.add(seen.id)
            lines[seen] = None if chosen == DECLINE else (read_day(chosen) if chosen else common) or abort(400)
    return lines


def _is_off(day: date) -> bool:
    row = closed_day(day)
    return not works_on(day, row.open if row else None)


def _code(no: Refused) -> int:
    return 409 if isinstance(no, ChangedMeanwhile) else 422


def _said(day: date, done: Done) -> str:
    words = [_("Closed: %(day)s, %(name)s.", day=day_words(day), name=done.name)]
    if done.moved:
        words.append(ngettext("%(num)s request moved.", "%(num)s requests moved.", done.moved))
    if done.declined:
        words.append(ngettext("%(num)s request declined.", "%(num)s requests declined.", done.declined))
    return " ".join([*words, _("The contractors are told.")] if done.moved or done.declined else words)


def _year_page(year: int, form: DayOffForm | None = None, code: int = 200, problem: str = "") -> Any:
    form = form or DayOffForm(formdata=None, day="", name="")
    page = render_template(
        "supervisor/days_off.html", year=year, days=days_off(year), form=form, problem=problem, name=_name_of
    )
    return page, code


def _close_page(day: date, name: str, no: Refused | None = None) -> Any:
    rows, sent = [Row(row) for row in open_on(day)], _chosen()
    days = days_instead(day, today=today(), city=city(), daily_capacity=current_app.config["DAILY_CAPACITY"])
    best = best_day(days, day, Counter(row.type.trade for row in rows))
    page = render_template(
        "supervisor/close_day.html",
        day=day,
        name=name,
        rows=rows,
        days=days,
        chosen=request.form.get("requested_date") or str(best),
        sent=sent,
        new={row.id for row in rows if row.id not in sent} if no else (),
        reason=request.form.get("reason", _("The city is closed on %(day)s. Request another day.", day=day_words(day))),
        problems=_anchored(no, {row.id for row in rows}) if no else [],
        may_go_beyond=isinstance(no, GoesBeyond) or request.form.get("beyond") == "1",
        beyond=request.form.get("beyond") == "1",
    )
    return page, _code(no) if no else 200


def _chosen() -> dict[int, str]:
    """What each menu said, by the inspection's id."""
    lines = [(line.removeprefix(LINE), value) for line, value in request.form.items() if line.startswith(LINE)]
    return {seen.id: value for text, value in lines if (seen := Seen.read(text))}


def _anchored(no: Refused, there: set[int]) -> list[tuple[str, str]]:
    """Each sentence with the request it is about, or the field."""
    fields = {NO_REASON: "reason", TOO_LONG: "reason"}
    return [
        (f"r{id}" if id in there else fields.get(why.message, "requested_date"), say(why)) for id, why in no.problems
    ]


def _name_of(one: DayOff) -> str:
    return say(one.name) if isinstance(one.name, Reason) else one.name
