"""At the site: on the way, arrived, a result, and its correction later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from tracker import emails
from tracker.actions.changes import By, record
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen, as_seen, change, happened, hold, named
from tracker.actions.stops import TO_MAKE, not_yours, put_in_order, stops_to_make, tell
from tracker.db import again_after_deadlock, database
from tracker.models import Fee, Inspection, InspectionResult, Staff
from tracker.rules.calendar import local
from tracker.rules.outcomes import REINSPECTION_FEE, attempts_to_pay, outcome_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import ATTEMPTS, LEAVES_OPEN, FeeState, Result, Role, Status


@dataclass(frozen=True)
class Outcome:
    """A result with its corrections (one line each), a comment for the contractor and one for the city only."""

    result: Result
    corrections: Sequence[str] = ()
    comment: str = ""
    staff_comment: str = ""

    @property
    def columns(self) -> dict[str, str]:
        lines = [" ".join(line.split()) for line in self.corrections]
        return {
            "result": Result(self.result),
            "corrections": "\n".join(dict.fromkeys(line for line in lines if line)),
            "comment": self.comment.strip(),
            "staff_comment": self.staff_comment.strip(),
        }


@again_after_deadlock
def set_on_the_way(seen: Seen, *, person: Staff, desk: Desk, by: By, now: datetime) -> Inspection:
    """On the way to this stop, which becomes the next one; what the inspector was on the way to before waits again."""
    today = local(now, desk.city).date()
    with database.atomic():
        hold([seen.id], days=[(person.id, today)])
        row = _own(seen, (Status.SCHEDULED,), person, desk, now)
        _refuse_other_days(row, today, only_today=True)
        _not_on_the_way_any_more(person, today, desk, by, now)
        after = change(
            row, "set_on_the_way", city=desk.city, by=by, now=now, status=Status.ON_THE_WAY, on_the_way_at=now
        )
        first = [*_arrived(person, today), row.id]
        rest = [id for id in stops_to_make(person.id, today) if id not in first]
        put_in_order(person.id, today, [*first, *rest], by=by, now=now, today=today)
        tell([row], [person.id], today)
    return after


@again_after_deadlock
def set_arrived(seen: Seen, *, person: Staff, desk: Desk, by: By, now: datetime) -> Inspection:
    """At the site of this stop."""
    today = local(now, desk.city).date()
    with database.atomic():
        row = _own(seen, (Status.SCHEDULED, Status.ON_THE_WAY), person, desk, now)
        _refuse_other_days(row, today, only_today=True)
        after = change(row, "set_arrived", city=desk.city, by=by, now=now, status=Status.ARRIVED, arrived_at=now)
        tell([row], [person.id], today)
    return after


@again_after_deadlock
def record_result(seen: Seen, outcome: Outcome, *, person: Staff, desk: Desk, by: By, now: datetime) -> Inspection:
    """The result of a stop of this person's: mailed, with a fee where one is due, and the next stop is told.

    Raises ChangedMeanwhile (another result, taken over, moved, cancelled) or Refused. The same result sent
    twice by the same person, as from a dead zone, is one result.
    """
    columns, today = outcome.columns, local(now, desk.city).date()
    with database.atomic():
        hold([seen.id], days=[(person.id, today)])  # the stops after it too: the next one is told
        if there := _same_again(seen.id, columns, person):
            return there
        row = _own(seen, TO_MAKE, person, desk, now)
        _refuse_other_days(row, today)
        _refuse_bare(row, outcome)
        after = change(
            row, "record_result", city=desk.city, by=by, now=now, status=Status.DONE, open_type=None,
            to_repeat=outcome.result in LEAVES_OPEN, closed_at=now, closed_on=today, closed_by=by.name, **columns,
        )  # fmt: skip
        InspectionResult.create(inspection=row.id, recorded_by=person.id, recorded_at=now, **columns)
        _settle(after, by=by, now=now)
        emails.result(after, letterhead=desk.letterhead, now=now)
        _tell_next(after, today, desk, now)
        tell([row], [person.id], today)
    return after


@again_after_deadlock
def correct_result(
    inspection_id: int, outcome: Outcome, *, version: int, person: Staff, desk: Desk, by: By, now: datetime
) -> Inspection:
    """Another result in place of the one recorded as `version` (see `result_version`); both are kept, and it is mailed.

    What an import brought is mailed to nobody. By its inspector, a technician or a supervisor. Raises ChangedMeanwhile
    or Refused.
    """
    columns = outcome.columns
    with database.atomic():
        [row] = as_seen([Seen(inspection_id)], status=(Status.DONE,), desk_city=desk.city, now=now)
        if person.role == Role.INSPECTOR and row.inspector_id != person.id:
            raise Refused(
                [(row.id, Reason(N_("{type}, {address}: only its inspector or the office corrects it."), named(row)))]
            )
        _refuse_bare(row, outcome)
        if _columns(row) == columns:  # by whomever: it says so already
            return row
        last = result_version(row.id)
        if version != last:
            raise ChangedMeanwhile([(row.id, happened(row, desk.city, now))])
        if not last:  # brought by an import: keep what it said as the first version
            InspectionResult.create(inspection=row.id, recorded_at=row.closed_at or now, **_columns(row))
        after = _replace(row, columns, city=desk.city, by=by, now=now)
        InspectionResult.create(inspection=row.id, recorded_by=person.id, recorded_at=now, **columns)
        _settle(after, by=by, now=now)
        if after.request_id:  # nobody asked here for what an import brought
            emails.result(after, corrected=True, letterhead=desk.letterhead, now=now)
        tell([row], [row.inspector_id], local(now, desk.city).date())
    return after


def result_version(inspection_id: int) -> int:
    """Which version of the result is the last one; 0 where none was recorded here."""
    last = InspectionResult.select(fn.MAX(InspectionResult.id)).where(InspectionResult.inspection == inspection_id)
    return last.scalar() or 0


def _own(seen: Seen, status: Sequence[str], person: Staff, desk: Desk, now: datetime) -> Inspection:
    """The stop, if it is this person's and in one of `status`; raises ChangedMeanwhile or Refused."""
    [row] = as_seen([seen], status=status, desk_city=desk.city, now=now)
    if row.inspector_id != person.id:
        raise Refused([(row.id, not_yours(row))])
    return row


def _refuse_other_days(row: Inspection, today: date, *, only_today: bool = False) -> None:
    if row.day > today or (only_today and row.day != today):
        values = {**named(row), "day": row.day}
        raise Refused([(row.id, Reason(N_("{type}, {address} is on {day}, not today."), values))])


def _refuse_bare(row: Inspection, outcome: Outcome) -> None:
    columns = outcome.columns
    lines = columns["corrections"].splitlines()
    if problem := outcome_problem(outcome.result, lines, columns["comment"]):
        raise Refused([(row.id, problem)])


def _same_again(id: int, columns: dict[str, str], person: Staff) -> Inspection | None:
    row = Inspection.get_or_none(Inspection.id == id, Inspection.status == Status.DONE, Inspection.inspector == person)
    return row if row is not None and _columns(row) == columns else None


def _columns(row: Inspection) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("result", "corrections", "comment", "staff_comment")}


def _replace(row: Inspection, columns: dict[str, str], *, city: Any, by: By, now: datetime) -> Inspection:
    """Guarded by the words of the result it replaces: of two corrections at once one wins."""
    later = Inspection.select().where(
        Inspection.permit == row.permit_id,
        Inspection.inspection_type == row.inspection_type_id,
        Inspection.id > row.id,
    )
    to_repeat = columns["result"] in LEAVES_OPEN and not later.exists()
    guard = [getattr(Inspection, name) == value for name, value in _columns(row).items()]
    changed = (
        Inspection.update(to_repeat=to_repeat, **columns)
        .where(Inspection.id == row.id, Inspection.status == Status.DONE, *guard)
        .execute()
    )
    after = Inspection.get_by_id(row.id)
    if not changed:
        raise ChangedMeanwhile([(row.id, happened(after, city, now))])
    record(by, "correct_result", row, now=now, before=_columns(row), after=columns)
    return after


def _not_on_the_way_any_more(person: Staff, today: date, desk: Desk, by: By, now: datetime) -> None:
    rows = Inspection.select().where(
        Inspection.inspector == person, Inspection.day == today, Inspection.status == Status.ON_THE_WAY
    )
    for row in rows.order_by(Inspection.id):
        change(row, "not_on_the_way", city=desk.city, by=by, now=now, status=Status.SCHEDULED, on_the_way_at=None)


def _arrived(person: Staff, today: date) -> list[int]:
    rows = Inspection.select(Inspection.id).where(
        Inspection.inspector == person, Inspection.day == today, Inspection.status == Status.ARRIVED
    )
    return [id for (id,) in rows.order_by(Inspection.stop_order, Inspection.id).tuples()]


def _settle(row: Inspection, *, by: By, now: datetime) -> None:
    """The permit's expiry and its re-inspection fees, as the results now stand."""
    set_expiry([row.permit_id], by=by, now=now)  # holds the permit's row, for the count below too
    of_type = (Inspection.permit == row.permit_id) & (Inspection.inspection_type == row.inspection_type_id)
    rows = Inspection.select(Inspection.result, Inspection.request).where(of_type, Inspection.result.is_null(False))
    results = list(rows.tuples())
    before = sum(result in ATTEMPTS for result, request in results if request is None)
    due = attempts_to_pay([result for result, _ in results], may_repeat=row.inspection_type.may_repeat, before=before)
    fees = Fee.select().where(Fee.permit == row.permit_id, Fee.inspection_type == row.inspection_type_id)
    there = {fee.attempt: fee for fee in fees}
    for attempt in due:
        if attempt not in there:
            fee = Fee.create(
                permit=row.permit_id, inspection_type=row.inspection_type_id, attempt=attempt,
                amount=REINSPECTION_FEE, due_at=now,
            )  # fmt: skip
            record(by, "fee_due", fee, now=now, after={"attempt": attempt, "amount": REINSPECTION_FEE})
    for attempt, fee in there.items():
        if attempt not in due and fee.state == FeeState.DUE:
            record(by, "fee_not_due", fee, now=now, before={"attempt": attempt, "amount": fee.amount})
            fee.delete_instance()


def _tell_next(row: Inspection, today: date, desk: Desk, now: datetime) -> None:
    """'You are next' to whoever waits for the stop after this one, once."""
    order = stops_to_make(row.inspector_id, today) if row.day == today else []
    if order:
        following = Inspection.get_by_id(order[0])
        if following.status == Status.SCHEDULED:
            emails.next_up(following, letterhead=desk.letterhead, now=now)
