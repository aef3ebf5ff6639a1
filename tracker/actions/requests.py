"""Requesting inspections, cancelling and moving them."""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from tracker import emails
from tracker.actions.changes import By, record, tell_inspectors, tell_pages
from tracker.actions.expiry import set_expiry
from tracker.actions.places import NO_LIMIT, DayIsFull, give_place, take_place
from tracker.db import database, wait_for_turn
from tracker.models import Contractor, Inspection, InspectionType, Permit, Request, Staff
from tracker.queries.city import limits
from tracker.queries.permits import record_of
from tracker.rules.calendar import City, change_problem, date_problem, local
from tracker.rules.capacity import full_problem
from tracker.rules.contact import caller_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Type, list_problems, permit_problem
from tracker.rules.words import CHANGEABLE, Status


# Each is (place in the list or None for the whole, field, reason).
Problems = list[tuple[int | None, str, Reason]]


@dataclass(frozen=True)
class Desk:
    """Where a request is made: the city's calendar and types, the default capacity, and the letterhead of its mails."""

    city: City
    types: Mapping[str, Type]
    daily_capacity: int
    letterhead: emails.Letterhead


@dataclass(frozen=True)
class Contact:
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


class TooLate(Exception):
    """It can no longer be changed online; `reason` says what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


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
    own_key = f"{contractor.id}:{key}"
    digest = hashlib.sha256(
        json.dumps([permit.id, asdict(contact), [asdict(wish) for wish in wishes]], default=str).encode()
    ).hexdigest()
    try:
        with database.atomic():
            # One after the other on one permit: the second then sees what the first has requested.
            wait_for_turn(permit.id)
            if there := Request.get_or_none(Request.key == own_key):
                return _same(there, digest)
            return _book(permit, contractor, wishes, contact, own_key, digest, desk, by, now, language, terms)
    except IntegrityError:
        # Somebody was quicker: this form sent twice at once, or the same type asked for by somebody else.
        if there := Request.get_or_none(Request.key == own_key):
            return _same(there, digest)
        if problems := terms.problems(permit, contractor, wishes, desk=desk, now=now):
            raise NotPossible(problems) from None
        raise


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
    permit = Permit.get_by_id(permit.id)
    if problems := terms.problems(permit, contractor, wishes, desk=desk, now=now):
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
    inspections = [_open(request, wish, desk.types[wish.type_code], now) for wish in wishes]
    for inspection in inspections:
        after = {**_facts(inspection), **({"despite": list(terms.despite)} if terms.despite else {})}
        record(by, "request_inspections", inspection, now=now, after=after, reason=terms.reason)
    emails.requested(request, inspections, letterhead=desk.letterhead, now=now)
    tell_pages(permit.id)
    return request


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


def _open(request: Request, wish: Wish, one: Type, now: datetime) -> Inspection:
    Inspection.update(to_repeat=False).where(
        Inspection.permit == request.permit_id,
        Inspection.inspection_type == one.id,
        Inspection.to_repeat == True,  # noqa: E712
    ).execute()
    return Inspection.create(
        request=request,
        permit=request.permit_id,
        contractor=request.contractor_id,
        inspection_type=one.id,
        open_type=None if one.may_repeat else one.id,
        status=Status.REQUESTED,
        day=wish.day,
        time_frame=wish.time_frame,
        remarks=wish.remarks,
        requested_at=now,
    )


def cancel_inspection(inspection: Inspection, *, desk: Desk, by: By, now: datetime) -> Inspection:
    """Cancelled, its place given back, a mail on its way; raises TooLate, also when it is not open any more."""
    with database.atomic():
        inspection = _still_changeable(inspection, desk.city, now)
        before = _facts(inspection)
        # Guarded by the status it was read with: of two at once one wins.
        changed = (
            Inspection.update(
                status=Status.CANCELLED,
                open_type=None,
                closed_at=now,
                closed_on=local(now, desk.city).date(),
                closed_by=by.name,
                calendar_sequence=Inspection.calendar_sequence + 1,
            )
            .where(
                Inspection.id == inspection.id, Inspection.status == inspection.status, Inspection.day == inspection.day
            )
            .execute()
        )
        if not changed:
            raise TooLate(_gone(desk.city))
        give_place(inspection.day, _trade(inspection), inspection.time_frame)
        inspection = Inspection.get_by_id(inspection.id)
        record(by, "cancel_inspection", inspection, now=now, before=before, after=_facts(inspection))
        set_expiry([inspection.permit_id], by=by, now=now)
        emails.cancelled(inspection, letterhead=desk.letterhead, now=now)
        tell_pages(inspection.permit_id)
        tell_inspectors(inspection.inspector_id)
    return inspection


def move_inspection(
    inspection: Inspection, *, day: date, time_frame: str, desk: Desk, by: By, now: datetime
) -> Inspection:
    """Moved to another day on offer; raises TooLate or NotPossible (then it stays where it was)."""
    with database.atomic():
        inspection = _still_changeable(inspection, desk.city, now)
        if (day, time_frame) == (inspection.day, inspection.time_frame):
            return inspection
        if day != inspection.day and (reason := date_problem(day, now, desk.city)):
            raise NotPossible([(None, "requested_date", reason)])
        before, was_on, trade = _facts(inspection), inspection.day, _trade(inspection)
        was_with = inspection.inspector_id
        # Another day needs another look at who can come.
        freed = {"status": Status.REQUESTED, "inspector": None, "stop_order": 0, "scheduled_at": None}
        if reason := order_problem(inspection, day, desk):
            raise NotPossible([(None, "requested_date", reason)])
        changed = (
            Inspection.update(
                day=day,
                time_frame=time_frame,
                calendar_sequence=Inspection.calendar_sequence + 1,
                **(freed if day != was_on else {}),
            )
            .where(Inspection.id == inspection.id, Inspection.status == inspection.status, Inspection.day == was_on)
            .execute()
        )
        if not changed:
            raise TooLate(_gone(desk.city))
        _change_places(inspection, day, time_frame, trade, desk)
        inspection = Inspection.get_by_id(inspection.id)
        record(by, "move_inspection", inspection, now=now, before=before, after=_facts(inspection))
        set_expiry([inspection.permit_id], by=by, now=now)
        emails.moved(inspection, was_on=was_on, letterhead=desk.letterhead, now=now)
        tell_pages(inspection.permit_id)
        tell_inspectors(was_with)
    return inspection


def _change_places(inspection: Inspection, day: date, time_frame: str, trade: str, desk: Desk) -> None:
    """Give the old place back and take the new one, the earlier day first: two movers never wait for each other."""
    if inspection.day == day:
        # Another half alone is never refused, not even on a day beyond its places.
        give_place(day, trade, inspection.time_frame)
        take_place(day, trade, time_frame, limits=[], default=NO_LIMIT)
        return
    if inspection.day < day:
        give_place(inspection.day, trade, inspection.time_frame)
    try:
        take_place(day, trade, time_frame, limits=limits(), default=desk.daily_capacity)
    except DayIsFull as full:
        raise NotPossible([(None, "requested_date", full_problem(full.day))]) from None
    if inspection.day > day:
        give_place(inspection.day, trade, inspection.time_frame)


def order_problem(inspection: Inspection, day: date, desk: Desk) -> Reason | None:
    """Moving must not put it before what it needs on the same or an earlier day."""
    permit, contractor = inspection.permit, inspection.contractor
    one = next(one for one in desk.types.values() if one.id == inspection.inspection_type_id)
    known = record_of(permit, contractor, desk.types)
    known = replace(known, open_on={code: on for code, on in known.open_on.items() if code != one.code})
    return list_problems([(one, day)], known, desk.types)[0]


def _still_changeable(inspection: Inspection, city: City, now: datetime) -> Inspection:
    inspection = Inspection.get_by_id(inspection.id)
    if inspection.status not in CHANGEABLE:
        raise TooLate(_gone(city))
    if reason := change_problem(inspection.day, now, city):
        raise TooLate(reason)
    return inspection


def _gone(city: City) -> Reason:
    return Reason(
        N_("This inspection was changed meanwhile. Look at the dashboard, or call {phone}."), {"phone": city.phone}
    )


def _trade(inspection: Inspection) -> str:
    return str(InspectionType.get_by_id(inspection.inspection_type_id).trade)


def _facts(inspection: Inspection) -> dict[str, Any]:
    return {name: getattr(inspection, name) for name in ("status", "day", "time_frame")}
