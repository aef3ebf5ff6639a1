"""A mail about inspections of one request, with its calendar file."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlsplit

from tracker.calendar_file import Entry, calendar_file, hours
from tracker.letter import Letter, addresses, one_line
from tracker.models import Inspection, Request
from tracker.rules.calendar import ONE_DAY, City, change_problem
from tracker.rules.outcomes import RESULT_WORDS
from tracker.rules.reasons import N_, shown_name
from tracker.rules.words import Result, Status

HALVES = {"am": N_("AM"), "pm": N_("PM"), "any": N_("AM or PM")}
CALENDAR_STATUS = {Status.REQUESTED: "TENTATIVE", Status.CANCELLED: "CANCELLED", Status.DECLINED: "CANCELLED"}
UNTIL_THE_END = N_("Change or cancel it online until the end of {eve}.")
UNTIL = N_("Change or cancel it online until {eve}, {time}.")
ABOUT = N_(
    "Permit {permit}. No. {number}. AM or PM is a wish: the day's workload decides. "
    "On the day itself, call {phone} to change or cancel."
)


@dataclass(frozen=True)
class InspectionLetter(Letter):
    """About `inspections` of `request`; `subject` has {type}, {day}, {count}, {address}, {number} or {result}."""

    subject: str
    request: Request
    inspections: Sequence[Inspection]

    def write(self, *, copies: Iterable[str] = (), method: str = "", message_id: str = "", **more: Any) -> None:
        """To the request's address and, once each, to `copies`; `more` is for the templates.

        `method` is that of a calendar file, which goes to the request's address alone: whoever reads along would
        find all of a company's inspections among the own appointments. `message_id` makes it a mail sent once.
        """
        main = self.request.email.strip().lower()
        printed = self.printed(self.values["subject"], {**self.values, **more})
        about = self.inspections[0] if len(self.inspections) == 1 else None
        for key, address in addresses([*copies, self.request.email]).items():
            columns: dict[str, Any] = {"inspection": about}
            if key == main:
                columns |= {"message_id": message_id}
                if method:
                    columns |= {"calendar": self._calendar(method, address), "calendar_method": method}
            elif message_id:
                columns |= {"message_id": copy_id(message_id, key)}
            self.post(printed, address, **columns)

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What every template may show. Nothing in it that a person typed holds a line break."""
        url, permit_num = self.letterhead.public_url, self.request.permit.permit_num
        address, number = one_line(self.request.site_address), str(self.request.id)
        shown = [self._shown(inspection) for inspection in self.inspections]
        subject = self.say(
            self.subject, type=shown[0]["type"], day=self.inspections[0].day, count=len(shown),
            address=address, number=number, result=shown[0]["result"],
        )  # fmt: skip
        return {
            "subject": subject,
            "number": number,
            "permit": one_line(permit_num),
            "address": address,
            "inspections": shown,
            "permit_page": f"{url}/permits/{quote(permit_num, safe='')}",
        }

    def _shown(self, inspection: Inspection) -> Mapping[str, str]:
        kind = inspection.inspection_type
        return {
            "type": one_line(shown_name(kind, self.tongue)),
            "day": self.day(inspection.day),
            "half": self.say(HALVES[inspection.time_frame]),
            "note": one_line((kind.note_es if self.tongue == "es" else "") or kind.note),
            "until": self._until(inspection.day),
            "result": self.say(RESULT_WORDS[Result(inspection.result)]) if inspection.result else "",
        }

    def _until(self, day: date) -> str:
        """Until when it may be changed online; empty when that is over, as after a request by telephone."""
        limit = self.letterhead.cancel_until
        if change_problem(day, self.now, City(zone=self.letterhead.zone, cancel_until=limit)):
            return ""
        eve = self.day(day - ONE_DAY)
        return self.say(UNTIL_THE_END, eve=eve) if limit is None else self.say(UNTIL, eve=eve, time=limit)

    def _calendar(self, method: str, address: str) -> str:
        entries = [
            self._entry(inspection, shown["type"])
            for inspection, shown in zip(self.inspections, self.values["inspections"], strict=True)
        ]
        sender, name = self.letterhead.sender, one_line(self.letterhead.name)
        return calendar_file(method, entries, organizer=sender, name=name, attendee=address, now=self.now)

    def _entry(self, inspection: Inspection, kind: str) -> Entry:
        values, host = self.values, urlsplit(self.letterhead.public_url).hostname
        about = self.say(ABOUT, permit=values["permit"], number=values["number"], phone=self.letterhead.phone)
        begins_at, ends_at = hours(inspection.day, inspection.time_frame, self.letterhead.zone)
        return Entry(
            uid=f"inspection-{inspection.id}@{host}",
            sequence=inspection.calendar_sequence,
            begins_at=begins_at,
            ends_at=ends_at,
            summary=f"{kind}, {values['address']}",
            location=self._place(),
            description=about,
            url=values["permit_page"],
            status=CALENDAR_STATUS.get(Status(inspection.status), "CONFIRMED"),
        )

    def _place(self) -> str:
        """The address as a map finds it: with the city, where nobody typed it."""
        permit, address = self.request.permit, self.values["address"]
        if not permit.original_city or permit.original_city.lower() in address.lower():
            return address
        return one_line(f"{address}, {permit.original_city}, {permit.original_state} {permit.original_zip}")


def copy_id(message_id: str, address: str) -> str:
    """The Message-ID of a copy to this address, in lower case: the same each time."""
    return f"{message_id}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"
