"""A consistent copy of the database while it is in use, and the way back from it.

Each database has its own way (`sqlite`, `postgresql`); what holds for both is here: a backup is written beside its
name and takes it when it is whole, and a restore changes everything or nothing.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tracker.backups import postgresql, sqlite
from tracker.backups.problems import BackupProblem
from tracker.db import MIGRATIONS, database, is_postgresql, migrate
from tracker.models import Contractor, Edition, Permit, Staff

__all__ = ["BackupProblem", "back_up", "holds_data", "restore"]

Tell = Callable[[int, int], None]  # so much is done, of so much
STARTS = (b"SQLite format 3\0", b"PGDMP")


def back_up(file: Path, *, url: str, tell: Tell) -> int:
    """Write the whole database to `file`, as it is at this moment; returns the bytes of it.

    What has this name is replaced if it is an older backup. The file is for its owner alone (0600).
    Raises BackupProblem; the name then holds what it held before.
    """
    _not_ours_to_replace(file)
    with _beside(file) as made:
        if is_postgresql():
            postgresql.dump(made, url=url)
        else:
            sqlite.copy(made, tell=tell)
        return made.stat().st_size


def restore(file: Path, *, url: str, tell: Tell) -> list[str]:
    """Everything as `file` has it, and then the migrations that it lacks; returns their names.

    Whoever is connected sees the old rows until it is done, and the new ones from then on. Raises BackupProblem;
    everything is as it was then.
    """
    if not file.is_file():
        raise BackupProblem(f"{file} is not there, or is no file.")
    names = postgresql.migrations_in(file) if is_postgresql() else sqlite.migrations_in(file)
    known = {path.stem for path in MIGRATIONS.glob("[0-9]*.py")}
    if newer := sorted(names - known):
        raise BackupProblem(f"{file} was made by a newer version of this program, which brought {newer[-1]}.")
    if is_postgresql():
        postgresql.put_back(file, url=url)
    else:
        sqlite.put_back(file, tell=tell)
    applied = migrate()
    with database.connection_context():
        # A number that no server has met: what it rendered of the city as it was is not shown again.
        Edition.update(number=Edition.number + 1 + secrets.randbelow(10**6)).execute()
    return applied


def holds_data() -> bool:
    """Whether the database holds what would be lost: a permit, a company or somebody of the staff."""
    with database.connection_context():
        return any(table.table_exists() and table.select().exists() for table in (Permit, Contractor, Staff))


def _not_ours_to_replace(file: Path) -> None:
    if not file.parent.is_dir():
        raise BackupProblem(f"{file.parent} is no folder.")
    if not is_postgresql():
        live = Path(database.obj.database)
        if re.sub("-(wal|shm|journal|upgrade-lock)$", "", str(file.resolve())) == str(live.resolve()):
            raise BackupProblem(f"{file} is the database itself. Name another file.")
    if file.exists():
        with file.open("rb") as there:
            if not file.is_file() or not there.read(16).startswith(STARTS):
                raise BackupProblem(f"{file} is there and is no backup. Name another file.")


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """An empty file beside `file` that takes its name at the end; what an earlier, broken-off backup left goes."""
    made = file.with_name(f".{file.name}.part")
    with suppress(FileNotFoundError):
        made.unlink()
    try:
        os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield made
        _on_disk(made)
        made.rename(file)
        _on_disk(file.parent)
    except OSError as no:
        raise BackupProblem(f"{file} can't be written: {no.strerror}.") from None
    finally:
        made.unlink(missing_ok=True)


def _on_disk(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
