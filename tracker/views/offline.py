"""Dead zones: the worker that keeps pages and forms on the phone, and what it asks of the city."""

import hashlib
import hmac
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, session
from flask_login import current_user

from tracker.access import owes_pin, public
from tracker.csrf import masked_token
from tracker.htmx import is_swap
from tracker.static_files import slim_script

bp = Blueprint("offline", __name__)

WORKER_POLICY = "default-src 'none'; connect-src 'self'"
WORKER_LASTS = 3600  # seconds a browser goes by the worker it has, without asking
PATIENCE = 12  # seconds without an answer that count as no signal: less than those of a swap in base.html


@bp.get("/sw.js")
@public
def worker() -> Response:
    """The service worker; a new one whenever it or a static file is another, noticed within the hour."""
    script = slim_script(render_template("sw.js", patience=PATIENCE))
    answer = Response(script, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = f"max-age={WORKER_LASTS}"
    answer.headers["Content-Security-Policy"] = WORKER_POLICY
    # Asked for again, an unchanged one costs a header.
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:16], weak=True)
    answer.make_conditional(request)
    return answer


@bp.get("/offline")
@public
def page() -> str:
    """Stands in for a page that was never opened on this phone. In the company's language, otherwise nobody's page."""
    assert current_user.is_anonymous is not None  # looked up, so that the language is theirs
    return render_template("contractor/offline.html")


@bp.get("/offline/token")
@public
def token() -> Any:
    """Who is signed in now, and a fresh token for what was kept; 401 for nobody, or who owes a PIN of their own."""
    if not current_user.is_authenticated or (not current_user.is_staff and owes_pin(current_user)):
        return jsonify(account=None), 401
    return jsonify(account=account_key(), token=masked_token())


@bp.app_template_global()
def account_key() -> str:
    """Names the account that is signed in to its own phones, the same in each session and known to nobody else.

    It goes with every form that may be kept. A strange page cannot know it, and so cannot have a form of its own
    kept and sent with a fresh token.
    """
    kind = "staff" if current_user.is_staff else "contractor"
    secret = current_app.config["SECRET_KEY"].encode()
    return hmac.new(secret, f"offline {kind}:{current_user.row.id}".encode(), hashlib.sha256).hexdigest()[:24]


@bp.after_app_request
def name_the_account(answer: Response) -> Response:
    """Say whose page this is, or that it is nobody's; asks the database nothing of its own."""
    if request.headers.get("X-Purpose") == "keep":
        # Fetched beside what the person does: it must neither take a message away nor bring back an old session.
        session.modified = False
    user = g.get("_login_user")
    if user is not None and request.method == "GET" and answer.mimetype == "text/html" and not is_swap():
        answer.headers["X-Account"] = account_key() if user.is_authenticated else "none"
    return answer
