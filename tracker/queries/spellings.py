"""Companies with names alike, side by side, and what would move if two of them were made one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from tracker.db import any_of
from tracker.models import (
    CompanyName,
    Contractor,
    Fee,
    Inspection,
    Permit,
    PermitContractor,
    Person,
    PossibleMatch,
    Request,
)
from tracker.models.permits import FEE_IS
from tracker.rules.words import ACTIVE_PERMIT, OPEN, FeeState

PAGE = 20
# What a merge is decided by: if any of it has changed since the preview, it has to be looked at again.
DECIDES = (
    "company_name",
    "lic_num",
    "address",
    "city",
    "state",
    "zip",
    "phone",
    "email",
    "blocked_at",
    "merged_into_id",
)


@dataclass
class Side:
    """A company with what tells it from another: its spellings, its permits, what is asked for."""

    company: Contractor
    names: list[str] = field(default_factory=list)
    permits: int = 0
    open_inspections: int = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.company, name)


@dataclass(frozen=True)
class Pair:
    """Two companies that may be one; `id` is that of the PossibleMatch."""

    id: int
    one: Side
    other: Side


@dataclass(frozen=True)
class Moving:
    """How many rows go with a company; `permits_both` of its permits are the other one's too."""

    permits: int
    permits_both: int
    requests: int
    inspections: int
    people: int
    fees: int


def open_matches(*, after: int = 0) -> tuple[list[Pair], int | None]:
    """A page of the pairs nobody has decided yet, the oldest first, and the id that the next page is after."""
    rows = PossibleMatch.select(PossibleMatch.id, PossibleMatch.contractor, PossibleMatch.other)
    rows = rows.where(_undecided(), PossibleMatch.id > max(0, min(after, 2**31 - 1))).order_by(PossibleMatch.id)
    found = list(rows.limit(PAGE + 1).tuples())
    sides = sides_of({id for _match, one, other in found[:PAGE] for id in (one, other)})
    pairs = [Pair(id, sides[one], sides[other]) for id, one, other in found[:PAGE]]
    return pairs, found[PAGE - 1][0] if len(found) > PAGE else None


def open_match_count() -> int:
    return PossibleMatch.select().where(_undecided()).count()


def _undecided() -> Any:
    return PossibleMatch.kept_apart_at.is_null()


def sides_of(ids: Collection[int]) -> dict[int, Side]:
    """These companies by id, in four queries however many."""
    found = {row.id: Side(row) for row in Contractor.select().where(any_of(Contractor.id, ids))}
    for id, name in spellings_of(ids):
        found[id].names.append(name)
    links = PermitContractor.select(PermitContractor.contractor, fn.COUNT(PermitContractor.permit.distinct()))
    for id, count in (
        links.where(any_of(PermitContractor.contractor, ids)).group_by(PermitContractor.contractor).tuples()
    ):
        found[id].permits = count
    waiting = Inspection.select(Inspection.contractor, fn.COUNT(Inspection.id)).where(
        any_of(Inspection.contractor, ids), Inspection.status.in_(OPEN)
    )
    for id, count in waiting.group_by(Inspection.contractor).tuples():
        found[id].open_inspections = count
    return found


def spellings_of(ids: Collection[int]) -> list[tuple[int, str]]:
    """(company id, spelling) of these companies, in the order in which they came."""
    rows = CompanyName.select(CompanyName.contractor, CompanyName.name).where(any_of(CompanyName.contractor, ids))
    return list(rows.order_by(CompanyName.id).tuples())


def merge_facts(companies: Sequence[Contractor]) -> dict[str, Any]:
    """What a merge of these is decided by, for `opened_with`."""
    in_order = sorted(companies, key=lambda one: one.id)
    facts: dict[str, Any] = {str(one.id): [getattr(one, name) for name in DECIDES] for one in in_order}
    return {**facts, "names": sorted(spellings_of([one.id for one in in_order]))}


def moving(goes: Contractor, stays: Contractor) -> Moving:
    """What would move from the one to the other."""
    mine = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == goes.id)
    theirs = PermitContractor.select(PermitContractor.permit).where(PermitContractor.contractor == stays.id)
    due = Fee.select().where(Fee.permit.in_(mine), FEE_IS[FeeState.DUE])
    return Moving(
        permits=mine.distinct().count(),
        permits_both=mine.where(PermitContractor.permit.in_(theirs)).distinct().count(),
        requests=Request.select().where(Request.contractor == goes.id).count(),
        inspections=Inspection.select().where(Inspection.contractor == goes.id).count(),
        people=Person.select().where(Person.contractor == goes.id).count(),
        fees=due.count(),
    )


def busy_permits(company_id: int) -> Any:
    """The query of the permits on which this company may ask for something, by id."""
    rows = Permit.select(Permit.id).join(PermitContractor, on=PermitContractor.permit == Permit.id)
    rows = rows.where(PermitContractor.contractor == company_id, Permit.status.in_(ACTIVE_PERMIT))
    return rows.distinct().order_by(Permit.id)


def merged_ids(company: Contractor) -> list[int]:
    """The companies that were merged into this one, whose record of changes is its own too."""
    return [id for (id,) in Contractor.select(Contractor.id).where(Contractor.merged_into == company.id).tuples()]
