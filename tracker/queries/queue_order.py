"""The orders of the queue, and a place in one: its pages go on from the key of the last row shown."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tracker.models import Contractor, Inspection, InspectionType, Permit, Request

SORTS = {
    "day": (Inspection.day, Inspection.requested_at, Inspection.id),
    "age": (Inspection.requested_at, Inspection.id),
    "type": (InspectionType.name, Inspection.day, Inspection.id),
    "where": (Permit.original_zip, Request.site_address, Inspection.id),
    "contractor": (Contractor.company_name, Inspection.day, Inspection.id),
    "state": (Inspection.status, Inspection.day, Inspection.id),
}


def key_of(row: Any, sort: str) -> str:
    """Where a row stands in this order, for an address."""
    stands = {
        "day": (row.day, row.requested_at, row.id),
        "age": (row.requested_at, row.id),
        "type": (row.type.name, row.day, row.id),
        "where": (row.zip, row.address, row.id),
        "contractor": (row.company_name, row.day, row.id),
        "state": (row.status, row.day, row.id),
    }
    return json.dumps(stands[sort], default=lambda value: value.isoformat(), separators=(",", ":"))


def read_key(text: str, keys: Sequence[Any]) -> list[Any] | None:
    """The values of a key from an address; None where the text is none for this order."""
    try:
        values = json.loads(text)
        return [_value(key, value) for key, value in zip(keys, values, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None


def _value(field: Any, value: Any) -> Any:
    if field is Inspection.day:
        return date.fromisoformat(value)
    if field is Inspection.requested_at:
        return datetime.fromisoformat(value).astimezone(UTC)
    if field is Inspection.id:
        return max(0, min(int(value), 2**31 - 1))
    if not isinstance(value, str) or "\0" in value:
        raise ValueError
    value.encode()  # half of a letter is none: ValueError
    return value


def beyond(keys: Sequence[Any], place: Sequence[Any], backwards: bool) -> Any:
    """The rows that come after this place: a later first value, or the same and a later second, and so on."""
    key, value = keys[0], place[0]
    further = (key < value) if backwards else (key > value)
    return further if len(keys) == 1 else further | ((key == value) & beyond(keys[1:], place[1:], backwards))
