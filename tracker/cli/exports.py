"""`flask export …`: permits and inspections as BLDS 1.2."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from tracker.db import database
from tracker.exporting import export_inspections, export_permits

exports = AppGroup("export", help="Write the city's data as BLDS 1.2.")
out = click.argument("out", metavar="OUT.csv", type=click.Path(dir_okay=False, path_type=Path))


@exports.command("permits")
@out
def permits(out: Path) -> None:
    """Write every permit to OUT.csv, one row for each of its contractors."""
    with _refusals(out), database.connection_context():
        click.echo(f"{export_permits(out):,} rows written to {out}")


@exports.command("inspections")
@out
def inspections(out: Path) -> None:
    """Write every inspection to OUT.csv, with its raw and its mapped result."""
    with _refusals(out), database.connection_context():
        click.echo(f"{export_inspections(out, zone=current_app.config['CITY_TIMEZONE']):,} rows written to {out}")


@contextmanager
def _refusals(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as no:
        raise click.ClickException(f"{out} can't be written: {no.strerror}.") from None
