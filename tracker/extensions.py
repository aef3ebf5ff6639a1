"""The extensions, bare; `create_app` binds them."""

from typing import Any

from babel.support import NullTranslations
from flask import Response, current_app
from flask_babel import Babel, Domain, get_locale
from flask_login import LoginManager
from flask_mail import Mail

from tracker.catalogue import catalogue
from tracker.csrf import MaskedCSRF


class Catalogues(Domain):
    def get_translations(self) -> NullTranslations:
        """Those that mails are written with too."""
        return catalogue(getattr(get_locale(), "language", "en"))


class Languages(Babel):
    domain_instance = Catalogues()


class Logins(LoginManager):
    def _load_user_from_remember_cookie(self, cookie: str) -> Any:
        """Nobody for a cookie that the library would choke on: ours are plain ASCII."""
        return super()._load_user_from_remember_cookie(cookie) if cookie.isascii() else None

    def _clear_cookie(self, response: Response) -> None:
        """Taken back as it was given: a browser ignores what is said of a `__Host-` cookie that is not Secure."""
        settings = current_app.config
        response.delete_cookie(
            settings["REMEMBER_COOKIE_NAME"],
            secure=settings["REMEMBER_COOKIE_SECURE"],
            httponly=settings["REMEMBER_COOKIE_HTTPONLY"],
            samesite=settings["REMEMBER_COOKIE_SAMESITE"],
        )


babel = Languages()
csrf = MaskedCSRF()
login_manager = Logins()
mail = Mail()
