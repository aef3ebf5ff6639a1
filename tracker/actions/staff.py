"""The city's own people: added, changed, gone and back; passwords and sessions.

Everybody who writes them waits for the turn, so that two supervisors cannot each take away the other's role. A password
stands in no record of changes.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from tracker.actions.changes import By, record, tell_everybody
from tracker.actions.companies import new_session_token
from tracker.actions.desk import Desk
from tracker.actions.hashes import hashed
from tracker.actions.opened import CannotSave, differing, refuse_if_changed
from tracker.actions.review import unassign
from tracker.actions.seen import ChangedMeanwhile, Seen
from tracker.actions.stops import tell
from tracker.db import STAFF, database, wait_for_turn
from tracker.models import Inspection, Staff, StaffTrade
from tracker.queries.day import TO_MAKE
from tracker.queries.staff import OWN, open_stops, other_supervisors, person_facts
from tracker.rules.passwords import password_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Role

TRIES = 5  # so often somebody else may be given a stop while a person leaves


def add_staff(
    email: str,
    *,
    name: str,
    role: str,
    password: str,
    by: By,
    now: datetime,
    trades: Collection[str] = (),
    **more: Any,
) -> Staff:
    """A new member of staff, who can sign in at once; `more` is phone, stops_a_day, minutes_a_day.

    Raises CannotSave where the address is taken, or the password will not do.
    """
    email, name = email.strip().lower(), name.strip()
    if "@" not in email or len(email) > 254:
        raise CannotSave("email", Reason(N_("An address looks like name@city.gov.")))
    if reason := password_problem(password, email, name):
        raise CannotSave("password", reason)
    secret = {"password_hash": hashed(password), "session_token": new_session_token()}
    try:
        with database.atomic():
            wait_for_turn(STAFF)
            person = Staff.create(email=email, name=name, role=role, **secret, **more)
            _write_trades(person, trades)
            record(by, "add_staff", person, now=now, after=person_facts(person))
    except IntegrityError:
        if not Staff.select().where(Staff.email == email).exists():
            raise
        raise _taken(email) from None
    return person


def change_staff(person: Staff, facts: Mapping[str, Any], *, version: str, today: date, by: By, now: datetime) -> None:
    """`facts` as in `person_facts`; `version` is that of the form.

    Raises CannotSave where somebody was quicker, the address is another's, the only supervisor would be none, or a
    technician would be left with stops.
    """
    try:
        with database.atomic():
            wait_for_turn(STAFF)
            person = Staff.get_by_id(person.id)
            was = person_facts(person)
            refuse_if_changed(person, was, version)
            if changed := differing(was, facts):
                if "role" in changed:
                    _refuse_last_supervisor(person)
                _write(person, facts, changed, today)
                before, after = ({name: one[name] for name in changed} for one in (was, facts))
                record(by, "change_staff", person, now=now, before=before, after=after)
                tell_everybody()
    except IntegrityError:
        if not Staff.select().where(Staff.email == facts["email"], Staff.id != person.id).exists():
            raise
        raise _taken(facts["email"]) from None


def leave(person: Staff, *, desk: Desk, by: By, now: datetime) -> int:
    """Cannot sign in any more, sessions end, and every stop still to be made is back in the queue; answers how many.

    Of past days and under way too, without a mail: the day stays, and assigning it is mailed. Raises CannotSave for
    the only supervisor.
    """
    for _try in range(TRIES):
        try:
            with database.atomic():
                return _leave(person, desk, by, now)
        except ChangedMeanwhile:  # a stop came or went meanwhile: once more, with what is so now
            continue
    sentence = N_("{inspector}’s stops are changing just now. Press “{inspector} has left” again.")
    raise CannotSave("", Reason(sentence, {"inspector": person.name}))


def come_back(person: Staff, *, by: By, now: datetime) -> None:
    """Can sign in again, with the password as it is. Raises CannotSave where the person is here."""
    with database.atomic():
        if not Staff.update(left_at=None).where(Staff.id == person.id, Staff.left_at.is_null(False)).execute():
            raise CannotSave("", Reason(N_("{name} is back already."), {"name": person.name}))
        record(by, "come_back", person, now=now)


def set_password(person: Staff, password: str, *, by: By, now: datetime) -> Staff:
    """A new password; every session of the person ends. Raises CannotSave where it will not do."""
    if reason := password_problem(password, person.email, person.name):
        raise CannotSave("password", reason)
    return _end_sessions(person, "set_password", by, now, password_hash=hashed(password))


def sign_out_everywhere(person: Staff, *, by: By, now: datetime) -> Staff:
    """Every session of the person ends, on every device."""
    return _end_sessions(person, "sign_out_everywhere", by, now)


def _end_sessions(person: Staff, verb: str, by: By, now: datetime, **more: Any) -> Staff:
    with database.atomic():
        Staff.update(session_token=new_session_token(), **more).where(Staff.id == person.id).execute()
        record(by, verb, person, now=now)
        return Staff.get_by_id(person.id)


def _leave(person: Staff, desk: Desk, by: By, now: datetime) -> int:
    wait_for_turn(STAFF)
    person = Staff.get_by_id(person.id)
    if person.left_at is not None:
        raise CannotSave("", Reason(N_("{name} has left already."), {"name": person.name}))
    _refuse_last_supervisor(person)
    seens = [Seen.of(stop) for stop in open_stops(person.id)]
    if seens:
        unassign(seens, desk=desk, by=by, now=now, status=TO_MAKE)
    # After the stops, in the order in which an assignment takes them; whoever assigns now waits, and is told.
    Staff.update(left_at=now, session_token=new_session_token()).where(Staff.id == person.id).execute()
    if late := open_stops(person.id):
        raise ChangedMeanwhile([(stop.id, Reason(N_("It was assigned just now."))) for stop in late])
    record(by, "leave", person, now=now, after={"stops_back": len(seens)})
    return len(seens)


def _write(person: Staff, facts: Mapping[str, Any], changed: Collection[str], today: date) -> None:
    if {"name", "phone"} & set(changed):
        mine = Inspection.select().where(Inspection.inspector == person, Inspection.status.in_(TO_MAKE))
        tell(list(mine), [person.id], today)  # before the person's own row, as everybody does
    Staff.update({name: facts[name] for name in OWN}).where(Staff.id == person.id).execute()
    if "trades" in changed:
        _write_trades(person, facts["trades"])
    if facts["role"] == Role.TECHNICIAN and (stops := open_stops(person.id)):
        values = {"name": person.name, "stops": len(stops)}
        raise CannotSave("role", Reason(N_("{name} still has stops: {stops}. Give them to others first."), values))


def _write_trades(person: Staff, trades: Collection[str]) -> None:
    StaffTrade.delete().where(StaffTrade.staff == person).execute()
    for trade in sorted(trades):
        StaffTrade.create(staff=person, trade=trade)


def _refuse_last_supervisor(person: Staff) -> None:
    """Somebody has to be able to change it back."""
    if person.role == Role.SUPERVISOR and person.left_at is None and not other_supervisors(person):
        sentence = N_("{name} is the only supervisor. Make somebody else one first.")
        raise CannotSave("role", Reason(sentence, {"name": person.name}))


def _taken(email: str) -> CannotSave:
    return CannotSave("email", Reason(N_("{email} is there already."), {"email": email}))
