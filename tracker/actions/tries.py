"""Tries to sign in are counted before the PIN is looked at, in the database, so that many at once count too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from peewee import Case

from tracker.db import database, is_postgresql
from tracker.models import Attempt
from tracker.rules.reasons import Reason
from tracker.rules.throttle import WINDOW, tries_problem

# A try leaves four rows at most: what lies around old gets less with each.
SWEPT_AT_ONCE = 40


class HasToWait(Exception):
    """Signing in has to wait; `reason` says for how long, `code` is the answer's, `seconds` when to ask again."""

    code, seconds = 429, int(WINDOW.total_seconds())

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class TooManyTries(HasToWait):
    """The reason says whom to call, too."""


def refuse_too_many(keys: Mapping[str, str], *, phone: str, now: datetime) -> None:
    """Raise TooManyTries where one more would be; reads alone, so that whoever goes on trying costs next to nothing."""
    rows = Attempt.select(Attempt.key, Attempt.count).where(Attempt.key.in_(list(keys.values())), ~_is_old(now))
    there = dict(rows.tuples())
    _refuse({word: there.get(key, 0) + 1 for word, key in keys.items()}, phone)


def count_try(keys: Mapping[str, str], *, phone: str, now: datetime) -> dict[str, int]:
    """One more under each of these keys of `try_keys`; answers how many they are. Raises TooManyTries; then nothing is
    counted.

    Whoever is refused must not bring a company or the city nearer to its many.
    """
    with database.atomic():
        # In this order everywhere: two at once never wait for each other.
        counts = {word: _one_more(key, now) for word, key in keys.items()}
        _refuse(counts, phone)
    sweep(now)
    return counts


def forget_try(keys: Mapping[str, str]) -> None:
    """A right PIN was no wrong try. In the caller's transaction."""
    Attempt.delete().where(Attempt.key == keys["pair"]).execute()
    for word in ("address", "account", "all"):
        if key := keys.get(word):
            Attempt.update(count=Attempt.count - 1).where(Attempt.key == key, Attempt.count > 0).execute()


def sweep(now: datetime) -> int:
    """Remove some of what counts no more; answers how many."""
    old = Attempt.select(Attempt.key).where(_is_old(now)).limit(SWEPT_AT_ONCE)
    if not list(old.tuples()):  # looked at first: on SQLite whoever deletes has everybody wait
        return 0
    if is_postgresql():
        old = old.for_update("FOR UPDATE SKIP LOCKED")  # what is counted just now is left to whoever counts
    return Attempt.delete().where(Attempt.key.in_(old)).execute()


def _one_more(key: str, now: datetime) -> int:
    old = _is_old(now)
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
    return list(rows.execute())[0].count


def _is_old(now: datetime) -> Any:
    # What lies far ahead was counted while the clock was wrong; a little, on a machine whose clock is fast.
    return (Attempt.since < now - WINDOW) | (Attempt.since > now + WINDOW)


def _refuse(counts: Mapping[str, int], phone: str) -> None:
    if problem := tries_problem(counts, phone):
        raise TooManyTries(problem)
