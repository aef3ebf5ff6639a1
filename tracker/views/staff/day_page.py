"""What the page of an inspector's day shows: its stops in order, when they are due, and what the reader may do."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

from flask import abort, url_for

from tracker.actions.seen import Seen
from tracker.actions.stops import next_day
from tracker.models import Staff
from tracker.queries.day import Stop, inspectors, stops_of_day, unfinished_before
from tracker.rules import eta
from tracker.rules.calendar import ONE_DAY, is_working_day, local, next_working_day
from tracker.rules.outcomes import result_word
from tracker.rules.words import Role, Status
from tracker.saying import language, name_of, say
from tracker.views.here import city, day_starts_at, now_local, today

MAPS = "https://www.google.com/maps/dir/?api=1&destination="


@dataclass
class DayStop:
    """A stop with its place in the day and, on the day itself, the window in which it is due; the rest is the row's."""

    row: Stop
    number: int
    window: eta.Window | None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def seen(self) -> str:
        """What a button about it carries: it is pressed for the stop as it is shown here."""
        return Seen.of(self.row).text

    @property
    def type_name(self) -> str:
        return name_of(self.row.type)

    @property
    def first_name(self) -> str:
        return (self.row.contact_name.split() or [""])[0]

    @property
    def directions(self) -> str:
        """A map that leads there from where the phone is."""
        place = " ".join(part for part in (self.row.address, self.row.town, self.row.zip) if part)
        return MAPS + quote(place, safe="")

    @property
    def closed_at(self) -> datetime | None:
        return local(self.row.closed_at, city()) if self.row.closed_at else None


@dataclass
class DayPage:
    """The day of `inspector` as `reader` sees it; `problem` and `said` are about what was just done."""

    inspector: Staff
    day: date
    reader: Staff
    problem: str = ""
    said: str = ""

    @cached_property
    def stops(self) -> list[DayStop]:
        rows = stops_of_day(self.inspector.id, self.day)
        rows.sort(key=lambda row: row.status != Status.DONE)  # what is done comes first, in its order
        timed = [eta_stop(row) for row in rows]
        return [DayStop(row, place, self._window(timed, row.id)) for place, row in enumerate(rows, 1)]

    def _window(self, timed: list[eta.Stop], id: int) -> eta.Window | None:
        return eta.expected_window(timed, id, now=now_local(), day_starts_at=day_starts_at(self.day))

    @property
    def done(self) -> list[DayStop]:
        return [stop for stop in self.stops if stop.status == Status.DONE]

    @property
    def to_make(self) -> list[DayStop]:
        """Under way first: it is the one on top."""
        left = [stop for stop in self.stops if stop.status != Status.DONE]
        return sorted(left, key=lambda stop: stop.status == Status.SCHEDULED)

    @property
    def done_words(self) -> str:
        """Such as: 3 passed, 1 failed."""
        counted = Counter(stop.result for stop in self.done)
        return ", ".join(f"{count} {say(result_word(result)).lower()}" for result, count in counted.most_common())

    @property
    def is_own(self) -> bool:
        return bool(self.inspector.id == self.reader.id)

    @property
    def can_arrive(self) -> bool:
        return self.is_own and self.day == today()

    @property
    def can_record(self) -> bool:
        return self.is_own and self.day <= today()

    @property
    def can_order(self) -> bool:
        return (self.is_own or self.reader.role == Role.SUPERVISOR) and self.day >= today()

    @property
    def can_postpone(self) -> bool:
        return (self.is_own or self.reader.role == Role.SUPERVISOR) and self.day <= today()

    @property
    def can_correct(self) -> bool:
        """The results: their inspector, and the office."""
        return self.is_own or self.reader.role != Role.INSPECTOR

    @property
    def next_day(self) -> date:
        """Where a stop goes that was not reached."""
        return next_day(self.day, today(), city())

    @property
    def can_take_over(self) -> bool:
        return not self.is_own and self.reader.role in (Role.INSPECTOR, Role.SUPERVISOR)

    @property
    def days(self) -> tuple[date, date]:
        """The working days before and after."""
        before = self.day - ONE_DAY
        while not is_working_day(before, city()):
            before -= ONE_DAY
        return before, next_working_day(self.day, city())

    @cached_property
    def unfinished(self) -> list[tuple[date, int]]:
        """(day, stops) of earlier days with stops that have no result."""
        return unfinished_before(self.inspector.id, today()) if self.is_own else []

    @cached_property
    def colleagues(self) -> list[tuple[int, str]]:
        return [(id, name) for id, name in inspectors() if id != self.inspector.id]

    @property
    def url(self) -> str:
        return self.url_of(self.day)

    def url_of(self, day: date, inspector_id: int | None = None) -> str:
        who = inspector_id or self.inspector.id
        return url_for("staff.day", day=day, inspector=None if who == self.reader.id else who)

    @property
    def version(self) -> str:
        return version_of(self.inspector)


def version_of(inspector: Staff) -> str:
    """Changes whenever the stops may: the inspector's counter, the day, the language."""
    return f"{inspector.version}-{today():%m%d}{language()}"


def inspector_of(values: Mapping[str, str], reader: Staff) -> Staff:
    """Whose day is asked for by `inspector`; the reader's own where nobody is named. 404 for no inspector."""
    asked = values.get("inspector", "")
    if not asked or asked == str(reader.id):
        return reader
    if not (asked.isdecimal() and asked.isascii() and len(asked) < 10):
        abort(404)
    found = Staff.get_or_none(Staff.id == int(asked), Staff.role != Role.TECHNICIAN)
    return found or abort(404)


def eta_stop(row: Any) -> eta.Stop:
    """A row of `queries.day` as the estimate wants it."""
    return eta.Stop(
        row.id, row.type.minutes, row.status, row.on_the_way_at, row.arrived_at, row.closed_at, site=row.permit_num
    )
