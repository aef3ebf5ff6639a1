"""Permit types: their names, and which inspections their permits list."""

from typing import Any

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import staff_only
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.permit_types import add_permit_type, change_permit_type, remove_permit_type
from tracker.forms.types import CODE, PermitTypeForm, a_code
from tracker.htmx import go
from tracker.models import PermitType
from tracker.queries.city import inspection_types
from tracker.queries.records import changes_of
from tracker.queries.types import permit_type_facts, permits_of_type
from tracker.queries.types import permit_types as all_permit_types
from tracker.rules.circles import not_needed
from tracker.rules.words import MAPPED_TYPES, Role
from tracker.saying import name_of
from tracker.views.here import before, by, now_local
from tracker.views.staff.record_words import lines_shown
from tracker.views.supervisor import bp
from tracker.views.supervisor.shape import errors_of, refused


@bp.get("/permit-types")
@staff_only(Role.SUPERVISOR)
def permit_types() -> str:
    return render_template("supervisor/permit_types.html", types=all_permit_types())


@bp.get("/permit-types/new")
@staff_only(Role.SUPERVISOR)
def new_permit_type() -> Any:
    return _page(PermitTypeForm(formdata=None))


@bp.post("/permit-types/new")
@staff_only(Role.SUPERVISOR)
def add_new_permit_type() -> Any:
    form = PermitTypeForm()
    if not form.validate({"code": [a_code]}):
        return _page(form, code=422)
    try:
        made = add_permit_type(form.code.data, _facts(form), by=by(), now=now_local())
    except CannotSave as no:
        return _page(form, code=422, no=no)
    flash(_("%(name)s is added.", name=made.name))
    return go(url_for("supervisor.one_permit_type", code=made.code))


@bp.get("/permit-types/<code>")
@staff_only(Role.SUPERVISOR)
def one_permit_type(code: str) -> Any:
    row = _permit_type(code)
    return _page(_opened(row), row)


@bp.post("/permit-types/<code>")
@staff_only(Role.SUPERVISOR)
def change_one_permit_type(code: str) -> Any:
    row, form = _permit_type(code), PermitTypeForm()
    if not form.validate():
        return _page(form, row, code=422)
    was, facts = permit_type_facts(row)["lists"], _facts(form)
    try:
        change_permit_type(row, facts, version=form.version.data, by=by(), now=now_local())
    except CannotSave as no:
        return refused(_page, form, row, no, lambda: permit_type_facts(_permit_type(code)))
    flash(_said(row, was, facts["lists"]))
    return go(url_for("supervisor.one_permit_type", code=code))


@bp.post("/permit-types/<code>/remove")
@staff_only(Role.SUPERVISOR)
def remove_one_permit_type(code: str) -> Any:
    row = _permit_type(code)
    try:
        remove_permit_type(row, by=by(), now=now_local())
    except CannotSave as no:
        return _page(_opened(row), row, code=409, no=no)
    flash(_("%(name)s is removed.", name=row.name))
    return go(url_for("supervisor.permit_types"))


def _said(row: PermitType, was: list[str], now: list[str]) -> str:
    """That it is saved, which ticks changed, and for how many permits."""
    types, words = inspection_types(), [_("Saved.")]
    if added := [name_of(types[code]) for code in now if code not in was]:
        words.append(_("Listed from now on: %(types)s.", types=", ".join(added)))
    if removed := [name_of(types[code]) for code in was if code not in now]:
        words.append(_("Not listed any more: %(types)s.", types=", ".join(removed)))
    if (added or removed) and (count := permits_of_type(row)):
        words.append(ngettext("That holds for %(num)s permit.", "That holds for %(num)s permits.", count))
    return " ".join(words)


def _permit_type(code: str) -> PermitType:
    known = PermitType.get_or_none(PermitType.code == code) if CODE.fullmatch(code) else None
    return known or abort(404)


def _facts(form: PermitTypeForm) -> dict[str, Any]:
    """What was typed, as `permit_type_facts` has it: what is ticked in the order of the types."""
    ticked, known = dict.fromkeys(form.lists.data or ()), inspection_types()
    lists = [code for code in known if code in ticked] + [code[:20] for code in ticked if code not in known]
    return {**{name: form[name].data for name in ("name", "name_es", "mapped")}, "lists": lists}


def _opened(row: PermitType) -> PermitTypeForm:
    facts = permit_type_facts(row)
    return PermitTypeForm(formdata=None, version=opened_with(facts), **facts)


def _page(form: PermitTypeForm, row: PermitType | None = None, *, code: int = 200, no: CannotSave | None = None) -> Any:
    types = inspection_types()
    lines, older = changes_of({"permittype": [row.id]}, before=before()) if row else ([], None)
    page = render_template(
        "supervisor/permit_type.html",
        form=form,
        row=row,
        errors=errors_of(form, no),
        types=types,
        mapped=MAPPED_TYPES,
        left_out=not_needed(permit_type_facts(row)["lists"], types) if row else [],
        permits=permits_of_type(row) if row else 0,
        lines=lines_shown(lines),
        older=url_for("supervisor.one_permit_type", code=row.code, before=older) if row and older else None,
    )
    return page, code
