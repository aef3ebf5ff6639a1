"""The people of a company: who they are, and which mails each of them gets."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock
from tracker.access import contractor_only, person_for
from tracker.actions import people as actions
from tracker.actions.desk import letterhead_of
from tracker.actions.opened import CannotSave, opened_with
from tracker.forms.profile import PersonForm
from tracker.htmx import go
from tracker.models import Person
from tracker.rules.words import Wants
from tracker.saying import say
from tracker.views.contractor import bp
from tracker.views.contractor.profile import overtaken, problems_of
from tracker.views.here import by


@bp.get("/profile/people/new")
@contractor_only
def new_person() -> Any:
    return _page(PersonForm(formdata=None, wants=Wants.OWN))


@bp.post("/profile/people/new")
@contractor_only
def add_person() -> Any:
    form = PersonForm()
    if errors := problems_of(form):
        return _page(form, errors, 422)
    try:
        letterhead = letterhead_of(current_app.config)
        person = actions.add_person(current_user.row, form.facts, letterhead=letterhead, by=by(), now=clock.now())
    except CannotSave as no:
        return _page(form, {no.field: say(no.reason)}, 422)
    flash(_("Added: %(name)s.", name=person.name))
    return go(url_for("contractor.profile"))


@bp.get("/profile/people/<int:person>")
@contractor_only
def person(person: int) -> Any:
    found = person_for(current_user, person)
    facts = actions.facts_of(found)
    return _page(PersonForm(formdata=None, version=opened_with(facts), **facts), person=found)


@bp.post("/profile/people/<int:person>")
@contractor_only
def change_person(person: int) -> Any:
    found, form = person_for(current_user, person), PersonForm()
    if errors := problems_of(form):
        return _page(form, errors, 422, found)
    try:
        seen = {"version": form.version.data, "letterhead": letterhead_of(current_app.config)}
        actions.change_person(found, form.facts, **seen, by=by(), now=clock.now())
    except CannotSave as no:
        errors, there = {no.field: say(no.reason)}, Person.get_or_none(Person.id == person)
        if not no.field and there:
            errors |= overtaken(form, actions.facts_of(there))
        return _page(form, errors, 422 if no.field else 409, found)
    flash(_("Saved: %(name)s.", name=form.name.data))
    return go(url_for("contractor.profile"))


@bp.post("/profile/people/<int:person>/remove")
@contractor_only
def remove_person(person: int) -> Any:
    found = person_for(current_user, person)
    try:
        actions.remove_person(found, by=by(), now=clock.now())
    except CannotSave as no:
        facts = actions.facts_of(found)
        form = PersonForm(formdata=None, version=opened_with(facts), **facts)
        return _page(form, {no.field: say(no.reason)}, 409, found)
    flash(_("Removed: %(name)s. To undo it, add the person again.", name=found.name))
    return go(url_for("contractor.profile"))


def _page(
    form: PersonForm, errors: Mapping[str, str] | None = None, code: int = 200, person: Person | None = None
) -> Any:
    return render_template("contractor/person.html", form=form, errors=errors or {}, person=person), code
