"""A CSV file → its header and its rows, each with the line of the file on which it begins."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.importing.problems import ImportProblem

_NOT_CSV = {
    b"PK\x03\x04": "a spreadsheet (.xlsx) or an archive",
    b"\xd0\xcf\x11\xe0": "a spreadsheet (.xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed (gzip)",
    b"SQLite format 3": "a database",
}
Progress = Callable[[int], None]


class Table:
    """A CSV file being read once, from top to bottom. Close it, or use it as a context.

    `rows()` gives (line, cells); lines are counted from 1 as an editor does, a cell with line breaks included.
    """

    def __init__(self, path: Path, *, encoding: str, delimiter: str) -> None:
        """Raises ImportProblem for what can't be opened, is empty or is plainly no CSV."""
        self.path = path
        self.encoding = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
        try:
            self._bytes = path.open("rb")
        except OSError as no:
            raise ImportProblem(f"{path} can't be read: {no.strerror}.") from None
        try:
            self.size = path.stat().st_size
            self._refuse_other_kinds(self._bytes.peek(4096)[:4096])
            self._reader = csv.reader(
                io.TextIOWrapper(self._bytes, encoding=self.encoding, newline=""), delimiter=delimiter
            )
            self.header = [cell.strip() for cell in self._next()]
        except (LookupError, ValueError):  # a name that is none, or no name
            self.close()
            raise ImportProblem(f"The profile's encoding {encoding} is none that is known here.") from None
        except StopIteration:
            self.close()
            raise ImportProblem(f"{path} is empty.") from None
        except ImportProblem:
            self.close()
            raise

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._bytes.close()

    def rows(self, progress: Progress) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not an empty line. `progress` gets the bytes read since it was last told."""
        told = 0
        while True:
            line = self._reader.line_num + 1
            try:
                cells = self._next()
            except StopIteration:
                break
            if not cells:
                continue
            yield line, cells
            if (at := self._bytes.tell()) - told > 200_000:
                progress(at - told)
                told = at
        progress(self.size - told)

    def _next(self) -> list[str]:
        try:
            return next(self._reader)
        except UnicodeDecodeError as no:
            raise ImportProblem(
                f"{self.path} is not {self.encoding.removesuffix('-sig').upper()}: on line {self._bad_line()} "
                f'there is a byte {no.object[no.start]:#04x}. Say encoding = "cp1252", or what it is, in the profile.'
            ) from None
        except UnicodeError as no:  # what has no byte to name, such as UTF-16 without its mark
            raise ImportProblem(f"{self.path} is not {self.encoding.upper()}: {no}.") from None
        except csv.Error as no:
            raise ImportProblem(
                f"{self.path} is not a CSV file from line {self._reader.line_num} on ({no}); "
                "perhaps a quotation mark is never closed."
            ) from None

    def _bad_line(self) -> int:
        """The file is decoded in blocks, so the line being read is not always the one with the wrong byte."""
        with self.path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    line.decode(self.encoding)
                except UnicodeError:
                    return number
        return self._reader.line_num

    def _refuse_other_kinds(self, start: bytes) -> None:
        for mark, kind in _NOT_CSV.items():
            if start.startswith(mark):
                raise ImportProblem(f"{self.path} is not a CSV file but {kind}.")
        if start.lstrip()[:1] in (b"{", b"[", b"<"):
            raise ImportProblem(f"{self.path} is not a CSV file: it begins with {start.lstrip()[:1].decode()}.")
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") and "16" not in self.encoding:
            raise ImportProblem(f'{self.path} is not UTF-8 but UTF-16. Say encoding = "utf-16" in the profile.')
        if not start.strip():
            raise ImportProblem(f"{self.path} is empty.")
