"""`demo`: the demo city, clearly fictional, with dates around today."""

import click
from flask import current_app
from flask.cli import with_appcontext

from tracker import clock
from tracker.actions.desk import desk_of
from tracker.cli.demo_city import COMPANIES, PASSWORD, STAFF, build
from tracker.db import database
from tracker.models import Contractor, Permit, Staff
from tracker.queries.companies import code_key


@click.command("demo")
@click.option(
    "--if-new", is_flag=True, help="Only into an empty database; says the demo sign-ins where it is the demo."
)
@with_appcontext
def demo(if_new: bool) -> None:
    """Load the demo city into an empty database."""
    with database.connection_context():
        empty = not (Permit.select().exists() or Contractor.select().exists() or Staff.select().exists())
        if empty:
            build(desk_of(current_app.config), now=clock.now())
        elif not if_new:
            raise click.ClickException("The database is not empty: the demo city goes into an empty one only.")
        first_code = COMPANIES[0].code
        if Contractor.get_or_none(Contractor.code_key == code_key(first_code)):
            click.echo(sign_ins())


def sign_ins() -> str:
    """The demo's companies and staff with what they sign in with."""
    lines = [f"The demo of the {current_app.config['CITY_NAME']}. Contractors sign in with company and PIN:"]
    lines += [f"  {company.name:<42} {company.code}" for company in COMPANIES if company.shown]
    lines += [f"Staff sign in under /staff, all with the password {PASSWORD!r}:"]
    lines += [f"  {email:<42} {name}, {role}" for email, name, role, _trades, _phone in STAFF]
    return "\n".join(lines)
