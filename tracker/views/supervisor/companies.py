"""A company's way in: everybody signed out, blocked, let in again."""

from typing import Any

from flask import abort, flash, request, url_for
from flask_babel import gettext as _

from tracker.access import staff_only
from tracker.actions.companies import block_company, sign_out_company, unblock_company
from tracker.actions.opened import CannotSave
from tracker.forms.companies import ReasonForm
from tracker.htmx import go
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, now_local
from tracker.views.staff.telephone import company_of, company_page
from tracker.views.supervisor import bp


@bp.post("/contractors/<int:id>/access")
@staff_only(Role.SUPERVISOR)
def access(id: int) -> Any:
    """`action` is sign_out, block or unblock; each is on record."""
    company, form, action = company_of(id), ReasonForm(), request.form.get("action", "")
    at: dict[str, Any] = {"by": by(), "now": now_local()}
    reason = form.reason.data
    if action not in ("sign_out", "block", "unblock"):
        abort(400)
    if not form.validate():
        return company_page(company, problem=form.reason.errors[0], reason=reason), 422
    try:
        if action == "sign_out":
            sign_out_company(company, **at)
            said = _("Everybody of %(company)s is signed out.", company=company.company_name)
        elif action == "block":
            block_company(company, reason=reason, **at)
            said = _("%(company)s is blocked and signed out.", company=company.company_name)
        else:
            unblock_company(company, reason=reason, **at)
            said = _("%(company)s can sign in again.", company=company.company_name)
    except CannotSave as no:
        return company_page(company_of(id), problem=say(no.reason), reason=reason), 422 if no.field else 409
    flash(said)
    return go(url_for("staff.contractor", id=id))
