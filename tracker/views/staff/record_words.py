"""The record of changes in words: who did what, when, from where, before and after, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from tracker.filters import PERMIT_STATES, TAGS, TRADES, day, half
from tracker.models import PermitType
from tracker.queries.records import Line
from tracker.saying import name_of

VERBS = {
    "request_inspections": _l("Requested"),
    "cancel_inspection": _l("Cancelled"),
    "move_inspection": _l("Moved"),
    "move_by_staff": _l("Moved by the city"),
    "assign": _l("Assigned"),
    "unassign": _l("Taken back"),
    "decline": _l("Declined"),
    "take_over": _l("Taken over"),
    "not_reached": _l("Not reached"),
    "set_on_the_way": _l("On the way"),
    "not_on_the_way": _l("Not on the way any more"),
    "set_arrived": _l("Arrived"),
    "record_result": _l("Result recorded"),
    "correct_result": _l("Result corrected"),
    "set_expiry": _l("Expiry follows"),
    "add_permit": _l("Permit added by hand"),
    "correct_permit": _l("Permit corrected"),
    "put_on_permit": _l("Company put on the permit"),
    "take_off_permit": _l("Company taken off the permit"),
    "add_company": _l("Company added by hand"),
    "renewed the registration code": _l("Registration code renewed"),
    "showed the registration code": _l("Registration code shown"),
}
FACTS = {
    "status": _l("State"),
    "day": _l("Day"),
    "time_frame": _l("Half"),
    "inspector": _l("Inspector"),
    "result": _l("Result"),
    "comment": _l("Comment"),
    "staff_comment": _l("For the city"),
    "corrections": _l("Corrections"),
    "expires_on": _l("Expires"),
    "issued_on": _l("Issued"),
    "permit_num": _l("Number"),
    "permit_type": _l("Permit type"),
    "description": _l("Work"),
    "original_address1": _l("Address"),
    "original_address2": _l("Unit"),
    "original_city": _l("City"),
    "original_zip": _l("ZIP"),
    "company": _l("Company"),
    "company_name": _l("Company"),
    "trade": _l("Trade"),
    "phone": _l("Phone"),
    "email": _l("Email"),
    "lic_num": _l("License number"),
}
# Of use to the machine alone.
UNSAID = ("scheduled_at", "on_the_way_at", "arrived_at", "calendar_sequence", "stop_order")
FLAT = {*PERMIT_STATES, *TAGS, *TRADES}


@dataclass
class ShownLine:
    """A line with its words; `about` says which inspection of the permit it is about."""

    line: Line
    verb: Any
    about: str
    facts: list[tuple[Any, str, str]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def lines_shown(lines: Sequence[Line], names: Mapping[int, str] | None = None) -> list[ShownLine]:
    """The lines as pages print them; `names` are those of inspections by id."""
    types = _permit_types(lines)

    def facts(line: Line) -> list[tuple[Any, str, str]]:
        return [
            (FACTS.get(name, name), _shown(name, was, types), _shown(name, now, types))
            for name, was, now in line.facts
            if name not in UNSAID
        ]

    return [
        ShownLine(
            line,
            VERBS.get(line.verb, line.verb.replace("_", " ").capitalize()),
            (names or {}).get(line.subject_id, "") if line.subject == "inspection" else "",
            facts(line),
        )
        for line in lines
    ]


def _permit_types(lines: Sequence[Line]) -> dict[Any, str]:
    if not any(name == "permit_type" for line in lines for name, _was, _now in line.facts):
        return {}
    return {row.id: name_of(row) for row in PermitType.select()}


def _shown(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """A value of the record in words; '' for none."""
    if value in (None, ""):
        return ""
    text = str(value)
    if name == "permit_type":
        return types.get(value, text)
    if name == "time_frame":
        return half(text)
    if name in ("status", "result", "trade") and text in FLAT:
        for words in (PERMIT_STATES, TRADES):
            if text in words:
                return str(words[text])  # type: ignore[index]
        return str(TAGS[text][1])
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
