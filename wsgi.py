"""What a web server loads: `wsgi:app`."""

import sys

import config

try:
    if config.load()["DATABASE_URL"].startswith("sqlite:"):
        # peewee loads each driver that it finds: 11 MB of every process, which a city on SQLite has no use for. Whoever
        # imports this cannot turn to PostgreSQL afterwards.
        sys.modules.setdefault("psycopg", None)  # type: ignore[arg-type]
    from tracker import create_app

    app = create_app()
except config.SettingsError as no:
    raise SystemExit(f"Error: {no}") from None
