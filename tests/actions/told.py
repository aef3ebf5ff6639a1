"""What an action left behind: places, mails, changes, versions."""

import json
from datetime import date
from typing import Any

from tests.cast import WEDNESDAY
from tracker.actions.requests import NotPossible, Wish
from tracker.models import Change, Contractor, DayLoad, Inspection, Mail, Request


def wish(code: str, day: date = WEDNESDAY, time_frame: str = "any", remarks: str = "") -> Wish:
    return Wish(code, day, time_frame, remarks)


def loads() -> dict[tuple[date, str], tuple[int, int, int]]:
    """(day, trade) → (booked, am, pm), without the rows that are back at nothing."""
    rows = DayLoad.select(DayLoad.day, DayLoad.trade, DayLoad.booked, DayLoad.am, DayLoad.pm).tuples()
    return {(day, trade): tuple(counts) for day, trade, *counts in rows if any(counts)}


def mails() -> list[tuple[str, str]]:
    """(kind, recipient) in the order written."""
    return list(Mail.select(Mail.kind, Mail.recipient).order_by(Mail.id).tuples())


def changes() -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(verb, actor, before, after) in the order written."""
    rows = Change.select(Change.verb, Change.actor, Change.before, Change.after).order_by(Change.id).tuples()
    return [(verb, actor, *(json.loads(text) if text else {} for text in texts)) for verb, actor, *texts in rows]


def version(company: Contractor) -> int:
    return Contractor.get_by_id(company.id).version


def nothing_was_written() -> bool:
    return not (any(model.select().exists() for model in (Request, Inspection, Mail, Change)) or loads())


def said(no: NotPossible) -> list[tuple[int | None, str, str]]:
    """(place, field, message) of each problem."""
    return [(place, field, reason.message) for place, field, reason in no.problems]
