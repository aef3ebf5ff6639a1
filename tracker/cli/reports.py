"""`reports rebuild`: the sums that reports are read from, counted anew."""

import click
from flask import current_app
from flask.cli import AppGroup
from peewee import DatabaseError

from tracker.actions.tallies import recount
from tracker.db import database

reports = AppGroup("reports", help="The supervisor's reports.")


@reports.command("rebuild")
def rebuild() -> None:
    """Count every inspection anew and put right what the reports hold otherwise, while the site stays open.

    Wanted after the city's time zone was changed, or rows were changed past the triggers.
    """
    try:
        with database.connection_context(), click.progressbar(length=1, label="count", show_eta=True) as bar:

            def tell(done: int, total: int) -> None:
                bar.length = total
                bar.update(done - bar.pos)

            wrong = recount(current_app.config["CITY_TIMEZONE"], tell=tell)
    except DatabaseError as no:
        raise click.ClickException(f"The database refused: {no}. Run it again: it goes on from there.") from None
    click.echo(f"{wrong:,} sums were wrong and are right now." if wrong else "All sums are right.")
