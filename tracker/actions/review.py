"""What the desk decides on a request: assign it, unassign it, move it to another day, decline it.

Each takes what a page showed (`Seen`), and is one transaction: all of the inspections, or none and the reasons.
`Refused.problems` are (id of the inspection, or None for all, reason); ChangedMeanwhile is a Refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tracker import emails
from tracker.actions.change_of_mind import out_of_order
from tracker.actions.changes import By
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.places import DayIsFull, closed_meanwhile, give_place
from tracker.actions.seen import Problems, Refused, Seen, as_seen, change, named, not_done_yet
from tracker.actions.stops import end_of_day, move_places, tell, trade_problems, waiting_again
from tracker.db import again_after_deadlock, database
from tracker.models import Inspection, Staff
from tracker.queries.city import limits
from tracker.queries.day import inspector_load
from tracker.rules.calendar import closed_problem, is_working_day, local, past_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import CHANGEABLE, OPEN, Status

NO_REASON = N_("Write the reason: the contractor reads it.")


@dataclass(frozen=True)
class Assigned:
    """The inspections as they are now, and what the technician should know: who is over capacity on which day."""

    inspections: list[Inspection]
    warnings: list[Reason]


@again_after_deadlock
def assign(seens: Sequence[Seen], *, inspector: Staff, desk: Desk, by: By, now: datetime) -> Assigned:
    """Scheduled with this inspector on the day each holds, at the end of the day's stops; each is mailed.

    Raises ChangedMeanwhile, or Refused: the inspector has left or lacks the trade, the day is closed or past.
    More than the inspector's day holds is a warning only. What is with this inspector already is left alone, also
    where this person has just given it to them: a button pressed twice is one act.
    """
    today = local(now, desk.city).date()
    with database.atomic():
        left = not_done_yet(seens, "assign", by=by, status=Status.SCHEDULED, inspector=inspector.id)
        seen_rows = as_seen(left, status=CHANGEABLE, desk_city=desk.city, now=now)
        rows = [row for row in seen_rows if row.inspector_id != inspector.id]
        if problems := [*trade_problems(rows, inspector), *day_problems(rows, today, desk)]:
            raise Refused(problems)
        last = {day: end_of_day(inspector.id, day) for day in {row.day for row in rows}}
        places = {row.id: last[row.day] + place for place, row in enumerate(as_asked(rows))}
        changed = [
            change(
                row, "assign", city=desk.city, by=by, now=now, status=Status.SCHEDULED, inspector=inspector.id,
                stop_order=places[row.id], scheduled_at=now, calendar_sequence=Inspection.calendar_sequence + 1,
            )
            for row in rows
        ]  # fmt: skip
        set_expiry([row.permit_id for row in rows], by=by, now=now)
        for row in changed:
            emails.assigned(row, letterhead=desk.letterhead, now=now)
        tell(rows, [inspector.id, *(row.inspector_id for row in rows)], today)
        if problems := trade_problems(rows, inspector):  # once more: the inspector's row is held since `tell`
            raise Refused(problems)
        return Assigned(changed, capacity_warnings(inspector, sorted(last)))


@again_after_deadlock
def unassign(
    seens: Sequence[Seen],
    *,
    desk: Desk,
    by: By,
    now: datetime,
    reason: str = "",
    status: Sequence[str] = (Status.SCHEDULED,),
) -> list[Inspection]:
    """Requested again for the same day, with no inspector: the permit's extension goes with it. Not mailed.

    `status` are those from which it may be taken back: of an inspector who has left, what was under way too.
    """
    with database.atomic():
        left = not_done_yet(seens, "unassign", by=by, status=Status.REQUESTED)
        rows = as_seen(left, status=status, desk_city=desk.city, now=now)
        freed = [
            change(
                row, "unassign", city=desk.city, by=by, now=now, reason=reason, status=Status.REQUESTED,
                inspector=None, stop_order=0, scheduled_at=None, on_the_way_at=None, arrived_at=None,
                calendar_sequence=Inspection.calendar_sequence + 1,
            )
            for row in rows
        ]  # fmt: skip
        set_expiry([row.permit_id for row in rows], by=by, now=now)
        tell(rows, [row.inspector_id for row in rows], local(now, desk.city).date())
    return freed


@again_after_deadlock
def move_by_staff(
    seens: Sequence[Seen],
    *,
    day: date,
    desk: Desk,
    by: By,
    now: datetime,
    reason: str = "",
    time_frame: str | None = None,
) -> list[Inspection]:
    """Moved to any working day from today on; each keeps its inspector where they can come, and is mailed.

    A full day, or one before what the inspection needs first, is refused unless there is a `reason`, which stays
    on record. What was on the way is scheduled again; where somebody stands at the door it stays. The answer is
    what moved: not what is on that day already. Raises ChangedMeanwhile or Refused.
    """
    city, today = desk.city, local(now, desk.city).date()
    if day < today:
        raise Refused([(None, past_problem(day))])
    if not is_working_day(day, city):
        raise Refused([(None, closed_problem(day))])
    with database.atomic():
        left = not_done_yet(seens, "move_by_staff", by=by, day=day)
        rows = as_seen(left, status=OPEN, desk_city=city, now=now)
        refuse_at_the_door(rows, today)
        if closed_meanwhile([day]):
            raise Refused([(None, closed_problem(day))])
        rows = [row for row in rows if (row.day, row.time_frame) != (day, time_frame or row.time_frame)]
        if not reason and (problems := _order_problems(rows, day, desk)):
            raise Refused(problems)
        moved = [(row, move_row(row, day, time_frame or row.time_frame, reason, desk, by, now)) for row in rows]
        try:
            allowed: dict[str, Any] = {} if reason else {"limits": limits(), "default": desk.daily_capacity}
            move_places([(row, after.day, after.time_frame) for row, after in moved], **allowed)
        except DayIsFull as full:
            sentence = N_("{day} is full. Pick another day, or give a reason to go over.")
            raise Refused([(None, Reason(sentence, {"day": full.day}))]) from None
        set_expiry([row.permit_id for row in rows], by=by, now=now)
        for row, after in moved:
            emails.moved(after, was_on=row.day, letterhead=desk.letterhead, now=now)
        tell(rows, [row.inspector_id for row in rows], today)
    return [after for _row, after in moved]


@again_after_deadlock
def decline(seens: Sequence[Seen], *, reason: str, desk: Desk, by: By, now: datetime) -> list[Inspection]:
    """Declined with a reason for the contractor, who is mailed; the places are given back.

    Raises ChangedMeanwhile, or Refused: without a reason, or somebody stands at the door.
    """
    today = local(now, desk.city).date()
    if not reason.strip():
        raise Refused([(None, Reason(NO_REASON))])
    with database.atomic():
        left = not_done_yet(seens, "decline", by=by, status=Status.DECLINED, comment=reason.strip())
        rows = as_seen(left, status=OPEN, desk_city=desk.city, now=now)
        refuse_at_the_door(rows, today)
        declined = [decline_row(row, reason.strip(), desk, by, now) for row in rows]
        for row in sorted(rows, key=lambda row: (row.day, row.inspection_type.trade)):
            give_place(row.day, row.inspection_type.trade, row.time_frame)
        set_expiry([row.permit_id for row in rows], by=by, now=now)
        for row in declined:
            emails.declined(row, letterhead=desk.letterhead, now=now)
        tell(rows, [row.inspector_id for row in rows], today)
    return declined


def capacity_warnings(inspector: Staff, days: Iterable[date]) -> list[Reason]:
    """What the technician should know: on which of these days there is more than the inspector's day holds."""
    warnings = []
    for day in days:
        stops, minutes = inspector_load(inspector.id, day)
        values = {"inspector": inspector.name, "day": day}
        if stops > inspector.stops_a_day:
            numbers = {"stops": stops, "most": inspector.stops_a_day}
            warnings.append(
                Reason(N_("{inspector} has {stops} stops on {day}, more than {most}."), {**values, **numbers})
            )
        elif minutes > inspector.minutes_a_day:
            over = {"over": minutes - inspector.minutes_a_day}
            warnings.append(Reason(N_("{inspector} is {over} minutes over on {day}."), {**values, **over}))
    return warnings


def decline_row(row: Inspection, reason: str, desk: Desk, by: By, now: datetime) -> Inspection:
    """The row alone; its place, its permit and the mail are the caller's."""
    return change(
        row, "decline", city=desk.city, by=by, now=now, reason=reason, status=Status.DECLINED,
        comment=reason, open_type=None, closed_at=now, closed_on=local(now, desk.city).date(), closed_by=by.name,
        calendar_sequence=Inspection.calendar_sequence + 1,
    )  # fmt: skip


def move_row(row: Inspection, day: date, time_frame: str, reason: str, desk: Desk, by: By, now: datetime) -> Inspection:
    """The row alone; its places, its permit and the mail are the caller's."""
    values: dict[str, Any] = {"calendar_sequence": Inspection.calendar_sequence + 1}
    if row.inspector_id is not None and trade_problems([row], row.inspector):
        values |= {**waiting_again(), "status": Status.REQUESTED, "inspector": None, "stop_order": 0}
    elif row.inspector_id is not None:
        order = row.stop_order if day == row.day else end_of_day(row.inspector_id, day)
        values |= {**waiting_again(), "stop_order": order}
    values |= {"day": day, "time_frame": time_frame}
    return change(row, "move_by_staff", city=desk.city, by=by, now=now, reason=reason, **values)


def as_asked(rows: Iterable[Inspection]) -> list[Inspection]:
    """In the order in which they become stops: by day, the oldest first."""
    return sorted(rows, key=lambda row: (row.day, row.id))


def day_problems(rows: Iterable[Inspection], today: date, desk: Desk) -> Problems:
    """Why these cannot be assigned on the day they hold: it is past, or closed."""
    problems: Problems = []
    for row in rows:
        values = {**named(row), "day": row.day}
        if row.day < today:
            sentence = N_("{type}, {address}: {day} has passed. Move it to another day first.")
            problems.append((row.id, Reason(sentence, values)))
        elif not is_working_day(row.day, desk.city):
            sentence = N_("{type}, {address}: the city does not work on {day}. Move it to another day first.")
            problems.append((row.id, Reason(sentence, values)))
    return problems


def refuse_at_the_door(rows: Iterable[Inspection], today: date) -> None:
    """Whoever has arrived is no longer called off; what was left like that on a day gone by is for the desk."""
    sentence = N_("{type}, {address}: {inspector} is there already. Call first.")
    problems = [
        (row.id, Reason(sentence, {**named(row), "inspector": row.inspector.name}))
        for row in rows
        if row.status == Status.ARRIVED and row.day == today
    ]
    if problems:
        raise Refused(problems)


def _order_problems(rows: Iterable[Inspection], day: date, desk: Desk) -> Problems:
    found = out_of_order([(row, day) for row in rows], desk)
    sentence = N_("{type}, {address}: {why} Give a reason to move it all the same.")
    return [(row.id, Reason(sentence, {**named(row), "why": why})) for row, why in found]
