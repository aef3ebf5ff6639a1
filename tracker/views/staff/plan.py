"""Assign all: the plan is shown first, every line of it can be changed, and nothing moves until it is confirmed."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import staff_only
from tracker.actions.planned import assign_all
from tracker.actions.seen import Refused, Seen
from tracker.htmx import go
from tracker.models import Staff
from tracker.queries.plan import areas_on, job_of
from tracker.queries.queue import rows_to_plan
from tracker.rules.plan import Inspector, plan
from tracker.saying import say
from tracker.views.here import by, desk, now_local, today
from tracker.views.staff import bp
from tracker.views.staff.queue import chosen_inspector
from tracker.views.staff.queue_page import DESK, QueueView, Row, read_filter

MOST_PLANNED = 200
LINE = "to-"  # and what was seen of the inspection: the name of each menu


@bp.get("/queue/plan")
@staff_only(*DESK)
def queue_plan() -> str:
    return _plan_page(QueueView(read_filter(request.args)))


@bp.post("/queue/plan")
@staff_only(*DESK)
def apply_plan() -> Any:
    page = QueueView(read_filter(request.args))
    try:
        wanted = _wanted()
    except Refused as no:
        return _plan_page(page, [("lines", say(no.reason))]), 422
    if not wanted:
        return _plan_page(page, [("lines", _("Nobody is chosen in any line. Nothing was assigned."))]), 422
    done, refused = assign_all(wanted, desk=desk(), by=by(), now=now_local())
    count = len(done.inspections)
    said = [ngettext("%(num)s request is assigned.", "%(num)s requests are assigned.", count), *map(say, done.warnings)]
    if refused:
        left = [("lines", say(reason)) for _id, reason in refused]
        return _plan_page(page, left, " ".join(said) if count else ""), 409
    flash(" ".join(said))
    return go(url_for("staff.queue", **page.params()))


def _wanted() -> dict[Seen, Staff]:
    """Whom each line of the form names; lines that are left alone are not in it."""
    names = [name for name in request.form if name.startswith(LINE)]
    if len(names) > MOST_PLANNED:
        abort(400)
    people: dict[str, Staff] = {}
    wanted: dict[Seen, Staff] = {}
    for name in names:
        seen, chosen = Seen.read(name.removeprefix(LINE)) or abort(400), request.form[name]
        if chosen:
            people[chosen] = people.get(chosen) or chosen_inspector(chosen)
            wanted[seen] = people[chosen]
    return wanted


def _plan_page(page: QueueView, problems: list[tuple[str, str]] | None = None, said: str = "") -> str:
    day = page.load_day
    wanted = replace(page.filter, day=day, past=False, state="", inspector=None)
    rows = [] if day < today() else rows_to_plan(wanted, day=day, today=today(), limit=MOST_PLANNED)
    inspectors = page.inspectors
    proposals = {one.job: one for one in plan(map(job_of, rows), inspectors, areas_on(day))}
    chosen = {row.id: _chosen(row, proposals[row.id].inspector) for row in rows}
    then = {one.id: one for one in inspectors}
    for row in rows:
        if (who := chosen[row.id]) in then:
            then[who] = then[who].with_more(row.type.minutes)
    return render_template(
        "staff/plan.html",
        page=page,
        day=day,
        lines=[
            (Row(row), proposals[row.id], chosen[row.id], _able(inspectors, row.type.trade))
            for row in _in_order(rows, proposals)
        ],
        loads=[(one, then[one.id]) for one in inspectors],
        planned=sum(who is not None for who in chosen.values()),
        problems=problems or [],
        said=said,
    )


def _chosen(row: Any, proposed: int | None) -> int | None:
    """Whom the menu of a line shows: what was chosen in it by hand, else the proposal."""
    by_hand = request.form.get(f"{LINE}{Row(row).seen}")
    if by_hand is None:
        return proposed
    return int(by_hand) if by_hand.isdecimal() and by_hand.isascii() and len(by_hand) < 10 else None


def _able(inspectors: list[Inspector], trade: str) -> list[Inspector]:
    return [one for one in inspectors if trade in one.trades]


def _in_order(rows: list[Any], proposals: dict[int, Any]) -> list[Any]:
    """What is left first, then by inspector, and for each by area."""
    return sorted(rows, key=lambda row: (proposals[row.id].inspector or 0, row.zip, row.address, row.id))
