"""The rows of one number lie anywhere in the file: they are put by on disk and come back together, by number.

A file is read once, memory stays flat however long it is, and nothing is written to the tracker's database
before the whole file has been read.
"""

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Generic, TypeVar

AT_ONCE = 500


Row = TypeVar("Row", bound=tuple)


class Staging(Generic[Row]):
    """A database in a temporary file that has no name: SQLite removes it when it is closed, however that happens.

    Rows are named tuples that begin with their permit number; the rest is what JSON holds.
    """

    def __init__(self, make: type[Row]) -> None:
        self._make: Any = make
        self.count = 0
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;"
            "CREATE TABLE row (number TEXT NOT NULL, said TEXT NOT NULL); BEGIN;"
        )
        self._waiting: list[tuple[str, str]] = []

    def __enter__(self) -> "Staging[Row]":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, row: Row) -> None:
        self.count += 1
        self._waiting.append((row[0], _as_json(row[1:])))
        if len(self._waiting) == AT_ONCE:
            self._put_by()

    def _put_by(self) -> None:
        self._file.executemany("INSERT INTO row VALUES (?, ?)", self._waiting)
        self._waiting.clear()

    def by_number(self) -> Iterator[tuple[str, list[Row], int]]:
        """Every number with its rows, those that say the same once, and how many there were in all.

        Numbers come in order, so the order of the file makes no difference.
        """
        self._put_by()
        rows = self._file.execute("SELECT number, said, count(*) FROM row GROUP BY number, said ORDER BY number, said")
        for number, group in groupby(rows, key=lambda found: found[0]):
            found = list(group)
            yield number, [self._make(number, *json.loads(said)) for _, said, _ in found], sum(row[2] for row in found)


_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
