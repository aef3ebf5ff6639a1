"""Places on a day, taken and given back in the database: the guarded update has the last word."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from peewee import Query

from tracker.db import take_calendar
from tracker.models import ClosedDay, DayLoad
from tracker.rules.calendar import works_on
from tracker.rules.capacity import Limit, places
from tracker.rules.words import TimeFrame
from tracker.statements import statement

ALL = ""  # the row that counts all trades together
NO_LIMIT = 1_000_000


class DayIsFull(Exception):
    """Somebody else took the last place of this day, in all or for the trade."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


def closed_meanwhile(days: Collection[date]) -> list[date]:
    """Those of the days on which the city does not work; nobody closes another before the transaction ends.

    A desk reads the calendar before its transaction begins: this is the look inside it, before any row is changed.
    """
    take_calendar(alone=False)
    exceptions = dict(_exceptions(min(days), max(days))) if days else {}
    return [day for day in sorted(days) if not works_on(day, exceptions.get(day))]


@statement
def _exceptions(first: Any, last: Any) -> Query:
    return ClosedDay.select(ClosedDay.day, ClosedDay.open).where(ClosedDay.day >= first, ClosedDay.day <= last)


def take_place(day: date, trade: str, frame: str, *, limits: Sequence[Limit], default: int) -> None:
    """One place in all and one of the trade, or DayIsFull; call it inside the transaction it belongs to."""
    for counted, most in ((ALL, places(day, None, limits, default)), (trade, places(day, trade, limits, default))):
        if not _take(day, counted, frame, NO_LIMIT if most is None else most):
            raise DayIsFull(day)


def _take(day: date, trade: str, frame: str, most: int) -> bool:
    if most <= 0:
        return False
    return _one_more.change(day, trade, int(frame == TimeFrame.AM), int(frame == TimeFrame.PM), most) == 1


@statement
def _one_more(day: Any, trade: Any, am: Any, pm: Any, most: Any) -> Query:
    return DayLoad.insert(day=day, trade=trade, booked=1, am=am, pm=pm).on_conflict(
        conflict_target=[DayLoad.day, DayLoad.trade],
        update={DayLoad.booked: DayLoad.booked + 1, DayLoad.am: DayLoad.am + am, DayLoad.pm: DayLoad.pm + pm},
        where=DayLoad.booked < most,
    )


def give_place(day: date, trade: str, frame: str) -> None:
    """What `take_place` took, back."""
    am, pm = int(frame == TimeFrame.AM), int(frame == TimeFrame.PM)
    # Always in the order in which they are taken, or two at once could wait for each other.
    for counted in (ALL, trade):
        DayLoad.update(booked=DayLoad.booked - 1, am=DayLoad.am - am, pm=DayLoad.pm - pm).where(
            DayLoad.day == day, DayLoad.trade == counted
        ).execute()
