"""Requesting inspections on a permit: the form, its checks in place, Add Inspection and Submit."""

import secrets
from datetime import date
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.access import contractor_only, permit_for
from tracker.actions import requests as actions
from tracker.actions.requests import AlreadyRequested, Contact, NotPossible, Wish, wish_problems
from tracker.forms.requests import MOST_LISTED, RequestForm
from tracker.htmx import go, show
from tracker.models import Permit, Request
from tracker.queries.permits import record_of, requested_in
from tracker.rules.contact import caller_problem
from tracker.saying import language, say
from tracker.views.contractor import bp
from tracker.views.contractor.request_page import RequestPage
from tracker.views.contractor.shown import Shown, day_and_half, permit_shown
from tracker.views.here import by, now_local


@bp.get("/permits/<path:number>/request")
@contractor_only
def request_inspections(number: str) -> Any:
    page = RequestPage.of(permit_for(current_user, number), current_user.row)
    return render_template("contractor/request.html", **page.context(page.opened())), 409 if page.trouble else 200


@bp.post("/permits/<path:number>/request")
@contractor_only
def send_request(number: str) -> Any:
    page, form = RequestPage.of(permit_for(current_user, number), current_user.row), RequestForm()
    action = request.form.get("action", "submit")
    if page.trouble:
        return _answer(page, form, 409)
    if action.startswith("remove-"):
        return _answer(page, form.without(action.removeprefix("remove-")))
    if action == "add":
        return _add(page, form)
    return _submit(page, form)


@bp.post("/permits/<path:number>/request/check/<field>")
@contractor_only
def check_field(number: str, field: str) -> str:
    """What is wrong with one field, or nothing; the answer is the words beside the field."""
    page, form = RequestPage.of(permit_for(current_user, number), current_user.row), RequestForm()
    if field not in (*RequestForm.CONTACT, "remarks"):
        abort(404)
    form[field].validate(form)
    problem = form[field].errors[0] if form[field].errors else ""
    chosen = page.type(form.inspection_type.data)
    if field == "remarks" and not problem and chosen and chosen.needs_caller:
        problem = say(caller_problem(form.remarks.data))
    return render_template("contractor/_check.html", problem=problem)


@bp.post("/permits/<path:number>/request/about")
@contractor_only
def about_type(number: str) -> str:
    """The note of the chosen type, and the days it can have."""
    page = RequestPage.of(permit_for(current_user, number), current_user.row)
    return render_template("contractor/_about_type.html", **page.context(RequestForm()))


def _add(page: RequestPage, form: RequestForm) -> Response:
    listed = len(form.listed)
    page.check_shape(form, contact=False, one_more=True)
    wishes = wishes_of(form, one_more=True)
    problems = wish_problems(page.permit, current_user.row, wishes, desk=page.desk, now=now_local())
    page.note([problem for problem in problems if problem[0] in (None, listed)], listed)
    if listed >= MOST_LISTED:
        page.errors["inspection_type"] = _("The list is full. Submit it, then start another.")
    if page.has_problems:
        return _answer(page, form, 422)
    item = {name: form[name].data for name in RequestForm.INSPECTION}
    return _answer(page, form.with_list([*form.listed, item], inspection_type="", remarks=""))


def _submit(page: RequestPage, form: RequestForm) -> Response:
    listed, wishes = len(form.listed), wishes_of(form)
    page.check_shape(form, contact=True, one_more=form.has_one_more)
    if not form.key.data or form.key.errors:
        form.key.data = secrets.token_hex(16)
    if page.has_problems:
        page.note(wish_problems(page.permit, current_user.row, wishes, desk=page.desk, now=now_local()), listed)
        return _answer(page, form, 422)
    try:
        made = actions.request_inspections(
            page.permit,
            current_user.row,
            wishes,
            contact=Contact(**{name: form[name].data for name in RequestForm.CONTACT}),
            key=form.key.data,
            desk=page.desk,
            by=by(),
            now=now_local(),
            language=language(),
        )
    except NotPossible as no:
        page.record = record_of(page.permit, current_user.row, page.desk.types)
        page.note(no.problems, listed)
        return _answer(page, form, 422)
    except AlreadyRequested as there:
        return _booked(page.permit, there.request)
    _confirm(made)
    return go(url_for("contractor.dashboard"))


def wishes_of(form: RequestForm, *, one_more: bool = False) -> list[Wish]:
    """What the form asks for: the list, and the inspection filled in beside it, with `one_more` in any case."""
    entries = [entry.form for entry in form.inspections] + ([form] if one_more or form.has_one_more else [])
    return [
        Wish(one.inspection_type.data, one.day or date.min, one.time_frame.data, one.remarks.data) for one in entries
    ]


def _confirm(made: Request) -> None:
    rows = requested_in(made)
    words = {"number": made.id, "email": made.email, "count": len(rows), "when": day_and_half(rows[0])}
    if len(rows) == 1:
        flash(_("Requested for %(when)s. No. %(number)s. The confirmation goes to %(email)s.", **words))
    else:
        flash(_("%(count)s inspections requested. No. %(number)s. The confirmation goes to %(email)s.", **words))


def _booked(permit: Permit, made: Request) -> Response:
    context = {
        "permit": permit_shown(permit),
        "request_id": made.id,
        "booked": [Shown(row) for row in requested_in(made)],
    }
    return show("contractor/booked.html", "contractor/_booked.html", 409, **context)


def _answer(page: RequestPage, form: RequestForm, code: int = 200) -> Response:
    return show("contractor/request.html", "contractor/_request_form.html", code, **page.context(form))


def given_back(number: str, typed: MultiDict, words: str) -> Response:
    """The form as it was typed, with a fresh token; nothing was sent."""
    page = RequestPage.of(permit_for(current_user, number), current_user.row)
    page.trouble = page.trouble or words
    return _answer(page, RequestForm(formdata=typed), 409)


def keep_typing(number: str) -> Response:
    """The answer to a form on a page that was too old to be believed."""
    return given_back(
        number, request.form, _("This page was open for too long. Nothing was sent: look it over and press Submit.")
    )


send_request.keep_typing = keep_typing  # type: ignore[attr-defined]
