"""The staff: added, changed, gone and back; their passwords and sessions."""

from typing import Any

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from markupsafe import Markup

from tracker.access import staff_only
from tracker.actions.accounts import WrongPin
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.staff import add_staff, change_staff, come_back, leave, set_password, sign_out_everywhere
from tracker.actions.tries import HasToWait
from tracker.forms.people import NewPasswordForm, PersonForm, will_do
from tracker.htmx import go
from tracker.models import Staff
from tracker.queries.records import changes_of
from tracker.queries.staff import open_stops, person_facts
from tracker.queries.staff import people as all_people
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Role, Trade
from tracker.views.here import before, by, desk, now_local, today
from tracker.views.staff.own_password import know_own_password
from tracker.views.staff.record_words import lines_shown
from tracker.views.supervisor import bp
from tracker.views.supervisor.shape import errors_of, refused


@bp.get("/people")
@staff_only(Role.SUPERVISOR)
def people() -> str:
    rows = all_people()
    here, gone = ([one for one in rows if (one.row.left_at is not None) == left] for left in (False, True))
    return render_template("supervisor/people.html", here=here, gone=gone)


@bp.get("/people/new")
@staff_only(Role.SUPERVISOR)
def new_person() -> Any:
    return _page(PersonForm(formdata=None, stops_a_day="14", minutes_a_day="420"))


@bp.post("/people/new")
@staff_only(Role.SUPERVISOR)
def add_person() -> Any:
    form = PersonForm()
    if not form.validate({"password": [will_do]}):
        return _page(form, code=422)
    try:
        _prove("own", form.own.data)
        made = add_staff(**form.facts, password=form.password.data or "", by=by(), now=now_local())
    except CannotSave as no:
        return _page(form, code=422, no=no)
    flash(_("%(name)s can sign in now, with that address and password.", name=made.name))
    return go(url_for("supervisor.person", id=made.id))


@bp.get("/people/<int:id>")
@staff_only(Role.SUPERVISOR)
def person(id: int) -> Any:
    row = _person(id)
    return _page(_opened(row), row)


@bp.post("/people/<int:id>")
@staff_only(Role.SUPERVISOR)
def change_person(id: int) -> Any:
    row, form = _person(id), PersonForm()
    if not form.validate():
        return _page(form, row, code=422)
    try:
        if (form.facts["role"], form.facts["email"]) != (row.role, row.email):
            _prove("own", form.own.data)
        change_staff(row, form.facts, version=form.version.data, today=today(), by=by(), now=now_local())
    except CannotSave as no:
        return refused(_page, form, row, no, lambda: person_facts(_person(id)))
    flash(_("Saved."))
    return go(url_for("supervisor.person", id=id))


@bp.post("/people/<int:id>/leave")
@staff_only(Role.SUPERVISOR)
def person_leaves(id: int) -> Any:
    row = _person(id)
    try:
        stops = leave(row, desk=desk(), by=by(), now=now_local())
    except CannotSave as no:
        return _page(_opened(row), row, code=409, no=no)
    back = ngettext("%(num)s stop is back in the queue.", "%(num)s stops are back in the queue.", stops)
    said = _("%(name)s has left and is signed out.", name=row.name)
    queue = url_for("staff.queue", inspector="none")
    flash(Markup('{} <a href="{}">{}</a>').format(said, queue, back) if stops else said)
    return go(url_for("supervisor.person", id=id))


@bp.post("/people/<int:id>/back")
@staff_only(Role.SUPERVISOR)
def person_is_back(id: int) -> Any:
    row = _person(id)
    try:
        come_back(row, by=by(), now=now_local())
    except CannotSave as no:
        return _page(_opened(row), row, code=409, no=no)
    flash(_("%(name)s can sign in again.", name=row.name))
    return go(url_for("supervisor.person", id=id))


@bp.post("/people/<int:id>/password")
@staff_only(Role.SUPERVISOR)
def new_password(id: int) -> Any:
    row, form = _person(id), NewPasswordForm()
    try:
        _prove("proof", form.proof.data)
        set_password(row, form.password.data or "", by=by(), now=now_local())
    except CannotSave as no:
        return _page(_opened(row), row, code=422, no=no)
    flash(_("The new password holds. %(name)s is signed out everywhere.", name=row.name))
    return go(url_for("supervisor.person", id=id))


@bp.post("/people/<int:id>/sign-out")
@staff_only(Role.SUPERVISOR)
def sign_person_out(id: int) -> Any:
    row = _person(id)
    sign_out_everywhere(row, by=by(), now=now_local())
    flash(_("%(name)s is signed out everywhere.", name=row.name))
    return go(url_for("supervisor.person", id=id))


def _person(id: int) -> Staff:
    known = Staff.get_or_none(Staff.id == id) if id < 2**31 else None
    return known or abort(404)


def _prove(name: str, typed: str | None) -> None:
    """Who can sign in, and as what, is changed by who knows the own password. Raises CannotSave at the field."""
    if not typed:
        raise CannotSave(name, Reason(N_("Type the password you have now.")))
    try:
        know_own_password(typed)
    except WrongPin:
        raise CannotSave(name, Reason(N_("That is not your password."))) from None
    except HasToWait as wait:
        raise CannotSave(name, wait.reason) from None


def _opened(row: Staff) -> PersonForm:
    facts = person_facts(row)
    numbers = {name: str(facts[name]) for name in ("stops_a_day", "minutes_a_day")}
    return PersonForm(formdata=None, version=opened_with(facts), **{**facts, **numbers})


def _page(form: PersonForm, row: Staff | None = None, *, code: int = 200, no: CannotSave | None = None) -> Any:
    lines, older = changes_of({"staff": [row.id]}, before=before(), but=["order_stops"]) if row else ([], None)
    page = render_template(
        "supervisor/person.html",
        form=form,
        row=row,
        is_me=row is not None and row.id == current_user.row.id,
        errors=errors_of(form, no),
        roles=list(Role),
        trades=list(Trade),
        stops=open_stops(row.id) if row else [],
        lines=lines_shown(lines),
        older=url_for("supervisor.person", id=row.id, before=older) if row and older else None,
    )
    return page, code
