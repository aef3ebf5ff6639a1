"""Inspection types and permit types as the supervisor's pages show them, and what depends on them."""

from dataclasses import dataclass
from typing import Any

from peewee import fn

from tracker.models import (
    Correction,
    Fee,
    Inspection,
    InspectionType,
    NotApplicable,
    Permit,
    PermitType,
    PermitTypeInspection,
    Prerequisite,
)
from tracker.models.inspections import IS_OPEN

OWN = ("name", "name_es", "trade", "minutes", "note", "note_es", "may_repeat", "needs_caller", "is_final")


@dataclass
class Uses:
    """Who counts on an inspection type: permit types that list it, types that need it, how many were asked for."""

    listed_by: list[PermitType]
    needed_by: list[InspectionType]
    open: int
    ever: int
    marked: int  # on how many permits it does not apply, or was a fee due

    @property
    def any(self) -> bool:
        return bool(self.listed_by or self.needed_by or self.ever or self.marked)


def type_facts(row: InspectionType) -> dict[str, Any]:
    """All that a supervisor decides on a type; `needs` as [code, asking is enough], corrections as [text, Spanish]."""
    return {
        **{name: getattr(row, name) for name in OWN},
        "needs": needs_of(row),
        "corrections": [[text, text_es] for text, text_es in corrections_of(row)],
    }


def needs_of(row: InspectionType) -> list[list[Any]]:
    """What it needs first, as [code, asking is enough], in the order of the codes."""
    rows = (
        Prerequisite.select(InspectionType.code, Prerequisite.by_request)
        .join(InspectionType, on=Prerequisite.needs)
        .where(Prerequisite.inspection_type == row)
        .order_by(InspectionType.code)
    )
    return [[code, bool(by_request)] for code, by_request in rows.tuples()]


def corrections_of(row: InspectionType) -> list[tuple[str, str]]:
    rows = Correction.select(Correction.text, Correction.text_es).where(Correction.inspection_type == row)
    return list(rows.order_by(Correction.id).tuples())


def places_in_order() -> list[int]:
    """The ids of the inspection types in the order the city gave them."""
    rows = InspectionType.select(InspectionType.id).order_by(InspectionType.position, InspectionType.id)
    return [id for (id,) in rows.tuples()]


def place_before_finals() -> int:
    """Where a new type goes, counted from 1: after all but the finals that the list ends with."""
    rows = InspectionType.select(InspectionType.is_final).order_by(InspectionType.position, InspectionType.id)
    finals = [is_final for (is_final,) in rows.tuples()]
    while finals and finals[-1]:
        finals.pop()
    return len(finals) + 1


def uses_of(row: InspectionType) -> Uses:
    asked = Inspection.select().where(Inspection.inspection_type == row)
    marked = (NotApplicable, Fee)
    return Uses(
        listed_by=list(PermitType.select().join(PermitTypeInspection).where(PermitTypeInspection.inspection_type == row)
                       .order_by(PermitType.id)),
        needed_by=list(InspectionType.select().join(Prerequisite, on=Prerequisite.inspection_type)
                       .where(Prerequisite.needs == row).order_by(InspectionType.position, InspectionType.id)),
        open=asked.where(IS_OPEN).count(),
        ever=asked.count(),
        marked=sum(one.select().where(one.inspection_type == row).count() for one in marked),
    )  # fmt: skip


def listings() -> dict[int, int]:
    """How many permit types list each inspection type, by its id."""
    count = fn.COUNT(PermitTypeInspection.id)
    rows = PermitTypeInspection.select(PermitTypeInspection.inspection_type, count)
    return dict(rows.group_by(PermitTypeInspection.inspection_type).tuples())


def permit_types() -> list[tuple[PermitType, int, int]]:
    """(permit type, inspection types on its list, permits of it), the oldest first."""
    lists = dict(
        PermitTypeInspection.select(PermitTypeInspection.permit_type, fn.COUNT(PermitTypeInspection.id))
        .group_by(PermitTypeInspection.permit_type)
        .tuples()
    )
    permits = dict(Permit.select(Permit.permit_type, fn.COUNT(Permit.id)).group_by(Permit.permit_type).tuples())
    rows = PermitType.select().order_by(PermitType.id)
    return [(row, lists.get(row.id, 0), permits.get(row.id, 0)) for row in rows]


def permit_type_facts(row: PermitType) -> dict[str, Any]:
    """All that a supervisor decides on a permit type; `lists` are the codes of inspection types, in their order."""
    rows = (
        InspectionType.select(InspectionType.code)
        .join(PermitTypeInspection)
        .where(PermitTypeInspection.permit_type == row)
        .order_by(InspectionType.position, InspectionType.id)
    )
    own = {name: getattr(row, name) for name in ("name", "name_es", "mapped")}
    return {**own, "lists": [code for (code,) in rows.tuples()]}


def permits_of_type(row: PermitType) -> int:
    return Permit.select().where(Permit.permit_type == row).count()
