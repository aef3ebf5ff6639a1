"""The record of changes in words: who did what, when, from where, before and after, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.filters import FEE_STATES, PERMIT_STATES, ROLES, TAGS, TRADES, day, half
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
    "unassign": _l("Taken back"),
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
    "take_back_not_applicable": _l("Applies again"),
    "add_company": _l("Company added by hand"),
    "add_inspection_type": _l("Inspection type added"),
    "change_inspection_type": _l("Inspection type changed"),
    "move_inspection_type": _l("Moved in the list"),
    "take_off_permit_types": _l("Taken off every permit type"),
    "remove_inspection_type": _l("Inspection type removed"),
    "add_permit_type": _l("Permit type added"),
    "change_permit_type": _l("Permit type changed"),
    "remove_permit_type": _l("Permit type removed"),
    "set_places": _l("Places set"),
    "close_day": _l("Day closed"),
    "open_day": _l("Day opened"),
    "add_staff": _l("Added to the staff"),
    "change_staff": _l("Changed"),
    "leave": _l("Has left"),
    "come_back": _l("Back again"),
    "set_password": _l("New password set"),
    "sign_out_everywhere": _l("Signed out everywhere"),
    "order_stops": _l("Stops put in order"),
    "renew_code": _l("Registration code renewed"),
    "sign_out_company": _l("Signed out everywhere"),
    "block_company": _l("Blocked"),
    "unblock_company": _l("Unblocked"),
    "keep_apart": _l("Not the same company as"),
    "merge_into": _l("Merged into"),
    "take_in": _l("Took in"),
    "fee_due": _l("Fee due"),
    "fee_not_due": _l("Fee not due any more"),
    "record_fee_paid": _l("Fee paid"),
    "waive_fee": _l("Fee waived"),
    "reopen_fee": _l("Fee due again"),
    "send_mail_again": _l("Mail sent again"),
    "import_permit": _l("Changed by the import"),
    "import_inspection": _l("Changed by the import"),
    "set_own_pin": _l("Own PIN set"),
    "change_company": _l("Company changed"),
    "set_language": _l("Language changed"),
    "add_person": _l("Person added"),
    "change_person": _l("Person changed"),
    "remove_person": _l("Person removed"),
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
    facts: list[tuple[Any, str, str]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def lines_shown(
    lines: Sequence[Line], names: Mapping[int, str] | None = None, *, about: Callable[[Line], Any] | None = None
) -> list[ShownLine]:
    """The lines as pages print them; `names` are those of inspections by id, or `about` says what a line is about."""

    def named(line: Line) -> Any:
        return (names or {}).get(line.subject_id, "") if line.subject == "inspection" else ""

    types = _type_names(lines)

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
            (about or named)(line),
            facts(line),
        )
        for line in lines
    ]


def _type_names(lines: Sequence[Line]) -> dict[Any, str]:
    """The names of permit types by id and of inspection types by code, where a line is about one."""
    about = {name for line in lines for name, _was, _now in line.facts}
    names: dict[Any, str] = {}
    for fact, model, key in (("permit_type", PermitType, "id"), ("inspection_type", InspectionType, "code")):
        if fact in about:
            names |= {getattr(row, key): name_of(row) for row in model.select()}
    return names


def _shown(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """A value of the record in words; '' for none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_one_of(name, one) for one in value)
    text = str(value)
    if name in ("permit_type", "inspection_type"):
        return types.get(value, text)
    if name == "time_frame":
        return half(text)
    if name == "weekday":
        return str(WEEKDAYS.get(text, text))
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


def _one_of(name: str, value: Any) -> str:
    """One of several: a trade; [code, asking is enough] of what is needed; [text, Spanish] of a correction."""
    if name == "trades" and value in list(Trade):
        return str(TRADES[Trade(value)])
    if name == "needs" and isinstance(value, list) and len(value) == 2:
        return _("%(code)s (asking is enough)", code=value[0]) if value[1] else str(value[0])
    if isinstance(value, list):
        return " / ".join(str(one) for one in value if one)
    return str(value)
