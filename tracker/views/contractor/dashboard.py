"""All active inspections and active permits of the company, and their self-refresh."""

from operator import attrgetter
from typing import Any, NamedTuple

from flask import Response, current_app, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from tracker.access import contractor_only
from tracker.forms.fields import one_line
from tracker.htmx import shown_at, tell
from tracker.kept import kept
from tracker.queries.dashboard import MOST, PAGE, active_inspections, active_permits
from tracker.rules.words import UNDER_WAY
from tracker.saying import language
from tracker.views.contractor import bp
from tracker.views.contractor.brief import LIST_ROOM, fitting
from tracker.views.contractor.shown import permit_row, shown_rows, words_of_permit
from tracker.views.here import now_local, today


@bp.get("/dashboard")
@contractor_only
def dashboard() -> str:
    q, after = one_line(request.args.get("q"))[:100], request.args.get("after", "")
    lists = {"permits_list": permits_list(q=q, after=after), "q": q}
    return render_template("contractor/dashboard.html", **lists, **inspections_shown())


@bp.get("/dashboard/inspections")
@contractor_only
def inspections() -> Response | tuple[str, int]:
    if request.args.get("v") in versions():
        return "", 204
    answer = Response(render_template("contractor/_inspections.html", **inspections_shown()))
    return tell(answer, "permits-changed")


@bp.get("/dashboard/permits")
@contractor_only
def permits() -> Response:
    q, until = one_line(request.args.get("q"))[:100], request.args.get("until")
    answer = Response(permits_list(q=q, until=until or ""))
    # The search form sends no `until`, a refresh does: a search stays in the address of the page.
    return answer if until is not None else shown_at(answer, url_for("contractor.dashboard", q=q or None))


@bp.get("/dashboard/permits/more")
@contractor_only
def more_permits() -> str:
    q, after = one_line(request.args.get("q"))[:100], request.args.get("after", "")
    return render_template("contractor/_more_permits.html", **permits_shown(q=q, after=after))


def versions() -> tuple[str, str]:
    """Both change whenever the lists may: the account's counter and the city's, the day, the cut-off, the language.

    The second is for where somebody is expected: an estimate moves with the clock, so it counts five minutes too.
    """
    here = now_local()
    past = here.time() >= current_app.config["CUTOFF"]
    calm = f"{current_user.version}.{current_user.edition}-{here:%m%d}{'b' if past else 'a'}{language()}"
    return calm, f"{calm}-{here.hour}{here.minute // 5:02}"


class InspectionsList(NamedTuple):
    """The rows as they are printed; `is_live` while an inspector is under way to one of them."""

    html: Markup
    total: int
    version: str
    is_live: bool


def inspections_shown() -> dict[str, Any]:
    """The list, rendered once for as long as nothing in it changes: where somebody is expected, the clock does."""
    shown = max(PAGE, min(request.args.get("shown", PAGE, type=int), MOST))
    calm, _timed = versions()
    key = ("inspections", current_user.id, calm, shown)
    found = kept("lists", key, lambda: inspections_list(shown), worth_it=lambda made: made.version == calm)
    return {"inspections": found, "shown": shown, "updated": now_local()}


def inspections_list(shown: int) -> InspectionsList:
    found = active_inspections(current_user.id, today(), shown=shown)
    rows = shown_rows(found.rows)
    if shown < MOST:
        rows = rows[: fitting(rows, attrgetter("words"), room=LIST_ROOM * shown // PAGE)]
    more = shown + PAGE if len(rows) < found.total and shown < MOST else None
    html = Markup(render_template("contractor/_inspection_rows.html", inspections=rows, more_shown=more))
    version = versions()[any(row.expected for row in rows)]
    return InspectionsList(html, found.total, version, any(row.status in UNDER_WAY for row in rows))


def permits_list(*, q: str, after: str = "", until: str = "") -> Markup:
    """The list with its count; its first page is rendered once for as long as nothing in it changes."""

    def made() -> Markup:
        return Markup(render_template("contractor/_permits.html", **permits_shown(q=q, after=after, until=until)))

    return made() if q or after or until else kept("lists", ("permits", current_user.id, versions()[0]), made)


def permits_shown(*, q: str, after: str = "", until: str = "") -> dict[str, Any]:
    page = active_permits(current_user.id, today(), q=q, after=after, until=until)
    rows = [permit_row(row) for row in page.rows]
    fits = len(rows) if until else fitting(rows, words_of_permit, room=LIST_ROOM)
    last = page.rows[fits - 1].key if rows else None
    shown = {"rows": rows[:fits], "total": page.total, "q": q}
    return {"permits": {**shown, "after": page.after if fits == len(rows) else last, "until": last}}
