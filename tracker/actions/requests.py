"""Requesting inspections: all of a form, or none of it."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError, Query

from tracker import emails
from tracker.actions.changes import By, facts, record, tell_pages
from tracker.actions.desk import Desk
from tracker.actions.places import NO_LIMIT, DayIsFull, closed_meanwhile, take_place
from tracker.db import database, wait_for_turn
from tracker.models import Contractor, Inspection, InspectionType, Permit, Request, Staff
from tracker.queries.city import limits
from tracker.queries.permits import record_of
from tracker.rules.calendar import closed_problem, date_problem, local
from tracker.rules.capacity import full_problem
from tracker.rules.contact import caller_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Type, list_problems, permit_problem
from tracker.rules.words import Status
from tracker.statements import first_row, statement, whole

# Each is (place in the list or None for the whole, field, reason).
Problems = list[tuple[int | None, str, Reason]]


@dataclass(frozen=True)
class Contact:
    """Whom the inspector calls, and where the site is; the confirmation goes to `email`."""

    contact_name: str
    phone: str
    site_address: str
    email: str


@dataclass(frozen=True)
class Wish:
    """An inspection asked for: the type's code, the day, the half ('any', 'am', 'pm') and remarks."""

    type_code: str
    day: date
    time_frame: str
    remarks: str = ""


class NotPossible(Exception):
    """Nothing was requested. `problems` are (place in the list or None for the whole, field, reason)."""

    def __init__(self, problems: Sequence[tuple[int | None, str, Reason]]) -> None:
        super().__init__(problems)
        self.problems = problems


class AlreadyRequested(Exception):
    """The form with this key was sent before, with other content: `request` is what was booked then."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.id)
        self.request = request


def request_inspections(
    permit: Permit,
    contractor: Contractor,
    wishes: Sequence[Wish],
    *,
    contact: Contact,
    key: str,
    desk: Desk,
    by: By,
    now: datetime,
    language: str = "en",
    terms: "Terms | None" = None,
) -> Request:
    """All of `wishes` are requested, or none: raises NotPossible with every reason.

    `key` was made with the form. Sent again with the same content it answers with the request that is there,
    with other content it raises AlreadyRequested. `terms` are those of the telephone.
    """
    terms = terms or Terms()
    own_key = _own(contractor, key)
    digest = hashlib.sha256(
        json.dumps([permit.id, asdict(contact), [asdict(wish) for wish in wishes]], default=str).encode()
    ).hexdigest()
    try:
        with database.atomic():
            # One after the other on one permit: the second then sees what the first has requested.
            wait_for_turn(permit.id)
            if there := _request_with(own_key):
                return _same(there, digest)
            return _book(permit, contractor, wishes, contact, own_key, digest, desk, by, now, language, terms)
    except IntegrityError:
        # Somebody was quicker: this form sent twice at once, or the same type asked for by somebody else.
        if there := _request_with(own_key):
            return _same(there, digest)
        if problems := terms.problems(permit, contractor, wishes, desk=desk, now=now):
            raise NotPossible(problems) from None
        raise


def _request_with(own_key: str) -> Request | None:
    return first_row(Request, _requests_with(own_key))


@statement
def _requests_with(own_key: Any) -> Query:
    return Request.select().where(Request.key == own_key)


def was_sent(contractor: Contractor, key: str) -> bool:
    """Whether a form of this company's with this key has been booked, whatever became of the permit since."""
    return bool(key) and Request.select().where(Request.key == _own(contractor, key)).exists()


def _own(contractor: Contractor, key: str) -> str:
    return f"{contractor.id}:{key}"


def _same(request: Request, digest: str) -> Request:
    if request.digest != digest:
        raise AlreadyRequested(request)
    return request


def wish_problems(
    permit: Permit, contractor: Contractor, wishes: Sequence[Wish], *, desk: Desk, now: datetime
) -> Problems:
    """Every reason why these cannot be requested now, places apart: (place in the list or None, field, reason)."""
    here = local(now, desk.city)
    if reason := permit_problem(permit.status, permit.expires_on, here.date(), desk.city.phone):
        return [(None, "", reason)]
    if not wishes:
        return [(None, "inspection_type", Reason(N_("Choose an inspection type.")))]
    problems: Problems = []
    wanted = [desk.types.get(wish.type_code) for wish in wishes]
    known = [(one, wish.day) for one, wish in zip(wanted, wishes, strict=True) if one]
    answers = iter(list_problems(known, record_of(permit, contractor, desk.types), desk.types))
    for place, (one, wish) in enumerate(zip(wanted, wishes, strict=True)):
        if one is None:
            problems.append((place, "inspection_type", Reason(N_("Choose an inspection type from the list."))))
            continue
        if reason := next(answers):
            problems.append((place, "inspection_type", reason))
        if reason := date_problem(wish.day, now, desk.city):
            problems.append((place, "requested_date", reason))
        if one.needs_caller and (reason := caller_problem(wish.remarks)):
            problems.append((place, "remarks", reason))
    return problems


@dataclass(frozen=True)
class Terms:
    """How a request is taken: what stands against it, which wishes may go beyond a full day, who takes it and why.

    These are a contractor's own; `actions.telephone` has those of a technician.
    """

    problems: Callable[..., Problems] = wish_problems
    beyond_full: Collection[int] = ()
    taken_by: Staff | None = None
    reason: str = ""
    despite: Sequence[str] = ()  # what was let pass, as the record of changes keeps it


def _book(permit, contractor, wishes, contact, key, digest, desk, by, now, language, terms) -> Request:
    permit = whole(Permit, _permit_now(permit.id)[0])
    if problems := terms.problems(permit, contractor, wishes, desk=desk, now=now) or _closed_days(wishes):
        raise NotPossible(problems)
    _take_places(wishes, desk, terms.beyond_full)
    request = Request.create(
        key=key,
        digest=digest,
        permit=permit,
        contractor=contractor,
        language=language,
        taken_by=terms.taken_by,
        requested_at=now,
        **asdict(contact),
    )
    types = _types_now([desk.types[wish.type_code] for wish in wishes])
    inspections = [_open(request, wish, types[desk.types[wish.type_code].id], now) for wish in wishes]
    for inspection in inspections:
        after = {**facts(inspection), **({"despite": list(terms.despite)} if terms.despite else {})}
        record(by, "request_inspections", inspection, now=now, after=after, reason=terms.reason)
    emails.requested(request, inspections, letterhead=desk.letterhead, now=now)
    tell_pages(permit.id)
    return request


@statement
def _permit_now(id: Any) -> Query:
    return Permit.select().where(Permit.id == id)


def _closed_days(wishes: Sequence[Wish]) -> Problems:
    closed = closed_meanwhile({wish.day for wish in wishes})
    return [
        (place, "requested_date", closed_problem(wish.day)) for place, wish in enumerate(wishes) if wish.day in closed
    ]


def _take_places(wishes: Sequence[Wish], desk: Desk, beyond_full: Collection[int]) -> None:
    rows = limits()
    # In the order of days and trades, or two requests at once could wait for each other.
    for place, wish in sorted(
        enumerate(wishes), key=lambda pair: (pair[1].day, desk.types[pair[1].type_code].trade, pair[0])
    ):
        trade = desk.types[wish.type_code].trade
        most: dict[str, Any] = {"limits": rows, "default": desk.daily_capacity}
        if place in beyond_full:
            most = {"limits": (), "default": NO_LIMIT}
        try:
            take_place(wish.day, trade, wish.time_frame, **most)
        except DayIsFull as full:
            raise NotPossible([(place, "requested_date", full_problem(full.day))]) from None


def _types_now(types: Iterable[Type]) -> dict[int, InspectionType]:
    """As they are, by id: read with the calendar held, which whoever changes one takes."""
    return {id: whole(InspectionType, _type_now(id)[0]) for id in {one.id for one in types}}


@statement
def _type_now(id: Any) -> Query:
    return InspectionType.select().where(InspectionType.id == id)


@statement
def _not_to_repeat(permit_id: Any, type_id: Any) -> Query:
    these = (Inspection.permit == permit_id) & (Inspection.inspection_type == type_id)
    return Inspection.update(to_repeat=False).where(these, Inspection.to_repeat == True)  # noqa: E712


def _open(request: Request, wish: Wish, one: InspectionType, now: datetime) -> Inspection:
    _not_to_repeat.change(request.permit_id, one.id)
    return Inspection.create(
        request=request,
        permit=request.permit,
        contractor=request.contractor,
        inspection_type=one,
        open_type=None if one.may_repeat else one.id,
        status=Status.REQUESTED,
        day=wish.day,
        time_frame=wish.time_frame,
        remarks=wish.remarks,
        requested_at=now,
    )
