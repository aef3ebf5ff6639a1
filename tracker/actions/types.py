"""Inspection types: what they are, what they need first, what an inspector may pick; taken off, or removed.

Whoever writes the order waits for the turn: a circle of two halves, written by two at once, is seen by the second.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError, fn

from tracker.actions.changes import By, record, tell_everybody
from tracker.actions.opened import CannotSave, differing, refuse_if_changed
from tracker.actions.stops import tell
from tracker.db import ORDER, database, take_calendar, wait_for_turn
from tracker.models import Correction, Inspection, InspectionType, PermitTypeInspection, Prerequisite
from tracker.models.inspections import IS_OPEN
from tracker.queries.city import inspection_types
from tracker.queries.types import OWN, permit_type_facts, places_in_order, type_facts, uses_of
from tracker.rules.circles import circle_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Need, Type

ON_PAGES = ("name", "name_es", "minutes")  # what open pages show, or reckon with


def add_type(code: str, facts: Mapping[str, Any], *, place: int, by: By, now: datetime) -> InspectionType:
    """A type that no permit type lists yet, with `facts` as in `type_facts`; `place` counts from 1.

    Raises CannotSave where the code is taken, or what it needs is not there.
    """
    try:
        with database.atomic():
            wait_for_turn(ORDER)
            _refuse_unknown(facts)
            row = InspectionType.create(code=code, position=0, **{name: facts[name] for name in OWN})
            _write_lists(row, facts)
            put_at(row, place)
            record(by, "add_inspection_type", row, now=now, after={"code": code, **facts})
            tell_everybody()
    except IntegrityError:
        if not InspectionType.select().where(InspectionType.code == code).exists():
            raise
        raise CannotSave("code", Reason(N_("{code} is there already."), {"code": code})) from None
    return row


def change_type(
    row: InspectionType,
    facts: Mapping[str, Any],
    *,
    version: str,
    place: int | None,
    today: date,
    by: By,
    now: datetime,
) -> None:
    """`facts` as in `type_facts`; `version` is that of the form, `place` counts from 1 (None: it stays there).

    Raises CannotSave where somebody was quicker, or for a circle, which it names, or where what may not repeat any
    more is open several times on a permit.
    """
    with database.atomic():
        take_calendar(alone=True)  # nobody asks for it meanwhile
        wait_for_turn(ORDER)
        row = _there(row)
        was = type_facts(row)
        refuse_if_changed(row, was, version)
        if facts["trade"] != row.trade:
            _refuse_other_trade(row)
        if facts["may_repeat"] != row.may_repeat:
            _mark_open(row, once=not facts["may_repeat"])
        if changed := differing(was, facts):
            _refuse_circle(row.code, facts)
            InspectionType.update({name: facts[name] for name in OWN}).where(InspectionType.id == row.id).execute()
            _write_lists(row, facts)
            before, after = ({name: one[name] for name in changed} for one in (was, facts))
            record(by, "change_inspection_type", row, now=now, before=before, after=after)
        moved = None if place is None else put_at(row, place)
        if moved:
            record(by, "move_inspection_type", row, now=now, before={"place": moved[0]}, after={"place": moved[1]})
        if set(changed) & set(ON_PAGES):
            _tell_pages(row, today)
        if changed or moved:
            tell_everybody()


def take_off_permit_types(row: InspectionType, *, by: By, now: datetime) -> int:
    """No permit type lists it any more: it cannot be asked for, and is not needed first. Answers how many did.

    What was asked for already stays. Raises CannotSave where none lists it.
    """
    with database.atomic():
        wait_for_turn(ORDER)
        row = _there(row)
        listed_by = uses_of(row).listed_by
        if not listed_by:
            raise CannotSave("", Reason(N_("No permit type lists it.")))
        for kind in listed_by:
            before = permit_type_facts(kind)["lists"]
            PermitTypeInspection.delete().where(
                PermitTypeInspection.permit_type == kind, PermitTypeInspection.inspection_type == row
            ).execute()
            after = [code for code in before if code != row.code]
            record(by, "change_permit_type", kind, now=now, before={"lists": before}, after={"lists": after})
        names = {"listed_by": [kind.code for kind in listed_by]}
        record(by, "take_off_permit_types", row, now=now, before=names, after={"listed_by": []})
    return len(listed_by)


def remove_type(row: InspectionType, *, by: By, now: datetime) -> None:
    """Gone, where nothing ever counted on it. Raises CannotSave where something does."""
    used = CannotSave("", Reason(N_("{type} is in use. Take it off every permit type instead."), {"type": row}))
    try:
        with database.atomic():
            wait_for_turn(ORDER)
            row = _there(row)
            if uses_of(row).any:
                raise used
            record(by, "remove_inspection_type", row, now=now, before={"code": row.code, **type_facts(row)})
            InspectionType.delete().where(InspectionType.id == row.id).execute()
            tell_everybody()
    except IntegrityError:  # asked for at this moment
        raise used from None


def put_at(row: InspectionType, place: int) -> tuple[int, int] | None:
    """The type at this place of the list, the others around it; (place before, place now) where it moved."""
    order = places_in_order()
    before = order.index(row.id) + 1
    order.remove(row.id)
    order.insert(max(0, place - 1), row.id)
    for position, id in enumerate(order):
        InspectionType.update(position=position).where(
            InspectionType.id == id, InspectionType.position != position
        ).execute()
    after = order.index(row.id) + 1
    return (before, after) if after != before else None


def _write_lists(row: InspectionType, facts: Mapping[str, Any]) -> None:
    """What it needs first and what an inspector may pick, in the order given."""
    ids = dict(InspectionType.select(InspectionType.code, InspectionType.id).tuples())
    Prerequisite.delete().where(Prerequisite.inspection_type == row).execute()
    for code, by_request in facts["needs"]:
        Prerequisite.create(inspection_type=row, needs=ids[code], by_request=by_request)
    Correction.delete().where(Correction.inspection_type == row).execute()
    for text, text_es in facts["corrections"]:
        Correction.create(inspection_type=row, text=text, text_es=text_es)


def _refuse_unknown(facts: Mapping[str, Any]) -> dict[str, Type]:
    """The types by code, with all that is needed among them."""
    types = inspection_types()
    if unknown := [code for code, _by_request in facts["needs"] if code not in types]:
        raise CannotSave("needs", Reason(N_("There is no inspection type {code}."), {"code": unknown[0]}))
    return types


def _refuse_circle(code: str, facts: Mapping[str, Any]) -> None:
    types = _refuse_unknown(facts)
    types[code] = replace(types[code], needs=tuple(Need(*need) for need in facts["needs"]))
    if problem := circle_problem(code, types):
        raise CannotSave("needs", problem)


def _refuse_other_trade(row: InspectionType) -> None:
    """Places on full days are counted by trade, from the request on."""
    uses = uses_of(row)
    if uses.ever:
        raise CannotSave("trade", Reason(N_("It has been asked for. Its trade stays; add another type instead.")))
    if uses.listed_by:
        raise CannotSave("trade", Reason(N_("Take it off every permit type first.")))


def _mark_open(row: InspectionType, *, once: bool) -> None:
    """What is open of it is so once on each permit from now on, or as often as wanted; refused where it is twice."""
    of_it = (Inspection.inspection_type == row) & IS_OPEN
    permits = Inspection.select(Inspection.permit).where(of_it).group_by(Inspection.permit)
    if once and (several := permits.having(fn.COUNT(Inspection.id) > 1).count()):
        sentence = N_("Permits with several of it open: {count}. Deal with those first.")
        raise CannotSave("may_repeat", Reason(sentence, {"count": several}))
    Inspection.update(open_type=row.id if once else None).where(of_it).execute()


def _there(row: InspectionType) -> InspectionType:
    found = InspectionType.get_or_none(InspectionType.id == row.id)
    if found is None:
        raise CannotSave("", Reason(N_("{type} was removed meanwhile."), {"type": row}))
    return found


def _tell_pages(row: InspectionType, today: date) -> None:
    waiting = list(Inspection.select().where(Inspection.inspection_type == row, IS_OPEN))
    tell(waiting, [one.inspector_id for one in waiting], today)
