"""One batch of records → permits, in one short transaction.

The import owns what the source says of a permit: status, dates, address, work, type, cost and the contractors from the
source. It leaves alone the columns a clerk corrected by hand (`Permit.corrected`), requests and inspections, the
contractors a clerk added, and an expiry that an inspection extended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tracker.actions.bulk import insert_rows
from tracker.actions.changes import IMPORT, tell_companies
from tracker.actions.changes import record as record_change
from tracker.db import COMPANIES, any_of, database, is_postgresql, wait_for_turn
from tracker.importing.companies import Companies
from tracker.importing.links import changed_links
from tracker.importing.merging import Record
from tracker.importing.profile import DATES
from tracker.importing.summary import Summary
from tracker.models import Permit, PermitContractor

DAYS = {*DATES, "source_expires_on"}
OWNED = (
    *("permit_type", "description", "work_class", "status_current", "status", "status_on", "applied_on", "issued_on"),
    *("source_expires_on", "expires_on", "completed_on", "original_address1", "original_address2", "original_city"),
    *("original_state", "original_zip", "est_project_cost", "latitude", "longitude"),
)
INSERTED = ("permit_num", *OWNED, "source_digest", "corrected")
LINK = (PermitContractor.permit, PermitContractor.contractor, PermitContractor.trade, PermitContractor.origin)


@dataclass(frozen=True)
class Batch:
    """What is the same for all batches of a run. `types`: permit type code → id."""

    types: Mapping[str, int]
    now: datetime
    take_older: bool = False


def apply(records: Sequence[Record], batch: Batch) -> Summary:
    """Bring the permits of these records up to date; returns what was done. One transaction."""
    summary = Summary()
    summary.counts["merged"] = sum(record.rows - 1 for record in records)
    with database.atomic():
        wait_for_turn(COMPANIES)
        digests = _digests(records)
        fresh = [record for record in records if record.number not in digests]
        differing = [record for record in records if digests.get(record.number, record.digest) != record.digest]
        summary.counts["unchanged"] = len(records) - len(fresh) - len(differing)
        if fresh or differing:
            companies = Companies(company for record in (*fresh, *differing) for company in record.companies)
            ids = companies.save()
            summary.counts.update(companies.counts)
            touched = _add(fresh, ids, batch) | _update(differing, ids, batch, summary)
            tell_companies(touched)
        summary.counts["new"] = len(fresh)
    return summary


def _digests(records: Sequence[Record]) -> dict[str, str]:
    rows = (
        Permit.select(Permit.permit_num, Permit.source_digest)
        .where(any_of(Permit.permit_num, [record.number for record in records]))
        .order_by(Permit.id)
    )
    return dict(rows.tuples())


def _add(records: Sequence[Record], companies: Mapping[str, int], batch: Batch) -> set[int]:
    """Insert new permits with their contractors; returns the companies on them."""
    if not records:
        return set()
    rows = []
    for record in records:
        values = {**record.values, "expires_on": record.values["source_expires_on"]}
        values["permit_type"] = _type_id(record, batch.types)
        rows.append((record.number, *(values[name] for name in OWNED), record.digest, ""))
    insert_rows(Permit, [Permit._meta.fields[name] for name in INSERTED], rows)
    found = Permit.select(Permit.permit_num, Permit.id).where(
        any_of(Permit.permit_num, [record.number for record in records])
    )
    ids = dict(found.tuples())
    links = {
        (ids[record.number], companies[company.key], company.trade, "source")
        for record in records
        for company in record.companies
    }
    insert_rows(PermitContractor, LINK, sorted(links))
    return {contractor for _, contractor, *_ in links}


def _update(records: Sequence[Record], companies: Mapping[str, int], batch: Batch, summary: Summary) -> set[int]:
    """Update permits that the file tells otherwise of; returns the companies whose pages show it."""
    if not records:
        return set()
    query = Permit.select().where(any_of(Permit.permit_num, [record.number for record in records])).order_by(Permit.id)
    # A clerk may be correcting one of them at this moment: whoever is second sees what the first did.
    permits = list(query.for_update() if is_postgresql() else query)
    by_number = {record.number: record for record in records}
    links = changed_links(permits, by_number, companies, take_older=batch.take_older)
    touched: set[int] = set()
    for permit in permits:
        record, link = by_number[permit.permit_num], links[permit.id]
        older = record.is_older_than(permit.source_digest) and not batch.take_older
        changed = {} if older else _changes(permit, record, batch, summary)
        link.save(summary)
        summary.counts["changed" if changed or link.differs else "older" if older else "unchanged"] += 1
        if older:
            summary.note("older", permit.permit_num)
        else:
            _save(permit, record, changed, batch)
            if changed and not permit.source_digest:
                summary.note("by_hand", permit.permit_num)
        if changed or link.differs:
            touched |= link.before | link.after
    return touched


def _changes(permit: Permit, record: Record, batch: Batch, summary: Summary) -> dict[str, Any]:
    """The owned columns that the record tells otherwise of and nobody has corrected by hand."""
    values = permit_values(record, batch.types)
    values["expires_on"] = expiry(permit, values["source_expires_on"])
    by_hand = set(permit.corrected.split())
    differing = {name: value for name, value in values.items() if _stored(permit, name) != value}
    if kept := by_hand & set(differing):
        summary.note("corrected", f"{permit.permit_num}: {', '.join(sorted(kept))}")
    return {name: value for name, value in differing.items() if name not in by_hand}


def expiry(permit: Permit, source_expires_on: date | None) -> date | None:
    """The permit's expiry when the source says this one.

    Where an inspection extended it beyond what the source said before, it stays extended, unless the source says
    later still.
    """
    held, before = permit.expires_on, permit.source_expires_on
    if held is None or source_expires_on is None:
        return source_expires_on or held
    extended = before is None or held > before
    return max(held, source_expires_on) if extended else source_expires_on


def _save(permit: Permit, record: Record, changed: dict[str, Any], batch: Batch) -> None:
    before = {name: _stored(permit, name) for name in changed}
    Permit.update({**changed, "source_digest": record.digest}).where(Permit.id == permit.id).execute()
    by_hand = not permit.source_digest
    if "status" in changed or (by_hand and changed):
        record_change(IMPORT, "import_permit", permit, now=batch.now, before=before, after=changed)


def permit_values(record: Record, types: Mapping[str, int]) -> dict[str, Any]:
    """The owned columns as the database has them: dates, decimals, the id of the type. Without `expires_on`."""
    values: dict[str, Any] = dict(record.values)
    for name in DAYS & set(values):
        values[name] = values[name] and date.fromisoformat(values[name])
    values["permit_type"] = _type_id(record, types)
    values["est_project_cost"] = values["est_project_cost"] and Decimal(values["est_project_cost"])
    return values


def _type_id(record: Record, types: Mapping[str, int]) -> int | None:
    code = record.values["permit_type"]
    return types[str(code)] if code else None


def _stored(permit: Permit, name: str) -> Any:
    return permit.permit_type_id if name == "permit_type" else getattr(permit, name)
