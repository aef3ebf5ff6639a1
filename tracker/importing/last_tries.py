"""Which of the inspections that were brought leave something to do: the last one of its type, where it did not pass."""

from collections.abc import Mapping, Sequence

from tracker.importing.history import There
from tracker.rules.words import LEAVES_OPEN, Result


def repeats(there: Mapping[int, Sequence[There]]) -> dict[bool, list[int]]:
    """The ids of those whose `to_repeat` is to become true, and false; `there` is all that is known, by permit."""
    found: dict[bool, list[int]] = {True: [], False: []}
    for rows in there.values():
        last: dict[int, There] = {}
        for one in sorted((row for row in rows if row.result != Result.CANCELLED), key=_order):
            last[one.type] = one
        for row in rows:
            wanted = row.result in LEAVES_OPEN and last[row.type].id == row.id
            if row.key is not None and bool(row.to_repeat) != wanted:
                found[wanted].append(row.id)
    return {to_repeat: ids for to_repeat, ids in found.items() if ids}


def _order(row: There) -> tuple[bool, str, int]:
    """What is still open comes last: it has been asked for again."""
    return row.result is None, row.closed_on or row.day, row.id
