"""`flask import …`: load an export of the system of record."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from peewee import DatabaseError

from tracker import clock
from tracker.db import database
from tracker.importing.problems import ImportProblem
from tracker.importing.profile import load_profile
from tracker.importing.run import Tell, import_inspections, import_permits
from tracker.importing.summary import Summary

LINE_EVERY = 20_000  # rows, where there is no terminal

imports = AppGroup("import", help="Load a system-of-record export.")


def _import(command: Callable[..., None]) -> Callable[..., None]:
    """What all imports ask for."""
    for option in (
        click.option(
            "--rejects",
            type=click.Path(dir_okay=False, path_type=Path),
            help="Write rows that can't be right to this CSV file.",
        ),
        click.option("--dry-run", is_flag=True, help="Do the same work and show the same summary, but change nothing."),
        click.option(
            "--profile", "profile_name", required=True, metavar="P", help="austin, blds, or the path of a .toml file."
        ),
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
    ):
        command = option(command)
    return command


@imports.command("permits")
@_import
@click.option("--take-older", is_flag=True, help="Also where the file tells of an earlier issue date than is known.")
def permits(file: Path, profile_name: str, **options: Any) -> None:
    """Load permits from a CSV FILE; loading the same file twice changes nothing."""
    _load(import_permits, file, profile_name, options)


@imports.command("inspections")
@_import
def inspections(file: Path, profile_name: str, **options: Any) -> None:
    """Load inspections that took place from a CSV FILE; loading the same file twice changes nothing."""
    _load(import_inspections, file, profile_name, options)


def _load(how: Callable[..., Summary], file: Path, profile_name: str, options: dict[str, Any]) -> None:
    try:
        profile = load_profile(profile_name)
        zone = current_app.config["CITY_TIMEZONE"]
        with database.connection_context():
            summary = how(file, profile, now=clock.now(), zone=zone, tell=teller(), **options)
    except ImportProblem as no:
        raise click.ClickException(str(no)) from None
    except DatabaseError as no:
        raise click.ClickException(f"The database refused: {no}. Run it again: what went in stays.") from None
    if options["dry_run"]:
        click.echo("A dry run: nothing was changed.")
    click.echo("\n".join(summary.lines()))
    if summary.counts["rejected"] and not options["rejects"]:
        click.echo("Rejected rows are kept with --rejects OUT.csv.")


def teller() -> Tell:
    """Progress on stderr: a bar on a terminal, plain lines elsewhere."""
    return _bar() if sys.stderr.isatty() else _lines()


def _bar() -> Tell:
    bars: dict[str, Any] = {}

    def tell(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            bars[stage] = click.progressbar(length=total, label=f"{stage:<6}", file=sys.stderr)
        bars[stage].update(done - bars[stage].pos)
        if done >= total:
            bars[stage].render_finish()

    return tell


def _lines() -> Tell:
    said = 0

    def tell(stage: str, done: int, total: int) -> None:
        nonlocal said
        if stage == "apply" and (done >= total or done - said >= LINE_EVERY):
            said = done
            click.echo(f"{done:,} of {total:,} rows applied", err=True)
        elif stage == "read" and done >= total:
            click.echo(f"Read {total:,} bytes", err=True)

    return tell
