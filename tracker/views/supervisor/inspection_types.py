"""Inspection types: what they are, what they need first, what an inspector may pick as corrections."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from tracker.access import staff_only
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.types import add_type, change_type, remove_type, take_off_permit_types
from tracker.forms.types import CODE, InspectionTypeForm, a_code
from tracker.htmx import go
from tracker.models import InspectionType
from tracker.queries.city import inspection_types
from tracker.queries.records import changes_of
from tracker.queries.types import listings, place_before_finals, places_in_order, type_facts, uses_of
from tracker.rules.reasons import Reason
from tracker.rules.sequence import Type
from tracker.rules.words import Role, Trade
from tracker.saying import say
from tracker.views.here import before, by, now_local, today
from tracker.views.site import error_page
from tracker.views.staff.record_words import lines_shown
from tracker.views.supervisor import bp
from tracker.views.supervisor.shape import errors_of, press, refused


@bp.get("/inspection-types")
@staff_only(Role.SUPERVISOR)
def types() -> str:
    return render_template("supervisor/inspection_types.html", types=inspection_types(), listings=listings())


@bp.get("/inspection-types/new")
@staff_only(Role.SUPERVISOR)
def new_type() -> Any:
    return _page(InspectionTypeForm(formdata=None, minutes="30", place=str(place_before_finals())))


@bp.post("/inspection-types/new")
@staff_only(Role.SUPERVISOR)
def add_new_type() -> Any:
    form, action = InspectionTypeForm(), request.form.get("action", "save")
    if action != "save":
        return _page(form) if press(form, action) else abort(400)
    if not form.validate({"code": [a_code]}):
        return _page(form, code=422)
    try:
        at: dict[str, Any] = {"by": by(), "now": now_local()}
        made = add_type(form.code.data, form.facts, place=form.moved_to or 1, **at)
    except CannotSave as no:
        return _page(form, code=422, no=no)
    said = _("%(name)s is added. Permits offer it once their permit type lists it.", name=made.name)
    flash(Markup('{} <a href="{}">{}</a>').format(said, url_for("supervisor.permit_types"), _("Permit types")))
    return go(url_for("supervisor.one_type", code=made.code))


@bp.get("/inspection-types/<code>")
@staff_only(Role.SUPERVISOR)
def one_type(code: str) -> Any:
    row = _type(code)
    return _page(_opened(row), row)


@bp.post("/inspection-types/<code>")
@staff_only(Role.SUPERVISOR)
def change_one_type(code: str) -> Any:
    row, form, action = _type(code), InspectionTypeForm(), request.form.get("action", "save")
    if action != "save":
        return _page(form, row) if press(form, action) else abort(400)
    if not form.validate():
        return _page(form, row, code=422)
    at: dict[str, Any] = {"today": today(), "by": by(), "now": now_local()}
    try:
        change_type(row, form.facts, version=form.version.data, place=form.moved_to, **at)
    except CannotSave as no:
        return refused(_page, form, row, no, lambda: type_facts(_type(code)))
    flash(_("Saved."))
    return go(url_for("supervisor.one_type", code=code))


@bp.post("/inspection-types/<code>/off")
@staff_only(Role.SUPERVISOR)
def take_type_off(code: str) -> Any:
    row = _type(code)
    try:
        count = take_off_permit_types(row, by=by(), now=now_local())
    except CannotSave as no:
        return _refused(row, no)
    flash(ngettext("Taken off %(num)s permit type.", "Taken off %(num)s permit types.", count))
    return go(url_for("supervisor.one_type", code=code))


@bp.post("/inspection-types/<code>/remove")
@staff_only(Role.SUPERVISOR)
def remove_one_type(code: str) -> Any:
    row = _type(code)
    try:
        remove_type(row, by=by(), now=now_local())
    except CannotSave as no:
        return _refused(row, no)
    flash(_("%(name)s is removed.", name=row.name))
    return go(url_for("supervisor.types"))


def _type(code: str) -> InspectionType:
    known = InspectionType.get_or_none(InspectionType.code == code) if CODE.fullmatch(code) else None
    return known or abort(404)


def _refused(row: InspectionType, no: CannotSave) -> Any:
    """Told why on the page of the type; of one that is gone there is none."""
    if not InspectionType.select().where(InspectionType.id == row.id).exists():
        return error_page(409, say(no.reason), _("Go back to the list of inspection types."))
    return _page(_opened(row), row, code=409, no=no)


def _opened(row: InspectionType) -> InspectionTypeForm:
    facts = type_facts(row)
    place = str(places_in_order().index(row.id) + 1)
    lines = {
        "needs": [{"code": code, "by_request": by_request} for code, by_request in facts["needs"]],
        "corrections": [{"text": text, "text_es": text_es} for text, text_es in facts["corrections"]],
    }
    own = {**facts, "minutes": str(facts["minutes"]), "place": place, "place_was": place}
    return InspectionTypeForm(formdata=None, version=opened_with(facts), **{**own, **lines})


def _at_fault(no: CannotSave | None) -> str:
    """The code of what it needs that leads back to it; '' where no circle was refused."""
    then = no.reason.values.get("then") if no else None
    if isinstance(then, Reason):
        then = then.values["type"]
    return then.code if isinstance(then, Type) else ""


def _page(
    form: InspectionTypeForm,
    row: InspectionType | None = None,
    *,
    code: int = 200,
    no: CannotSave | None = None,
) -> Any:
    lines, older = changes_of({"inspectiontype": [row.id]}, before=before()) if row else ([], None)
    page = render_template(
        "supervisor/inspection_type.html",
        form=form,
        row=row,
        errors=errors_of(form, no),
        at_fault=_at_fault(no),
        uses=uses_of(row) if row else None,
        types=[one for one in inspection_types().values() if row is None or one.code != row.code],
        trades=list(Trade),
        lines=lines_shown(lines),
        older=url_for("supervisor.one_type", code=row.code, before=older) if row and older else None,
    )
    return page, code
