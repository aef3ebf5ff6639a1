"""The database held by another process, with a transaction of its own, as a backup or a clerk at the database has."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tracker.db import is_postgresql

HOLDS_SQLITE = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""
HOLDS_POSTGRESQL = """
import psycopg, sys, time
with psycopg.connect(sys.argv[1]) as held:
    held.execute("LOCK TABLE inspection, day_load IN EXCLUSIVE MODE")
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
    held.rollback()
"""


@contextmanager
def held_for(seconds: float, url: str) -> Iterator[None]:
    code, name = (HOLDS_POSTGRESQL, url) if is_postgresql() else (HOLDS_SQLITE, url.removeprefix("sqlite:///"))
    with subprocess.Popen([sys.executable, "-c", code, name, str(seconds)], stdout=subprocess.PIPE, text=True) as other:
        try:
            assert other.stdout is not None and other.stdout.readline() == "held\n"
            yield
        finally:
            other.kill()
