"""What of an inspection is counted, on which day, and what is read off the sums.

A request counts on the day it was made; an outcome, and how many days it took, on the day of the outcome. All days are
the city's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from tracker.rules.spread import RANGES, Range, percentile, place_of
from tracker.rules.words import ATTEMPTS, Result, Status

REQUESTED = "requested"
CALLED_OFF = "cancelled_on_site"  # the inspector stood there and was told
SAME_DAY, BEFORE = "cancelled_same_day", "cancelled_before"
DECLINED = "declined"
RESULTS = (*(str(result) for result in ATTEMPTS), str(Result.WAIVED))
OUTCOMES = (*RESULTS, CALLED_OFF, SAME_DAY, BEFORE, DECLINED)
WAITED = tuple(f"waited_{one.first}" for one in RANGES)
COLUMNS = (REQUESTED, *OUTCOMES, *WAITED)


class State(NamedTuple):
    """What decides how an inspection is counted; `requested_at` is aware, None where an import did not say."""

    requested_at: datetime | None
    status: str
    result: str | None
    day: date
    closed_on: date | None


def outcome_of(state: State) -> str | None:
    """What became of it, as a column; None while it is open."""
    if state.status == Status.DONE:
        word = CALLED_OFF if state.result == Result.CANCELLED else state.result
        return word if word in OUTCOMES else None
    if state.status == Status.CANCELLED:
        return SAME_DAY if (state.closed_on or state.day) >= state.day else BEFORE
    return DECLINED if state.status == Status.DECLINED else None


def counted(state: State, zone: tzinfo) -> Iterator[tuple[date, str]]:
    """(day, column) of each place where this inspection counts as one."""
    requested_on = state.requested_at.astimezone(zone).date() if state.requested_at else None
    if requested_on:
        yield requested_on, REQUESTED
    if outcome := outcome_of(state):
        closed_on = state.closed_on or state.day
        yield closed_on, outcome
        if requested_on and outcome in ATTEMPTS:
            yield closed_on, WAITED[place_of((closed_on - requested_on).days)]


@dataclass(frozen=True)
class Sums:
    """The counts of a group of inspections by COLUMNS, and what follows from them."""

    counts: Mapping[str, int]

    def __getitem__(self, column: str) -> int:
        return self.counts.get(column, 0)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums({column: self[column] + other[column] for column in COLUMNS})

    @property
    def results(self) -> int:
        """Those somebody went to see: not what was waived or called off."""
        return sum(self[result] for result in ATTEMPTS)

    @property
    def passed(self) -> int:
        return self[Result.PASSED] + self[Result.PASSED_WITH_CONDITIONS]

    @property
    def not_inspected(self) -> int:
        return self[Result.NO_ACCESS] + self[Result.NOT_READY]

    @property
    def pass_rate(self) -> float | None:
        """A share of one; None without a result."""
        return self.share(self.passed)

    @property
    def same_day(self) -> int:
        """Cancelled on the day of the inspection or after it, or at the door."""
        return self[SAME_DAY] + self[CALLED_OFF]

    @property
    def waits(self) -> list[int]:
        """By the ranges of days from request to inspection."""
        return [self[column] for column in WAITED]

    def waited(self, percent: int) -> Range | None:
        """The days within which `percent` of 100 were inspected."""
        return percentile(self.waits, percent)

    def share(self, count: int) -> float | None:
        """`count` as a share of the results."""
        return count / self.results if self.results else None

    @property
    def is_empty(self) -> bool:
        return not any(self.counts.values())
