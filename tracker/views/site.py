"""Health, errors, the language, and pages compressed."""

import gzip
import logging
from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from peewee import OperationalError, PeeweeException
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from tracker import clock, db, headers, outbox
from tracker.access import SignedOut, StaffSignedOut, public
from tracker.csrf import SentFromElsewhere
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.views.here import safe_next

bp = Blueprint("site", __name__)
log = logging.getLogger("tracker")

WORTH_COMPRESSING = 500  # bytes


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers; no database is touched."""
    return Response("ok\n", content_type="text/plain")


@bp.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """Whether the database answers, its schema is this program's, and how old the oldest unsent mail is (seconds)."""
    try:
        schema = db.standing()
        stands = {"database": "ok", "migrations_pending": schema.missing, "migrations_unknown": schema.unknown}
        if schema.problem:  # what is asked next may not be there yet, or not any more
            return jsonify(stands | {"problem": schema.problem}), 503
        mail = outbox.waiting(now=clock.now())
    except PeeweeException:
        return jsonify(database="no answer"), 503
    oldest = int(mail.oldest.total_seconds()) if mail.oldest else 0
    return jsonify(stands | {"mail_waiting": mail.count, "oldest_mail_seconds": oldest}), 200


@bp.post("/language")
@public
def choose_language() -> Response:
    """The language of this browser's pages; that of a company's mails is chosen on its profile."""
    chosen = one_line(request.form.get("language"))
    if chosen in current_app.config["LANGUAGES"]:
        session["language"] = chosen
    return go(safe_next(request.form.get("next")) or url_for("contractor.sign_in"))


def bind(app: Flask) -> None:
    """Errors as plain pages, headers of trust and compression for every answer."""
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_down)
    app.register_error_handler(ParseException, broken_off)
    app.register_error_handler(Exception, unexpected)
    app.wsgi_app = with_a_host(app.wsgi_app)  # type: ignore[method-assign]
    app.after_request(headers.for_pages)
    app.after_request(compress)
    app.jinja_env.globals["is_signed_in"] = is_signed_in


def with_a_host(wsgi: Any) -> Any:
    """Refuse a Host header that is no name of a machine, before the routes stumble over it."""

    def guarded(asked: dict[str, Any], start: Any) -> Any:
        if not is_name(asked.get("HTTP_HOST", "")):
            start("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"That is no address of this site.\n"]
        return wsgi(asked, start)

    return guarded


@lru_cache(maxsize=256)
def is_name(host: str) -> bool:
    """Whether a machine may be called so; nothing at all may be said, too."""
    try:
        host.encode("idna").decode("idna")
    except UnicodeError:
        return False
    return True


def is_signed_in() -> bool:
    """Whether somebody is signed in; no answer of the database is nobody."""
    try:
        return bool(current_user and current_user.is_authenticated)
    except PeeweeException:
        return False


def http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    answer = error_page(error.code)
    if isinstance(error, MethodNotAllowed):
        answer.allow.update(error.valid_methods or ())
    return answer


def stale_form(error: CSRFError) -> Any:
    """The form is older than the session, or not ours. What was typed into a request is given back, if by its page."""
    if isinstance(error, SentFromElsewhere):
        return error_page(
            403, _("That was sent from another site."), _("Nothing was changed. Open the page here and send it again.")
        )
    keep = getattr(current_app.view_functions.get(request.endpoint or ""), "keep_typing", None)
    try:
        # No guard has stood before the view yet.
        for_this_one = is_signed_in() and current_user.is_staff == getattr(keep, "is_staffs", False)
        if keep and for_this_one and (answer := keep(**(request.view_args or {}))):
            return answer
    except HTTPException as no:
        return http_error(no)
    if keep and not is_signed_in():
        return current_app.handle_user_exception(StaffSignedOut() if hasattr(keep, "is_staffs") else SignedOut())
    return error_page(
        400, _("This page was open for too long."), _("Go back, load the page again and send it once more.")
    )


def database_down(error: OperationalError) -> Any:
    log.exception("database")
    answer = error_page(503)
    answer.headers["Retry-After"] = "60"  # "Wait a minute", for programs
    return answer


def broken_off(error: Exception) -> Any:
    """The request did not arrive whole: the connection stalled, or it is no HTTP."""
    return error_page(400)


def unexpected(error: Exception) -> Any:
    log.exception("unexpected")
    return error_page(500)


def error_page(code: int, title: str = "", way: str = "") -> Response:
    words = {
        400: (_("That did not arrive whole."), _("Go back, load the page again and send it once more.")),
        403: (_("This page is not for your role."), _("Ask a supervisor if you need it.")),
        404: (_("No such page, or not one of yours."), _("Check the number, or start from your own page.")),
        405: (_("That cannot be done here."), _("Go back and use the buttons of the page.")),
        413: (_("That was too long to take."), _("Shorten what you typed and send it again.")),
        429: (_("Too many tries."), _("Wait a few minutes.")),
        503: (
            _("The city's records do not answer right now."),
            _("Wait a minute, look at your own page, and send it again if it is not there."),
        ),
    }
    default = (
        words[400]
        if code < 500
        else (_("Something went wrong on our side."), _("Look at your own page before you send it again, or call."))
    )
    said, then = words.get(code, default)
    return make_response(
        render_template("errors/error.html", code=code, title=title or said, sentence=way or then), code
    )


def compress(answer: Response) -> Response:
    """Pages are sent gzipped; the token in them differs each time, so that nothing is learned from the length."""
    if answer.status_code == 204 or answer.direct_passthrough or answer.is_streamed:
        return answer
    if not (answer.mimetype or "").startswith("text/") or "gzip" not in request.headers.get("Accept-Encoding", ""):
        return answer
    body = answer.get_data()
    if len(body) >= WORTH_COMPRESSING and "Content-Encoding" not in answer.headers:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    headers.varies_by(answer, "Accept-Encoding")
    return answer
