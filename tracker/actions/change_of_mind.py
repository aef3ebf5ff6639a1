"""A change of mind: cancelling an inspection, or moving it to another day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker import emails
from tracker.actions.changes import By, facts, record, tell_inspectors, tell_pages
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.places import NO_LIMIT, DayIsFull, closed_meanwhile, give_place, take_place
from tracker.actions.requests import NotPossible
from tracker.db import database, wait_for_turn
from tracker.models import Inspection, Permit
from tracker.queries.city import limits
from tracker.queries.permits import record_of
from tracker.rules.calendar import City, change_problem, closed_problem, date_problem, local
from tracker.rules.capacity import full_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Record, left_behind_problem, list_problems, permit_problem
from tracker.rules.words import CHANGEABLE, Status


class TooLate(Exception):
    """It can no longer be changed online; `reason` says what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def cancel_inspection(inspection: Inspection, *, desk: Desk, by: By, now: datetime) -> Inspection:
    """Cancelled, its place given back, a mail on its way; raises TooLate, also when it is not open any more."""
    with database.atomic():
        inspection = _still_changeable(inspection, desk.city, now)
        cancelled = _write(
            inspection,
            desk.city,
            status=Status.CANCELLED,
            open_type=None,
            closed_at=now,
            closed_on=local(now, desk.city).date(),
            closed_by=by.name,
        )
        give_place(inspection.day, inspection.inspection_type.trade, inspection.time_frame)
        emails.cancelled(cancelled, letterhead=desk.letterhead, now=now)
        _note("cancel_inspection", inspection, cancelled, by=by, now=now)
    return cancelled


def move_inspection(
    inspection: Inspection, *, day: date, time_frame: str, desk: Desk, by: By, now: datetime
) -> Inspection:
    """Moved to another day on offer; raises TooLate or NotPossible (then it stays where it was)."""
    with database.atomic():
        inspection = _still_changeable(inspection, desk.city, now)
        if (day, time_frame) == (inspection.day, inspection.time_frame):
            return inspection
        freed: dict[str, Any] = {}
        if day != inspection.day:
            reason = (
                date_problem(day, now, desk.city)
                or _permit_problem(inspection, desk.city, now)
                or order_problem(inspection, day, desk)
            )
            if reason is None and closed_meanwhile([day]):
                reason = closed_problem(day)
            if reason:
                raise NotPossible([(None, "requested_date", reason)])
            # Another day needs another look at who can come. It stays known that it was scheduled: the permit it
            # extended does not end meanwhile.
            freed = {"status": Status.REQUESTED, "inspector": None, "stop_order": 0}
        moved = _write(inspection, desk.city, day=day, time_frame=time_frame, **freed)
        _change_places(inspection, day, time_frame, inspection.inspection_type.trade, desk)
        emails.moved(moved, was_on=inspection.day, letterhead=desk.letterhead, now=now)
        _note("move_inspection", inspection, moved, by=by, now=now)
    return moved


def _write(inspection: Inspection, city: City, **values: Any) -> Inspection:
    """The row as written, guarded by how it was read: of two at once one wins. Raises TooLate."""
    same = [getattr(Inspection, name) == getattr(inspection, name) for name in ("id", "status", "day", "time_frame")]
    sequence = Inspection.calendar_sequence + 1
    if not Inspection.update(**values, calendar_sequence=sequence).where(*same).execute():
        raise TooLate(_gone(city))
    return Inspection.get_by_id(inspection.id)


def _note(verb: str, before: Inspection, after: Inspection, *, by: By, now: datetime) -> None:
    """What follows from every change: the record, the permit's expiry, the pages that show it."""
    record(by, verb, after, now=now, before=facts(before), after=facts(after))
    set_expiry([after.permit_id], by=by, now=now)
    tell_pages(after.permit_id)
    tell_inspectors(before.inspector_id)


def _change_places(inspection: Inspection, day: date, time_frame: str, trade: str, desk: Desk) -> None:
    """Give the old place back and take the new one, the earlier day first: two movers never wait for each other."""
    if inspection.day == day:
        # Another half alone is never refused, not even on a day beyond its places.
        give_place(day, trade, inspection.time_frame)
        take_place(day, trade, time_frame, limits=[], default=NO_LIMIT)
        return
    if inspection.day < day:
        give_place(inspection.day, trade, inspection.time_frame)
    try:
        take_place(day, trade, time_frame, limits=limits(), default=desk.daily_capacity)
    except DayIsFull as full:
        raise NotPossible([(None, "requested_date", full_problem(full.day))]) from None
    if inspection.day > day:
        give_place(inspection.day, trade, inspection.time_frame)


def order_problem(inspection: Inspection, day: date, desk: Desk) -> Reason | None:
    """Why it cannot be on this day: it needs something before, or something asked for before needs it."""
    return next((reason for _row, reason in out_of_order([(inspection, day)], desk)), None)


def out_of_order(going: Iterable[tuple[Inspection, date]], desk: Desk) -> list[tuple[Inspection, Reason]]:
    """Those that cannot be on the day each goes to, with the reason; what is on a permit is read once for a company."""
    known: dict[tuple[int, int], Record] = {}
    found = []
    for row, day in going:
        about = (row.permit_id, row.contractor_id)
        if about not in known:
            known[about] = record_of(row.permit, row.contractor, desk.types)
        if reason := _against(row.inspection_type_id, day, known[about], desk):
            found.append((row, reason))
    return found


def _against(type_id: int, day: date, known: Record, desk: Desk) -> Reason | None:
    one = next(one for one in desk.types.values() if one.id == type_id)
    # What stands against asking for it, that it is open or has passed, does not stand against another day.
    others = replace(
        known,
        open_on={code: on for code, on in known.open_on.items() if code != one.code},
        satisfied={code for code in known.satisfied if code != one.code},
    )
    return list_problems([(one, day)], others, desk.types)[0] or left_behind_problem(one, others, desk.types, day)


def _permit_problem(inspection: Inspection, city: City, now: datetime) -> Reason | None:
    """Why nothing on its permit can be asked for any more, as it is now."""
    permit = Permit.get_by_id(inspection.permit_id)
    return permit_problem(permit.status, permit.expires_on, local(now, city).date(), city.phone)


def _still_changeable(inspection: Inspection, city: City, now: datetime) -> Inspection:
    """The inspection as it is now, once nobody else changes what is asked for on its permit. Raises TooLate."""
    wait_for_turn(inspection.permit_id)
    inspection = Inspection.get_by_id(inspection.id)
    if inspection.status not in CHANGEABLE:
        raise TooLate(_gone(city))
    if reason := change_problem(inspection.day, now, city):
        raise TooLate(reason)
    return inspection


def _gone(city: City) -> Reason:
    return Reason(
        N_("This inspection was changed meanwhile. Look at the dashboard, or call {phone}."), {"phone": city.phone}
    )
