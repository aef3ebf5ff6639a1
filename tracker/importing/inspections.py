"""One batch of histories → inspections with their results, in one short transaction.

The import owns what the source says of an inspection it brought. It leaves alone what was asked for here, and results
it brought that somebody corrected here. What happened before is only told: no mail, no place on a day, no fee.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from typing import Any

from tracker.actions.bulk import insert_rows
from tracker.actions.changes import IMPORT, record, tell_pages
from tracker.actions.expiry import extend_expiry
from tracker.db import COMPANIES, any_of, database, wait_for_turn
from tracker.importing.history import Compared, History, There, compared, digest_of, key_of_number
from tracker.importing.history_rows import HistoryRow
from tracker.importing.last_tries import repeats
from tracker.importing.problems import Overtaken
from tracker.importing.summary import Summary
from tracker.importing.whose import Whose
from tracker.models import Inspection, InspectionResult, Permit
from tracker.rules.words import OPEN, Status

NOON = time(12)  # a source says the day alone
OWNED = (
    *("inspection_type", "day", "closed_on", "time_frame", "requested_at", "result", "comment", "closed_by"),
    *("source_type", "source_result"),
)
OUTCOME = ("result", "comment")
INSERTED = (
    *OWNED,
    *("permit", "contractor", "status", "closed_at", "to_repeat", "source_key", "source_digest"),
    *("remarks", "stop_order", "staff_comment", "corrections", "calendar_sequence"),
)
BLANK = ("", 0, "", "", 0)


@dataclass(frozen=True)
class Batch:
    """What is the same for all batches of a run."""

    now: datetime
    zone: tzinfo


def apply(histories: Sequence[History], batch: Batch) -> Summary:
    """Bring the history of these permits up to date; returns what was done. One transaction.

    Raises Overtaken where somebody corrected one of the results meanwhile.
    """
    summary = Summary()
    with database.atomic():
        wait_for_turn(COMPANIES)  # whose an inspection is may be changing
        permits = _permits(histories)
        there = _there(permits.values())
        found = {id: compared(history.said, there[id]) for history in histories if (id := permits[history.number])}
        _count(histories, found.values(), summary)
        touched = _correct(found, batch, summary) | _add(found, batch)
        if touched:
            _follow(sorted(touched), batch, summary)
    return summary


def _permits(histories: Sequence[History]) -> dict[str, int]:
    query = Permit.select(Permit.permit_num, Permit.id)
    return dict(query.where(any_of(Permit.permit_num, [history.number for history in histories])).tuples())


def _there(permits: Iterable[int]) -> dict[int, list[There]]:
    """All that is known of these permits, in the order it came."""
    columns = (
        *(Inspection.id, Inspection.permit, Inspection.inspection_type, Inspection.status, Inspection.result),
        *(Inspection.day, Inspection.closed_on, Inspection.to_repeat, Inspection.source_key, Inspection.source_digest),
    )
    found: dict[int, list[There]] = {id: [] for id in permits}
    query = Inspection.select(*columns).where(any_of(Inspection.permit, found)).order_by(Inspection.id)
    for id, permit, kind, status, result, day, closed_on, *rest in query.tuples():
        closed = closed_on and closed_on.isoformat()
        found[permit].append(There(id, permit, kind, status, result, day.isoformat(), closed, *rest))
    return found


def _count(histories: Sequence[History], found: Iterable[Compared], summary: Summary) -> None:
    summary.counts["merged"] = sum(history.rows - len(history.said) for history in histories)
    for one in found:
        summary.counts["unchanged"] += one.same
        summary.counts["here"] += len(one.made_here)
        summary.counts["new"] += len(one.new)
        for row, there in one.made_here:
            if there.status in OPEN:
                summary.note("open_here", f"{row.number}: {row.source_type}, {row.on}, {row.source_result}")


def _add(found: dict[int, Compared], batch: Batch) -> set[int]:
    """Insert what is new; returns the permits it is on."""
    new = [(permit, row, key) for permit, one in found.items() for row, key in one.new]
    if not new:
        return set()
    whose = Whose([(permit, row.type, row.company) for permit, row, _ in new])
    rows = []
    for permit, row, key in new:
        values = _values(row, batch.zone)
        contractor = whose.of(permit, row.type, row.company)
        closed_at = values.pop("closed_at")
        rows.append((*values.values(), permit, contractor, Status.DONE, closed_at, False, key, digest_of(row), *BLANK))
    insert_rows(Inspection, [Inspection._meta.fields[name] for name in INSERTED], rows)
    return {permit for permit, *_ in new}


def _values(row: HistoryRow, zone: tzinfo) -> dict[str, Any]:
    """The columns the import owns, in the order of OWNED, as text; and `closed_at`."""
    return {
        "inspection_type": row.type,
        "day": row.day,
        "closed_on": row.on,
        "time_frame": row.time_frame,
        "requested_at": row.requested_on and _noon(row.requested_on, zone),
        "result": row.result,
        "comment": row.comment,
        "closed_by": row.inspector,
        "source_type": row.source_type,
        "source_result": row.source_result,
        "closed_at": _noon(row.on, zone),
    }


@lru_cache(maxsize=4_096)
def _noon(day: str, zone: tzinfo) -> str:
    return datetime.combine(date.fromisoformat(day), NOON, zone).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _correct(found: dict[int, Compared], batch: Batch, summary: Summary) -> set[int]:
    """Update what the file tells otherwise of; returns the permits it is on."""
    said = {one.id: row for each in found.values() for row, one in each.differing}
    if not said:
        return set()
    digests = {one.id: one.digest for each in found.values() for _, one in each.differing}
    by_hand = _corrected_here(said)
    touched = set()
    for row in Inspection.select().where(any_of(Inspection.id, said)).order_by(Inspection.id):
        changed = _changes(row, said[row.id], batch.zone)
        if row.id in by_hand and set(changed) & set(OUTCOME):
            summary.note("corrected", f"{said[row.id].number}: {said[row.id].source_type}, {said[row.id].on}")
            changed = {name: value for name, value in changed.items() if name not in OUTCOME}
        _save(row, said[row.id], changed, digests[row.id], batch)
        summary.counts["changed" if changed else "unchanged"] += 1
        if changed:
            touched.add(row.permit_id)
    return touched


def _corrected_here(ids: Iterable[int]) -> set[int]:
    versions = InspectionResult.select(InspectionResult.inspection).where(
        any_of(InspectionResult.inspection, ids), InspectionResult.recorded_by.is_null(False)
    )
    return {id for (id,) in versions.tuples()}


def _changes(row: Inspection, said: HistoryRow, zone: tzinfo) -> dict[str, Any]:
    values = _values(said, zone)
    del values["closed_at"]
    return {name: value for name, value in values.items() if _stored(row, name) != value}


def _stored(row: Inspection, name: str) -> Any:
    """As `_values` has it."""
    if name == "inspection_type":
        return row.inspection_type_id
    value = getattr(row, name)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return value.isoformat() if isinstance(value, date) else value


def _save(row: Inspection, said: HistoryRow, changed: dict[str, Any], digest: str, batch: Batch) -> None:
    """Both versions of an outcome are kept, and a line in the record says what the source changed."""
    before = {name: _stored(row, name) for name in changed}
    if set(changed) & set(OUTCOME):
        _keep_versions(row, changed, batch)
    values: dict[str, Any] = {**changed, "source_digest": digest_of(said)}
    if "closed_on" in changed:
        values["closed_at"] = _noon(said.on, batch.zone)
    if said.id:
        values["source_key"] = key_of_number(said.id)
    same = (Inspection.id == row.id) & (Inspection.source_digest == digest) & (Inspection.result == row.result)
    if not Inspection.update(values).where(same & (Inspection.comment == row.comment)).execute():
        raise Overtaken
    if changed:
        facts = [{name: _fact(name, value) for name, value in some.items()} for some in (before, changed)]
        record(IMPORT, "import_inspection", row, now=batch.now, before=facts[0], after=facts[1])


def _fact(name: str, value: Any) -> Any:
    """Of noon only the day is known."""
    return value[:10] if name == "requested_at" and value else value


def _keep_versions(row: Inspection, changed: dict[str, Any], batch: Batch) -> None:
    was = {name: getattr(row, name) for name in (*OUTCOME, "staff_comment", "corrections")}
    if not InspectionResult.select().where(InspectionResult.inspection == row.id).exists():
        InspectionResult.create(inspection=row.id, recorded_at=row.closed_at, **was)
    now = {name: changed.get(name, value) for name, value in was.items()}
    InspectionResult.create(inspection=row.id, recorded_at=batch.now, **now)


def _follow(permits: list[int], batch: Batch, summary: Summary) -> None:
    """What follows from the history of these permits. (The sums of the reports follow by triggers of their own.)"""
    for to_repeat, ids in repeats(_there(permits)).items():
        Inspection.update(to_repeat=to_repeat).where(any_of(Inspection.id, ids)).execute()
    summary.counts["extended"] = len(extend_expiry(permits, by=IMPORT, now=batch.now))
    tell_pages(*permits)
