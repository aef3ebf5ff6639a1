"""Signing in: tries are counted before the PIN is looked at, so that many at once count too."""

import hmac
import secrets
from datetime import datetime

from peewee import Case, IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from tracker.actions.changes import By, record
from tracker.db import database
from tracker.models import Attempt, Contractor, Staff
from tracker.queries.companies import code_key
from tracker.rules.passwords import password_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.throttle import WINDOW, tries_problem, try_keys

# Compared with when there is nobody of that name, so that the answer takes as long.
NOBODY = generate_password_hash("nobody has this password")


class WrongPin(Exception):
    """Company and PIN, or e-mail and password, do not match; it does not say which."""


class TooManyTries(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def sign_in_company(company: Contractor | None, pin: str, *, address: str, phone: str, now: datetime) -> Contractor:
    """The company, if the PIN is its own; raises WrongPin or TooManyTries."""
    keys = try_keys(f"company:{company.id if company else 0}", address)
    _count_try(keys, phone=phone, now=now)
    if company is None or company.blocked_at is not None or not _pin_is_right(company, pin):
        raise WrongPin
    _forget_try(keys)
    return company


def sign_in_staff(email: str, password: str, *, address: str, phone: str, now: datetime) -> Staff:
    """The member of staff with this address and password; raises WrongPin or TooManyTries."""
    person = Staff.get_or_none(Staff.email == email.strip().lower(), Staff.left_at.is_null())
    keys = try_keys(f"staff:{person.id if person else 0}", address)
    _count_try(keys, phone=phone, now=now)
    if not check_password_hash(person.password_hash if person else NOBODY, password) or person is None:
        raise WrongPin
    _forget_try(keys)
    return person


def _pin_is_right(company: Contractor, pin: str) -> bool:
    if company.own_pin_hash:
        return check_password_hash(company.own_pin_hash, pin)
    return hmac.compare_digest(code_key(pin).encode(), company.code_key.encode())


def _count_try(keys: dict[str, str], *, phone: str, now: datetime) -> None:
    # What lies ahead was counted while the clock was wrong.
    old = (Attempt.since < now - WINDOW) | (Attempt.since > now)
    counts = {}
    with database.atomic():
        for word, key in keys.items():
            rows = (
                Attempt.insert(key=key, count=1, since=now)
                .on_conflict(
                    conflict_target=[Attempt.key],
                    update={
                        Attempt.count: Case(None, [(old, 1)], Attempt.count + 1),
                        Attempt.since: Case(None, [(old, now)], Attempt.since),
                    },
                )
                .returning(Attempt.count)
            )
            counts[word] = list(rows.execute())[0].count
    if problem := tries_problem(counts, phone):
        raise TooManyTries(problem)


def _forget_try(keys: dict[str, str]) -> None:
    """A right PIN was no wrong try."""
    with database.atomic():
        Attempt.delete().where(Attempt.key == keys["pair"]).execute()
        # One after the other in the order in which they are counted: two at once never wait for each other.
        for word in ("address", "account", "all"):
            Attempt.update(count=Attempt.count - 1).where(Attempt.key == keys[word], Attempt.count > 0).execute()


class CannotAdd(Exception):
    """The person cannot be added; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.message)
        self.reason = reason


def add_staff(email: str, *, name: str, role: str, password: str, by: By, now: datetime) -> Staff:
    """A new member of staff, who can sign in at once; raises CannotAdd."""
    email = email.strip().lower()
    if "@" not in email or len(email) > 254:
        raise CannotAdd(Reason(N_("An address looks like name@city.gov.")))
    if reason := password_problem(password, email, name):
        raise CannotAdd(reason)
    try:
        with database.atomic():
            person = Staff.create(
                email=email,
                name=name.strip(),
                role=role,
                password_hash=generate_password_hash(password),
                session_token=secrets.token_urlsafe(16),
            )
            record(by, "add_staff", person, now=now, after={"email": email, "name": name, "role": role})
    except IntegrityError:
        if not Staff.select().where(Staff.email == email).exists():
            raise
        raise CannotAdd(Reason(N_("{email} is there already."), {"email": email})) from None
    return person
