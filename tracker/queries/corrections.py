"""What an inspector picked to be corrected, in the words of who reads it."""

from collections.abc import Sequence
from dataclasses import replace

from tracker.models.city import corrections_in_spanish
from tracker.queries.permits import InspectionRow


def put_into(language: str, rows: Sequence[InspectionRow]) -> list[InspectionRow]:
    """The rows with their corrections in this language, as far as the city has the words; one query, if any."""
    lines = [line for row in rows for line in row.corrections]
    if language != "es" or not lines:
        return list(rows)
    words = corrections_in_spanish(lines)
    return [replace(row, corrections=[words.get(line, line) for line in row.corrections]) for row in rows]
