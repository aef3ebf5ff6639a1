"""An import from beginning to end: read, put by, bring together, apply in batches, sum up."""

import csv
import itertools
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from peewee import IntegrityError, Model, OperationalError

from tracker.actions.changes import IMPORT
from tracker.db import database, is_postgresql
from tracker.importing import inspections, permits, rehearsal
from tracker.importing.history import brought_together
from tracker.importing.history_rows import HistoryReader, HistoryRow
from tracker.importing.merging import merged
from tracker.importing.problems import ImportProblem, LeftOut, Overtaken, RowProblem
from tracker.importing.profile import Profile
from tracker.importing.reading import Table
from tracker.importing.rows import Row, RowReader
from tracker.importing.staging import Staging
from tracker.importing.summary import INSPECTION_WORDS, PERMIT_WORDS, Summary, Words
from tracker.models import Change, Inspection, InspectionType, PermitType
from tracker.rules.cells import defused

BATCH = 500  # rows a transaction, or those of one permit
AT_ONCE = 500  # rows that are looked up together while they are read
# Between two batches others get their turn to write: SQLite has no queue for them.
PAUSE_SECONDS = 0.002
TRIES = 5
Tell = Callable[[str, int, int], None]
Reject = Callable[[int, str, Sequence[str]], None]


def _quiet(stage: str, done: int, total: int) -> None:
    """For a caller who does not ask how far it is."""


@dataclass(frozen=True)
class Work:
    """What is imported: how a row is read, how those of a permit are brought together, how a batch is applied."""

    what: str
    reader: Any  # has look_up(rows), read(cells) and blanked
    row: type[Any]
    together: Callable[[str, Sequence[Any], int], Any]  # has .rows, how many rows of the file it is
    apply: Callable[[Sequence[Any]], Summary]
    words: Words
    written: Sequence[type[Model]]
    growing: Sequence[type[Model]]  # those that may be many times as long afterwards


def import_permits(
    path: Path, profile: Profile, *, now: datetime, zone: tzinfo, take_older: bool = False, **how: Any
) -> Summary:
    """Load a system of record's export of permits. For `how`, and what is raised, see `_load`."""

    def work(header: Sequence[str]) -> Work:
        codes = {code: (id, name) for id, code, name in _types(PermitType)}
        names = {word.casefold(): code for code, (_, name) in codes.items() for word in (name, code)}
        reader = RowReader(profile, header, types=names, zone=zone, today=now.astimezone(zone).date())
        batch = permits.Batch({code: id for code, (id, _) in codes.items()}, now, take_older)
        apply = partial(permits.apply, batch=batch)
        written = rehearsal.BY_PERMITS
        return Work("permits", reader, Row, merged, apply, PERMIT_WORDS, written, written)

    return _load(path, profile, work, now=now, **how)


def import_inspections(path: Path, profile: Profile, *, now: datetime, zone: tzinfo, **how: Any) -> Summary:
    """Load the history of inspections: those with a result. For `how`, and what is raised, see `_load`."""
    if profile.inspections is None:
        raise ImportProblem(f"The profile {profile.name} says nothing of inspections: it has no [inspections].")

    def work(header: Sequence[str]) -> Work:
        types, today = _types(InspectionType), now.astimezone(zone).date()
        codes, names = ({row[place].casefold(): row[0] for row in types} for place in (1, 2))
        reader = HistoryReader(profile, header, codes=codes, names=names, zone=zone, today=today)
        apply = partial(inspections.apply, batch=inspections.Batch(now, zone))
        written = rehearsal.BY_HISTORY
        return Work(
            "inspections", reader, HistoryRow, brought_together, apply, INSPECTION_WORDS, written, (Inspection,)
        )

    return _load(path, profile, work, now=now, **how)


def _types(model: Any) -> list[tuple[Any, str, str]]:
    return list(model.select(model.id, model.code, model.name).tuples())


def _load(
    path: Path,
    profile: Profile,
    work_on: Callable[[Sequence[str]], Work],
    *,
    now: datetime,
    dry_run: bool = False,
    rejects: Path | None = None,
    tell: Tell = _quiet,
) -> Summary:
    """Rejected rows go to the CSV file `rejects`, where one is given; a dry run writes it too, and nothing else.

    `tell` hears ('read', bytes, all bytes) and then ('apply', rows, all rows). Raises ImportProblem before anything
    is written. Opens no connection: the caller's is used.
    """
    with ExitStack() as stack:
        table = stack.enter_context(Table(path, encoding=profile.encoding, delimiter=profile.delimiter))
        work = work_on(table.header)
        summary = Summary(work.words)
        staging = stack.enter_context(Staging(work.row))
        reject = stack.enter_context(_rejects_file(rejects, table))
        _read(table, work.reader, staging, summary, reject, tell)
        stack.enter_context(rehearsal.rehearsal(work.written) if dry_run else nullcontext())
        _apply(staging, work, summary, tell)
        _record(path, work.what, profile, summary, now)
    return summary


def _read(table: Table, reader: Any, staging: Staging[Any], summary: Summary, reject: Reject, tell: Tell) -> None:
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        tell("read", done := done + more, table.size)

    rows = table.rows(progress)
    while some := list(itertools.islice(rows, AT_ONCE)):
        reader.look_up([cells for _, cells in some])
        for line, cells in some:
            summary.counts["read"] += 1
            try:
                staging.add(reader.read(cells))
            except LeftOut as why:
                summary.counts[why.word] += 1
            except RowProblem as no:
                summary.counts["rejected"] += 1
                summary.note("rejected", f"line {line}: {no}")
                reject(line, str(no), cells)
    for name, count in reader.blanked.items():
        summary.note("blank", f"{name}: {count}")


def _apply(staging: Staging[Any], work: Work, summary: Summary, tell: Tell) -> None:
    total, done = staging.count, 0
    records = (work.together(*group) for group in staging.by_number())
    for number, some in enumerate(_batches(records), 1):
        summary.add(_apply_again(some, work))
        if is_postgresql() and number.bit_count() == 1:
            _tell_planner(work.growing)
        tell("apply", done := done + sum(record.rows for record in some), total)
        time.sleep(PAUSE_SECONDS)


def _batches(records: Iterable[Any]) -> Iterator[list[Any]]:
    some: list[Any] = []
    rows = 0
    for record in records:
        some.append(record)
        rows += record.rows
        if rows >= BATCH:
            yield some
            some, rows = [], 0
    if some:
        yield some


def _tell_planner(growing: Iterable[type[Model]]) -> None:
    """After 1, 2, 4, … batches: PostgreSQL found empty tables at the start and planned to read them whole."""
    for model in growing:
        database.execute_sql(f"ANALYZE {model._meta.table_name}")


def _apply_again(records: list[Any], work: Work) -> Summary:
    """Apply one batch. Somebody may make one of its rows, or lock or change them, at the same moment."""
    for _ in range(TRIES - 1):
        try:
            return work.apply(records)
        except (IntegrityError, OperationalError, Overtaken):
            time.sleep(PAUSE_SECONDS)
    return work.apply(records)


@contextmanager
def _rejects_file(path: Path | None, table: Table) -> Iterator[Reject]:
    """Line, reason and the original columns. Mended, the file can itself be imported: its columns have their names."""
    if path is None:
        yield lambda line, reason, cells: None
        return
    if path.exists() and path.samefile(table.path):
        raise ImportProblem("The rejects file is the file to import.")
    try:
        file = path.open("w", newline="", encoding="utf-8")
    except OSError as no:
        raise ImportProblem(f"The rejects file {path} can't be written: {no.strerror}.") from None
    with file:
        writer = csv.writer(file)
        writer.writerow(["line", "reason", *table.header])
        yield lambda line, reason, cells: writer.writerow([line, *map(defused, (reason, *cells))])


def _record(path: Path, what: str, profile: Profile, summary: Summary, now: datetime) -> None:
    """One row in the record of changes for the run."""
    Change.insert(
        at=now,
        actor=IMPORT.actor,
        actor_name=IMPORT.name,
        verb=f"import_{what}",
        subject="import",
        subject_id=0,
        after=json.dumps({"file": path.name, "profile": profile.name, **summary.as_counts()}, ensure_ascii=False),
    ).execute()
