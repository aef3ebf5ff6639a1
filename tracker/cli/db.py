"""`db upgrade` and `db status`."""

import click
from flask.cli import AppGroup
from peewee import PeeweeException

from tracker.db import Standing, database, migrate, standing

group = AppGroup("db", help="The database's schema.")


@group.command("upgrade")
def upgrade() -> None:
    """Apply the migrations that are missing; safe when several start at once."""
    _stop_if_newer(_standing())
    try:
        applied = migrate()
    except PeeweeException as no:
        raise click.ClickException(f"The database refused, and the migration was taken back: {no}") from None
    for name in applied:
        click.echo(f"applied {name}")
    click.echo("The schema is up to date.")


@group.command("status")
def status() -> None:
    """Say where the schema stands; exit code 1 when it does not fit this program."""
    now = _standing()
    for name in now.missing:
        click.echo(f"missing {name}")
    _stop_if_newer(now)
    if now.missing:
        raise SystemExit(1)
    click.echo("The schema is up to date.")


def _standing() -> Standing:
    try:
        with database.connection_context():
            return standing()
    except PeeweeException as no:
        raise click.ClickException(f"The database does not answer: {no}") from None


def _stop_if_newer(now: Standing) -> None:
    if now.unknown:
        raise click.ClickException(now.problem)
