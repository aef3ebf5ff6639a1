"""The extensions, bare; `create_app` binds them."""

from typing import Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_mail import Mail

from tracker.csrf import MaskedCSRF


class Logins(LoginManager):
    def _load_user_from_remember_cookie(self, cookie: str) -> Any:
        """Nobody for a cookie that the library would choke on: ours are plain ASCII."""
        return super()._load_user_from_remember_cookie(cookie) if cookie.isascii() else None


babel = Babel()
csrf = MaskedCSRF()
login_manager = Logins()
mail = Mail()
