"""How many inspections a day takes: a supervisor sets the limits of weekdays and trades."""

from datetime import datetime

from tracker.actions.changes import By, record
from tracker.db import again_after_deadlock, database, take_calendar
from tracker.models import Capacity, Change
from tracker.queries.city import limits
from tracker.rules.capacity import Limits, by_key
from tracker.rules.reasons import N_, Reason

EVERY = "every"  # in the record of changes: the weekday of a limit for all of them


class PlacesChanged(Exception):
    """Somebody else set places since the page was opened. Nothing was saved."""


@again_after_deadlock
def set_places(wanted: Limits, *, seen: Limits, by: By, now: datetime) -> int:
    """The limits become `wanted`, where they still are as `seen`; how many of them changed.

    What is booked stays booked: a day that has more than its places counts as full. Raises PlacesChanged.
    """
    with database.atomic():
        take_calendar(alone=True)
        there = by_key(limits())
        if there not in (seen, wanted):  # as wanted it is where the button was pressed twice
            raise PlacesChanged
        changed = [key for key in {**there, **wanted} if there.get(key) != wanted.get(key)]
        for key in changed:
            _set(*key, places=wanted.get(key), before=there.get(key), by=by, now=now)
    return len(changed)


def _set(
    weekday: int | None, trade: str | None, *, places: int | None, before: int | None, by: By, now: datetime
) -> None:
    row = Capacity.get_or_none(
        Capacity.weekday.is_null() if weekday is None else Capacity.weekday == weekday,
        Capacity.trade.is_null() if trade is None else Capacity.trade == trade,
    ) or Capacity(weekday=weekday, trade=trade)
    if places is None:
        row.delete_instance()
    else:
        row.places = places
        row.save()
    about = {"weekday": EVERY if weekday is None else weekday, "trade": trade}
    record(by, "set_places", row, now=now, before={"places": before}, after={**about, "places": places})


def changed_meanwhile() -> Reason:
    """Who set places last, for somebody who has an older page open."""
    last = Change.select().where(Change.verb == "set_places").order_by(Change.id.desc()).first()
    who = last.actor_name if last else Reason(N_("Somebody"))
    return Reason(N_("{who} saved other numbers meanwhile."), {"who": who})
