"""The telephone rings: find a company or a permit, show or renew a registration code, add what is missing."""

from typing import Any

from flask import abort, flash, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.companies import NamesAlike, add_company, code_version, renew_code
from tracker.actions.opened import CannotSave
from tracker.actions.telephone import show_code
from tracker.forms.companies import CompanyForm
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.models import Contractor, Inspection
from tracker.queries.companies import (
    blocked_because,
    companies_beginning,
    company_licensed,
    company_named,
    company_with_code,
)
from tracker.queries.permits import inspection_rows
from tracker.queries.records import changes_of, open_inspections_of, permits_found, permits_of
from tracker.queries.spellings import Side, merged_ids, sides_of, spellings_of
from tracker.rules.words import Role
from tracker.saying import name_of, say
from tracker.views.contractor.shown import permit_shown
from tracker.views.here import before, by, now_local
from tracker.views.staff import bp
from tracker.views.staff.keeping import keeps_typing
from tracker.views.staff.queue_page import DESK
from tracker.views.staff.record_words import lines_shown

MOST_SHOWN = 50  # open inspections; the queue has them all
RENEWED = "renewed_code_of"  # in the session: whose code the next page shows


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
def contractor(id: int) -> Any:
    """A company that was merged is where it went to."""
    gone = Contractor.get_or_none(Contractor.id == id, Contractor.merged_into.is_null(False)) if id < 2**31 else None
    if gone:
        return go(url_for("staff.contractor", id=gone.merged_into_id))
    company = company_of(id)
    renewed = session.get(RENEWED) == id and bool(session.pop(RENEWED))
    return company_page(company, code=str(company.registration_code) if renewed else "", renewed=renewed)


@bp.post("/contractors/<int:id>/code")
@staff_only(*DESK)
def registration_code(id: int) -> Any:
    """Shown or renewed for a caller; both are on record."""
    company, action = company_of(id), request.form.get("action", "")
    if action == "show":
        return company_page(company, code=show_code(company, by=by(), now=now_local()))
    if action != "renew":
        return abort(400)
    seen = request.form.get("seen", "")
    known = int(seen) if seen.isdecimal() and seen.isascii() and len(seen) < 10 else -1
    try:
        renew_code(company, seen=known, by=by(), now=now_local())
    except CannotSave as no:
        return company_page(company, problem=say(no.reason)), 409
    session[RENEWED] = id  # shown on the next page, once: to load that again renews nothing
    return go(url_for("staff.contractor", id=id))


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
    name = form.company_name.data
    try:
        company = add_company(name, despite=form.despite_ids, by=by(), now=now_local(), **form.known)
    except CannotSave as no:
        form[no.field].errors = [say(no.reason)]
        taken_by = company_named(name) or company_licensed(form.lic_num.data)
        return _new_company_page(form, 422, there=[taken_by.id] if taken_by else [])
    except NamesAlike as alike:
        ids = [id for id, _name in alike.companies]
        form.despite.data = " ".join(map(str, ids))
        return _new_company_page(form, 409, there=ids)
    flash(_("%(company)s is added. Its registration code can be shown below.", company=company.company_name))
    return go(url_for("staff.contractor", id=company.id))


def _new_company_page(form: CompanyForm, code: int = 200, *, there: Any = (), words: str = "") -> Any:
    """`there` are the ids of the companies that have the name, or nearly; `words` are about the whole form."""
    sides: list[Side] = list(sides_of(there).values()) if there else []
    may_add = code == 409 and not words
    return render_template("staff/new_company.html", form=form, there=sides, may_add=may_add, words=words), code


keeps_typing(add_new_company, lambda sent: _new_company_page(CompanyForm(sent.form), 409, words=sent.words))


def company_of(id: int) -> Contractor:
    """The company with this id, unless it was merged; 404 without."""
    known = Contractor.get_or_none(Contractor.id == id, Contractor.merged_into.is_null()) if id < 2**31 else None
    return known or abort(404)


def company_page(
    company: Contractor, *, code: str = "", renewed: bool = False, problem: str = "", reason: str = ""
) -> str:
    q = one_line(request.args.get("q"))[:100]
    lines, older = changes_of({"contractor": [company.id, *merged_ids(company)]}, before=before())
    order = (Inspection.day, Inspection.id)
    found = inspection_rows(open_inspections_of(company), order=order, limit=MOST_SHOWN + 1)
    others = [name for _id, name in spellings_of([company.id]) if name != company.company_name]
    return render_template(
        "staff/contractor.html",
        company=company,
        other_names=others,
        blocked=blocked_because(company) if company.blocked_at else None,
        is_supervisor=current_user.role == Role.SUPERVISOR,
        code=code,
        renewed=renewed,
        problem=problem,
        reason=reason,
        q=q,
        permits=[permit_shown(one) for one in permits_of(company, q=q)],
        inspections=[(row, name_of(row.type)) for row in found[:MOST_SHOWN]],
        more=len(found) > MOST_SHOWN,
        code_seen=code_version(company),
        lines=lines_shown(lines),
        older=url_for("staff.contractor", id=company.id, before=older) if older else None,
    )
