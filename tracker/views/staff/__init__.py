"""The staff's pages."""

from flask import Blueprint

bp = Blueprint("staff", __name__, url_prefix="/staff")

from tracker.views.staff import (  # noqa: E402
    by_hand,  # noqa: F401
    day,  # noqa: F401
    mail,  # noqa: F401
    me,  # noqa: F401
    not_applicable,  # noqa: F401
    permits,  # noqa: F401
    phone_request,  # noqa: F401
    plan,  # noqa: F401
    queue,  # noqa: F401
    records,  # noqa: F401
    result,  # noqa: F401
    sign_in,  # noqa: F401
    telephone,  # noqa: F401
)
