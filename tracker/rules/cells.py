"""CSV files, whose cells a spreadsheet will not take for formulas."""

import csv
import io
from collections.abc import Iterable

# The wide ones are read as the others by spreadsheets set to Chinese or Japanese.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def defused(cell: object) -> object:
    """Text that begins like a formula gets an apostrophe in front (OWASP, CSV injection); numbers and dates stay."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def csv_line(cells: Iterable[object]) -> str:
    """A line of a CSV file with its end (RFC 4180), every cell defused."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return line.getvalue()
