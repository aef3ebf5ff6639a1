"""The staff's own sign-in, by e-mail address and password."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.access import StaffSignedOut, public, staff_only
from tracker.actions.accounts import WrongPin, at_the_door, sign_in_staff
from tracker.actions.tries import HasToWait
from tracker.forms.sign_in import StaffSignInForm
from tracker.htmx import go, is_swap
from tracker.rules.reasons import N_, Reason
from tracker.saying import say
from tracker.views.here import network_address, own_page, safe_next
from tracker.views.sessions import device, sign_in_here, sign_out_here
from tracker.views.staff import bp
from tracker.views.staff.keeping import give_back, keep


@bp.get("")
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return go(own_page(current_user))
    asked = {name: request.args[name] for name in ("email", "next") if name in request.args}
    return _page(StaffSignInForm(MultiDict(asked)))


@bp.post("")
@public
def sign_in_now() -> Any:
    form = StaffSignInForm()
    asker = {"address": network_address(), "device": device(), "phone": current_app.config["CITY_PHONE"]}
    try:
        with at_the_door():
            person = sign_in_staff(form.email.data, form.password.data or "", **asker, now=clock.now())
            sign_in_here(person, remember=form.remember.data)
    except WrongPin:
        return _page(form, 422, say(Reason(N_("E-mail and password do not match."))))
    except HasToWait as wait:
        answer = _page(form, wait.code, say(wait.reason))
        answer.headers["Retry-After"] = str(wait.seconds)
        return answer
    if form.kept.data and (answer := give_back(form.kept.data)):
        return answer
    return go(safe_next(form.next.data) or url_for("staff.home"))


@bp.app_errorhandler(StaffSignedOut)
def signed_out(_error: StaffSignedOut) -> Any:
    """Sign in first; what was typed travels along and is given back."""
    if is_swap():
        return "", 401  # the page stays as it is and says what to do
    words = say(Reason(N_("You were signed out meanwhile. Sign in: what you typed is kept.")))
    return _page(StaffSignInForm(formdata=None, kept=keep()), 401, words)


@bp.post("/sign-out")
@staff_only()
def sign_out() -> Any:
    sign_out_here()
    return go(url_for("staff.sign_in"))


def _page(form: StaffSignInForm, code: int = 200, problem: str = "") -> Response:
    page = render_template(
        "staff/sign_in.html",
        email=form.email.data,
        remember=form.remember.data,
        next=safe_next(form.next.data) or "",
        kept=form.kept.data or "",
        problem=problem,
    )
    return make_response(page, code)
