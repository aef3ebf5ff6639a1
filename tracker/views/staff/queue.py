"""The queue: what came in, who goes where, what cannot be done and why."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from flask import abort, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.access import staff_only
from tracker.actions.review import assign, decline, move_by_staff, unassign
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.filters import clock_time
from tracker.forms.fields import read_day
from tracker.htmx import go, shown_at
from tracker.models import Staff
from tracker.queries.days import days_for_staff
from tracker.queries.queue import queue_rows
from tracker.rules.calendar import A_YEAR
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, desk, now_local, today
from tracker.views.staff import bp
from tracker.views.staff.keeping import Sent, keeps_typing
from tracker.views.staff.queue_page import (
    DESK,
    MOST_AT_ONCE,
    QueueView,
    Row,
    params_of,
    read_filter,
    reason_typed,
    ticks,
)
from tracker.views.whole_pages import whole_page

NEEDS_MORE = {"move": "requested_date", "decline": "reason"}  # what is asked for on a page of its own


@bp.get("/home")
@staff_only()
def home() -> Any:
    """The page that each role starts from."""
    return go(url_for("staff.my_day" if current_user.role == Role.INSPECTOR else "staff.queue"))


@bp.get("/queue")
@staff_only()
def queue() -> str:
    page = QueueView.of(request.args)
    key = (current_user.id, current_user.edition, current_user.version, page.version, request.query_string)
    return whole_page("staff/queue.html", lambda: {"page": page, "may_change": current_user.role in DESK}, key=key)


@bp.get("/queue/rows")
@staff_only()
def queue_rows_shown() -> Any:
    """The rows alone: for another filter, and for a page that stays open (nothing where nothing changed)."""
    page = QueueView.of(request.args)
    if request.args.get("v") == page.version:
        return "", 204
    shown = {"page": page, "may_change": current_user.role in DESK, "updated": clock_time(page.updated)}
    answer = make_response(render_template("staff/_rows.html", **shown))
    return answer if "v" in request.args else shown_at(answer, page.url())


@bp.post("/queue")
@staff_only(*DESK)
def change_queue() -> Any:
    """`action` is assign, move or decline, about what is ticked; what it lacks is asked for."""
    verb, seens = request.form.get("action", ""), ticks(request.form)
    acts: dict[str, Callable[[list[Seen]], str]] = {"assign": _assign, "move": _move, "decline": _decline}
    act = acts.get(verb) or abort(400)
    if not seens:
        return _again(verb, seens, [(None, _("Tick the requests first."))], 422)
    if len(seens) > MOST_AT_ONCE:
        return _again(verb, seens, [(None, _("Tick at most %(most)s at once.", most=MOST_AT_ONCE))], 422)
    if verb in NEEDS_MORE and NEEDS_MORE[verb] not in request.form:
        return _selected(verb, seens)
    try:
        flash(act(seens))
    except Refused as no:
        problems = [(id, say(reason)) for id, reason in no.problems]
        return _again(verb, seens, problems, 409 if isinstance(no, ChangedMeanwhile) else 422)
    return go(url_for("staff.queue", **_back()))


def _assign(seens: list[Seen]) -> str:
    chosen = request.form.get("inspector", "")
    at: dict[str, Any] = {"desk": desk(), "by": by(), "now": now_local()}
    if chosen == "none":
        unassign(seens, **at)
        return ngettext("%(num)s request is with nobody now.", "%(num)s requests are with nobody now.", len(seens))
    done = assign(seens, inspector=chosen_inspector(chosen), **at)
    words = ngettext(
        "%(num)s request is with %(who)s now.", "%(num)s requests are with %(who)s now.", len(seens),
        who=chosen_inspector(chosen).name,
    )  # fmt: skip
    return " ".join([words, *map(say, done.warnings)])


def chosen_inspector(text: str) -> Staff:
    """Whom a menu names; Refused with a sentence where it names nobody."""
    known = text.isdecimal() and text.isascii() and len(text) < 10
    found = Staff.get_or_none(Staff.id == int(text), Staff.role != Role.TECHNICIAN) if known else None
    if found is None:
        raise Refused([(None, Reason(N_("Choose an inspector.")))])
    return found


def _move(seens: list[Seen]) -> str:
    day = read_day(request.form.get("requested_date", ""))
    if day is None or day > today() + A_YEAR:
        raise Refused([(None, Reason(N_("Choose a day from the list.")))])
    reason = reason_typed()
    moved = move_by_staff(seens, day=day, reason=reason, desk=desk(), by=by(), now=now_local())
    shown = say(Reason("{day}", {"day": day}))
    if not moved:
        return ngettext(
            "Nothing was changed: it is on %(day)s already.", "Nothing was changed: they are on %(day)s already.",
            len(seens), day=shown,
        )  # fmt: skip
    return ngettext(
        "%(num)s request moved to %(day)s. The contractor is told.",
        "%(num)s requests moved to %(day)s. The contractors are told.", len(moved), day=shown,
    )  # fmt: skip


def _decline(seens: list[Seen]) -> str:
    decline(seens, reason=reason_typed(), desk=desk(), by=by(), now=now_local())
    return ngettext(
        "%(num)s request declined. The contractor is told why.",
        "%(num)s requests declined. The contractors are told why.", len(seens),
    )  # fmt: skip


def _again(verb: str, seens: list[Seen], problems: Sequence[tuple[int | None, str]], code: int) -> Any:
    """The queue as it is now with what was refused, the ticks kept; or the page that asked for more."""
    if verb in NEEDS_MORE and NEEDS_MORE[verb] in request.form and seens and code == 422:
        return _selected(verb, seens, problems, code)
    page = QueueView.of(_back())
    page.problems, page.ticked = _anchored(problems, page.rows), {seen.id for seen in seens}
    page.chosen = request.form.get("inspector", "")
    return render_template("staff/queue.html", page=page, may_change=True, updated=clock_time(page.updated)), code


def _anchored(problems: Sequence[tuple[int | None, str]], rows: list[Row]) -> list[tuple[str, str]]:
    """Each sentence with the row it is about, where that is shown."""
    there = {row.id for row in rows}
    return [(f"t{id}" if id in there else "rows", words) for id, words in problems]


def _selected(
    verb: str,
    seens: list[Seen],
    problems: Sequence[tuple[int | None, str]] = (),
    code: int = 200,
    *,
    form: MultiDict | None = None,
) -> Any:
    form = request.form if form is None else form
    rows = [Row(row) for row in queue_rows([seen.id for seen in seens])]
    here = desk()
    page = render_template(
        "staff/selected.html",
        verb=verb,
        rows=rows,
        seens=[seen.text for seen in seens],
        back=form.get("back", ""),
        back_url=url_for("staff.queue", **_back(form)),
        days=days_for_staff(here.city, now_local(), daily_capacity=here.daily_capacity),
        form=form,
        problems=_anchored(problems, rows),
    )
    return page, code


def _back(form: MultiDict | None = None) -> dict[str, Any]:
    """The filter of the queue the form was sent from."""
    given = dict(parse_qsl((request.form if form is None else form).get("back", "")[:2000]))
    after = given.get("after", "")[:500]
    return params_of(read_filter(given), **({"after": after} if after else {}))


def _given_back(sent: Sent) -> Any:
    """What was typed on the page that asked for more; of the queue itself there are only ticks."""
    verb, seens = sent.form.get("action", ""), ticks(sent.form)[:MOST_AT_ONCE]
    return _selected(verb, seens, [(None, sent.words)], 409, form=sent.form) if seens and verb in NEEDS_MORE else None


keeps_typing(change_queue, _given_back)
