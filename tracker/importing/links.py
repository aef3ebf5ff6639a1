"""The contractors on permits that are there already: who comes on, who goes, who stays and why.

A contractor from the source that the file no longer names goes only where that is sure: the file tells of the same
issue and names another contractor of that trade (or this one with another trade), and no inspection of the
contractor is open on the permit. Contractors a clerk put there stay; so do all where 'contractors' is corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.db import any_of
from tracker.importing.merging import ISSUED_WIDTH, Record
from tracker.importing.summary import Summary
from tracker.models import Inspection, Permit, PermitContractor
from tracker.rules.words import OPEN


@dataclass
class Links:
    """The change of one permit's contractors. Companies are ids, a link is (company, trade)."""

    permit: Permit
    before: set[int]
    added: list[tuple[int, str]] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)  # ids of PermitContractor
    kept: bool = False  # one stays for its open inspections only
    corrected: bool = False  # the file would have changed what a clerk set by hand

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def after(self) -> set[int]:
        return {company for company, _ in self.added}

    def save(self, summary: Summary) -> None:
        if self.added:
            rows = [
                {"permit": self.permit.id, "contractor": company, "trade": trade, "origin": "source"}
                for company, trade in self.added
            ]
            PermitContractor.insert_many(rows).on_conflict_ignore().execute()
        if self.removed:
            PermitContractor.delete().where(PermitContractor.id.in_(self.removed)).execute()
            summary.note("taken_away", self.permit.permit_num)
        if self.kept:
            summary.note("kept", self.permit.permit_num)
        if self.corrected:
            summary.note("corrected", f"{self.permit.permit_num}: contractors")


def changed_links(
    permits: Sequence[Permit], records: Mapping[str, Record], companies: Mapping[str, int], *, take_older: bool
) -> dict[int, Links]:
    """By permit id. `records` by permit number, `companies` the contractor's id by company key."""
    there: dict[int, list[PermitContractor]] = {permit.id: [] for permit in permits}
    for link in PermitContractor.select().where(any_of(PermitContractor.permit, there)).order_by(PermitContractor.id):
        there[link.permit_id].append(link)
    busy = _with_open_inspections(list(there))
    found = {}
    for permit in permits:
        record = records[permit.permit_num]
        named = {(companies[company.key], company.trade) for company in record.companies}
        same_issue = record.digest[:ISSUED_WIDTH] == permit.source_digest[:ISSUED_WIDTH]
        found[permit.id] = _links(permit, there[permit.id], named, busy, sure=same_issue or take_older)
    return found


def _links(
    permit: Permit,
    there: list[PermitContractor],
    named: set[tuple[int, str]],
    busy: set[tuple[int, int]],
    *,
    sure: bool,
) -> Links:
    links = Links(permit, before={link.contractor_id for link in there})
    known = {(link.contractor_id, link.trade) for link in there}
    gone = [link for link in there if sure and _is_replaced(link, named)]
    added = sorted(named - known)
    if "contractors" in permit.corrected.split():
        links.corrected = bool(added or gone)
        return links
    links.added = added
    links.removed = [link.id for link in gone if (permit.id, link.contractor_id) not in busy]
    links.kept = len(links.removed) < len(gone)
    return links


def _is_replaced(link: PermitContractor, named: set[tuple[int, str]]) -> bool:
    if link.origin != "source" or (link.contractor_id, link.trade) in named:
        return False
    return any(trade == link.trade or company == link.contractor_id for company, trade in named)


def _with_open_inspections(permits: list[int]) -> set[tuple[int, int]]:
    rows = Inspection.select(Inspection.permit, Inspection.contractor).where(
        any_of(Inspection.permit, permits), Inspection.status.in_(OPEN)
    )
    return set(rows.tuples())
