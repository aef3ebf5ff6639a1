"""Permit types: their names, and which inspections their permits list."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from tracker.actions.changes import By, record, tell_everybody
from tracker.actions.opened import CannotSave, differing, refuse_if_changed
from tracker.db import ORDER, database, wait_for_turn
from tracker.models import InspectionType, PermitType, PermitTypeInspection
from tracker.queries.types import permit_type_facts, permits_of_type
from tracker.rules.reasons import N_, Reason


def add_permit_type(code: str, facts: Mapping[str, Any], *, by: By, now: datetime) -> PermitType:
    """`facts` as in `permit_type_facts`. Raises CannotSave where the code is taken."""
    try:
        with database.atomic():
            wait_for_turn(ORDER)
            row = PermitType.create(code=code, **{name: facts[name] for name in ("name", "name_es", "mapped")})
            _write_list(row, [], facts["lists"])
            record(by, "add_permit_type", row, now=now, after={"code": code, **facts})
    except IntegrityError:
        if not PermitType.select().where(PermitType.code == code).exists():
            raise
        raise CannotSave("code", Reason(N_("{code} is there already."), {"code": code})) from None
    return row


def change_permit_type(row: PermitType, facts: Mapping[str, Any], *, version: str, by: By, now: datetime) -> None:
    """`facts` as in `permit_type_facts`; `version` is that of the form. Raises CannotSave if it was changed."""
    with database.atomic():
        wait_for_turn(ORDER)
        row = _there(row)
        was = permit_type_facts(row)
        refuse_if_changed(row, was, version)
        if changed := differing(was, facts):
            PermitType.update({name: facts[name] for name in ("name", "name_es", "mapped")}).where(
                PermitType.id == row.id
            ).execute()
            _write_list(row, was["lists"], facts["lists"])
            before, after = ({name: one[name] for name in changed} for one in (was, facts))
            record(by, "change_permit_type", row, now=now, before=before, after=after)
            tell_everybody()


def remove_permit_type(row: PermitType, *, by: By, now: datetime) -> None:
    """Gone, where no permit is of it. Raises CannotSave where one is."""
    used = CannotSave("", Reason(N_("There are permits of this type. It stays.")))
    try:
        with database.atomic():
            wait_for_turn(ORDER)
            row = _there(row)
            if permits_of_type(row):
                raise used
            record(by, "remove_permit_type", row, now=now, before={"code": row.code, **permit_type_facts(row)})
            PermitType.delete().where(PermitType.id == row.id).execute()
    except IntegrityError:  # a permit of it came in at this moment
        raise used from None


def _write_list(row: PermitType, was: list[str], wanted: list[str]) -> None:
    ids = dict(InspectionType.select(InspectionType.code, InspectionType.id).tuples())
    if unknown := [code for code in wanted if code not in ids]:
        raise CannotSave("lists", Reason(N_("There is no inspection type {code}."), {"code": unknown[0]}))
    gone = [ids[code] for code in was if code not in wanted]
    PermitTypeInspection.delete().where(
        PermitTypeInspection.permit_type == row, PermitTypeInspection.inspection_type.in_(gone)
    ).execute()
    for code in wanted:
        if code not in was:
            PermitTypeInspection.create(permit_type=row, inspection_type=ids[code])


def _there(row: PermitType) -> PermitType:
    found = PermitType.get_or_none(PermitType.id == row.id)
    if found is None:
        raise CannotSave("", Reason(N_("{type} was removed meanwhile."), {"type": row}))
    return found
