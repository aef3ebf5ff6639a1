"""One's own page: the password, and the way out of every device."""

from typing import Any

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.accounts import WrongPin
from tracker.actions.opened import CannotSave
from tracker.actions.staff import set_password, sign_out_everywhere
from tracker.actions.tries import HasToWait
from tracker.forms.people import OwnPasswordForm
from tracker.htmx import go
from tracker.rules.reasons import N_, Reason
from tracker.saying import say
from tracker.views.here import by, now_local
from tracker.views.sessions import sign_out_here, stay_signed_in
from tracker.views.staff import bp
from tracker.views.staff.own_password import know_own_password


@bp.get("/me")
@staff_only()
def me() -> Any:
    return _page({})


@bp.post("/me/password")
@staff_only()
def change_own_password() -> Any:
    """Every other device is signed out; this one stays in, with a session of its own."""
    form = OwnPasswordForm()
    if not form.validate():
        return _page({name: str(said[0]) for name, said in form.errors.items()}, 422)
    try:
        know_own_password(form.old.data)
        changed = set_password(current_user.row, form.password.data or "", by=by(), now=now_local())
    except WrongPin:
        return _page({"old": say(Reason(N_("That is not your password.")))}, 422)
    except HasToWait as wait:
        return _page({"": say(wait.reason)}, wait.code)
    except CannotSave as no:
        return _page({no.field: say(no.reason)}, 422)
    stay_signed_in(changed)
    flash(_("Your new password holds. Your other devices are signed out."))
    return go(url_for("staff.me"))


@bp.post("/me/sign-out")
@staff_only()
def sign_me_out_everywhere() -> Any:
    """This device too."""
    sign_out_everywhere(current_user.row, by=by(), now=now_local())
    sign_out_here()
    flash(_("You are signed out everywhere."))
    return go(url_for("staff.sign_in"))


def _page(errors: dict[str, str], code: int = 200) -> Any:
    return render_template("staff/me.html", errors=errors), code
