"""What does not apply to a permit: marked with a reason, and taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from peewee import IntegrityError, fn

from tracker.actions.changes import By, record, tell_pages
from tracker.actions.opened import CannotSave
from tracker.db import database, wait_for_turn
from tracker.models import Inspection, NotApplicable, Permit
from tracker.queries.not_applicable import MARKED
from tracker.queries.permits import record_of
from tracker.rules.not_applicable import applies_again_problem, not_applicable_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Type
from tracker.rules.words import LEAVES_OPEN


def mark_not_applicable(
    permit: Permit, one: Type, *, reason: str, types: Mapping[str, Type], by: By, now: datetime
) -> None:
    """The permit does not need this type: it is neither offered nor needed first, and the companies' pages are told.

    Raises CannotSave: no reason, not listed, the final, asked for, passed, or marked already.
    """
    if not reason.strip():
        raise CannotSave("reason", Reason(N_("Write the reason: it stays on record.")))
    try:
        with database.atomic():
            # Whoever asks for it at the same moment comes before or after, and one of the two is told.
            wait_for_turn(permit.id)
            if problem := not_applicable_problem(one, record_of(permit, None, types)):
                raise CannotSave("inspection_type", problem)
            NotApplicable.create(permit=permit, inspection_type=one.id)
            _of_type(permit, one, to_repeat=False).execute()
            record(by, MARKED, permit, now=now, after={"inspection_type": one.code}, reason=reason.strip())
            tell_pages(permit.id)
    except IntegrityError:
        raise CannotSave("inspection_type", Reason(N_("{type} is marked already."), {"type": one})) from None


def take_back_not_applicable(permit: Permit, one: Type, *, types: Mapping[str, Type], by: By, now: datetime) -> None:
    """The type applies again. Raises CannotSave: not marked any more, or something asked for would now need it."""
    with database.atomic():
        wait_for_turn(permit.id)
        if problem := applies_again_problem(one, record_of(permit, None, types), types):
            raise CannotSave("", problem)
        NotApplicable.delete().where(NotApplicable.permit == permit, NotApplicable.inspection_type == one.id).execute()
        last = Inspection.select(fn.MAX(Inspection.id)).where(
            Inspection.permit == permit, Inspection.inspection_type == one.id
        )
        _of_type(permit, one, to_repeat=True).where(Inspection.id == last, Inspection.result.in_(LEAVES_OPEN)).execute()
        record(by, "take_back_not_applicable", permit, now=now, before={"inspection_type": one.code})
        tell_pages(permit.id)


def _of_type(permit: Permit, one: Type, **values: Any) -> Any:
    """The offer to request it again goes from the dashboard with what does not apply, and comes back with it."""
    return Inspection.update(**values).where(Inspection.permit == permit, Inspection.inspection_type == one.id)
