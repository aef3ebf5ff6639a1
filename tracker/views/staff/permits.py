"""A permit as the city's people see it: all of it, with contacts, remarks, history and the record of changes."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from flask import abort, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.filters import instant
from tracker.models import Permit, PermitContractor
from tracker.queries.fees import fees_on
from tracker.queries.not_applicable import Mark, marks_on
from tracker.queries.permits import InspectionRow, inspections_on, record_of
from tracker.queries.records import changes_of, companies_on, ids_on, remarks_on, requests_on
from tracker.queries.steps import Around, Step, progress, steps_of, visits_to_pay
from tracker.rules.sequence import permit_problem
from tracker.rules.words import OPEN, Trade
from tracker.saying import name_of, say
from tracker.views.contractor.shown import permit_shown, step_shown
from tracker.views.here import before, city, desk, today
from tracker.views.staff import bp
from tracker.views.staff.queue_page import DESK
from tracker.views.staff.record_words import lines_shown


def permit_of(number: str) -> Permit:
    """The permit with this number; 404 without."""
    return ("\0" not in number and Permit.get_or_none(Permit.permit_num == number)) or abort(404)


@bp.get("/permits/<path:number>")
@staff_only()
def permit(number: str) -> str:
    found = permit_of(number)
    requests, remarks = requests_on(found), remarks_on(found)
    history = [shown(row, requests, remarks) for row in inspections_on(found)]
    fees, companies = fees_on(found), companies_on(found)
    fee_ids = [fee.id for fee in fees]
    lines, older = changes_of({"permit": [found.id], "inspection": ids_on(found), "fee": fee_ids}, before=before())
    problem = permit_problem(found.status, found.expires_on, today(), city().phone)
    return render_template(
        "staff/permit.html",
        permit=permit_shown(found, say(problem)),
        **steps_on(found, history, companies, active=problem is None),
        companies=companies,
        fees=fees,
        open=[one for one in reversed(history) if one.status in OPEN],
        history=[one for one in history if one.status not in OPEN],
        lines=lines_shown(lines, names={one.id: one.type_name for one in history}),
        older=url_for("staff.permit", number=number, before=older) if older else None,
        may_change=current_user.role in DESK,
    )


def steps_on(
    found: Permit, history: Sequence[Any], companies: Sequence[PermitContractor], *, active: bool
) -> dict[str, Any]:
    """What is still needed, as its companies see it; each step that can be requested leads to who may ask for it."""
    types = desk().types
    record = record_of(found, None, types)
    visits = visits_to_pay(found, types) if record.unpaid else ()
    around = Around(types, active, {}, visits, city().phone)
    steps = steps_of(record, history, around)
    done, total = progress(steps, around)
    marks = {mark.type.code: mark for mark in marks_on(found, record.not_applicable, types)}
    by_trade = {link.trade: link.contractor_id for link in reversed(companies)}
    return {
        "steps": [_step(step, found, by_trade, marks.get(step.code)) for step in steps],
        "steps_done": done,
        "steps_total": total,
    }


def _step(step: Step, found: Permit, by_trade: Mapping[str, int], mark: Mark | None) -> Any:
    company = by_trade.get(step.type.trade) or by_trade.get(Trade.GENERAL)
    url = ""
    if company and current_user.role in DESK:
        where = {"number": found.permit_num, "company": company, "inspection_type": step.code}
        url = url_for("staff.phone_request", **where)
    one = step_shown(step, company_id=None, request_url=url)
    if step.can_request:
        one.note = _("Can be requested now.")
    if step.state == "na" and mark and mark.at:
        said = {"reason": mark.reason, "who": mark.who, "when": instant(mark.at)}
        one.note = _("Not needed: “%(reason)s” %(who)s, %(when)s.", **said)
    return one


def shown(row: InspectionRow, requests: Mapping[Any, Any], remarks: dict[int, tuple[str, str]]) -> Any:
    """A row with the words, the contact and the remarks that only the city sees."""
    asked = requests.get(row.request_id)  # none where an import brought it
    said, for_city = remarks[row.id]
    return SimpleNamespace(
        **{name: getattr(row, name) for name in row.__dataclass_fields__},
        type_name=name_of(row.type),
        contact_name=asked.contact_name if asked else "",
        phone=asked.phone if asked else "",
        email=asked.email if asked else "",
        remarks=said,
        staff_comment=for_city,
        by_phone=asked is not None and asked.taken_by_id is not None,
    )
