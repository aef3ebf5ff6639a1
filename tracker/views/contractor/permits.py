"""The permit: all of it, what is still needed, and the print version that serves on site."""

from functools import partial
from operator import attrgetter
from typing import Any

import segno
from flask import current_app, render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from tracker.access import contractor_only, permit_for
from tracker.models import Permit
from tracker.queries.corrections import put_into
from tracker.queries.permits import inspections_on, record_of
from tracker.queries.records import companies_on
from tracker.queries.steps import Around, progress, steps_of, visits_to_pay
from tracker.rules.sequence import permit_problem
from tracker.saying import language, say
from tracker.views.contractor import bp
from tracker.views.contractor.brief import HISTORY_ROOM, fitting
from tracker.views.contractor.shown import Shown, permit_shown, step_shown
from tracker.views.here import desk, today


@bp.get("/permits/<path:number>")
@contractor_only
def permit(number: str) -> str:
    context = _context(permit_for(current_user, number))
    return render_template("contractor/permit.html", **context | _some_of(context["history"]))


@bp.get("/permits/<path:number>/print")
@contractor_only
def permit_print(number: str) -> str:
    found = permit_for(current_user, number)
    page = current_app.config["PUBLIC_URL"] + url_for("contractor.permit", number=number)
    # Plain SVG without size, so that the sheet's style decides how large it is.
    code = segno.make(page, error="m").svg_inline(omitsize=True, border=0)
    return render_template(
        "contractor/permit_print.html",
        registration_code=current_user.registration_code,
        qr=Markup(code),
        **_context(found),
    )


def _some_of(history: list[Shown]) -> dict[str, Any]:
    """As much of the history as the page has room for, from `after` on; `older` is where the next part begins."""
    after = max(0, min(request.args.get("after", 0, type=int), len(history)))
    rows = history[after:]
    fits = fitting(rows, attrgetter("all_words"), room=HISTORY_ROOM)
    return {"history": rows[:fits], "after": after, "older": after + fits if fits < len(rows) else None}


def _context(found: Permit) -> dict[str, Any]:
    types = desk().types
    history = inspections_on(found)
    on_it = [(link.trade, link.contractor.company_name, link.contractor_id) for link in companies_on(found)]
    city_phone = current_app.config["CITY_PHONE"]
    problem = permit_problem(found.status, found.expires_on, today(), city_phone)
    record = record_of(found, current_user.row, types)
    visits = visits_to_pay(found, types) if record.unpaid else ()
    around = Around(types, problem is None, {trade: name for trade, name, _ in on_it}, visits, city_phone)
    steps = steps_of(record, history, around)
    done, total = progress(steps, around)
    ask = partial(url_for, "contractor.request_inspections", number=found.permit_num)
    return {
        "permit": permit_shown(found, say(problem)),
        "contractors": [(trade, name, company == current_user.id) for trade, name, company in on_it],
        "steps": [
            step_shown(step, company_id=current_user.id, request_url=ask(inspection_type=step.code)) for step in steps
        ],
        # Otherwise the final says so.
        "unpaid": 0 if any(step.type.is_final for step in steps) else record.unpaid,
        "steps_done": done,
        "steps_total": total,
        "history": [Shown(row) for row in put_into(language(), history)],
    }
