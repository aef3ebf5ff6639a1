"""The mail that waits, was sent or could not be delivered, and is sent again."""

from typing import Any

from flask import abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.mail import send_again, send_all_again
from tracker.actions.opened import CannotSave
from tracker.htmx import go
from tracker.models import Mail
from tracker.queries.mail import STATES, mail_counts, mail_shown, mails
from tracker.queries.records import changes_of
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import before, by, now_local
from tracker.views.staff import bp
from tracker.views.staff.queue_page import DESK
from tracker.views.staff.record_words import lines_shown


@bp.get("/mail")
@staff_only(*DESK)
def mail() -> str:
    asked = request.args.get("state", "")
    state = asked if asked in STATES else ""
    rows, more = mails(state, before=before())
    return render_template(
        "staff/mail.html",
        mails=rows,
        more=url_for("staff.mail", state=state or None, before=more) if more else None,
        state=state,
        counts=mail_counts(),
        has_server=_has_server(),
        is_supervisor=current_user.role == Role.SUPERVISOR,
    )


@bp.get("/mail/<int:id>")
@staff_only(*DESK)
def one_mail(id: int) -> Any:
    return _mail_page(id)


@bp.post("/mail/<int:id>/again")
@staff_only(Role.SUPERVISOR)
def one_mail_again(id: int) -> Any:
    found = (Mail.get_or_none(Mail.id == id) if id < 2**31 else None) or abort(404)
    try:
        send_again(found, by=by(), now=now_local())
    except CannotSave as no:
        return _mail_page(id, say(no.reason)), 409
    flash(_("It goes out with the next round of the mail worker.") if _has_server() else _waits())
    return go(url_for("staff.one_mail", id=id))


@bp.post("/mail/again")
@staff_only(Role.SUPERVISOR)
def all_mail_again() -> Any:
    count = send_all_again(by=by(), now=now_local())
    if not count:
        flash(_("Nothing is undelivered any more."))
    elif _has_server():
        flash(ngettext("%(num)s mail goes out again.", "%(num)s mails go out again.", count))
    else:
        flash(_waits())
    return go(url_for("staff.mail"))


def _has_server() -> bool:
    return bool(current_app.config["MAIL_SERVER"])


def _waits() -> str:
    return f"{_('No mail server is set.')} {_('Mail waits here and goes out once MAIL_SERVER is set.')}"


def _mail_page(id: int, problem: str = "") -> str:
    found = mail_shown(id) or abort(404)
    lines, older = changes_of({"mail": [found.id]}, before=before())
    return render_template(
        "staff/one_mail.html",
        mail=found,
        problem=problem,
        lines=lines_shown(lines),
        older=url_for("staff.one_mail", id=id, before=older) if older else None,
        is_supervisor=current_user.role == Role.SUPERVISOR,
    )
