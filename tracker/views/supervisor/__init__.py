"""The supervisor's pages: what the city decides, who works for it, and what came of it."""

from flask import Blueprint

bp = Blueprint("supervisor", __name__, url_prefix="/staff")

from tracker.views.supervisor import (  # noqa: E402
    home,  # noqa: F401
)
