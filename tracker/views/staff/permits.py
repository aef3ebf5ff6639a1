"""A permit as the city's people see it: all of it, with contacts, remarks, history and the record of changes."""

from types import SimpleNamespace
from typing import Any

from flask import abort, render_template, request, url_for
from flask_login import current_user

from tracker.access import staff_only
from tracker.models import Inspection, Permit
from tracker.queries.permits import InspectionRow, inspection_rows
from tracker.queries.records import changes_of, companies_on, ids_on, remarks_on, requests_on, unpaid_on
from tracker.rules.sequence import permit_problem
from tracker.rules.words import OPEN
from tracker.saying import name_of, say
from tracker.views.contractor.shown import permit_shown
from tracker.views.here import city, today
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
    order = (Inspection.day.desc(), Inspection.id.desc())
    requests, remarks = requests_on(found), remarks_on(found)
    history = [
        shown(row, requests, remarks) for row in inspection_rows(Inspection.permit == found, order=order, limit=200)
    ]
    lines, older = changes_of({"permit": [found.id], "inspection": ids_on(found)}, before=before())
    problem = permit_problem(found.status, found.expires_on, today(), city().phone)
    return render_template(
        "staff/permit.html",
        permit=permit_shown(found, say(problem)),
        companies=companies_on(found),
        unpaid=unpaid_on(found),
        open=[one for one in reversed(history) if one.status in OPEN],
        history=[one for one in history if one.status not in OPEN],
        lines=lines_shown(lines, names={one.id: one.type_name for one in history}),
        older=url_for("staff.permit", number=number, before=older) if older else None,
        may_change=current_user.role in DESK,
    )


def shown(row: InspectionRow, requests: dict[int, Any], remarks: dict[int, tuple[str, str]]) -> Any:
    """A row with the words, the contact and the remarks that only the city sees."""
    asked = requests[row.request_id]
    said, for_city = remarks[row.id]
    return SimpleNamespace(
        **{name: getattr(row, name) for name in row.__dataclass_fields__},
        type_name=name_of(row.type),
        contact_name=asked.contact_name,
        phone=asked.phone,
        email=asked.email,
        remarks=said,
        staff_comment=for_city,
        by_phone=asked.taken_by_id is not None,
    )


def before() -> int | None:
    """Where the shown page of the record of changes begins."""
    asked = request.args.get("before", type=int)
    return asked if asked and asked > 0 else None
