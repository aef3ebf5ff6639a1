"""create_app: the only wiring."""

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, g, request, session
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

import config
from tracker import access, db, filters, headers, kept, static_files, templating, watching
from tracker.catalogue import LANGUAGES
from tracker.cli import GROUPS
from tracker.csrf import masked_token
from tracker.extensions import babel, csrf, login_manager, mail
from tracker.proxies import Believed
from tracker.saying import language, name_of, say
from tracker.sessions import Sessions, cookie_names
from tracker.views import contractor, here, metrics, offline, site, staff, supervisor

TOP = Path(__file__).parent.parent
LOCALES = {code: Locale(code) for code in LANGUAGES}


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The application with its settings from the environment, and `overrides` over them."""
    app = Flask(__name__, root_path=str(TOP / "tracker"), template_folder=str(TOP / "templates"), static_folder=None)
    app.ensure_sync = lambda function: function  # type: ignore  # no view is async: nobody need look
    app.config.update(config.load(overrides))
    app.config.update(_fixed(app.config))
    _bind_database(app)
    _bind_extensions(app)
    for blueprint in (contractor.bp, staff.bp, supervisor.bp, site.bp, offline.bp, metrics.bp):
        app.register_blueprint(blueprint)
    for group in GROUPS:
        app.cli.add_command(group)
    site.bind(app)
    filters.register(app)
    templating.register(app)
    static_files.bind(app)
    kept.bind(app)
    app.wsgi_app = headers.for_all(app.wsgi_app)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(say=say, now_local=here.now_local, today=here.today)
    app.jinja_env.filters["name"] = name_of
    app.context_processor(
        # Flask-WTF offers the bare token under this name: ours comes later and is the one that pages get.
        lambda: {
            "current_user": current_user,
            "city": _city(app),
            "language": language(),
            "csrf_token": masked_token,
        }
    )
    watching.bind(app)
    app.wsgi_app = Believed(app.wsgi_app, app.config["TRUSTED_PROXIES"])  # type: ignore[method-assign]
    return app


def _fixed(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the libraries that follow from the city's."""
    secure = settings["COOKIES_SECURE"]
    return {
        **cookie_names(secure),
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,  # 300 bytes of cookie on each refresh
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,  # a form in a dead zone outlives an hour
        "WTF_I18N_ENABLED": False,  # no sentence of WTForms' own is shown
        "WTF_CSRF_SSL_STRICT": False,  # csrf.py asks more, and keeps nobody out who sends no Referer
        "MAX_CONTENT_LENGTH": 256 * 1024,
        "MAX_FORM_PARTS": 500,
        "LANGUAGES": LANGUAGES,
        "BABEL_DEFAULT_TIMEZONE": str(settings["CITY_TIMEZONE"]),
        "CONTENT_SECURITY_POLICY": headers.page_policy(settings["HTMX_URL"]),
    }


def _bind_database(app: Flask) -> None:
    db.connect_to(app.config["DATABASE_URL"])

    @app.teardown_request
    def close(_error: BaseException | None = None) -> None:
        # Opened by the first query of a request, so that what needs no database never touches it.
        if not db.database.is_closed():
            db.database.close()


def _bind_extensions(app: Flask) -> None:
    app.session_interface = Sessions()
    babel.init_app(app, locale_selector=lambda: LOCALES[_language()])
    csrf.init_app(app)
    mail.init_app(app)
    # Its own context processor would look the account up for every page, also when the database is down.
    login_manager.init_app(app, add_context_processor=False)
    # 'strong' would sign phones out whenever they change networks.
    login_manager.session_protection = "basic"
    assert access.load_account  # registered with the login manager by being imported


def _language() -> str:
    """The one chosen in this browser; else that of the company, where one has been found to be signed in; else
    the browser's own.

    It asks the database nothing.
    """
    company = getattr(g.get("_login_user"), "row", None)
    for own in (session.get("language"), getattr(company, "language", None)):
        if own in LANGUAGES:
            return str(own)
    return _best_of(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _best_of(header: str) -> str:
    return parse_accept_header(header, LanguageAccept).best_match(LANGUAGES) or "en"


def _city(app: Flask) -> dict[str, str]:
    return {
        "name": app.config["CITY_NAME"],
        "phone": app.config["CITY_PHONE"],
        "contacts": app.config["CITY_CONTACTS"],
        "hours": "",
    }
