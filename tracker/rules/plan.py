"""Assign all: who could inspect what on a day, balanced by trade, area (ZIP code) and load.

A proposal for a technician to look over. It never puts more on an inspector than their day holds; what nobody has
room for is left, with the reason. The same day gives the same plan, whatever order it is handed in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tracker.rules.reasons import N_, Reason
from tracker.rules.route import area_key

# An inspector who is in the ZIP code anyway is taken unless fuller by this part of a day than another.
AREA_IS_WORTH = 0.25


@dataclass(frozen=True)
class Inspector:
    """Somebody who inspects: the trades, what a day holds, and the stops and minutes there are already."""

    id: int
    name: str
    trades: frozenset[str]
    most_stops: int
    most_minutes: int
    stops: int = 0
    minutes: int = 0

    @property
    def percent(self) -> int:
        """How full the day is, by stops or minutes, whichever is more; over 100 where it is more than full."""
        return max(_percent(self.stops, self.most_stops), _percent(self.minutes, self.most_minutes))

    def has_room(self, minutes: int) -> bool:
        return self.stops < self.most_stops and self.minutes + minutes <= self.most_minutes

    def with_more(self, minutes: int, stops: int = 1) -> "Inspector":
        return replace(self, stops=self.stops + stops, minutes=self.minutes + minutes)


@dataclass(frozen=True)
class Job:
    """An inspection to assign."""

    id: int
    trade: str
    zip: str
    address: str
    minutes: int


@dataclass(frozen=True)
class Proposal:
    """`inspector` is an id; None with the reason where nobody can."""

    job: int
    inspector: int | None
    why: Reason | None = None


def plan(jobs: Iterable[Job], inspectors: Iterable[Inspector], areas: Iterable[tuple[int, str]] = ()) -> list[Proposal]:
    """A proposal for each job, in the order of their ids. `areas` are (inspector, ZIP code) of the stops there are."""
    day = _Day(sorted(inspectors, key=lambda one: one.id), areas)
    wanted = list(jobs)
    crowd = Counter((job.trade, job.zip) for job in wanted)
    # What few can inspect goes first, then the ZIP codes with most to do, one after the other.
    order = sorted(
        wanted,
        key=lambda job: (
            len(day.of_trade(job.trade)),
            -crowd[job.trade, job.zip],
            area_key(job.zip, job.address),
            -job.minutes,
            job.id,
        ),
    )
    for job in order:
        day.place(job)
    return [day.proposal(job) for job in sorted(wanted, key=lambda job: job.id)]


class _Day:
    """The inspectors as they fill up."""

    def __init__(self, inspectors: Sequence[Inspector], areas: Iterable[tuple[int, str]]) -> None:
        self.inspectors = {one.id: one for one in inspectors}
        self.areas = Counter((who, code[:5]) for who, code in areas)
        self.placed: dict[int, tuple[Job, int]] = {}

    def of_trade(self, trade: str) -> list[Inspector]:
        return [one for one in self.inspectors.values() if trade in one.trades]

    def place(self, job: Job) -> None:
        who = self._best(job) or self._made_room(job)
        if who is not None:
            self._give(job, who)

    def _best(self, job: Job, without: int | None = None) -> int | None:
        able = [one for one in self.of_trade(job.trade) if one.id != without and one.has_room(job.minutes)]
        return min(able, key=lambda one: (self._cost(one, job), one.id)).id if able else None

    def _cost(self, one: Inspector, job: Job) -> float:
        then = one.with_more(job.minutes).percent / 100
        is_near = job.zip and self.areas[one.id, job.zip[:5]] > 0
        return round(then - (AREA_IS_WORTH if is_near else 0), 6)

    def _made_room(self, job: Job) -> int | None:
        """Somebody of the trade who has room once one of the planned jobs goes to a colleague."""
        for id in sorted(self.placed):
            other, who = self.placed[id]
            freed = self.inspectors[who].with_more(-other.minutes, stops=-1)
            if job.trade not in freed.trades or not freed.has_room(job.minutes):
                continue
            if (colleague := self._best(other, without=who)) is not None:
                self._take(other, who)
                self._give(other, colleague)
                return who
        return None

    def _give(self, job: Job, who: int) -> None:
        self.inspectors[who] = self.inspectors[who].with_more(job.minutes)
        self.placed[job.id] = (job, who)
        self.areas[who, job.zip[:5]] += 1

    def _take(self, job: Job, who: int) -> None:
        self.inspectors[who] = self.inspectors[who].with_more(-job.minutes, stops=-1)
        self.areas[who, job.zip[:5]] -= 1

    def proposal(self, job: Job) -> Proposal:
        if job.id in self.placed:
            return Proposal(job.id, self.placed[job.id][1])
        if not self.of_trade(job.trade):
            return Proposal(job.id, None, Reason(N_("Nobody here inspects this trade.")))
        return Proposal(job.id, None, Reason(N_("Everybody of this trade is full.")))


def _percent(taken: int, most: int) -> int:
    return round(100 * taken / most) if most > 0 else (0 if taken <= 0 else 1000)
