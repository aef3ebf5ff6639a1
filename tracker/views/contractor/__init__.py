"""The contractor's pages."""

from flask import Blueprint

bp = Blueprint("contractor", __name__)

from tracker.views.contractor import (  # noqa: E402, F401
    dashboard,
    inspections,
    people,
    permits,
    profile,
    requests,
    sign_in,
)
