"""Re-inspection fees: paid, waived, and a mistaken entry taken back.

A fee comes and goes with the results (`actions/results.py`); here it is settled. The permit's row is taken first, as
there, so that the two never meet.
"""

from datetime import datetime
from typing import Any

from tracker.actions.changes import By, record, tell_pages
from tracker.actions.opened import CannotSave, last_hand
from tracker.db import database, is_postgresql
from tracker.models import Fee, Permit
from tracker.models.permits import FEE_IS
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import FeeState

SETTLED = {
    FeeState.PAID: N_("{who} recorded it as paid already."),
    FeeState.WAIVED: N_("{who} waived it already."),
    FeeState.DUE: N_("{who} took that back already. It is due."),
}


def record_fee_paid(fee: Fee, *, receipt: str = "", by: By, now: datetime) -> None:
    """The fee is paid, with the number of its receipt where there is one. Raises CannotSave if it is not due."""
    _change(fee, "record_fee_paid", FeeState.DUE, by=by, now=now, paid_at=now, receipt=receipt)


def waive_fee(fee: Fee, *, reason: str, by: By, now: datetime) -> None:
    """The fee need not be paid, for this reason. Raises CannotSave if it is not due, or there is no reason."""
    if not reason:
        raise CannotSave("reason", Reason(N_("Say why. The reason stays on record.")))
    _change(fee, "waive_fee", FeeState.DUE, reason=reason, by=by, now=now, waived_at=now, waived_because=reason)


def reopen_fee(fee: Fee, *, was: FeeState, reason: str = "", by: By, now: datetime) -> None:
    """Paid or waived by mistake, as it `was` seen: it is due again. Raises CannotSave if it is not so any more."""
    back = {"paid_at": None, "receipt": "", "waived_at": None, "waived_because": ""}
    _change(fee, "reopen_fee", was, reason=reason, by=by, now=now, **back)


def _change(fee: Fee, verb: str, was: FeeState, *, by: By, now: datetime, reason: str = "", **values: Any) -> None:
    with database.atomic():
        _hold(fee.permit_id)
        changed = Fee.update(values).where(Fee.id == fee.id, FEE_IS[was]).execute()
        after = Fee.get_or_none(Fee.id == fee.id)
        if after is None:
            raise CannotSave("", Reason(N_("It is not due any more: the result was corrected.")))
        if not changed:
            raise CannotSave("", Reason(SETTLED[FeeState(after.state)], {"who": last_hand(after)}))
        record(by, verb, after, now=now, before=_facts(fee, was), after=_facts(after, after.state), reason=reason)
        tell_pages(fee.permit_id)


def _hold(permit_id: int) -> None:
    if is_postgresql():
        list(Permit.select(Permit.id).where(Permit.id == permit_id).for_update().tuples())


def _facts(fee: Fee, state: str) -> dict[str, Any]:
    return {"fee": state, "receipt": fee.receipt}
