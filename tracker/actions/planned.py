"""Assign all, once it was looked over: every proposal in one transaction, what cannot be is left and told."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from tracker import emails
from tracker.actions.changes import By
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.review import Assigned, as_asked, capacity_warnings, day_problems
from tracker.actions.seen import Problems, Refused, Seen, as_seen, change, hold, not_done_yet
from tracker.actions.stops import end_of_day, tell, trade_problems
from tracker.db import again_after_deadlock, database
from tracker.models import Inspection, Staff
from tracker.rules.calendar import local
from tracker.rules.words import CHANGEABLE, Status


@again_after_deadlock
def assign_all(wanted: Mapping[Seen, Staff], *, desk: Desk, by: By, now: datetime) -> tuple[Assigned, Problems]:
    """Each of `wanted` is scheduled with its inspector on the day it holds, and mailed; all of them at once.

    What was changed meanwhile, is of another trade or on a closed day is left alone: the second answer says which,
    and why.
    """
    left, refused = dict(wanted), Problems()
    while left:
        try:
            with database.atomic():
                return _assign(left, desk, by, now), refused
        except Refused as no:
            refused += no.problems
            named = {id for id, _reason in no.problems}
            left = {} if None in named else {seen: who for seen, who in left.items() if seen.id not in named}
    return Assigned([], []), refused


def _assign(wanted: Mapping[Seen, Staff], desk: Desk, by: By, now: datetime) -> Assigned:
    today = local(now, desk.city).date()
    people = {seen.id: who for seen, who in wanted.items()}
    rows = as_seen(_not_assigned_yet(wanted, by), status=CHANGEABLE, desk_city=desk.city, now=now)
    if problems := [*_not_theirs(rows, people), *day_problems(rows, today, desk)]:
        raise Refused(problems)
    last = {(people[row.id].id, row.day): end_of_day(people[row.id].id, row.day) for row in rows}
    changed = []
    places = _stop_orders(rows, people, last)
    for row in rows:
        to = {"inspector": people[row.id].id, "stop_order": places[row.id], "scheduled_at": now}
        changed.append(
            change(
                row, "assign", city=desk.city, by=by, now=now, status=Status.SCHEDULED,
                calendar_sequence=Inspection.calendar_sequence + 1, **to,
            )
        )  # fmt: skip
    set_expiry([row.permit_id for row in rows], by=by, now=now)
    for row in changed:
        emails.assigned(row, letterhead=desk.letterhead, now=now)
    tell(rows, [who.id for who in people.values()] + [row.inspector_id for row in rows], today)
    if problems := _not_theirs(rows, people):  # once more: the inspectors' rows are held since `tell`
        raise Refused(problems)
    days = {who.id: (who, {day for id, day in last if id == who.id}) for who in people.values()}
    warnings = [one for who, on in days.values() for one in capacity_warnings(who, sorted(on))]
    return Assigned(list(Inspection.select().where(Inspection.id.in_(list(people))).order_by(Inspection.id)), warnings)


def _not_assigned_yet(wanted: Mapping[Seen, Staff], by: By) -> list[Seen]:
    """Without what this person has just given to the same inspectors: a button pressed twice is one act."""
    hold(seen.id for seen in wanted)
    left: list[Seen] = []
    for id in {who.id for who in wanted.values()}:
        own = [seen for seen, who in wanted.items() if who.id == id]
        left += not_done_yet(own, "assign", by=by, status=Status.SCHEDULED, inspector=id)
    return left


def _not_theirs(rows: Iterable[Inspection], people: Mapping[int, Staff]) -> Problems:
    """Why these inspectors cannot have these rows; of somebody who has left, it is said of each row."""
    problems = Problems()
    for who in {who.id: who for who in people.values()}.values():
        own = [row for row in rows if people[row.id].id == who.id]
        for id, reason in trade_problems(own, who):
            problems += [(row.id, reason) for row in own] if id is None else [(id, reason)]
    return problems


def _stop_orders(
    rows: Iterable[Inspection], people: Mapping[int, Staff], last: Mapping[tuple[int, date], int]
) -> dict[int, int]:
    """Each at the end of its inspector's day, the oldest request first."""
    ends, places = dict(last), {}
    for row in as_asked(rows):
        key = (people[row.id].id, row.day)
        places[row.id], ends[key] = ends[key], ends[key] + 1
    return places
