"""One function an e-mail: each writes its rows to the outbox, inside the caller's transaction.

They take the row the mail is about, the `letterhead` and `now` (aware), and write one row an address.
The remarks are left out of every mail: gate codes and phone numbers in them are for the city only.
A new mail is a pair of templates under its name and a function as short as `cancelled`.
"""

from collections.abc import Sequence
from datetime import date, datetime

from tracker.letter import Letter, Letterhead, one_line
from tracker.models import Inspection, Mail, Request
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import LEAVES_OPEN


def requested(request: Request, inspections: Sequence[Inspection], *, letterhead: Letterhead, now: datetime) -> None:
    """What was requested: to the request's address and the company's own, once where they are the same."""
    subject = N_("Requested: {type}, {day} (No. {number})")
    if len(inspections) > 1:
        subject = N_("Requested: {count} inspections, {address} (No. {number})")
    letter = Letter("requested", subject, request, inspections, letterhead, now)
    letter.write(method="REQUEST" if len(inspections) == 1 else "PUBLISH", copy_to=request.contractor.email)


def moved(
    inspection: Inspection, *, was_on: date, letterhead: Letterhead, now: datetime, why: Reason | None = None
) -> None:
    """The inspection has another day than `was_on`, or another half: to the request's address."""
    subject = N_("Moved: {type}, {day} (No. {number})")
    letter = Letter("moved", subject, inspection.request, [inspection], letterhead, now)
    letter.write(method="REQUEST", was_on=letter.day(was_on), why=letter.say(why.message) if why else "")


def cancelled(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The inspection is off: to the request's address."""
    subject = N_("Cancelled: {type}, {day} (No. {number})")
    letter = Letter("cancelled", subject, inspection.request, [inspection], letterhead, now)
    letter.write(method="CANCEL")


def assigned(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The inspection has its inspector: to the request's address."""
    subject = N_("Scheduled: {type}, {day} (No. {number})")
    letter = Letter("assigned", subject, inspection.request, [inspection], letterhead, now)
    letter.write(method="REQUEST", **_inspector(inspection))


def declined(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The city declines it; its comment is the reason: to the request's address."""
    subject = N_("Declined: {type}, {day} (No. {number})")
    letter = Letter("declined", subject, inspection.request, [inspection], letterhead, now)
    letter.write(method="CANCEL", reason=one_line(inspection.comment))


def result(inspection: Inspection, *, letterhead: Letterhead, now: datetime, corrected: bool = False) -> None:
    """What the inspector found, or found to be wrong: to the request's address and the company's own.

    No calendar file: the day of the entry has come.
    """
    subject = N_("Corrected: {type}, {result} (No. {number})") if corrected else N_("{type}: {result} (No. {number})")
    letter = Letter("result", subject, inspection.request, [inspection], letterhead, now)
    letter.write(
        copy_to=inspection.request.contractor.email,
        corrected=corrected,
        leaves_open=inspection.result in LEAVES_OPEN,
        corrections=[one_line(line) for line in inspection.corrections.splitlines()],
        comment=[one_line(line) for line in inspection.comment.splitlines() if line.strip()],
        **_inspector(inspection),
    )


def next_up(inspection: Inspection, *, letterhead: Letterhead, now: datetime) -> None:
    """The stop before has its result: to the request's address, once for each day the inspection has."""
    subject = N_("You are next: {type}, {address} (No. {number})")
    message_id = f"next-up-{inspection.id}-{inspection.day:%Y%m%d}"
    if Mail.select().where(Mail.message_id == message_id).exists():
        return
    letter = Letter("next_up", subject, inspection.request, [inspection], letterhead, now)
    letter.write(message_id=message_id, **_inspector(inspection))


def _inspector(inspection: Inspection) -> dict[str, str]:
    who = inspection.inspector
    return {"inspector": one_line(who.name) if who else "", "inspector_phone": one_line(who.phone) if who else ""}
