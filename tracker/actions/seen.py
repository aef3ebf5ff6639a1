"""An inspection as somebody saw it before acting on it, and what is said when it is no longer so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from tracker.actions.changes import By, record
from tracker.db import is_postgresql, take_calendar
from tracker.models import Change, Inspection, InspectionType, Request, Staff
from tracker.models.inspections import IS_OPEN
from tracker.rules.calendar import City, local
from tracker.rules.outcomes import result_word
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Status

HAPPENED = {
    Status.REQUESTED: N_("{type}, {address}: changed by {who}, {when}. It is requested for {day}."),
    Status.SCHEDULED: N_("{type}, {address}: changed by {who}, {when}. It is with {inspector} on {day}."),
    Status.ON_THE_WAY: N_("{type}, {address}: {inspector} is on the way since {when}."),
    Status.ARRIVED: N_("{type}, {address}: {inspector} arrived, {when}."),
    Status.DONE: N_("{type}, {address}: {who} recorded {result}, {when}."),
    Status.CANCELLED: N_("{type}, {address}: cancelled by {who}, {when}."),
    Status.DECLINED: N_("{type}, {address}: declined by {who}, {when}."),
}
# What stands in the way: (id of the inspection, or None for all, reason).
Problems = list[tuple[int | None, Reason]]
# Not worth a line in the record of changes: they follow from the others.
FOLLOWS = ("calendar_sequence", "open_type", "closed_at", "closed_on", "closed_by", "to_repeat", "stop_order")


@dataclass(frozen=True)
class Seen:
    """What a page showed of an inspection. With an id alone, whatever it is now will do."""

    id: int
    status: str = ""
    day: date | None = None
    inspector_id: int | None = None

    @classmethod
    def of(cls, row: Any) -> "Seen":
        """From a row with id, status, day and inspector_id."""
        return cls(row.id, row.status, row.day, row.inspector_id)

    @property
    def text(self) -> str:
        """For a hidden field or a tick: 17.scheduled.20260527.3"""
        if not self.status or self.day is None:
            return str(self.id)
        return f"{self.id}.{self.status}.{self.day:%Y%m%d}.{self.inspector_id or 0}"

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """From `text`, or from an id alone; None where it is neither."""
        parts = text.split(".")
        if not (parts[0].isdecimal() and parts[0].isascii() and len(parts[0]) < 10):
            return None
        if len(parts) == 1:
            return cls(int(parts[0]))
        try:
            number, status, day, inspector = parts
            who = int(inspector) if len(inspector) < 10 else 0
            return cls(int(number), Status(status), date.fromisoformat(day), who or None)
        except ValueError:
            return None

    def holds(self, row: Inspection) -> bool:
        now = (row.status, row.day, row.inspector_id)
        return not self.status or (self.status, self.day, self.inspector_id) == now

    def is_exactly(self, row: Inspection) -> bool:
        """Whether a page had shown it as it is now; nothing is known of what was named by its id alone."""
        return bool(self.status) and self.holds(row)


class Refused(Exception):
    """Nothing was changed. `problems` are (id of the inspection, or None for all, the reason)."""

    def __init__(self, problems: Sequence[tuple[int | None, Reason]]) -> None:
        super().__init__(problems)
        self.problems = list(problems)

    @property
    def reason(self) -> Reason:
        """The first of the reasons, for a page about one inspection."""
        return self.problems[0][1]


class ChangedMeanwhile(Refused):
    """Somebody was quicker: each reason says who, and what happened."""


def hold(ids: Iterable[int], *, days: Iterable[tuple[int | None, date]] = ()) -> None:
    """Nobody else changes these inspections until the transaction ends, nor what is open on these (inspector, day).

    All that an action will touch, in one statement and by id, before it writes anything: two at once then never
    wait for each other. The calendar comes before the rows for everybody. SQLite needs nothing.
    """
    take_calendar(alone=False)
    if not is_postgresql():
        return
    these = Inspection.id.in_(list(ids))
    for inspector_id, day in days:
        these |= (Inspection.inspector == inspector_id) & (Inspection.day == day) & IS_OPEN
    list(Inspection.select(Inspection.id).where(these).order_by(Inspection.id).for_update().tuples())


def as_seen(
    seens: Iterable[Seen],
    *,
    status: Sequence[str],
    desk_city: City,
    now: datetime,
    days: Iterable[tuple[int | None, date]] = (),
) -> list[Inspection]:
    """The inspections by id, each as it was seen and in one of `status`; raises ChangedMeanwhile.

    They are held from now on, with what is open on `days` (see `hold`).
    """
    wanted = {seen.id: seen for seen in seens}
    hold(wanted, days=days)
    rows = list(
        Inspection.select(Inspection, InspectionType, Request, Staff)
        .join(InspectionType)
        .switch(Inspection)
        .left_outer_join(Request)
        .switch(Inspection)
        .left_outer_join(Staff)
        .where(Inspection.id.in_(list(wanted)))
        .order_by(Inspection.id)
    )
    gone = sorted(set(wanted) - {row.id for row in rows})
    problems = [(id, Reason(N_("There is no such inspection."))) for id in gone]
    problems += [
        (row.id, happened(row, desk_city, now))
        for row in rows
        if row.status not in status or not wanted[row.id].holds(row)
    ]
    if problems:
        raise ChangedMeanwhile(problems)
    return rows


def change(
    row: Inspection, verb: str, *, city: City, by: By, now: datetime, reason: str = "", **values: Any
) -> Inspection:
    """Write `values` if the row still is what was read, with its line in the record; raises ChangedMeanwhile."""
    changed = (
        Inspection.update(**values)
        .where(
            Inspection.id == row.id,
            Inspection.status == row.status,
            Inspection.day == row.day,
            # The place given back is that of the half it was read with.
            Inspection.time_frame == row.time_frame,
            Inspection.inspector.is_null() if row.inspector_id is None else Inspection.inspector == row.inspector_id,
        )
        .execute()
    )
    after = Inspection.get_by_id(row.id)
    if not changed:
        raise ChangedMeanwhile([(row.id, happened(after, city, now))])
    names = ["status", "day", *(name for name in values if name not in (*FOLLOWS, "status", "day"))]
    facts = [{name: _fact(one, name) for name in names} for one in (row, after)]
    record(by, verb, row, now=now, before=facts[0], after=facts[1], reason=reason)
    return after


def not_done_yet(seens: Iterable[Seen], verb: str, *, by: By, **to: Any) -> list[Seen]:
    """Those of `seens` that this person has not just done the same to: the last change was theirs, and it is as `to`.

    A button pressed twice is one act. Call it within the transaction; what is left is held from now on.
    """
    wanted = {seen.id: seen for seen in seens}
    hold(wanted)
    is_so = [getattr(Inspection, name) == value for name, value in to.items()]
    rows = Inspection.select().where(Inspection.id.in_(list(wanted)), *is_so)
    there = [row.id for row in rows if not wanted[row.id].is_exactly(row)]
    of_them = Change.select(fn.MAX(Change.id)).where(Change.subject == "inspection", Change.subject_id.in_(there))
    last = Change.id.in_(of_them.group_by(Change.subject_id))
    mine = Change.select(Change.subject_id).where(last, Change.verb == verb, Change.actor == by.actor)
    done = {id for (id,) in mine.tuples()}
    return [seen for id, seen in wanted.items() if id not in done]


def happened(row: Inspection, city: City, now: datetime) -> Reason:
    """Who changed it last, when, and what it is now."""
    last = (
        Change.select(Change.actor_name, Change.at)
        .where(Change.subject == "inspection", Change.subject_id == row.id)
        .order_by(Change.id.desc())
        .first()
    )
    at = local(last.at if last else now, city)
    values = {
        **named(row),
        "who": last.actor_name if last else Reason(N_("somebody")),
        "when": at.time() if at.date() == local(now, city).date() else at.date(),
        "day": row.day,
        "inspector": row.inspector.name if row.inspector_id else Reason(N_("nobody")),
        "result": result_word(row.result) if row.result else "",
    }
    return Reason(HAPPENED[Status(row.status)], values)


def named(row: Inspection) -> dict[str, Any]:
    """Which inspection a sentence is about."""
    address = row.request.site_address if row.request_id else row.permit.original_address1
    return {"type": row.inspection_type, "address": address}


def _fact(row: Inspection, name: str) -> Any:
    if name == "inspector":
        return row.inspector.name if row.inspector_id else None
    return getattr(row, name)
