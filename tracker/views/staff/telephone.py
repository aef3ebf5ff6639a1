"""The telephone rings: find a company or a permit, show or renew a registration code, add what is missing."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import staff_only
from tracker.actions.by_hand import CannotSave, add_company
from tracker.actions.companies import renew_code
from tracker.actions.telephone import show_code
from tracker.forms.by_hand import CompanyForm
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.models import Contractor, Inspection
from tracker.queries.companies import companies_beginning, company_with_code
from tracker.queries.permits import inspection_rows
from tracker.queries.records import changes_of, open_inspections_of, permits_found, permits_of
from tracker.saying import name_of, say
from tracker.views.contractor.shown import permit_shown
from tracker.views.here import by, now_local
from tracker.views.staff import bp
from tracker.views.staff.permits import before
from tracker.views.staff.queue_page import DESK
from tracker.views.staff.record_words import lines_shown


@bp.get("/phone")
@staff_only(*DESK)
def phone() -> str:
    return render_template("staff/phone.html", **_found())


@bp.get("/phone/found")
@staff_only(*DESK)
def found() -> str:
    """Companies and permits that begin like what was typed."""
    return render_template("staff/_found.html", **_found())


def _found() -> dict[str, Any]:
    q = one_line(request.args.get("q"))[:200]
    companies = companies_beginning(q)
    by_code = company_with_code(q) if len(q) > 6 else None
    if by_code and by_code.id not in [id for id, _name in companies]:
        companies = [(by_code.id, by_code.company_name), *companies]
    return {"q": q, "companies": companies, "permits": [permit_shown(one) for one in permits_found(q)]}


@bp.get("/contractors/<int:id>")
@staff_only(*DESK)
def contractor(id: int) -> str:
    return _company_page(_company(id))


@bp.post("/contractors/<int:id>/code")
@staff_only(*DESK)
def registration_code(id: int) -> Any:
    """Shown or renewed for a caller; both are on record."""
    company, action = _company(id), request.form.get("action", "")
    if action == "show":
        return _company_page(company, code=show_code(company, by=by(), now=now_local()))
    if action == "renew":
        code = renew_code(company, by=by(), now=now_local())
        return _company_page(_company(id), code=code, renewed=True)
    return abort(400)


@bp.get("/contractors/new")
@staff_only(*DESK)
def new_company() -> Any:
    return _new_company_page(CompanyForm(formdata=None, company_name=one_line(request.args.get("name"))[:200]))


@bp.post("/contractors/new")
@staff_only(*DESK)
def add_new_company() -> Any:
    form = CompanyForm()
    if not form.validate():
        return _new_company_page(form, 422)
    known = {one.name: one.data for one in form if one.name != "company_name" and one.data}
    try:
        company = add_company(form.company_name.data, by=by(), now=now_local(), **known)
    except CannotSave as no:
        form.company_name.errors = [say(no.reason)]
        return _new_company_page(form, 422)
    flash(_("%(company)s is added. Its registration code can be shown below.", company=company.company_name))
    return go(url_for("staff.contractor", id=company.id))


def _new_company_page(form: CompanyForm, code: int = 200) -> Any:
    return render_template("staff/new_company.html", form=form), code


def _company(id: int) -> Contractor:
    known = Contractor.get_or_none(Contractor.id == id, Contractor.merged_into.is_null()) if id < 2**31 else None
    return known or abort(404)


def _company_page(company: Contractor, *, code: str = "", renewed: bool = False) -> str:
    q = one_line(request.args.get("q"))[:100]
    lines, older = changes_of({"contractor": [company.id]}, before=before())
    return render_template(
        "staff/contractor.html",
        company=company,
        code=code,
        renewed=renewed,
        q=q,
        permits=[permit_shown(one) for one in permits_of(company, q=q)],
        inspections=[
            (row, name_of(row.type))
            for row in inspection_rows(open_inspections_of(company), order=(Inspection.day, Inspection.id), limit=50)
        ],
        lines=lines_shown(lines),
        older=url_for("staff.contractor", id=company.id, before=older) if older else None,
    )
