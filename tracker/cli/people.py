"""`staff add` and `contractor code`."""

import click
from flask.cli import AppGroup

from tracker import clock
from tracker.actions.changes import SYSTEM
from tracker.actions.companies import renew_code
from tracker.actions.opened import CannotSave
from tracker.actions.staff import add_staff
from tracker.db import database
from tracker.queries.companies import companies_beginning, company_named, company_with_code
from tracker.rules.reasons import put
from tracker.rules.words import Role

staff = AppGroup("staff", help="The people of the city.")
contractor = AppGroup("contractor", help="The companies that pull permits.")


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.password_option(help="15 characters or more; asked for when not given.")
def add(email: str, name: str, role: str, password: str) -> None:
    """Add a member of staff; asks for the password."""
    with database.connection_context():
        try:
            person = add_staff(email, name=name, role=role, password=password, by=SYSTEM, now=clock.now())
        except CannotSave as no:
            raise click.ClickException(put(no.reason, gettext=str)) from None
    click.echo(f"{person.name} can sign in under /staff as {person.role}.")


@contractor.command("code")
@click.argument("company")
@click.option("--renew", is_flag=True, help="Make a new code: the old one and the own PIN end, and all sessions.")
def code(company: str, renew: bool) -> None:
    """Print the registration code of COMPANY, alone on stdout."""
    with database.connection_context():
        found = company_named(company) or company_with_code(company)
        if found is None:
            near = ", ".join(name for _, name in companies_beginning(company))
            raise click.ClickException(f"No company is called {company!r}." + (f" Near: {near}." if near else ""))
        code = renew_code(found, by=SYSTEM, now=clock.now()) if renew else found.registration_code
    click.echo(code)
