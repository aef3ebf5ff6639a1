"""The contractor's pages."""

from flask import Blueprint

bp = Blueprint("contractor", __name__)

from tracker.views.contractor import dashboard, inspections, permits, requests, sign_in  # noqa: E402, F401
