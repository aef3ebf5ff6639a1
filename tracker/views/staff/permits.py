"""A permit as the city's people see it: where it stands, who is on it, what was inspected."""

from flask import abort, render_template

from tracker.access import staff_only
from tracker.models import Contractor, Inspection, Permit, PermitContractor
from tracker.queries.permits import inspection_rows
from tracker.views.contractor.shown import permit_shown
from tracker.views.staff import bp


@bp.get("/permits/<path:number>")
@staff_only()
def permit(number: str) -> str:
    found = ("\0" not in number and Permit.get_or_none(Permit.permit_num == number)) or abort(404)
    on_it = (
        PermitContractor.select(PermitContractor, Contractor)
        .join(Contractor)
        .where(PermitContractor.permit == found)
        .order_by(PermitContractor.trade != "general", PermitContractor.trade, Contractor.company_name)
    )
    order = (Inspection.day.desc(), Inspection.id.desc())
    return render_template(
        "staff/permit.html",
        permit=permit_shown(found),
        contractors=[(row.trade, row.contractor) for row in on_it],
        history=inspection_rows(Inspection.permit == found, order=order, limit=200),
    )
