"""By telephone: a technician requests, cancels and moves for a contractor, past the rules where there is a reason.

What may be let pass: the cut-off, a day beyond those on offer or full, an unpaid fee, a prerequisite that is missing,
a type that has passed. What may not: a day gone by or off, a type that is not on the permit or open already, a permit
that is not active. Each override is named by a refusal first; the reason given for it stays on record.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from tracker import emails
from tracker.actions.changes import By, record
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.places import give_place
from tracker.actions.requests import Contact, NotPossible, Problems, Terms, Wish, request_inspections, wish_problems
from tracker.actions.review import move_by_staff
from tracker.actions.seen import Refused, Seen, as_seen, change, named
from tracker.actions.stops import tell
from tracker.db import again_after_deadlock, database
from tracker.models import Contractor, Inspection, Permit, Request, Staff
from tracker.queries.city import limits, loads
from tracker.queries.permits import record_of
from tracker.rules.calendar import (
    A_YEAR,
    change_problem,
    closed_problem,
    date_problem,
    far_problem,
    is_working_day,
    local,
    past_problem,
)
from tracker.rules.capacity import Load, full_problem, places
from tracker.rules.reasons import N_, Reason, put
from tracker.rules.sequence import permit_problem, type_problem
from tracker.rules.words import OPEN, Status

# An inspector who stands at the door is no longer called off.
STILL_OFF = (Status.REQUESTED, Status.SCHEDULED, Status.ON_THE_WAY)
BY_TELEPHONE = ""  # nobody of the city's has cancelled it: the contractor did, by telephone


@dataclass(frozen=True)
class Override:
    """Why rules are let pass, and which: the keys of the refusals the technician was shown (see `problem_key`)."""

    reason: str = ""
    named: Collection[str] = ()


class NeedsReason(NotPossible):
    """It can be done all the same, with a reason: `problems` are the rules it would pass over."""


def request_by_telephone(
    permit: Permit,
    contractor: Contractor,
    wishes: Sequence[Wish],
    *,
    contact: Contact,
    key: str,
    override: Override,
    taken_by: Staff,
    desk: Desk,
    by: By,
    now: datetime,
    language: str = "en",
) -> Request:
    """As `request_inspections`, for any working day from today on; the mail goes to the contractor all the same.

    Raises NotPossible for what no reason helps, NeedsReason for what one does, and AlreadyRequested.
    """
    hard, soft = telephone_problems(permit, contractor, wishes, desk=desk, now=now)
    if not hard and (not override.reason or any(problem_key(one) not in override.named for one in soft)) and soft:
        raise NeedsReason(soft)

    def still(*about, **at) -> Problems:
        hard, soft = telephone_problems(*about, **at)
        return hard or [one for one in soft if problem_key(one) not in override.named]

    terms = Terms(
        problems=still,
        beyond_full=[place for place, field, reason in soft if place is not None and _is_full(reason)],
        taken_by=taken_by,
        reason=override.reason if soft else "",
        despite=[problem_key(one) for one in soft],
    )
    return request_inspections(
        permit, contractor, wishes,
        contact=contact, key=key, desk=desk, by=by, now=now, language=language, terms=terms,
    )  # fmt: skip


def telephone_problems(
    permit: Permit, contractor: Contractor, wishes: Sequence[Wish], *, desk: Desk, now: datetime
) -> tuple[Problems, Problems]:
    """(what no reason helps, what one does)."""
    hard = _hard_problems(permit, contractor, wishes, desk=desk, now=now)
    said = {(place, field) for place, field, _reason in hard}
    soft = [one for one in wish_problems(permit, contractor, wishes, desk=desk, now=now) if one[:2] not in said]
    if any(place is None for place, _field, _reason in [*hard, *soft]):
        return hard or soft, []
    # Remarks are for the inspector's call: no reason stands for them.
    hard += [one for one in soft if one[1] == "remarks"]
    soft = [one for one in soft if one[1] != "remarks"] + _full_days(wishes, desk)
    return hard, soft


def problem_key(problem: tuple[int | None, str, Reason]) -> str:
    """What tells a refusal from others, and what the record keeps of it: the inspection's place, the rule in words."""
    place, _field, reason = problem
    return f"{'' if place is None else place + 1}: {put(reason, gettext=str)}"


def _hard_problems(
    permit: Permit, contractor: Contractor, wishes: Sequence[Wish], *, desk: Desk, now: datetime
) -> Problems:
    here = local(now, desk.city)
    if reason := permit_problem(permit.status, permit.expires_on, here.date(), desk.city.phone):
        return [(None, "", reason)]
    known, problems, codes = record_of(permit, contractor, desk.types), Problems(), set(desk.types)
    for place, wish in enumerate(wishes):
        one = desk.types.get(wish.type_code)
        if one and not one.may_repeat and any(other.type_code == wish.type_code for other in wishes[:place]):
            twice = Reason(N_("{type} is on the list twice. Remove one."), {"type": one})
            problems.append((place, "inspection_type", twice))
        elif one is None:
            problems.append((place, "inspection_type", Reason(N_("Choose an inspection type from the list."))))
        else:
            # As if everything else had passed and was paid: what is still said then is not for a reason to change.
            free = replace(known, satisfied=codes - {one.code}, unpaid=Decimal(0))
            if reason := type_problem(one, free, desk.types, wish.day):
                problems.append((place, "inspection_type", reason))
        if reason := day_problem(wish.day, now, desk):
            problems.append((place, "requested_date", reason))
    return problems


def day_problem(day: date, now: datetime, desk: Desk) -> Reason | None:
    """Why not even a technician can give this day."""
    if day < local(now, desk.city).date():
        return past_problem(day)
    if day > local(now, desk.city).date() + A_YEAR:
        return far_problem(day)
    if not is_working_day(day, desk.city):
        return closed_problem(day)
    return None


def _full_days(wishes: Sequence[Wish], desk: Desk) -> Problems:
    """The wishes for which their day has no place left, those before them on the list counted."""
    rows, taken, problems = limits(), loads({wish.day for wish in wishes}), Problems()
    more: dict[tuple[date, str], int] = {}
    for place, wish in enumerate(wishes):
        one = desk.types.get(wish.type_code)
        for trade in ("", one.trade) if one else ():
            key = (wish.day, trade)
            more[key] = more.get(key, 0) + 1
            most = places(wish.day, trade or None, rows, desk.daily_capacity)
            if most is not None and taken.get(key, Load()).booked + more[key] > most:
                problems.append((place, "requested_date", full_problem(wish.day)))
                break
    return problems


def _is_full(reason: Reason) -> bool:
    return reason.message == full_problem(date.min).message


@again_after_deadlock
def cancel_by_telephone(seen: Seen, *, reason: str, desk: Desk, by: By, now: datetime) -> Inspection:
    """Cancelled for the contractor, who is mailed; on the day itself with a reason.

    Raises ChangedMeanwhile, or Refused: somebody is there already, or a reason is missing.
    """
    with database.atomic():
        [row] = as_seen([seen], status=STILL_OFF, desk_city=desk.city, now=now)
        if not reason and change_problem(row.day, now, desk.city):
            raise Refused([(row.id, _too_late(row.day, now, desk))])
        cancelled = change(
            row, "cancel_inspection", city=desk.city, by=by, now=now, reason=reason, status=Status.CANCELLED,
            open_type=None, closed_at=now, closed_on=local(now, desk.city).date(), closed_by=BY_TELEPHONE,
            calendar_sequence=Inspection.calendar_sequence + 1,
        )  # fmt: skip
        give_place(row.day, row.inspection_type.trade, row.time_frame)
        set_expiry([row.permit_id], by=by, now=now)
        emails.cancelled(cancelled, letterhead=desk.letterhead, now=now, by_telephone=True)
        tell([row], [row.inspector_id], local(now, desk.city).date())
    return cancelled


@again_after_deadlock
def move_by_telephone(
    seen: Seen, *, day: date, time_frame: str, reason: str, desk: Desk, by: By, now: datetime
) -> Inspection:
    """Moved for the contractor to any working day from today on, who is mailed.

    On the day itself, and to a day that the contractor could not have, with a reason. Raises ChangedMeanwhile, or
    Refused.
    """
    with database.atomic():
        [row] = as_seen([seen], status=OPEN, desk_city=desk.city, now=now)
        if not reason and day != row.day and day_problem(day, now, desk) is None:
            if change_problem(row.day, now, desk.city):
                raise Refused([(row.id, _too_late(row.day, now, desk))])
            if why := date_problem(day, now, desk.city):
                sentence = N_("{why} Give a reason to do it all the same.")
                raise Refused([(row.id, Reason(sentence, {"why": why, **named(row)}))])
        moved = move_by_staff([Seen.of(row)], day=day, time_frame=time_frame, reason=reason, desk=desk, by=by, now=now)
    return moved[0] if moved else row


def _too_late(day: date, now: datetime, desk: Desk) -> Reason:
    if day > local(now, desk.city).date():
        return Reason(N_("It is too late to change {day} online. Give a reason to do it all the same."), {"day": day})
    if day < local(now, desk.city).date():
        return Reason(N_("{day} has passed. Give a reason to do it all the same."), {"day": day})
    return Reason(N_("It is today. Give a reason to do it all the same."))


def show_code(company: Contractor, *, by: By, now: datetime) -> str:
    """The registration code, for a caller; that it was shown is on record, the code itself never is."""
    record(by, "showed the registration code", company, now=now)
    return str(company.registration_code)
