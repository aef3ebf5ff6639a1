"""`backup FILE` and `restore FILE`: a consistent copy while running, and back from it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from peewee import PeeweeException

from tracker.backups import BackupProblem, Tell, back_up, holds_data
from tracker.backups import restore as put_back

IN_USE = "The database holds data, all of which would be lost. Make a backup of it first, then restore with --replace."
the_file = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup")
@the_file
@with_appcontext
def backup(file: Path) -> None:
    """Write the whole database to FILE while the site stays open; an older backup of this name is replaced."""
    size = _watched("copy", lambda tell: back_up(file, url=current_app.config["DATABASE_URL"], tell=tell))
    click.echo(f"{size:,} bytes written to {file}")


@click.command("restore")
@the_file
@click.option("--replace", is_flag=True, help="Also where the database holds data, which is lost.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Make the database what it was when FILE was written; all or nothing."""

    def work(tell: Tell) -> list[str]:
        if not replace and holds_data():
            raise BackupProblem(IN_USE)
        return put_back(file, url=current_app.config["DATABASE_URL"], tell=tell)

    for name in _watched("restore", work):
        click.echo(f"applied {name}")
    click.echo(f"The database is as {file} has it.")


def _watched(label: str, work: Callable[[Tell], Any]) -> Any:
    try:
        with click.progressbar(length=1, label=label, show_eta=True) as bar:

            def tell(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            return work(tell)
    except BackupProblem as no:
        raise click.ClickException(str(no)) from None
    except PeeweeException as no:
        raise click.ClickException(f"The database does not answer: {no}") from None
