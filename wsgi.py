"""What a web server loads: `wsgi:app`."""

from config import SettingsError
from tracker import create_app

try:
    app = create_app()
except SettingsError as no:
    raise SystemExit(f"Error: {no}") from None
