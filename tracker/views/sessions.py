"""Signing in and out, as the browser and the database are told of it: the cookies here, the session's row there."""

from typing import Any

from flask import after_this_request, current_app, request, session
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, Signer

from tracker import clock
from tracker.access import Account
from tracker.actions.desk import letterhead_of
from tracker.actions.sign_ins import begin_session, end_session, new_device
from tracker.models import Contractor, Staff
from tracker.rules.devices import device_name
from tracker.views.here import by

DEVICE_COOKIE_SECONDS = 400 * 86_400  # as long as browsers keep any


def device() -> str:
    """What this browser was told to be known by when somebody first signed in; "" for none, or a forged one."""
    try:
        return _signer().unsign(request.cookies.get(current_app.config["DEVICE_COOKIE_NAME"], "")).decode()
    except (BadSignature, UnicodeError):
        return ""


def sign_in_here(row: Contractor | Staff, *, remember: bool) -> None:
    """A new session; the one that was open in this browser, be it another's, is over, and so is its Remember Me."""
    sign_out_here()
    session.permanent = remember
    _begin(row, remember=remember)


def stay_signed_in(row: Contractor | Staff) -> None:
    """The session goes on, under another name, after all of the account's were ended; remembered if it was.

    It is not cleared: a form that is open in another window can still be sent.
    """
    _begin(row, remember=current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies)


def sign_out_here() -> None:
    """What was in the cookies opens nothing any more, wherever it was copied to."""
    if current_user.is_authenticated:
        end_session(current_user.session)
    session.clear()
    logout_user()  # after it: leaves word in the session that the cookie of Remember Me goes too


def _begin(row: Contractor | Staff, *, remember: bool) -> None:
    known_by = device() or new_device()
    name = begin_session(
        row,
        device=known_by,
        named=device_name(request.user_agent.string),
        letterhead=letterhead_of(current_app.config),
        by=by(Account(row)),
        now=clock.now(),
    )
    login_user(Account(row, name), remember=remember)
    after_this_request(lambda answer: _keep(known_by, answer))


def _keep(known_by: str, answer: Any) -> Any:
    answer.set_cookie(
        current_app.config["DEVICE_COOKIE_NAME"],
        _signer().sign(known_by).decode(),
        max_age=DEVICE_COOKIE_SECONDS,
        secure=current_app.config["COOKIES_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="device")
