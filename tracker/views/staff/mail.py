"""The mail that waits, was sent or could not be delivered."""

from flask import abort, current_app, render_template, request

from tracker.access import staff_only
from tracker.models import Mail
from tracker.queries.mail import mails
from tracker.rules.words import Role
from tracker.views.staff import bp


@bp.get("/mail")
@staff_only(Role.SUPERVISOR, Role.TECHNICIAN)
def mail() -> str:
    before = request.args.get("before", type=int)
    rows, more = mails(before=before)
    return render_template("staff/mail.html", mails=rows, more=more, has_server=bool(current_app.config["MAIL_SERVER"]))


@bp.get("/mail/<int:id>")
@staff_only(Role.SUPERVISOR, Role.TECHNICIAN)
def one_mail(id: int) -> str:
    found = Mail.get_or_none(Mail.id == min(id, 2**31 - 1)) or abort(404)
    return render_template("staff/one_mail.html", mail=found)
