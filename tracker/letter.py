"""A mail written to the outbox: its words in the reader's language, its addresses and its calendar file."""

import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.calendar_file import Entry, calendar_file, hours
from tracker.catalogue import LANGUAGES, catalogue
from tracker.models import Inspection, Mail, Request
from tracker.rules.calendar import ONE_DAY, City, change_problem
from tracker.rules.dates import date_words
from tracker.rules.outcomes import RESULT_WORDS
from tracker.rules.reasons import N_, Reason, put, shown_name
from tracker.rules.words import Result, Status

TRACKER = Path(__file__).parent
SUBJECT_LENGTH = 200
# One address and nothing else: what an import brought as "n/a", or as two addresses, gets no mail.
ONE_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\\\x00-\x1f\x7f]+")

HALVES = {"am": N_("AM"), "pm": N_("PM"), "any": N_("AM or PM")}
CALENDAR_STATUS = {Status.REQUESTED: "TENTATIVE", Status.CANCELLED: "CANCELLED", Status.DECLINED: "CANCELLED"}
UNTIL_THE_END = N_("Change or cancel it online until the end of {eve}.")
UNTIL = N_("Change or cancel it online until {eve}, {time}.")
ABOUT = N_(
    "Permit {permit}. No. {number}. AM or PM is a wish: the day's workload decides. "
    "On the day itself, call {phone} to change or cancel."
)


@dataclass(frozen=True)
class Letterhead:
    """The city as its mails show it, made once from the settings.

    public_url has no slash at its end. sender is MAIL_DEFAULT_SENDER, with or without a name.
    cancel_until is a time on the day before the inspection; None is the end of that day.
    """

    name: str
    phone: str
    zone: ZoneInfo
    public_url: str
    sender: str
    cancel_until: time | None = None


@dataclass(frozen=True)
class Letter:
    """A mail about inspections of one request, in the request's language.

    `kind` names its templates; `subject` is a sentence with {type}, {day}, {count}, {address}, {number} or
    {result}.
    """

    kind: str
    subject: str
    request: Request
    inspections: Sequence[Inspection]
    letterhead: Letterhead
    now: datetime

    def write(self, *, method: str = "", copy_to: str = "", message_id: str = "", **more: Any) -> None:
        """One row an address, compared in lower case; `more` is for the templates. No method, no calendar file.

        The company's copy has no calendar file: what changes later goes to the request's address alone, and
        an entry that does not follow is worse than none.
        """
        main = self.request.email.strip()
        addresses = {address.lower(): address for address in (copy_to.strip(), main)}
        values = {**self.values, **more}
        templates = _environment(self._language)
        text, html = (templates.get_template(f"emails/{self.kind}.{form}").render(values) for form in ("txt", "html"))
        for key, address in addresses.items():
            if not ONE_ADDRESS.fullmatch(address):
                continue
            calendar = self._calendar(method, address) if method and key == main.lower() else ""
            Mail.create(
                message_id=message_id or uuid.uuid4().hex,
                kind=self.kind,
                inspection=self.inspections[0] if len(self.inspections) == 1 else None,
                recipient=address,
                subject=values["subject"],
                text=text,
                html=html,
                calendar=calendar,
                calendar_method=method if calendar else "",
                created_at=self.now,
                due_at=self.now,
            )

    def say(self, sentence: str, **values: Any) -> str:
        gettext = catalogue(self._language).gettext
        return put(Reason(sentence, values), gettext=gettext, locale=self._language)

    def day(self, day: date) -> str:
        return date_words(day, self._language, "long_day")

    @property
    def _language(self) -> str:
        language = self.request.language[:2].lower()
        return language if language in LANGUAGES else "en"

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
            "language": self._language,
            "subject": one_line(subject)[:SUBJECT_LENGTH].rstrip(),
            "number": number,
            "permit": one_line(permit_num),
            "address": address,
            "inspections": shown,
            "city": self.letterhead,
            "dashboard": f"{url}/dashboard",
            "permit_page": f"{url}/permits/{quote(permit_num, safe='')}",
        }

    def _shown(self, inspection: Inspection) -> Mapping[str, str]:
        kind = inspection.inspection_type
        return {
            "type": one_line(shown_name(kind, self._language)),
            "day": self.day(inspection.day),
            "half": self.say(HALVES[inspection.time_frame]),
            "note": one_line((kind.note_es if self._language == "es" else "") or kind.note),
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


def one_line(text: str) -> str:
    """The text on one line, without control and direction characters: fit for a header."""
    return " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text).split())


@lru_cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TRACKER.parent / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
