"""The staff's pages."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")

from tracker.views.staff import mail, sign_in  # noqa: E402, F401
