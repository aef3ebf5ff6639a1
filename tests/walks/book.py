"""What people were told in a walk: inspections as they must be, lines of the record, mails that are owed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.walks.town import Town

OPEN = ("requested", "scheduled", "on_the_way", "arrived")
TO_MAKE = ("scheduled", "on_the_way", "arrived")
CHANGEABLE = ("requested", "scheduled")
ALL = ""  # all trades together
# To the company's own address too, not only to that of the request.
TO_THE_OFFICE = ("requested", "result")


@dataclass
class Entry:
    """An inspection that somebody was told of."""

    id: int
    number: int
    company: str  # DANA or HILL
    permit: str
    code: str
    name: str
    trade: str
    repeats: bool
    email: str
    day: date
    half: str
    status: str = "requested"
    inspector: str | None = None  # the name by which the town knows them
    was_scheduled: bool = False
    result: str | None = None
    words: tuple[str, ...] = ()  # of the result, all that was typed
    versions: int = 0
    closed_on: date | None = None
    cancelled_by: str = ""
    last: tuple[str, str] = ("", "")  # who did what to it
    ticks: list[str] = field(default_factory=list)  # as pages have shown it, the last as it is

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@dataclass(frozen=True)
class Booking:
    number: int
    content: tuple[Any, ...]


@dataclass(frozen=True)
class OpenPage:
    """A dashboard as it stands on somebody's desk: it asks for more only where its version is an old one."""

    version: str
    rows: Counter[Any]


@dataclass
class Book:
    """All of it. A move that was confirmed is written here; one that was not leaves no trace."""

    town: Town
    entries: dict[int, Entry] = field(default_factory=dict)
    bookings: dict[tuple[str, str], Booking] = field(default_factory=dict)  # by company and key
    # (actor, verb, kind of thing, its id): how many lines
    lines: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    mails: Counter[tuple[str, int | None, str]] = field(default_factory=Counter)
    mail_names: dict[int, str] = field(default_factory=dict)  # the Message-ID of each, as first seen
    open_pages: dict[str, OpenPage] = field(default_factory=dict)  # by company
    next_told: set[tuple[int, date]] = field(default_factory=set)
    places: dict[str, int] = field(default_factory=dict)  # a day's, by trade
    closed: set[date] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)

    @property
    def open_entries(self) -> list[Entry]:
        return [entry for entry in self.entries.values() if entry.is_open]

    def add(self, entries: list[Entry], *, by: str) -> None:
        """One request, confirmed."""
        for entry in entries:
            assert entry.id not in self.entries, f"{entry.id} was there before it was asked for"
            self.entries[entry.id] = entry
            self.write(by, "request_inspections", entry)
        first = entries[0]
        self.owe("requested", first, about=first.id if len(entries) == 1 else None)

    def write(self, by: str, verb: str, entry: Entry, *, mail: str = "", **to: Any) -> None:
        """`by` has done it: one line in the record, one mail to everybody who is told of it."""
        for name, value in to.items():
            setattr(entry, name, value)
        actor = self.town.actor(by)
        entry.last = (actor, verb)
        self.lines[actor, verb, "inspection", entry.id] += 1
        entry.ticks = [text for text in entry.ticks if text != self.seen(entry)] + [self.seen(entry)]
        if mail:
            self.owe(mail, entry, about=entry.id)

    def owe(self, kind: str, entry: Entry, *, about: int | None) -> None:
        office = [self.town.companies[entry.company].company.email] if kind in TO_THE_OFFICE else []
        for address in {entry.email, *office, *self.town.reads_along[entry.company]}:
            self.mails[kind, about, address] += 1

    def close(self, by: str, verb: str, entry: Entry, **to: Any) -> None:
        """No longer open: with a result, cancelled or declined."""
        self.write(by, verb, entry, closed_on=self.town.today, **to)

    def seen(self, entry: Entry) -> str:
        """What a page carries of it as it is: 17.scheduled.20260527.3"""
        inspector = self.town.staff[entry.inspector].id if entry.inspector else 0
        return f"{entry.id}.{entry.status}.{entry.day:%Y%m%d}.{inspector}"

    def done_already(self, entry: Entry, tick: str, verb: str, by: str, **to: Any) -> bool:
        """The same button by the same person: the tick is old, and what it asks for is so."""
        is_so = all(getattr(entry, name) == value for name, value in to.items())
        return is_so and tick != self.seen(entry) and entry.last == (self.town.actor(by), verb)

    def is_seen(self, entry: Entry, tick: str, status: Iterable[str]) -> bool:
        return tick == self.seen(entry) and entry.status in status

    def at_the_door(self, entry: Entry) -> bool:
        return entry.status == "arrived" and entry.day == self.town.today

    def waits_again(self, entry: Entry) -> str:
        """Its state after the desk or an inspector has moved it."""
        return "scheduled" if entry.inspector else entry.status

    def booked(self, day: date, trade: str = ALL) -> int:
        """The places that are taken on a day."""
        there = [one for one in self.entries.values() if one.status not in ("cancelled", "declined")]
        return sum(one.day == day and trade in (ALL, one.trade) for one in there)

    def has_room(self, entry: Entry) -> bool:
        """Whether the day of this one, with it, is within its places."""
        return all(self.booked(entry.day, trade) <= self.places.get(trade, 10**6) for trade in (ALL, entry.trade))
