"""Signing in: who it is, and whether they may. A refusal does not say why, in words or by how long it takes."""

import hashlib
import hmac
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from tracker.actions import hashes
from tracker.actions.changes import By, record
from tracker.actions.sign_ins import is_known
from tracker.actions.tries import HasToWait, count_try, forget_try, refuse_too_many
from tracker.db import database
from tracker.models import Contractor, Staff
from tracker.queries.companies import code_key
from tracker.rules.passwords import MOST
from tracker.rules.reasons import N_, Reason
from tracker.rules.throttle import have_become_many, try_keys

# Of the sixteen threads of a worker: the others go on with what signed-in people ask for.
PLACES = 8
_places = threading.BoundedSemaphore(PLACES)


class WrongPin(Exception):
    """Company and PIN, or e-mail and password, do not match; it does not say which."""


class DoorIsFull(HasToWait):
    """So many are signing in at this moment that one more would hold up everybody. It was not counted as a try."""

    code, seconds = 503, 2


@contextmanager
def at_the_door() -> Iterator[None]:
    """Within the block somebody signs in, from looking up who it is to the session. Raises DoorIsFull at once."""
    if not _places.acquire(blocking=False):
        raise DoorIsFull(Reason(N_("Many people are signing in just now. Wait a few seconds and try again.")))
    try:
        yield
    finally:
        _places.release()


def sign_in_company(
    company: Contractor | None,
    pin: str,
    *,
    by_code: bool = False,
    address: str,
    device: str = "",
    phone: str,
    now: datetime,
) -> Contractor:
    """The company, if the PIN is its own; raises WrongPin or TooManyTries. Asked anew before the PIN is changed.

    `by_code`: it was not found by its name. `address` is the caller's on the network, `device` what the browser is
    known by, "" where it is not.
    """
    pin = pin[: MOST + 1]  # to look at more would take long, and longer for some
    whose = company or Contractor(id=0)
    known = device if is_known(whose, device) else ""
    # Codes that are there and codes that are not count as one: who has to wait learns nothing of either.
    account = f"company:{whose.id if known or not by_code else 0}"
    tried = company if known or not by_code else None
    with _counted(try_keys(account, address, known), tried, address, phone=phone, now=now):
        if not _pin_is_right(company, pin) or company is None:
            raise WrongPin
    if company.own_pin_hash and hashes.is_outdated(company.own_pin_hash):
        same = (Contractor.id == company.id) & (Contractor.own_pin_hash == company.own_pin_hash)
        Contractor.update(own_pin_hash=hashes.hashed(pin)).where(same).execute()
    return company


def sign_in_staff(email: str, password: str, *, address: str, device: str = "", phone: str, now: datetime) -> Staff:
    """The member of staff with this address and password; raises WrongPin or TooManyTries. The rest is as above."""
    password = password[: MOST + 1]
    email = email.strip().lower()
    person = Staff.get_or_none(Staff.email == email, Staff.left_at.is_null())
    known = device if is_known(person or Staff(id=0), device) else ""
    # Each address is counted by itself, be it there or not: who has to wait learns nothing of that.
    account = f"staff:{hashlib.sha256(email.encode()).hexdigest()[:32]}"
    with _counted(try_keys(account, address, known), person, address, phone=phone, now=now):
        if not hashes.matches(person and person.password_hash, password) or person is None:
            raise WrongPin
    if hashes.is_outdated(person.password_hash):
        same = (Staff.id == person.id) & (Staff.password_hash == person.password_hash)
        Staff.update(password_hash=hashes.hashed(password)).where(same).execute()
    return person


def hash_pin(pin: str) -> str:
    """For the row: the PIN itself is kept nowhere."""
    return hashes.hashed(pin)


@contextmanager
def _counted(
    keys: Mapping[str, str], tried: Contractor | Staff | None, address: str, *, phone: str, now: datetime
) -> Iterator[None]:
    """A try: within the block the PIN is looked at, and unless it raises the try was none. Raises TooManyTries.

    Once there are many at an account, they are on record: of each wrong one there is only a line in the log.
    """
    refuse_too_many(keys, phone=phone, now=now)
    counts = count_try(keys, phone=phone, now=now)
    try:
        yield
    except WrongPin:
        if tried and have_become_many(counts):
            after = {"tries": counts.get("account", counts["pair"])}
            with database.atomic():
                record(By("system", "system", address), "try_in_vain", tried, now=now, after=after)
        raise
    with database.atomic():
        forget_try(keys)


def _pin_is_right(company: Contractor | None, pin: str) -> bool:
    """Whoever is refused has cost one look at a hash, whatever the reason; the right code costs none."""
    if company is None or company.blocked_at is not None:
        hashes.matches(company and company.own_pin_hash, pin)
        return False
    if company.own_pin_hash:
        return hashes.matches(company.own_pin_hash, pin)
    is_code = hmac.compare_digest(code_key(pin).encode(), company.code_key.encode())
    return is_code or hashes.matches(None, pin)
