"""SQLite's own online backup, in both directions: from the database, and into it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from peewee import sqlite3

from tracker.backups.problems import NEWER_THAN_ANY, BackupProblem
from tracker.db import database, one_at_a_time

PAGES = 2_000  # copied at a time: 8 MB
LOCKED_SECONDS = 30


def copy(file: Path, *, tell: Callable[[int, int], None]) -> None:
    """The database as it is now, in one file without a log beside it, looked over from end to end."""
    with _refusals(), closing(_opened(Path(database.obj.database), "rw")) as live, closing(_opened(file, "rw")) as made:
        # One look from first to last page: without it each write of somebody else would begin the copy anew.
        live.execute("BEGIN")
        live.execute("SELECT 1 FROM sqlite_master").fetchall()
        live.backup(made, pages=PAGES, progress=_told(tell))
        live.execute("ROLLBACK")
        made.execute("PRAGMA journal_mode = DELETE")
        _look_over(made, file)


def migrations_in(file: Path) -> set[str]:
    """The names of the migrations that made what the file holds. Raises BackupProblem if it is no sound backup."""
    with _refusals(file), closing(_opened(file, "ro")) as kept:
        _look_over(kept, file)
        return {name for (name,) in kept.execute("SELECT name FROM schema_migration")}


def put_back(file: Path, *, tell: Callable[[int, int], None]) -> None:
    """Into the database in one transaction: broken off anywhere, it holds what it held before."""
    with database.connection_context(), one_at_a_time(), _refusals():
        live = database.connection()
        with closing(_opened(file, "ro")) as kept:
            kept.backup(live, pages=PAGES, progress=_told(tell))
        live.execute(NEWER_THAN_ANY)
        live.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _opened(file: Path, mode: str) -> Any:
    opened = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=LOCKED_SECONDS)
    opened.isolation_level = None
    return opened


def _told(tell: Callable[[int, int], None]) -> Callable[[int, int, int], None]:
    return lambda status, left, total: tell(total - left, total)


def _look_over(opened: Any, file: Path) -> None:
    wrong = [said for (said,) in opened.execute("PRAGMA integrity_check(3)") if said != "ok"]
    wrong += [
        f"a row of {table} lacks its {other}" for table, _, other, _ in opened.execute("PRAGMA foreign_key_check")
    ]
    if wrong:
        raise BackupProblem(f"{file.name.removeprefix('.').removesuffix('.part')} is damaged: {wrong[0]}.")


@contextmanager
def _refusals(file: Path | None = None) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as no:
        said = f"{file} is no backup of this program" if file else "SQLite refuses"
        raise BackupProblem(f"{said}: {no}.") from None
