"""The supervisor's pages: what the city decides, who works for it, and what came of it."""

from flask import Blueprint

bp = Blueprint("supervisor", __name__, url_prefix="/staff")

from tracker.views.supervisor import (  # noqa: E402
    capacity,  # noqa: F401
    changes,  # noqa: F401
    companies,  # noqa: F401
    days_off,  # noqa: F401
    fees,  # noqa: F401
    home,  # noqa: F401
    inspection_types,  # noqa: F401
    people,  # noqa: F401
    permit_types,  # noqa: F401
    reports,  # noqa: F401
    spellings,  # noqa: F401
)
