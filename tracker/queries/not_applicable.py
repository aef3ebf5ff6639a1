"""The inspection types that do not apply to a permit, with who said so, when and why."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from tracker.models import Change, Permit
from tracker.rules.sequence import Type

MARKED = "mark_not_applicable"  # the verb in the record of changes, where reason and name are kept


class Mark(NamedTuple):
    """A mark as the city's pages print it; `at` is aware, and none where the record knows nothing of it."""

    type: Type
    reason: str = ""
    who: str = ""
    at: datetime | None = None


def marks_on(permit: Permit, codes: Collection[str], types: Mapping[str, Type]) -> list[Mark]:
    """What does not apply to this permit, by the codes of its record, in the city's order."""
    if not codes:
        return []
    lines = (
        Change.select(Change.after, Change.reason, Change.actor_name, Change.at)
        .where(Change.subject == "permit", Change.subject_id == permit.id, Change.verb == MARKED)
        .order_by(Change.id)
    )
    said = {json.loads(line.after)["inspection_type"]: (line.reason, line.actor_name, line.at) for line in lines}
    return [Mark(one, *said.get(one.code, ())) for one in types.values() if one.code in codes]
