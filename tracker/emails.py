"""One function an e-mail: each writes its rows to the outbox, inside the caller's transaction.

They take the row the mail is about, the `letterhead` and `now` (aware), and write one row an address. Whoever
of a company asked for all of its mails reads along with every mail about an inspection.
The remarks are left out of every mail: gate codes and phone numbers in them are for the city only.
A new mail is a pair of templates under its name and a function as short as `cancelled`.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from peewee import Select

from tracker.inspection_letter import InspectionLetter, copy_id
from tracker.letter import Letter, Letterhead, addresses, one_line
from tracker.models import Contractor, Inspection, Mail, Person, Request
from tracker.models.city import corrections_in_spanish
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import LEAVES_OPEN, Wants
from tracker.statements import statement


def requested(request: Request, inspections: Sequence[Inspection], *, letterhead: Letterhead, now: datetime) -> None:
    """What was requested: to the request's address and the company's own, once where they are the same."""
    subject = N_("Requested: {type}, {day} (No. {number})")
    if len(inspections) > 1:
        subject = N_("Requested: {count} inspections, {address} (No. {number})")
    letter = InspectionLetter("requested", letterhead, now, request.language, subject, request, inspections)
    copies = [request.contractor.email, *wanting_all(request.contractor_id)]
    letter.write(method="REQUEST" if len(inspections) == 1 else "PUBLISH", copies=copies)


def moved(
    inspection: Inspection, *, was_on: date, letterhead: Letterhead, now: datetime, why: Reason | None = None
) -> None:
    """The inspection has another day than `was_on`, or another half: to the request's address."""
    letter = _about(inspection, "moved", N_("Moved: {type}, {day} (No. {number})"), letterhead, now)
    words = {"was_on": letter.day(was_on), "why": letter.say(why.message) if why else ""}
    letter.write(method="REQUEST", copies=wanting_all(inspection.contractor_id), **words)


def cancelled(inspection: Inspection, *, letterhead: Letterhead, now: datetime, by_telephone: bool = False) -> None:
    """The inspection is off, as its company asked online or `by_telephone`: to the request's address."""
    letter = _about(inspection, "cancelled", N_("Cancelled: {type}, {day} (No. {number})"), letterhead, now)
    letter.write(method="CANCEL", copies=wanting_all(inspection.contractor_id), by_telephone=by_telephone)


def assigned(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The inspection has its inspector: to the request's address."""
    letter = _about(inspection, "assigned", N_("Scheduled: {type}, {day} (No. {number})"), letterhead, now)
    letter.write(method="REQUEST", copies=wanting_all(inspection.contractor_id), **_inspector(inspection))


def declined(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The city declines it; its comment is the reason: to the request's address."""
    letter = _about(inspection, "declined", N_("Declined: {type}, {day} (No. {number})"), letterhead, now)
    copies = wanting_all(inspection.contractor_id)
    letter.write(method="CANCEL", copies=copies, reason=one_line(inspection.comment))


def result(inspection: Inspection, *, letterhead: Letterhead, now: datetime, corrected: bool = False) -> None:
    """What the inspector found, or found to be wrong: to the request's address and the company's own.

    No calendar file: the day of the entry has come.
    """
    subject = N_("Corrected: {type}, {result} (No. {number})") if corrected else N_("{type}: {result} (No. {number})")
    letter = _about(inspection, "result", subject, letterhead, now)
    letter.write(
        copies=[inspection.request.contractor.email, *wanting_all(inspection.contractor_id)],
        corrected=corrected,
        leaves_open=inspection.result in LEAVES_OPEN,
        corrections=_corrections(inspection.corrections.splitlines(), letter.tongue),
        comment=[one_line(line) for line in inspection.comment.splitlines() if line.strip()],
        **_inspector(inspection),
    )


def _corrections(lines: Sequence[str], tongue: str) -> list[str]:
    spanish = corrections_in_spanish(lines) if tongue == "es" and lines else {}
    return [one_line(spanish.get(line, line)) for line in lines]


def next_up(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The stop before has its result: to the request's address, once for each day the inspection has."""
    message_id = f"next-up-{inspection.id}-{inspection.day:%Y%m%d}"
    if Mail.select().where(Mail.message_id == message_id).exists():
        return
    subject = N_("You are next: {type}, {address} (No. {number})")
    letter = _about(inspection, "next_up", subject, letterhead, now)
    letter.write(message_id=message_id, copies=wanting_all(inspection.contractor_id), **_inspector(inspection))


def wanting_all(company_id: int) -> list[str]:
    """The addresses of those of a company who asked for the mails about all of its inspections."""
    return [email for (email,) in _wanting_all(company_id)]


@statement
def _wanting_all(company_id: Any) -> Select:
    them = Person.select(Person.email).where(Person.contractor == company_id, Person.wants == Wants.ALL)
    return them.order_by(Person.id)


def _about(inspection: Inspection, kind: str, subject: str, letterhead: Letterhead, now: datetime) -> InspectionLetter:
    request = inspection.request
    return InspectionLetter(kind, letterhead, now, request.language, subject, request, [inspection])


def _inspector(inspection: Inspection) -> dict[str, str]:
    who = inspection.inspector
    return {"inspector": one_line(who.name) if who else "", "inspector_phone": one_line(who.phone) if who else ""}


def pin_changed(company: Contractor, *, letterhead: Letterhead, now: datetime) -> None:
    """The company has another PIN: to its own address."""
    letter = Letter("pin_changed", letterhead, now, company.language)
    printed = letter.printed(letter.say(N_("Your PIN was changed")), {"company": one_line(company.company_name)})
    for address in addresses([company.email]).values():
        letter.post(printed, address)


def company_changed(company: Contractor, *, before: Mapping[str, str], letterhead: Letterhead, now: datetime) -> None:
    """The company's address, phone or e-mail changed: to its address as it is and as it was `before`."""
    letter = Letter("company_changed", letterhead, now, company.language)
    values = {
        "company": one_line(company.company_name),
        "address": one_line(company.address),
        "place": one_line(f"{company.city} {company.state} {company.zip}"),
        "phone": one_line(company.phone),
        "email": one_line(company.email),
    }
    printed = letter.printed(letter.say(N_("Your company’s address was changed")), values)
    for address in addresses([before["email"], company.email]).values():
        letter.post(printed, address)


class Ending(NamedTuple):
    """A permit that expires on a day, or has expired on it."""

    number: str
    address: str
    expires_on: date
    has_ended: bool


def expiry(
    company: Contractor, permits: Sequence[Ending], *, letterhead: Letterhead, now: datetime, message_id: str
) -> int:
    """These permits expire or have expired: to the company's address and who wants all. Returns how many mails.

    `permits` are in the order they end. `message_id` is unique in the database: the mail is made once.
    """
    letter = Letter("expiry", letterhead, now, company.language)
    to = addresses([*wanting_all(company.id), company.email])
    if not to:
        return 0
    shown = [
        {
            "number": one_line(one.number),
            "address": one_line(one.address),
            "day": letter.day(one.expires_on),
            "page": f"{letterhead.public_url}/permits/{quote(one.number, safe='')}",
            "has_ended": one.has_ended,
        }
        for one in permits
    ]
    values = {"company": one_line(company.company_name), "permits": shown}
    printed = letter.printed(_ending_subject(letter, permits), values)
    for key, address in to.items():
        letter.post(printed, address, message_id=copy_id(message_id, key))
    return len(to)


def _ending_subject(letter: Letter, permits: Sequence[Ending]) -> str:
    ended = sum(one.has_ended for one in permits)
    sentence = N_("{count} permits expire soon or have expired")
    if len(permits) == 1:
        sentence = N_("Permit {number} has expired") if ended else N_("Permit {number} expires {day}")
    elif ended in (0, len(permits)):
        sentence = N_("{count} permits have expired") if ended else N_("{count} permits expire soon")
    first = permits[0]
    return letter.say(sentence, count=len(permits), number=one_line(first.number), day=first.expires_on)
