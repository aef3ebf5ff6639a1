"""All active inspections and active permits of the company, and their self-refresh."""

from operator import attrgetter
from typing import Any, NamedTuple

from flask import Response, current_app, render_template, request, url_for
from flask_login import current_user

from tracker.access import contractor_only
from tracker.filters import clock_time
from tracker.forms.fields import one_line
from tracker.htmx import shown_at, tell
from tracker.queries.dashboard import MOST, PAGE, active_inspections, active_permits
from tracker.saying import language
from tracker.views.contractor import bp
from tracker.views.contractor.brief import LIST_ROOM, fitting
from tracker.views.contractor.shown import permit_row, shown_rows, words_of_permit
from tracker.views.here import now_local, today
from tracker.views.whole_pages import whole_page


@bp.get("/dashboard")
@contractor_only
def dashboard() -> str:
    calm = versions().calm
    key = (current_user.id, current_user.company_name, calm, request.query_string)
    # Where somebody is expected it is true for minutes only.
    return whole_page("contractor/dashboard.html", all_shown, key=key, stays_true=lambda page: page["version"] == calm)


def all_shown() -> dict[str, Any]:
    q, after = one_line(request.args.get("q"))[:100], request.args.get("after", "")
    return {**inspections_shown(), **permits_shown(q=q, after=after)}


@bp.get("/dashboard/inspections")
@contractor_only
def inspections() -> Response | tuple[str, int]:
    if request.args.get("v") in versions():
        return "", 204
    updated = clock_time(now_local())
    answer = Response(render_template("contractor/_inspections.html", updated=updated, **inspections_shown()))
    return tell(answer, "permits-changed")


@bp.get("/dashboard/permits")
@contractor_only
def permits() -> Response:
    q, until = one_line(request.args.get("q"))[:100], request.args.get("until")
    answer = Response(render_template("contractor/_permits.html", **permits_shown(q=q, until=until or "")))
    # The search form sends no `until`, a refresh does: a search stays in the address of the page.
    return answer if until is not None else shown_at(answer, url_for("contractor.dashboard", q=q or None))


@bp.get("/dashboard/permits/more")
@contractor_only
def more_permits() -> str:
    q, after = one_line(request.args.get("q"))[:100], request.args.get("after", "")
    return render_template("contractor/_more_permits.html", **permits_shown(q=q, after=after))


class Versions(NamedTuple):
    """Both change whenever the lists may: the account's counter and the city's, the day, the cut-off, the hour from
    which nothing of tomorrow can be changed here, the language.

    `timed` is for where somebody is expected: an estimate moves with the clock, so it counts five minutes too.
    """

    calm: str
    timed: str


def versions() -> Versions:
    here = now_local()
    hours = current_app.config["CUTOFF"], current_app.config["CANCEL_UNTIL"]
    past = "".join("b" if hour and here.time() >= hour else "a" for hour in hours)
    calm = f"{current_user.version}.{current_user.edition}-{here:%m%d}{past}{language()}"
    return Versions(calm, f"{calm}-{here.hour}{here.minute // 5:02}")


def inspections_shown() -> dict[str, Any]:
    shown = max(PAGE, min(request.args.get("shown", PAGE, type=int), MOST))
    found = active_inspections(current_user.id, today(), shown=shown)
    rows = shown_rows(found.rows)
    if shown < MOST:
        rows = rows[: fitting(rows, attrgetter("words"), room=LIST_ROOM * shown // PAGE)]
    more = shown + PAGE if len(rows) < found.total and shown < MOST else None
    return {
        "inspections": rows,
        "total": found.total,
        "shown": shown,
        "more_shown": more,
        "version": versions().timed if any(row.expected for row in rows) else versions().calm,
    }


def permits_shown(*, q: str, after: str = "", until: str = "") -> dict[str, Any]:
    page = active_permits(current_user.id, today(), q=q, after=after, until=until)
    rows = [permit_row(row) for row in page.rows]
    fits = len(rows) if until else fitting(rows, words_of_permit, room=LIST_ROOM)
    last = page.rows[fits - 1].key if rows else None
    shown = {"rows": rows[:fits], "total": page.total, "q": q}
    return {"permits": {**shown, "after": page.after if fits == len(rows) else last, "until": last}}
