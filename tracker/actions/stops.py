"""An inspector's day: its order, what could not be reached, and a colleague who takes over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from peewee import fn

from tracker import emails
from tracker.actions.changes import By, record, tell_inspectors, tell_pages
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.places import NO_LIMIT, closed_meanwhile, give_place, take_place
from tracker.actions.seen import Problems, Refused, Seen, as_seen, change, hold, named, not_done_yet
from tracker.db import again_after_deadlock, database
from tracker.models import Inspection, Permit, Request, Staff, StaffTrade
from tracker.queries.day import TO_MAKE
from tracker.rules.calendar import City, is_working_day, local, next_working_day
from tracker.rules.capacity import Limit
from tracker.rules.reasons import N_, Reason
from tracker.rules.route import area_key
from tracker.rules.words import Role, Status


@again_after_deadlock
def not_reached(seens: Sequence[Seen], *, person: Staff, desk: Desk, by: By, now: datetime) -> list[Inspection]:
    """One stop or several move to the next working day, first in order, and the contractors are told.

    They keep their inspector and their order; the day they move to may become fuller than its capacity. It is
    no attempt. `person` is their inspector, or a technician or supervisor. Pressed twice it moves them once: what
    this person has moved already is not in the answer. Raises ChangedMeanwhile or Refused.
    """
    city, today = desk.city, local(now, desk.city).date()
    with database.atomic():
        left = not_done_yet(seens, "not_reached", by=by, status=Status.SCHEDULED)
        rows = as_seen(left, status=TO_MAKE, desk_city=city, now=now)
        _refuse_strangers(rows, person)
        _refuse_to_come(rows, today)
        target = {row.id: next_day(row.day, today, city) for row in rows}
        _refuse_closed(target.values())
        in_order = sorted(rows, key=lambda row: (row.day, row.stop_order, row.id))
        places = {
            row.id: _front(row.inspector_id, target[row.id]) - len(rows) + place for place, row in enumerate(in_order)
        }
        moved = []
        for row in rows:
            to = {**waiting_again(), "day": target[row.id], "stop_order": places[row.id]}
            moved.append((row, change(row, "not_reached", city=city, by=by, now=now, **to)))
        move_places([(row, after.day, after.time_frame) for row, after in moved])
        set_expiry([row.permit_id for row in rows], by=by, now=now)
        why = Reason(N_("The inspector could not get to it that day."))
        for row, after in moved:
            emails.moved(after, was_on=row.day, why=why, letterhead=desk.letterhead, now=now)
        tell(rows, [row.inspector_id for row in rows], today)
    return [after for _row, after in moved]


@again_after_deadlock
def take_over(
    seens: Sequence[Seen], *, person: Staff, desk: Desk, by: By, now: datetime, all_or_none: bool = True
) -> list[Inspection]:
    """A colleague's stops become this person's, after the own ones and in their order; the contractors are told.

    Raises ChangedMeanwhile, or Refused where `person` does not inspect the trade (a supervisor may take any);
    without `all_or_none` those of other trades stay where they are. What this person took already is not in the answer.
    """
    city, today = desk.city, local(now, desk.city).date()
    with database.atomic():
        left = not_done_yet(seens, "take_over", by=by, inspector=person.id)
        rows = as_seen(left, status=TO_MAKE, desk_city=city, now=now)
        rows = [row for row in rows if row.inspector_id != person.id]
        if problems := trade_problems(rows, person):
            others = {id for id, _reason in problems}
            rows = [row for row in rows if row.id not in others]
            if all_or_none or not rows or None in others:
                raise Refused(problems)
        last = {day: end_of_day(person.id, day) for day in {row.day for row in rows}}
        in_order = sorted(rows, key=lambda row: (row.day, row.stop_order, row.id))
        places = {row.id: last[row.day] + place for place, row in enumerate(in_order)}
        taken = [
            change(
                row, "take_over", city=city, by=by, now=now,
                inspector=person.id, stop_order=places[row.id], **waiting_again(),
            )
            for row in rows
        ]  # fmt: skip
        for row in taken:
            emails.assigned(row, letterhead=desk.letterhead, now=now)
        tell(rows, [person.id, *(row.inspector_id for row in rows)], today)
        if problems := trade_problems(rows, person):  # once more: the person's row is held since `tell`
            raise Refused(problems)
    return taken


@again_after_deadlock
def move_stop(seen: Seen, *, up: bool, person: Staff, desk: Desk, by: By, now: datetime) -> None:
    """One place up or down among the stops still to be made; at the end of the list nothing happens."""
    with database.atomic():
        where = Inspection.select(Inspection.inspector, Inspection.day).where(Inspection.id == seen.id).tuples()
        [row] = as_seen([seen], status=TO_MAKE, desk_city=desk.city, now=now, days=list(where))
        _refuse_strangers([row], person)
        order = stops_to_make(row.inspector_id, row.day)
        place = order.index(row.id)
        other = place + (-1 if up else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
            put_in_order(row.inspector_id, row.day, order, by=by, now=now, today=local(now, desk.city).date())


@again_after_deadlock
def suggest_order(inspector: Staff, day: date, *, person: Staff, desk: Desk, by: By, now: datetime) -> None:
    """Put the stops still to be made in order by area: the one under way first, then by ZIP code and address."""
    with database.atomic():
        if person.id != inspector.id and person.role != Role.SUPERVISOR:
            raise Refused([(None, Reason(N_("This is the day of {inspector}."), {"inspector": inspector.name}))])
        hold([], days=[(inspector.id, day)])
        rows = (
            Inspection.select(Inspection.id, Inspection.status, Permit.original_zip, Request.site_address)
            .join(Request)
            .switch(Inspection)
            .join(Permit)
            .where(Inspection.inspector == inspector, Inspection.day == day, Inspection.status.in_(TO_MAKE))
        )
        order = sorted(rows.tuples(), key=lambda row: (row[1] == Status.SCHEDULED, area_key(row[2], row[3]), row[0]))
        today = local(now, desk.city).date()
        put_in_order(inspector.id, day, [row[0] for row in order], by=by, now=now, today=today)


def stops_to_make(inspector_id: int, day: date) -> list[int]:
    """The ids of the stops still to be made, in their order."""
    rows = (
        Inspection.select(Inspection.id)
        .where(Inspection.inspector == inspector_id, Inspection.day == day, Inspection.status.in_(TO_MAKE))
        .order_by(Inspection.stop_order, Inspection.id)
    )
    return [id for (id,) in rows.tuples()]


def put_in_order(inspector_id: int, day: date, order: Sequence[int], *, by: By, now: datetime, today: date) -> None:
    """Number the stops anew, after those that are done; what left the day meanwhile is left alone."""
    was = stops_to_make(inspector_id, day)
    if list(order) == was:
        return
    first = (
        Inspection.select(fn.MAX(Inspection.stop_order))
        .where(Inspection.inspector == inspector_id, Inspection.day == day, Inspection.status == Status.DONE)
        .scalar()
        or 0
    )
    for place, id in sorted(enumerate(order, first + 1), key=lambda pair: pair[1]):
        Inspection.update(stop_order=place).where(
            Inspection.id == id, Inspection.inspector == inspector_id, Inspection.day == day
        ).execute()
    record(by, "order_stops", Staff(id=inspector_id), now=now, before={"day": day, "stops": was},
           after={"day": day, "stops": list(order)})  # fmt: skip
    tell([], [inspector_id], today)


def waiting_again() -> dict[str, Any]:
    """A stop as it is before anybody set out for it; its calendar entry follows."""
    begun = {"on_the_way_at": None, "arrived_at": None}
    return {"status": Status.SCHEDULED, "calendar_sequence": Inspection.calendar_sequence + 1, **begun}


def next_day(day: date, today: date, city: City) -> date:
    """The next working day after a stop's own; of a day long past, today or the first working day from now."""
    after = next_working_day(day, city)
    if after >= today:
        return after
    return today if is_working_day(today, city) else next_working_day(today, city)


def end_of_day(inspector_id: int, day: date) -> int:
    """The stop order behind the last stop of that inspector's day."""
    last = Inspection.select(fn.MAX(Inspection.stop_order)).where(
        Inspection.inspector == inspector_id, Inspection.day == day
    )
    return (last.scalar() or 0) + 1


def _front(inspector_id: int, day: date) -> int:
    first = Inspection.select(fn.MIN(Inspection.stop_order)).where(
        Inspection.inspector == inspector_id, Inspection.day == day
    )
    found = first.scalar()
    return 1 if found is None else int(found)


def move_places(
    moves: Iterable[tuple[Inspection, date | None, str]], *, limits: Sequence[Limit] = (), default: int = NO_LIMIT
) -> None:
    """Give the places back that rows held and take those they move to, as (row before, day or None, time frame).

    Earlier days first: two at once never wait for each other. Without limits a day takes any number; with
    them it raises DayIsFull.
    """
    steps = []
    for row, day, frame in moves:
        trade = row.inspection_type.trade
        steps.append((row.day, 0, trade, row.time_frame))
        if day is not None:
            steps.append((day, 1, trade, frame))
    for day, takes, trade, frame in sorted(steps):
        if takes:
            take_place(day, trade, frame, limits=limits, default=default)
        else:
            give_place(day, trade, frame)


def trade_problems(rows: Iterable[Inspection], person: Staff) -> Problems:
    """Why this person cannot inspect these: has left, is no inspector, or not of the trade."""
    person = Staff.get_by_id(person.id)
    values = {"inspector": person.name}
    if person.left_at is not None:
        return [(None, Reason(N_("{inspector} has left the city."), values))]
    if person.role == Role.SUPERVISOR:
        return []
    if person.role != Role.INSPECTOR:
        return [(None, Reason(N_("{inspector} is not an inspector."), values))]
    trades = {trade for (trade,) in StaffTrade.select(StaffTrade.trade).where(StaffTrade.staff == person).tuples()}
    sentence = N_("{type}, {address}: {inspector} does not inspect this trade.")
    return [
        (row.id, Reason(sentence, {**values, **named(row)})) for row in rows if row.inspection_type.trade not in trades
    ]


def tell(rows: Iterable[Inspection], inspector_ids: Iterable[int | None], today: date) -> None:
    """Let the pages fetch what changed: of the companies of `rows`, of everybody who waits for one of these
    inspectors today, and the inspectors' own."""
    ids = {id for id in inspector_ids if id is not None}
    waiting = Inspection.select(Inspection.permit).where(
        Inspection.inspector.in_(ids), Inspection.day == today, Inspection.status.in_(TO_MAKE)
    )
    tell_pages(*{row.permit_id for row in rows}, *(permit for (permit,) in waiting.tuples()))
    tell_inspectors(*ids)


def _refuse_closed(days: Iterable[date]) -> None:
    sentence = N_("{day} was closed just now. Press “Not reached” again: the next working day is another one.")
    if closed := closed_meanwhile(set(days)):
        raise Refused([(None, Reason(sentence, {"day": day})) for day in closed])


def _refuse_to_come(rows: Iterable[Inspection], today: date) -> None:
    """What lies on a day to come has not been missed yet."""
    sentence = N_("{type}, {address} is on {day}, which is still to come.")
    if problems := [(row.id, Reason(sentence, {**named(row), "day": row.day})) for row in rows if row.day > today]:
        raise Refused(problems)


def _refuse_strangers(rows: Iterable[Inspection], person: Staff) -> None:
    """Only the stop's inspector, or the desk."""
    if person.role != Role.INSPECTOR:
        return
    if problems := [(row.id, not_yours(row)) for row in rows if row.inspector_id != person.id]:
        raise Refused(problems)


def not_yours(row: Inspection) -> Reason:
    """Why this stop is for another inspector to act on, or for nobody yet."""
    who = row.inspector.name if row.inspector_id else Reason(N_("nobody"))
    return Reason(N_("{type}, {address} is with {inspector}. Take it over first."), {**named(row), "inspector": who})
