"""What the file says of one permit's inspections, beside what is here: the same, corrected, made here, or new.

A source without numbers of its own says "this type, this permit, this day". So rows are compared day by day: those
that say what is here already are the same ones; what is left of both is the same inspection, corrected; what is then
left of the file is new. The order of the rows makes no difference.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.importing.history_rows import HistoryRow
from tracker.rules.words import SATISFIES


@dataclass(slots=True)
class History:
    """What the file says of the inspections on one permit, in a stable order; `rows` of the file in all."""

    number: str
    said: list[HistoryRow]
    rows: int


class There(NamedTuple):
    """An inspection that is here. `key` is None where it was made here; days are ISO."""

    id: int
    permit: int
    type: int
    status: str
    result: str | None
    day: str
    closed_on: str | None
    to_repeat: bool
    key: str | None
    digest: str


@dataclass
class Compared:
    same: int = 0
    made_here: list[tuple[HistoryRow, There]] = field(default_factory=list)
    differing: list[tuple[HistoryRow, There]] = field(default_factory=list)
    new: list[tuple[HistoryRow, str]] = field(default_factory=list)  # with the key each is to have


def brought_together(number: str, rows: Sequence[HistoryRow], count: int) -> History:
    """Rows that say the same need to be there once only; of several with one number of the source the latest counts."""
    numbered = {row.id: row for row in sorted(rows, key=_order) if row.id}
    said = [*numbered.values(), *(row for row in rows if not row.id)]
    return History(number, sorted(said, key=_order), count)


def _order(row: HistoryRow) -> tuple[str, bool, str]:
    """Of several on one day what passed was the last: nobody comes again for it."""
    return row.on, row.result in SATISFIES, repr(row)


def digest_of(row: HistoryRow) -> str:
    said = repr(row[1:]).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(said, digest_size=16).hexdigest()


def compared(said: Iterable[HistoryRow], there: Sequence[There]) -> Compared:
    """`said` and `there` are of one permit."""
    found = Compared()
    brought = [one for one in there if one.key is not None]
    numbered = {one.key: one for one in brought}
    by_day: dict[tuple[int, str], list[HistoryRow]] = defaultdict(list)
    taken: set[int] = set()
    for row in said:
        if row.id and (known := numbered.get(key_of_number(row.id))):
            _pair(found, row, known)
            taken.add(known.id)
        else:
            by_day[row.type, row.on].append(row)
    if by_day:
        known_days = _by_day(one for one in brought if one.id not in taken)
        made_days = _by_day(one for one in there if one.key is None)
        keys = {one.key for one in brought}
        for day in by_day:
            _compare_day(found, by_day[day], known_days.get(day, []), made_days.get(day, []), keys)
    return found


def key_of_number(id: str) -> str:
    return f"#{id}"


def _by_day(some: Iterable[There]) -> dict[tuple[int, str], list[There]]:
    """By type and day; one that was closed on another day than it was to be is there under both."""
    found: dict[tuple[int, str], list[There]] = defaultdict(list)
    for one in some:
        for day in {one.day, one.closed_on or one.day} if one.key is None else {one.closed_on or one.day}:
            found[one.type, day].append(one)
    return found


def _compare_day(
    found: Compared, rows: list[HistoryRow], known: list[There], made: list[There], keys: set[str | None]
) -> None:
    """The rows of one type and day, from the surest to the least sure."""
    used = {one.id for _, one in found.made_here}
    made = [one for one in made if one.id not in used]
    found.same += _take(rows, known, lambda row, one: digest_of(row) == one.digest, None)
    _take(rows, made, lambda row, one: row.result == one.result, lambda *pair: found.made_here.append(pair))
    _take(rows, known, _may_be, lambda *pair: _pair(found, *pair))
    _take(rows, made, lambda row, one: True, lambda *pair: found.made_here.append(pair))
    for row in rows:
        key = key_of_number(row.id) if row.id else next(key for key in _places(row) if key not in keys)
        keys.add(key)
        found.new.append((row, key))


def _take(
    rows: list[HistoryRow],
    there: list[There],
    fits: Callable[[HistoryRow, There], bool],
    pair: Callable[[HistoryRow, There], None] | None,
) -> int:
    """Take the pairs that fit out of both; returns how many."""
    count = 0
    for row in list(rows):
        if (one := next((one for one in there if fits(row, one)), None)) is not None:
            rows.remove(row)
            there.remove(one)
            count += 1
            if pair:
                pair(row, one)
    return count


def _may_be(row: HistoryRow, one: There) -> bool:
    """Two numbers of the source are two inspections."""
    return not (row.id and one.key and one.key.startswith("#"))


def _pair(found: Compared, row: HistoryRow, one: There) -> None:
    if digest_of(row) == one.digest:
        found.same += 1
    else:
        found.differing.append((row, one))


def _places(row: HistoryRow) -> Iterable[str]:
    """The keys that the inspections of one type and day may have, in order."""
    return (f"{row.type} {row.on} {place}" for place in range(1, 10_000))
