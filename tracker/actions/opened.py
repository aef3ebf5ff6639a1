"""A row as its form was opened, and what is said when it is no longer so."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tracker.models import Change
from tracker.rules.reasons import N_, Reason


class CannotSave(Exception):
    """Nothing was saved; `field` is what the reason is about ('' for the whole)."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


def opened_with(facts: Mapping[str, Any]) -> str:
    """What a form carries along of the facts it was opened with: 16 letters that change with any of them."""
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:16]


def refuse_if_changed(row: Any, facts: Mapping[str, Any], version: str) -> None:
    """Raises CannotSave where the facts are no longer those of `version`; call it while nobody else can write them."""
    if opened_with(facts) != version:
        sentence = N_("{who} changed this meanwhile. Look it over: saving again puts yours in its place.")
        raise CannotSave("", Reason(sentence, {"who": last_hand(row)}))


def last_hand(row: Any) -> str | Reason:
    """Who changed it last, by the record of changes."""
    about = (Change.subject == type(row).__name__.lower()) & (Change.subject_id == row.id)
    last = Change.select(Change.actor_name).where(about).order_by(Change.id.desc()).first()
    return last.actor_name if last else Reason(N_("Somebody"))


def differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of the facts that are to change."""
    return [name for name in now if was.get(name) != now[name]]
