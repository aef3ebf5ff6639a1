"""The extensions, bare; `create_app` binds them."""

from flask_babel import Babel
from flask_login import LoginManager
from flask_mail import Mail

from tracker.csrf import MaskedCSRF

babel = Babel()
csrf = MaskedCSRF()
login_manager = LoginManager()
mail = Mail()
