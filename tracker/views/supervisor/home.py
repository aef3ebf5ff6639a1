"""The way to every page of the supervisor's."""

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from tracker.access import staff_only
from tracker.rules.words import Role
from tracker.views.supervisor import bp

# endpoint, name, what it is for
PAGES = (
    ("supervisor.reports", _l("Reports"), _l("Requests, results, days to the inspection, age of what is open.")),
    ("supervisor.capacity", _l("Places"), _l("How many inspections a day takes, by weekday and trade.")),
    ("supervisor.days_off_page", _l("Days off"), _l("Federal holidays, and days the city closes.")),
    ("supervisor.people", _l("Staff"), _l("Who works here, what they inspect, passwords.")),
    ("supervisor.types", _l("Inspection types"), _l("What there is, what comes first, corrections to pick from.")),
    ("supervisor.permit_types", _l("Permit types"), _l("Which inspections a permit lists.")),
    ("supervisor.spellings", _l("Spellings"), _l("Companies with names alike: one, or two?")),
    ("supervisor.fees", _l("Fees"), _l("Re-inspection fees: due, paid, waived.")),
    ("supervisor.changes", _l("Record of changes"), _l("Who did what, and when.")),
    ("staff.mail", _l("Mail"), _l("What waits, what was sent, what could not be delivered.")),
)


@bp.get("/city")
@staff_only(Role.SUPERVISOR)
def home() -> str:
    return render_template("supervisor/home.html", pages=[(url_for(to), name, about) for to, name, about in PAGES])
