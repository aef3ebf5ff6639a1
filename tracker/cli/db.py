"""`db upgrade` and `db status`."""

import click
from flask.cli import AppGroup

from tracker.db import database, migrate, pending

group = AppGroup("db", help="The database's schema.")


@group.command("upgrade")
def upgrade() -> None:
    """Apply the migrations that are missing; safe when several start at once."""
    for name in migrate():
        click.echo(f"applied {name}")
    click.echo("The schema is up to date.")


@group.command("status")
def status() -> None:
    """Say where the schema stands; exit code 1 when migrations are missing."""
    with database.connection_context():
        missing = pending()
    for name in missing:
        click.echo(f"missing {name}")
    if missing:
        raise SystemExit(1)
    click.echo("The schema is up to date.")
