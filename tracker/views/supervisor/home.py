"""The way to every page of the supervisor's."""

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from tracker.access import staff_only
from tracker.rules.words import Role
from tracker.views.supervisor import bp

# endpoint, name, what it is for
PAGES = (("staff.mail", _l("Mail"), _l("What waits, what was sent, what could not be delivered.")),)


@bp.get("/city")
@staff_only(Role.SUPERVISOR)
def home() -> str:
    return render_template("supervisor/home.html", pages=[(url_for(to), name, about) for to, name, about in PAGES])
