"""The requests on a day that is being closed: what is open on it, where each can go, and what follows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tracker import emails
from tracker.actions.change_of_mind import out_of_order
from tracker.actions.changes import By
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.review import decline_row, move_row
from tracker.actions.seen import ChangedMeanwhile, Problems, Seen, as_seen, named
from tracker.actions.stops import move_places, tell
from tracker.models import Inspection
from tracker.models.inspections import IS_OPEN
from tracker.queries.days import rooms
from tracker.rules.calendar import local
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import OPEN

# The day each moves to, by the inspection's id; None: declined.
Targets = Mapping[int, date | None]
IN_THE_MAIL = N_("The city is closed that day.")


def open_as_seen(day: date, wanted: Mapping[Seen, date | None], desk: Desk, now: datetime) -> list[Inspection]:
    """The open requests on the day by id, each as seen; raises ChangedMeanwhile with everything that is not."""
    problems, rows = Problems(), []
    try:
        rows = as_seen(wanted, status=OPEN, desk_city=desk.city, now=now)
    except ChangedMeanwhile as no:
        problems = no.problems
    known = {seen.id for seen in wanted}
    there = Inspection.select().where(Inspection.day == day, IS_OPEN).order_by(Inspection.id)
    sentence = N_("{type}, {address}: it came onto this day just now.")
    problems += [(one.id, Reason(sentence, named(one))) for one in there if one.id not in known]
    problems += [(one.id, Reason(N_("There is no such inspection."))) for one in rows if one.day != day]
    if problems:
        raise ChangedMeanwhile(problems)
    return rows


def full_days(rows: Sequence[Inspection], to: Targets, desk: Desk) -> Problems:
    """The days that have fewer places left than would go there; nobody else takes any, the calendar is ours alone."""
    going: dict[date, Counter[str]] = {}
    for row in rows:
        if target := to[row.id]:
            going.setdefault(target, Counter())[row.inspection_type.trade] += 1
    problems: Problems = []
    for room in rooms(sorted(going), daily_capacity=desk.daily_capacity):
        lacking = room.lacking(going[room.day])
        if lacking is not None:
            wanted = going[room.day][lacking] if lacking else going[room.day].total()
            trade = Reason(lacking.capitalize())
            values = {"day": room.day, "left": room.left[lacking], "wanted": wanted, "trade": trade}
            sentence = N_("{day}: places left {left}, requests that would go there {wanted}.")
            of_trade = N_("{day}, {trade}: places left {left}, requests that would go there {wanted}.")
            problems.append((None, Reason(of_trade if lacking else sentence, values)))
    return problems


def order_problems(rows: Iterable[Inspection], to: Targets, desk: Desk) -> Problems:
    """What would come before what it needs first, once all have their new days."""
    going = [(row, target) for row in rows if (target := to[row.id])]
    sentence = N_("{type}, {address}: {why}")
    return [(row.id, Reason(sentence, {**named(row), "why": why})) for row, why in out_of_order(going, desk)]


def take_off_the_day(
    rows: Sequence[Inspection], to: Targets, *, on_record: str, reason: str, desk: Desk, by: By, now: datetime
) -> None:
    """All of them moved or declined, with what follows: places, permits, mails and pages, each in the order of all."""
    after = [_settle(row, to[row.id], on_record, reason, desk, by, now) for row in rows]
    move_places([(row, to[row.id], row.time_frame) for row in rows])
    set_expiry([row.permit_id for row in rows], by=by, now=now)
    at: dict[str, Any] = {"letterhead": desk.letterhead, "now": now}
    for was, row in zip(rows, after, strict=True):
        if to[row.id] is None:
            emails.declined(row, **at)
        else:
            emails.moved(row, was_on=was.day, why=Reason(IN_THE_MAIL), **at)
    tell(rows, [row.inspector_id for row in rows], local(now, desk.city).date())


def _settle(
    row: Inspection, target: date | None, on_record: str, reason: str, desk: Desk, by: By, now: datetime
) -> Inspection:
    if target is None:
        return decline_row(row, reason, desk, by, now)
    return move_row(row, target, row.time_frame, on_record, desk, by, now)
