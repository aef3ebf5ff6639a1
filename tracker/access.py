"""May this person see this: who is signed in, loaders that answer 404 to strangers, and who a route is for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, current_app, request, url_for
from flask_login import UserMixin, current_user
from peewee import Select

from tracker import clock
from tracker.extensions import login_manager
from tracker.htmx import go, is_swap
from tracker.models import Contractor, Edition, Inspection, Permit, PermitContractor, Person, SignIn, Staff
from tracker.models.people import SESSION_LASTS
from tracker.statements import first_row, statement, whole


class Account(UserMixin):
    """Who is signed in: a company or a member of staff; what the session is known by in the database; and the city's
    `edition`, which counts the changes that any page may show."""

    def __init__(self, row: Contractor | Staff, session: str = "", edition: int = 0) -> None:
        self.row = row
        self.session = session
        self.edition = edition

    @property
    def is_staff(self) -> bool:
        return isinstance(self.row, Staff)

    def get_id(self) -> str:
        """What the cookies hold, also that of Remember Me: the session and nothing else."""
        return f"{'staff' if self.is_staff else 'contractor'}:{self.session}"

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)


EDITION = Edition.select(Edition.number)  # read with the account, in the same statement


@login_manager.user_loader
def load_account(text: str) -> Account | None:
    """Whose session it is, while it lasts; asks the database once."""
    kind, _, session = text.partition(":")
    if not session.isalnum():
        return None
    since = clock.now() - SESSION_LASTS
    for edition, *cells in (staff_of if kind == "staff" else company_of)(session, since):
        return Account(whole(Staff if kind == "staff" else Contractor, cells), session, edition)
    return None


@statement
def staff_of(session: Any, since: Any) -> Select:
    whose = (SignIn.staff == Staff.id) & (SignIn.token == Staff.session_token)
    lasts = (SignIn.session == session) & (SignIn.at > since)
    return Staff.select(EDITION, Staff).join(SignIn, on=whose).where(lasts, Staff.left_at.is_null())


@statement
def company_of(session: Any, since: Any) -> Select:
    whose = (SignIn.contractor == Contractor.id) & (SignIn.token == Contractor.session_token)
    lasts = (SignIn.session == session) & (SignIn.at > since)
    here = Contractor.blocked_at.is_null() & Contractor.merged_into.is_null()
    return Contractor.select(EDITION, Contractor).join(SignIn, on=whose).where(lasts, here)


# What a company can do that has yet to set the PIN of its own that the city asks for.
BEFORE_OWN_PIN = ("contractor.own_pin", "contractor.set_own_pin", "contractor.sign_out")

# Parts of pages, which a page fetches: opened by themselves they are no place to be led back to.
PARTS = (
    *("contractor.inspections", "contractor.permits", "contractor.more_permits"),
    *("staff.queue_rows_shown", "staff.day_stops", "staff.found"),
)


class SignedOut(Exception):
    """A form that took work to fill in was sent when nobody was signed in any more."""


class StaffSignedOut(SignedOut):
    """The same of a form of the staff's."""


def public(view: Callable) -> Callable:
    """A page for everybody, said aloud: every route states who may use it."""
    view.audience = "public"  # type: ignore[attr-defined]
    return view


def contractor_only(view: Callable) -> Callable:
    """For signed-in companies; a visitor is led to sign in and back, staff are not let in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            if request.method == "POST" and (is_swap() or hasattr(guarded, "keep_typing")):
                raise SignedOut
            return _sign_in_first("contractor.sign_in")
        if current_user.is_staff:
            if request.endpoint == "contractor.permit":  # the code on a printed permit, scanned by an inspector
                return go(url_for("staff.permit", **kwargs))
            abort(404)
        if owes_pin(current_user) and request.endpoint not in BEFORE_OWN_PIN:
            return go(url_for("contractor.own_pin", next=_page_asked_for()))
        return view(*args, **kwargs)

    guarded.audience = "contractor"  # type: ignore[attr-defined]
    return guarded


def owes_pin(user: Account) -> bool:
    """Whether the city asks this company for a PIN of its own first."""
    return bool(current_app.config["REQUIRE_OWN_PIN"]) and not user.row.own_pin_hash


def staff_only(*roles: str) -> Callable:
    """For staff with one of these roles (none named: any); a visitor is led to the staff's sign-in."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                if request.method == "POST" and hasattr(guarded, "keep_typing"):
                    raise StaffSignedOut
                return _sign_in_first("staff.sign_in")
            if not current_user.is_staff:
                abort(404)
            if roles and current_user.role not in roles:
                abort(403)
            return view(*args, **kwargs)

        guarded.audience = "staff:" + ",".join(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


def _sign_in_first(endpoint: str) -> Any:
    return go(url_for(endpoint, next=_page_asked_for()))


def _page_asked_for() -> str | None:
    """Where to lead back to; None where no page was asked for but a part of one, or where something was sent."""
    whole = request.method == "GET" and not is_swap() and request.endpoint not in PARTS
    return request.full_path.rstrip("?") if whole else None


def permit_for(user: Account, number: str) -> Permit:
    """The permit with this number, if the company is on it; 404 for any other."""
    if "\0" in number:
        abort(404)
    return first_row(Permit, _permit_of(number, user.row.id)) or abort(404)


@statement
def _permit_of(number: Any, contractor_id: Any) -> Select:
    on_it = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == contractor_id)
    return Permit.select().where(Permit.permit_num == number, Permit.id.in_(on_it))


def inspection_for(user: Account, id: int) -> Inspection:
    """The inspection with this id, if the company asked for it; 404 for any other."""
    if not 0 < id < 2**31:
        abort(404)
    return first_row(Inspection, _inspection_of(id, user.row.id)) or abort(404)


@statement
def _inspection_of(id: Any, contractor_id: Any) -> Select:
    return Inspection.select().where(Inspection.id == id, Inspection.contractor == contractor_id)


def person_for(user: Account, id: int) -> Person:
    """The person with this id, if of this company; 404 for any other."""
    if not 0 < id < 2**31:
        abort(404)
    person = Person.get_or_none(Person.id == id, Person.contractor == user.row.id) or abort(404)
    person.contractor = user.row  # as the session knows it, which may end meanwhile
    return person
