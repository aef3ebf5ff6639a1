"""The staff's pages."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")

from tracker.views.staff import day, mail, permits, plan, queue, sign_in  # noqa: E402, F401
