"""Signing in: tries are counted before the PIN is looked at, so that many at once count too."""

import hmac
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from peewee import Case
from werkzeug.security import check_password_hash, generate_password_hash

from tracker.db import database
from tracker.models import Attempt, Contractor, Staff
from tracker.queries.companies import code_key
from tracker.rules.reasons import Reason
from tracker.rules.throttle import WINDOW, tries_problem, try_keys

# Argon2id with OWASP's least: a fifth of the time that scrypt takes to be as strong. docs/decisions/own-pin.md
PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with when there is nobody of that name, so that the answer takes as long.
NOBODY = generate_password_hash("nobody has this password")


class WrongPin(Exception):
    """Company and PIN, or e-mail and password, do not match; it does not say which."""


class TooManyTries(Exception):
    """Signing in has to wait; `reason` says for how long, and whom to call."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def sign_in_company(company: Contractor | None, pin: str, *, address: str, phone: str, now: datetime) -> Contractor:
    """The company, if the PIN is its own; raises WrongPin or TooManyTries. Asked anew before the PIN is changed."""
    keys = try_keys(f"company:{company.id if company else 0}", address)
    _count_try(keys, phone=phone, now=now)
    # The PIN is looked at first: a blocked company's answer takes as long as a wrong PIN's.
    if company is None or not _pin_is_right(company, pin) or company.blocked_at is not None:
        raise WrongPin
    _forget_try(keys)
    return company


def hash_pin(pin: str) -> str:
    """For the row: the PIN itself is kept nowhere."""
    return PINS.hash(pin)


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
        try:
            return PINS.verify(company.own_pin_hash, pin)
        except (VerificationError, InvalidHashError):
            return False
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
