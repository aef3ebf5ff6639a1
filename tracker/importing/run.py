"""An import from beginning to end: read, put by, merge, apply in batches, sum up."""

import csv
import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime, tzinfo
from pathlib import Path

from peewee import IntegrityError, OperationalError

from tracker.actions.changes import IMPORT
from tracker.db import database, is_postgresql
from tracker.importing import permits, rehearsal
from tracker.importing.merging import Record, merged
from tracker.importing.problems import ImportProblem, RowProblem
from tracker.importing.profile import Profile
from tracker.importing.reading import Table
from tracker.importing.rows import RowReader
from tracker.importing.staging import Staging
from tracker.importing.summary import Summary
from tracker.models import Change, PermitType
from tracker.rules.cells import defused

BATCH = 500  # permits a transaction
# Between two batches others get their turn to write: SQLite has no queue for them.
PAUSE_SECONDS = 0.002
TRIES = 5
Tell = Callable[[str, int, int], None]
Reject = Callable[[int, str, Sequence[str]], None]


def import_permits(
    path: Path,
    profile: Profile,
    *,
    now: datetime,
    zone: tzinfo,
    dry_run: bool = False,
    rejects: Path | None = None,
    take_older: bool = False,
    tell: Tell = lambda stage, done, total: None,
) -> Summary:
    """Load a system of record's export. Rejected rows go to the CSV file `rejects`, where one is given.

    `tell` hears ('read', bytes, all bytes) and then ('apply', rows, all rows). Raises ImportProblem before anything
    is written. Opens no connection: the caller's is used.
    """
    summary = Summary()
    with ExitStack() as stack:
        table = stack.enter_context(Table(path, encoding=profile.encoding, delimiter=profile.delimiter))
        codes = {
            code: (id, name)
            for id, code, name in PermitType.select(PermitType.id, PermitType.code, PermitType.name).tuples()
        }
        names = {word.casefold(): code for code, (_, name) in codes.items() for word in (name, code)}
        reader = RowReader(profile, table.header, types=names, zone=zone, today=now.astimezone(zone).date())
        staging = stack.enter_context(Staging())
        reject = stack.enter_context(_rejects_file(rejects, table))
        _read(table, reader, staging, summary, reject, tell)
        stack.enter_context(rehearsal.rehearsal() if dry_run else nullcontext())
        batch = permits.Batch({code: id for code, (id, _) in codes.items()}, now, take_older)
        _apply(staging, batch, summary, tell)
        _record(path, profile, summary, now)
    return summary


def _read(table: Table, reader: RowReader, staging: Staging, summary: Summary, reject: Reject, tell: Tell) -> None:
    done = 0

    def progress(more: int) -> None:
        nonlocal done
        tell("read", done := done + more, table.size)

    for line, cells in table.rows(progress):
        summary.counts["read"] += 1
        try:
            staging.add(reader.read(cells))
        except RowProblem as no:
            summary.counts["rejected"] += 1
            summary.note("rejected", f"line {line}: {no}")
            reject(line, str(no), cells)
    for name, count in reader.blanked.items():
        summary.note("blank", f"{name}: {count}")


def _apply(staging: Staging, batch: permits.Batch, summary: Summary, tell: Tell) -> None:
    total, done = summary.counts["read"] - summary.counts["rejected"], 0
    records = (merged(*group) for group in staging.by_number())
    for number in itertools.count(1):
        if not (some := list(itertools.islice(records, BATCH))):
            return
        summary.add(_apply_again(some, batch))
        if is_postgresql() and number.bit_count() == 1:
            _tell_planner()
        tell("apply", done := done + sum(record.rows for record in some), total)
        time.sleep(PAUSE_SECONDS)


def _tell_planner() -> None:
    """After 1, 2, 4, … batches: PostgreSQL found empty tables at the start and planned to read them whole."""
    for model in rehearsal.WRITTEN:
        database.execute_sql(f"ANALYZE {model._meta.table_name}")


def _apply_again(records: list[Record], batch: permits.Batch) -> Summary:
    """Apply one batch. Somebody may make one of the permits or companies, or lock them, at the same moment."""
    for _ in range(TRIES - 1):
        try:
            return permits.apply(records, batch)
        except (IntegrityError, OperationalError):
            time.sleep(PAUSE_SECONDS)
    return permits.apply(records, batch)


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


def _record(path: Path, profile: Profile, summary: Summary, now: datetime) -> None:
    """One row in the record of changes for the run."""
    Change.insert(
        at=now,
        actor=IMPORT.actor,
        actor_name=IMPORT.name,
        verb="import_permits",
        subject="import",
        subject_id=0,
        after=json.dumps({"file": path.name, "profile": profile.name, **summary.as_counts()}, ensure_ascii=False),
    ).execute()
