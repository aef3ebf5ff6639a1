"""Permits by hand: added, corrected, and the companies on them by trade."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import staff_only
from tracker.actions.by_hand import CannotSave, add_permit, correct_permit, permit_version, put_on, take_off
from tracker.forms.by_hand import PermitForm
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.models import Contractor, Inspection, Permit, PermitType
from tracker.queries.companies import companies_beginning, company_named, company_with_code
from tracker.queries.permits import inspection_rows
from tracker.queries.records import companies_on, left_behind
from tracker.rules.words import PermitStatus, Trade
from tracker.saying import name_of, say
from tracker.views.here import by, now_local, today
from tracker.views.staff import bp
from tracker.views.staff.keeping import Sent, keeps_typing
from tracker.views.staff.permits import permit_of
from tracker.views.staff.queue_page import DESK


@bp.get("/permits/new")
@staff_only(*DESK)
def new_permit() -> Any:
    number = one_line(request.args.get("number"))[:40]
    return _permit_page(PermitForm(formdata=None, permit_num=number, status="issued", issued_on=str(today())))


@bp.post("/permits/new")
@staff_only(*DESK)
def add_new_permit() -> Any:
    form = PermitForm()
    kind = _type_named(form)
    if not form.validate() or kind is None:
        return _permit_page(form, code=422, missing=kind is None)
    try:
        made = add_permit(
            {**form.facts, "permit_num": form.permit_num.data, "permit_type": kind.id}, by=by(), now=now_local()
        )
    except CannotSave as no:
        return _permit_page(form, code=422, no=no)
    flash(_("%(number)s is added. Put the companies on it.", number=made.permit_num))
    return go(url_for("staff.contractors_on", number=made.permit_num))


@bp.get("/permits/<path:number>/correct")
@staff_only(*DESK)
def correct(number: str) -> Any:
    found = permit_of(number)
    return _permit_page(_opened(found), found)


@bp.post("/permits/<path:number>/correct")
@staff_only(*DESK)
def correct_now(number: str) -> Any:
    found, form = permit_of(number), PermitForm()
    form.permit_num.data = found.permit_num
    kind = _type_named(form)
    if not form.validate() or kind is None:
        return _permit_page(form, found, code=422, missing=kind is None)
    version = int(form.version.data) if form.version.data.isdecimal() and len(form.version.data) < 10 else -1
    facts = {**form.facts, "permit_type": kind.id}
    at: dict[str, Any] = {"today": today(), "by": by(), "now": now_local()}
    try:
        correct_permit(found, facts, version=version, reason=form.reason.data, **at)
    except CannotSave as no:
        form.version.data = str(permit_version(found.id))
        return _permit_page(form, found, code=409, no=no)
    flash(_("Saved. An import leaves alone what you corrected."))
    return go(url_for("staff.permit", number=number))


@bp.get("/permits/<path:number>/contractors")
@staff_only(*DESK)
def contractors_on(number: str) -> Any:
    return _contractors_page(permit_of(number))


@bp.post("/permits/<path:number>/contractors")
@staff_only(*DESK)
def change_contractors(number: str) -> Any:
    """`action` is put_on, or take_off and the line, as in take_off-12."""
    found, (verb, _dash, line) = permit_of(number), request.form.get("action", "").partition("-")
    at: dict[str, Any] = {"by": by(), "now": now_local()}
    try:
        if verb == "take_off" and line.isdecimal() and line.isascii() and len(line) < 10:
            left = left_behind(found, int(line))
            if left and request.form.get("sure") != f"{line}:{len(left)}":
                return _contractors_page(found, asked_about=int(line), left=left)
            take_off(found, int(line), **at)
            flash(_("Taken off."))
        elif verb == "put_on":
            company, matches = _company_meant()
            trade = request.form.get("trade", "")
            if company is None or trade not in list(Trade):
                return _contractors_page(found, 422, matches=matches, problem=_what_is_missing(company, matches))
            put_on(found, company, trade=trade, **at)
            flash(_("%(company)s is on it now.", company=company.company_name))
        else:
            abort(400)
    except CannotSave as no:
        return _contractors_page(found, 409, problem=say(no.reason))
    return go(url_for("staff.contractors_on", number=number))


def _company_meant() -> tuple[Contractor | None, list[tuple[int, str]]]:
    """The company that was picked or typed in full, or the short list to pick from."""
    typed, picked = one_line(request.form.get("company"))[:200], request.form.get("company_id", "")
    matches = companies_beginning(typed)
    if picked in [str(id) for id, _name in matches]:
        return Contractor.get_by_id(int(picked)), []
    company = company_named(typed) or company_with_code(typed)
    return company, [] if company else matches


def _what_is_missing(company: Contractor | None, matches: list[tuple[int, str]]) -> str:
    if company:
        return _("Choose the trade.")
    return _("Pick the company from the list.") if matches else _("No company begins like this.")


def _contractors_page(
    found: Permit,
    code: int = 200,
    *,
    matches: Any = None,
    problem: str = "",
    asked_about: int = 0,
    left: Sequence[int] = (),
) -> Any:
    """`asked_about` is the line to be taken off, `left` the open inspections that its company asked for."""
    page = render_template(
        "staff/contractors.html",
        permit=found,
        links=companies_on(found),
        matches=matches or None,
        problem=problem,
        company=one_line(request.form.get("company"))[:200],
        trade=request.form.get("trade", ""),
        trades=list(Trade),
        asked_about=asked_about,
        left=[(row, name_of(row.type)) for row in inspection_rows(Inspection.id.in_(left), order=(Inspection.day,))],
    )
    return page, code


def _type_named(form: PermitForm) -> PermitType | None:
    return PermitType.get_or_none(PermitType.code == form.permit_type.data) if form.permit_type.data else None


def _opened(found: Permit) -> PermitForm:
    facts = {name: getattr(found, name) for name in PermitForm.FACTS}
    return PermitForm(
        formdata=None,
        permit_num=found.permit_num,
        permit_type=found.permit_type.code if found.permit_type_id else "",
        version=str(permit_version(found.id)),
        **{name: "" if value is None else str(value) for name, value in facts.items()},
    )


def _permit_page(
    form: PermitForm,
    found: Permit | None = None,
    *,
    code: int = 200,
    missing: bool = False,
    no: CannotSave | None = None,
    words: str = "",
) -> Any:
    errors = {one.name: str(one.errors[0]) for one in form if one.errors}
    if words:
        errors["version"] = words
    if missing and code != 200:
        errors.setdefault("permit_type", _("Choose the permit type."))
    if no is not None:
        errors[no.field or "version"] = say(no.reason)
    page = render_template(
        "staff/permit_form.html",
        permit=found,
        form={one.name: one.data or "" for one in form},
        errors=errors,
        types=[(one.code, name_of(one)) for one in PermitType.select().order_by(PermitType.id)],
        statuses=list(PermitStatus),
    )
    return page, code


def _given_back(sent: Sent, number: str = "") -> Any:
    found, form = permit_of(number) if number else None, PermitForm(sent.form)
    if found:
        form.permit_num.data = found.permit_num
    return _permit_page(form, found, code=409, words=sent.words)


keeps_typing(add_new_permit, _given_back)
keeps_typing(correct_now, _given_back)
