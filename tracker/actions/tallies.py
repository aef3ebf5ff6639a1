"""The sums of the reports: brought up to date before they are read, and counted anew when they are doubted.

Triggers write each change of an inspection down in its own transaction (`Uncounted`), where it meets nobody; what was
written down is added here, by one at a time. Adding commutes: nothing has to wait for a recount.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import islice
from typing import Any

from tracker.db import TALLIES, database, is_postgresql, one_at_a_time, one_look, wait_for_turn
from tracker.models import InspectionType, Tally, Uncounted
from tracker.rules.tallies import COLUMNS, State, counted

# (span, day, type, inspector) → column → how many
Key = tuple[str, date, int, int]
Counts = dict[Key, Counter[str]]
Tell = Callable[[int, int], None]  # done, of how many

CHANGES, ROWS, INSPECTIONS = 5_000, 500, 20_000  # at once
MOST = 20_000  # changes that a reader is made to wait for: about a second
COPIED = "type_id, inspector_id, requested_at, status, result, day, closed_on"
KEY = ("span", "day", "type_id", "inspector_id")


def count_changes(zone: tzinfo, *, most: int = MOST) -> bool:
    """Add what has changed to the tallies; whether all of it is in them now, as `most` changes are taken.

    The days are those of `zone`. Call it outside of any transaction.
    """
    for _ in range(0, most, CHANGES):
        if not Uncounted.select(Uncounted.id).limit(1).exists():
            return True
        if _count_some(zone) < CHANGES:
            return True
    return not Uncounted.select(Uncounted.id).limit(1).exists()


def _count_some(zone: tzinfo) -> int:
    with database.atomic():
        wait_for_turn(TALLIES)
        last = f"SELECT MAX(id) FROM (SELECT id FROM uncounted ORDER BY id LIMIT {CHANGES}) AS first"
        rows = database.execute_sql(f"DELETE FROM uncounted WHERE id <= ({last}) RETURNING n, {COPIED}").fetchall()
        _add(_counts(rows, zone))
    return len(rows)


def recount(zone: tzinfo, *, tell: Tell = lambda done, total: None) -> int:
    """Count every inspection anew and put right what the tallies hold otherwise; returns how many were wrong.

    The site stays open, and an end halfway leaves them no worse: the difference is added, type by type.
    """
    known = InspectionType.select(InspectionType.id) | Tally.select(Tally.type_id)
    types, wrong = sorted(id for (id,) in known.tuples()), 0
    with one_at_a_time():
        for place, type_id in enumerate(types):
            difference = _difference(type_id, zone)
            wrong += len(difference)
            for some in _by(ROWS, sorted(difference)):
                with database.atomic():
                    wait_for_turn(TALLIES)
                    _add({key: difference[key] for key in some})
            tell(place + 1, len(types))
    while not count_changes(zone):
        pass
    return wrong


def _difference(type_id: int, zone: tzinfo) -> Counts:
    """What the tallies of a type lack, less what is still uncounted; all seen in one look."""
    with one_look():
        there = _counts(_inspections(type_id), zone)
        waiting = f"SELECT n, {COPIED} FROM uncounted WHERE type_id = {type_id:d}"
        for key, counts in _counts(database.execute_sql(waiting).fetchall(), zone).items():
            there[key].subtract(counts)
        kept = database.execute_sql(f"SELECT {', '.join((*KEY, *COLUMNS))} FROM tally WHERE type_id = {type_id:d}")
        for span, day, _type, inspector_id, *counts in kept:
            key = (span, _date(day), type_id, inspector_id)
            there[key].subtract(dict(zip(COLUMNS, counts, strict=True)))
    return {key: counts for key, counts in there.items() if any(counts.values())}


def _inspections(type_id: int) -> Iterator[tuple]:
    """Every inspection of a type as a change that adds it, read by pages of ids."""
    copied = COPIED.replace("type_id", "inspection_type_id")
    last = 0
    while True:
        rows = database.execute_sql(
            f"SELECT id, 1, {copied} FROM inspection WHERE inspection_type_id = {type_id:d} AND id > {last:d}"
            f" ORDER BY id LIMIT {INSPECTIONS}"
        ).fetchall()
        yield from (row[1:] for row in rows)
        if len(rows) < INSPECTIONS:
            return
        last = rows[-1][0]


def _counts(rows: Iterable[Sequence[Any]], zone: tzinfo) -> Counts:
    """The counts of changes (n and COPIED, as the driver gives them), by day and by month."""
    found: Counts = defaultdict(Counter)
    for n, type_id, inspector_id, requested_at, status, result, day, closed_on in rows:
        at = _instant(requested_at) if requested_at else None
        state = State(at, status, result, _date(day), _date(closed_on) if closed_on else None)
        for on, column in counted(state, zone):
            for key in (("day", on), ("month", on.replace(day=1))):
                found[*key, type_id, inspector_id or 0][column] += n
    return found


def _add(counts: Counts) -> None:
    """Add to the tallies, in one order of rows, in the caller's transaction and turn."""
    names = (*KEY, *COLUMNS)
    more = ", ".join(f"{name} = tally.{name} + excluded.{name}" for name in COLUMNS)
    some = (key for key in sorted(counts) if any(counts[key].values()))
    rows = [(*key, *(counts[key].get(name, 0) for name in COLUMNS)) for key in some]
    start, end = f"INSERT INTO tally ({', '.join(names)})", f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {more}"
    if not is_postgresql():
        places = ", ".join("?" * len(names))
        database.obj.cursor().executemany(f"{start} VALUES ({places}) {end}", rows)
        return
    # Forty values a row are many to send one by one: as one text they take a fifth of the time.
    told = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)
    database.execute_sql(
        f"{start} SELECT {', '.join(names)} FROM json_populate_recordset(NULL::tally, %s)"
        f" ORDER BY {', '.join(KEY)} {end}",
        (told,),
    )


def _by(size: int, rows: Iterable[Any]) -> Iterator[list[Any]]:
    them = iter(rows)
    while some := list(islice(them, size)):
        yield some


def _instant(value: Any) -> datetime:
    return (datetime.fromisoformat(value) if isinstance(value, str) else value).replace(tzinfo=UTC)


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
