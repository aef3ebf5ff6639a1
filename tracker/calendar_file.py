"""The calendar file that goes with a mail (RFC 5545; how clients match and update entries: RFC 5546)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import parseaddr
from zoneinfo import ZoneInfo

import icalendar

# A wished half of the day on the city's clock: calendars know no halves.
HOURS = {"am": (time(8), time(12)), "pm": (time(12), time(17)), "any": (time(8), time(17))}


@dataclass(frozen=True)
class Entry:
    """One event: `uid` stays for its whole life, `sequence` rises with every change; instants are aware."""

    uid: str
    sequence: int
    begins_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    status: str  # TENTATIVE, CONFIRMED or CANCELLED


def hours(day: date, time_frame: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a wished half ('am', 'pm', 'any'), in UTC: right across daylight-saving changes."""
    begin, end = (datetime.combine(day, hour, zone).astimezone(UTC) for hour in HOURS[time_frame])
    return begin, end


def calendar_file(
    method: str, entries: Sequence[Entry], *, organizer: str, name: str, attendee: str, now: datetime
) -> str:
    """The file as text, with CRLF.

    method is REQUEST or CANCEL for one entry; several, with UIDs of their own, can only be published
    (RFC 5546, 3.2.1 and 3.2.2), and what is published names no attendee. organizer is an address, with or
    without a name.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Permit tracker//Inspections//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        event = _event(entry, now)
        event["organizer"] = _party(parseaddr(organizer)[1], CN=name)
        if method != "PUBLISH":
            # Accepted already, and no answer asked for: nobody reads the sender's mailbox.
            event["attendee"] = _party(attendee, PARTSTAT="ACCEPTED", RSVP="FALSE")
        calendar.add_component(event)
    return calendar.to_ical().decode()


def _event(entry: Entry, now: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.begins_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("description", entry.description)
    event.add("url", entry.url)
    event.add("status", entry.status)
    # A wished half does not make anyone busy.
    event.add("transp", "TRANSPARENT")
    return event


def _party(address: str, **parameters: str) -> icalendar.vCalAddress:
    party = icalendar.vCalAddress(f"mailto:{address}")
    for name, value in parameters.items():
        party.params[name] = icalendar.vText(value)
    return party
