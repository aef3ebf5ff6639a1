"""The record of changes in words: who did what, when, from where, before and after, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.filters import FEE_STATES, PERMIT_STATES, ROLES, TAGS, TRADES, day, half, language_name
from tracker.models import InspectionType, PermitType
from tracker.queries.records import Line
from tracker.rules.words import FeeState, Role, Trade
from tracker.saying import name_of

VERBS = {
    "request_inspections": _l("Requested"),
    "cancel_inspection": _l("Cancelled"),
    "move_inspection": _l("Moved"),
    "move_by_staff": _l("Moved by the city"),
    "assign": _l("Assigned"),
    "unassign": _l("Taken from the inspector"),
    "decline": _l("Declined"),
    "take_over": _l("Taken over"),
    "not_reached": _l("Not reached"),
    "set_on_the_way": _l("On the way"),
    "not_on_the_way": _l("Not on the way any more"),
    "set_arrived": _l("Arrived"),
    "record_result": _l("Result recorded"),
    "correct_result": _l("Result corrected"),
    "set_expiry": _l("Expires on another day now"),
    "add_permit": _l("Permit added by hand"),
    "correct_permit": _l("Permit corrected"),
    "put_on_permit": _l("Company put on the permit"),
    "take_off_permit": _l("Company taken off the permit"),
    "mark_not_applicable": _l("Marked as not applicable"),
    "take_back_not_applicable": _l("Marked as applicable again"),
    "add_company": _l("Company added by hand"),
    "add_inspection_type": _l("Inspection type added"),
    "change_inspection_type": _l("Inspection type changed"),
    "move_inspection_type": _l("Inspection type moved in the list"),
    "take_off_permit_types": _l("Taken off every permit type"),
    "remove_inspection_type": _l("Inspection type removed"),
    "add_permit_type": _l("Permit type added"),
    "change_permit_type": _l("Permit type changed"),
    "remove_permit_type": _l("Permit type removed"),
    "set_places": _l("Places set"),
    "close_day": _l("Day closed"),
    "open_day": _l("Day opened"),
    "add_staff": _l("Added to the staff"),
    "change_staff": _l("Staff member changed"),
    "leave": _l("Has left the city"),
    "come_back": _l("Back again"),
    "set_password": _l("New password set"),
    "sign_out_everywhere": _l("Staff member signed out everywhere"),
    "order_stops": _l("Stops put in order"),
    "renew_code": _l("Registration code renewed"),
    "sign_out_company": _l("Company signed out everywhere"),
    "block_company": _l("Blocked"),
    "unblock_company": _l("Unblocked"),
    "keep_apart": _l("Not the same company as"),
    "merge_into": _l("Merged into another company"),
    "take_in": _l("Another company merged in"),
    "fee_due": _l("Fee due"),
    "fee_not_due": _l("Fee not due any more"),
    "record_fee_paid": _l("Fee paid"),
    "waive_fee": _l("Fee waived"),
    "reopen_fee": _l("Fee due again"),
    "send_mail_again": _l("Mail queued again"),
    "import_permit": _l("Permit changed by the import"),
    "import_inspection": _l("Inspection changed by the import"),
    "import_permits": _l("Permits imported"),
    "import_inspections": _l("Inspections imported"),
    "set_own_pin": _l("Own PIN set"),
    "change_company": _l("Company changed"),
    "set_language": _l("Language changed"),
    "add_person": _l("Person added"),
    "change_person": _l("Person changed"),
    "remove_person": _l("Person removed"),
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
    "closed_on": _l("Inspected"),
    "closed_by": _l("Inspector"),
    "requested_at": _l("Requested"),
    "source_type": _l("Type in the source"),
    "source_result": _l("Result in the source"),
    "expires_on": _l("Expires"),
    "issued_on": _l("Issued"),
    "permit_num": _l("Number"),
    "permit_type": _l("Permit type"),
    "inspection_type": _l("Inspection Type"),
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
    "wants": _l("Mails"),
    "language": _l("Language"),
    "code": _l("Code"),
    "name": _l("Name"),
    "name_es": _l("Spanish name"),
    "minutes": _l("Minutes"),
    "place": _l("Place in the list"),
    "note": _l("Note for contractors"),
    "note_es": _l("Note in Spanish"),
    "may_repeat": _l("May repeat"),
    "needs_caller": _l("Needs somebody to call"),
    "is_final": _l("Is a final"),
    "needs": _l("Needs first"),
    "mapped": _l("In the open standard"),
    "lists": _l("Inspections"),
    "listed_by": _l("On permit types"),
    "weekday": _l("Weekday"),
    "places": _l("Places"),
    "moved": _l("Requests moved"),
    "declined": _l("Requests declined"),
    "role": _l("Role"),
    "trades": _l("Trades"),
    "stops_a_day": _l("Stops a day"),
    "minutes_a_day": _l("Minutes a day"),
    "stops_back": _l("Stops back in the queue"),
    "stops": _l("Stops"),
    "address": _l("Address"),
    "city": _l("City"),
    "zip": _l("ZIP"),
    "state": _l("US state"),
    "names": _l("Spellings"),
    "permits": _l("Permits"),
    "permits_both": _l("Permits both were on"),
    "requests": _l("Requests"),
    "inspections": _l("Inspections"),
    "people": _l("People"),
    "fees": _l("Fees due"),
    "fee": _l("Fee"),
    "receipt": _l("Receipt"),
    "attempt": _l("Inspection no."),
    "amount": _l("Amount, $"),
    "file": _l("File"),
    "profile": _l("Profile of the source"),
    "read": _l("Rows read"),
    "new": _l("New"),
    "changed": _l("Changed"),
    "unchanged": _l("Unchanged"),
    "older": _l("Issued later here"),
    "merged": _l("Merged rows"),
    "rejected": _l("Rejected"),
    "companies": _l("New companies"),
    "spellings": _l("New spellings"),
    "possible_matches": _l("Companies with names alike"),
    "corrected": _l("Corrected by hand, kept"),
    "by_hand": _l("By hand before, in the source now"),
    "taken_away": _l("Taken off permits"),
    "kept": _l("Kept on permits for open inspections"),
    "blank": _l("Cells left blank"),
    "here": _l("Of this system, left alone"),
    "no_result": _l("Without a result, left out"),
    "open_here": _l("With a result, but open here"),
    "extended": _l("Permits that expire later now"),
}
WEEKDAYS = {
    "every": _l("every working day"),
    "0": _l("Monday"),
    "1": _l("Tuesday"),
    "2": _l("Wednesday"),
    "3": _l("Thursday"),
    "4": _l("Friday"),
}
SUBJECTS = {
    "capacity": _l("Places"),
    "closedday": _l("Days off"),
    "inspection": _l("Inspections"),
    "permit": _l("Permits"),
    "contractor": _l("Companies"),
    "fee": _l("Fees"),
    "staff": _l("Staff"),
    "inspectiontype": _l("Inspection types"),
    "permittype": _l("Permit types"),
    "mail": _l("Mail"),
    "import": _l("Imports"),
}
# One of them, where it is gone and has no name any more; the city's settings and an import never had one.
ONE_OF = {
    "inspection": _l("Inspection"),
    "permit": _l("Permit"),
    "contractor": _l("Company"),
    "fee": _l("Fee"),
    "inspectiontype": _l("Inspection type"),
    "permittype": _l("Permit type"),
}
WITHOUT_NAME = {"capacity": _l("Places"), "closedday": _l("Day off"), "import": _l("Import")}
# Codes that stand for words of their own.
CODES = {
    "wants": {
        "all": _l("All inspections of the company"),
        "own": _l("Own inspections"),
        "none": _l("No mails"),
    },
    "weekday": WEEKDAYS,
}
# Of use to the machine alone.
UNSAID = ("scheduled_at", "on_the_way_at", "arrived_at", "calendar_sequence", "stop_order")
FLAT = {*PERMIT_STATES, *TAGS, *TRADES}


@dataclass
class ShownLine:
    """A line with its words; `about` says which inspection of the permit it is about."""

    line: Line
    verb: Any
    about: Any
    facts: list[tuple[Any, ...]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def lines_shown(
    lines: Sequence[Line], names: Mapping[int, str] | None = None, *, about: Callable[[Line], Any] | None = None
) -> list[ShownLine]:
    """The lines as pages print them; `names` are those of inspections by id, or `about` says what a line is about."""

    def named(line: Line) -> Any:
        return (names or {}).get(line.subject_id, "") if line.subject == "inspection" else ""

    types = _type_names(lines)

    return [
        ShownLine(
            line,
            VERBS.get(line.verb, line.verb.replace("_", " ").capitalize()),
            (about or named)(line),
            [fact for fact in _facts(line, types) if fact[1] or fact[2]],
        )
        for line in lines
    ]


def _facts(line: Line, types: Mapping[Any, str]) -> Iterator[tuple[Any, ...]]:
    """What changed, (label, before, after): of lists what came and what went, of a merge where the company went."""
    for name, was, now in line.facts:
        label = FACTS.get(name, name)
        if line.verb == "merge_into":
            if name == "company":
                yield _("Merged into"), "", _shown(name, now, types)
        elif was and now and isinstance(was, list) and isinstance(now, list):
            yield from _list_changed(name, was, now, types)
        elif name not in UNSAID and not (was is None and now is False):
            yield label, _shown(name, was, types), _shown(name, now, types)


def _list_changed(name: str, was: list[Any], now: list[Any], types: Mapping[Any, str]) -> Iterator[tuple[Any, ...]]:
    added, removed = [one for one in now if one not in was], [one for one in was if one not in now]
    if not added and not removed:
        yield FACTS.get(name, name), _shown(name, was, types), _shown(name, now, types)
    if added:
        yield _("%(fact)s added", fact=FACTS.get(name, name)), "", _shown(name, added, types)
    if removed:
        yield _("%(fact)s removed", fact=FACTS.get(name, name)), "", _shown(name, removed, types)


def _type_names(lines: Sequence[Line]) -> dict[Any, str]:
    """The names of permit types by id and of inspection types by code, where a line is about one."""
    about = {name for line in lines for name, _was, _now in line.facts}
    names: dict[Any, str] = {}
    for facts, model, key in (
        ({"permit_type"}, PermitType, "id"),
        ({"listed_by"}, PermitType, "code"),
        ({"inspection_type", "lists", "needs"}, InspectionType, "code"),
    ):
        if facts & about:
            names |= {getattr(row, key): name_of(row) for row in model.select()}
    return names


def _shown(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """A value of the record in words; '' for none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_one_of(name, one, types) for one in value)
    text = str(value)
    if name in ("permit_type", "inspection_type"):
        return types.get(value, text)
    if name == "time_frame":
        return half(text)
    if name == "language":
        return language_name(text)
    if name in CODES and text in CODES[name]:
        return str(CODES[name][text])
    if name == "role" and text in ROLES:
        return str(ROLES[Role(text)])
    if name in ("status", "result", "trade") and text in FLAT:
        for words in (PERMIT_STATES, TRADES):
            if text in words:
                return str(words[text])  # type: ignore[index]
        return str(TAGS[text][1])
    if name == "fee" and text in FEE_STATES:
        return str(FEE_STATES[FeeState(text)])
    try:
        return day(date.fromisoformat(text)) if "-" in text else text  # 20260527 is a number, such as a receipt's
    except ValueError:
        return text


def _one_of(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """One of several: a trade; [code, asking is enough] of what is needed; [text, Spanish] of a correction."""
    if name == "trades" and value in list(Trade):
        return str(TRADES[Trade(value)])
    if name == "needs" and isinstance(value, list) and len(value) == 2:
        code = types.get(value[0], value[0])
        return _("%(code)s (asking is enough)", code=code) if value[1] else str(code)
    if name in ("lists", "listed_by"):
        return str(types.get(value, value))
    if isinstance(value, list):
        return " / ".join(str(one) for one in value if one)
    return str(value)
