"""Requesting inspections on a permit: the form, its checks in place, Add Inspection and Submit."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.access import contractor_only, owes_pin, permit_for
from tracker.actions import requests as actions
from tracker.actions.requests import Contact, Problems, Wish, wish_problems
from tracker.forms.requests import RequestForm
from tracker.htmx import go, show
from tracker.models import Request
from tracker.queries.permits import requested_in
from tracker.rules.contact import caller_problem
from tracker.saying import language, say
from tracker.views.contractor import bp
from tracker.views.contractor.request_steps import BookingPage, take_step
from tracker.views.contractor.shown import Shown, day_and_half, permit_shown
from tracker.views.here import by, now_local


@bp.get("/permits/<path:number>/request")
@contractor_only
def request_inspections(number: str) -> Any:
    page = _page(number)
    return render_template("contractor/request.html", **page.context(page.opened())), 409 if page.trouble else 200


@bp.post("/permits/<path:number>/request")
@contractor_only
def send_request(number: str) -> Any:
    return take_step(_page(number))


@bp.post("/permits/<path:number>/request/check/<field>")
@contractor_only
def check_field(number: str, field: str) -> str:
    """What is wrong with one field, or nothing; the answer is the words beside the field."""
    page, form = _page(number), RequestForm()
    if field not in (*RequestForm.CONTACT, "remarks"):
        abort(404)
    form[field].validate(form)
    problem = form[field].errors[0] if form[field].errors else ""
    if field == "remarks" and not problem:
        chosen = page.type(form.inspection_type.data)
        if chosen and chosen.needs_caller:
            problem = say(caller_problem(form.remarks.data))
    return render_template("contractor/_check.html", problem=problem)


@bp.post("/permits/<path:number>/request/about")
@contractor_only
def about_type(number: str) -> str:
    """The note of the chosen type, and the days it can have."""
    page = _page(number)
    return render_template("contractor/_about_type.html", **page.context(RequestForm()))


class OnlinePage(BookingPage):
    """The request page of a signed-in company."""

    def problems(self, wishes: Sequence[Wish]) -> Problems:
        return wish_problems(self.permit, self.contractor, wishes, desk=self.desk, now=now_local())

    def book(self, wishes: Sequence[Wish], contact: Contact, key: str) -> Request:
        at: dict[str, Any] = {"desk": self.desk, "by": by(), "now": now_local(), "language": language()}
        return actions.request_inspections(self.permit, self.contractor, wishes, contact=contact, key=key, **at)

    def booked(self, made: Request) -> Response:
        rows = requested_in(made)
        words = {"number": made.id, "email": made.email, "count": len(rows), "when": day_and_half(rows[0])}
        if len(rows) == 1:
            flash(_("Requested for %(when)s. No. %(number)s. The confirmation goes to %(email)s.", **words))
        else:
            flash(_("%(count)s inspections requested. No. %(number)s. The confirmation goes to %(email)s.", **words))
        return go(url_for("contractor.dashboard"))

    def booked_before(self, there: Request, form: RequestForm) -> Response:
        booked = [Shown(row) for row in requested_in(there)]
        about = {"permit": permit_shown(self.permit), "request_id": there.id, "booked": booked}
        return show("contractor/booked.html", "contractor/_booked.html", 409, **about)


def _page(number: str) -> OnlinePage:
    return OnlinePage.of(permit_for(current_user, number), current_user.row)


def given_back(number: str, typed: MultiDict, words: str) -> Response:
    """The form as it was typed, with a fresh token; nothing was sent. No guard has stood before it."""
    page = _page(number)
    if owes_pin(current_user):
        return go(url_for("contractor.own_pin", next=url_for("contractor.request_inspections", number=number)))
    page.trouble = page.trouble or words
    return page.answer(RequestForm(formdata=typed), 409)


def keep_typing(number: str) -> Response:
    """The answer to a form on a page that was too old to be believed."""
    return given_back(
        number, request.form, _("This page was open for too long. Nothing was sent: look it over and press Submit.")
    )


send_request.keep_typing = keep_typing  # type: ignore[attr-defined]
