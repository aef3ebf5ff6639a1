"""What the tests write goes to memory where the machine has enough of it: on a disk each commit waits for the disk."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 4 * 2**30  # bytes; a run uses less than a quarter of it
NAME = "tracker-tests-"


def write_to_memory() -> Callable[[], None]:
    """Temporary files of this process and of those it starts go there; returns what forgets them all.

    Whoever sets TMPDIR has them there, and keeps them.
    """
    if "TMPDIR" in os.environ or not _has_enough():
        return lambda: None
    _forget_those_of_killed_runs()
    folder = tempfile.mkdtemp(prefix=f"{NAME}{os.getpid()}-", dir=MEMORY)
    os.chmod(folder, 0o711)  # PostgreSQL's own user passes through it
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def _has_enough() -> bool:
    return os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH


def _forget_those_of_killed_runs() -> None:
    for folder in MEMORY.glob(f"{NAME}*"):
        try:
            os.kill(int(folder.name.removeprefix(NAME).split("-")[0]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (PermissionError, ValueError):
            continue
