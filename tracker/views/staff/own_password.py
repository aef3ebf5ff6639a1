"""One's own password, typed again before what counts for signing in changes: a phone left lying is not enough."""

from flask import current_app
from flask_login import current_user

from tracker import clock
from tracker.actions.accounts import at_the_door, sign_in_staff
from tracker.views.here import network_address
from tracker.views.sessions import device


def know_own_password(typed: str) -> None:
    """Counted like a sign-in: an open phone is no way to try passwords. Raises WrongPin, HasToWait."""
    phone, asker = current_app.config["CITY_PHONE"], {"address": network_address(), "device": device()}
    with at_the_door():
        sign_in_staff(current_user.email, typed, **asker, phone=phone, now=clock.now())
