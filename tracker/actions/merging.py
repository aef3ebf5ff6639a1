"""Two companies made one: whatever belonged to the one that goes belongs to the one that stays. Or two for good.

Its row stays, with `merged_into`, since the record of changes names it. Its spellings move, so that a sign-in by its
name and an import lead to the company that stays, whose code and PIN alone count.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import Case

from tracker.actions.changes import By, record
from tracker.actions.companies import new_session_token
from tracker.actions.opened import CannotSave, opened_with
from tracker.db import COMPANIES, TURN_LOCK, any_of, database, is_postgresql, wait_for_turn
from tracker.models import (
    CompanyName,
    CompanyStart,
    Contractor,
    ExpiryNotice,
    Inspection,
    PermitContractor,
    Person,
    PossibleMatch,
    Request,
)
from tracker.queries.spellings import busy_permits, merge_facts, moving, spellings_of
from tracker.rules.merging import licence_problem, merge_problem
from tracker.rules.reasons import N_, Reason

PLACE = ("address", "city", "state", "zip")


def merge_companies(
    goes: Contractor, stays: Contractor, *, seen: str, despite_licences: bool = False, by: By, now: datetime
) -> Contractor:
    """`goes` is merged into `stays`, which is returned; its sessions end, its code and own PIN count no more.

    `seen` is `opened_with(merge_facts(…))` of both. Raises CannotSave, with nothing moved: for what makes no sense, for
    licence numbers that differ unless `despite_licences`, and where either has changed since it was looked at.
    A dozen statements, however many permits.
    """
    if problem := merge_problem(stays, goes):
        raise CannotSave("", problem)
    with database.atomic():
        _wait_for_others(goes)
        facts = merge_facts(_rows(stays, goes))
        names = [name for _id, name in spellings_of([goes.id])]
        counts = {name: count for name, count in vars(moving(goes, stays)).items() if count}
        _move_names(goes, stays)
        _move_permits(goes, stays)
        _move_requests(goes, stays)
        _move_notices(goes, stays)
        _move_matches(goes, stays)
        stays, goes = _held(stays, goes)
        _move_people(goes, stays)  # whoever adds one holds the company's row
        _refuse(stays, goes, facts=facts, seen=seen, despite_licences=despite_licences)
        filled = _take_over(goes, stays)
        told = {**counts, "names": ", ".join(names)}
        record(by, "merge_into", goes, now=now, before=_known(goes), after={"company": stays.company_name})
        record(by, "take_in", stays, now=now, before=dict.fromkeys(filled),
               after={"company": goes.company_name, **told, **filled})  # fmt: skip
    return Contractor.get_by_id(stays.id)


def keep_apart(match: PossibleMatch, *, by: By, now: datetime) -> None:
    """The two are not the same; nobody is asked again. Raises CannotSave where that has been decided already."""
    undecided = (PossibleMatch.id == match.id) & PossibleMatch.kept_apart_at.is_null()
    with database.atomic():
        wait_for_turn(COMPANIES)
        if not PossibleMatch.update(kept_apart_at=now).where(undecided).execute():
            raise CannotSave("", Reason(N_("Somebody decided about these two already.")))
        for one, other in ((match.contractor, match.other), (match.other, match.contractor)):
            record(by, "keep_apart", one, now=now, after={"company": other.company_name})


def _wait_for_others(goes: Contractor) -> None:
    """Nobody makes or names companies, nor asks for anything on a permit of this one, until the transaction ends."""
    wait_for_turn(COMPANIES)
    if is_postgresql():
        sql, values = busy_permits(goes.id).sql()
        take = f"SELECT pg_advisory_xact_lock(%s, theirs.id) FROM ({sql}) AS theirs"
        database.execute_sql(take, (TURN_LOCK, *values)).fetchall()


def _move_names(goes: Contractor, stays: Contractor) -> None:
    CompanyName.update(contractor=stays.id).where(CompanyName.contractor == goes.id).execute()
    there = CompanyStart.select(CompanyStart.key).where(CompanyStart.contractor == stays.id)
    CompanyStart.delete().where(CompanyStart.contractor == goes.id, CompanyStart.key.in_(there)).execute()
    CompanyStart.update(contractor=stays.id).where(CompanyStart.contractor == goes.id).execute()


def _move_permits(goes: Contractor, stays: Contractor) -> None:
    """Both on one permit for one trade become one, by hand if either was."""
    mine, theirs = PermitContractor.alias("mine"), PermitContractor.alias("theirs")
    same = (mine.permit == theirs.permit) & (mine.trade == theirs.trade)
    twins = (mine.contractor == goes.id) & (theirs.contractor == stays.id)

    def both(which: Any, *where: Any) -> Any:
        return which.select(which.id).join(theirs if which is mine else mine, on=same).where(twins, *where)

    by_hand = both(theirs, mine.origin == "hand")
    PermitContractor.update(origin="hand").where(PermitContractor.id.in_(by_hand)).execute()
    PermitContractor.delete().where(PermitContractor.id.in_(both(mine))).execute()
    PermitContractor.update(contractor=stays.id).where(PermitContractor.contractor == goes.id).execute()


def _move_requests(goes: Contractor, stays: Contractor) -> None:
    if is_postgresql():
        # In the order in which everybody takes inspections: nobody then waits for each other.
        rows = Inspection.select(Inspection.id).where(Inspection.contractor == goes.id).order_by(Inspection.id)
        list(rows.for_update().tuples())
    Inspection.update(contractor=stays.id).where(Inspection.contractor == goes.id).execute()
    Request.update(contractor=stays.id).where(Request.contractor == goes.id).execute()


def _move_people(goes: Contractor, stays: Contractor) -> None:
    """Somebody of both, by the mail address, stays as the company that stays knows them."""
    there = Person.select(Person.email).where(Person.contractor == stays.id)
    Person.delete().where(Person.contractor == goes.id, Person.email.in_(there)).execute()
    Person.update(contractor=stays.id).where(Person.contractor == goes.id).execute()


def _move_notices(goes: Contractor, stays: Contractor) -> None:
    """Of what both were told, once is enough to know that it was told."""
    mine, theirs = ExpiryNotice.alias("mine"), ExpiryNotice.alias("theirs")
    same = (mine.permit == theirs.permit) & (mine.expires_on == theirs.expires_on) & (mine.days == theirs.days)
    both = mine.select(mine.id).join(theirs, on=same).where(mine.contractor == goes.id, theirs.contractor == stays.id)
    ExpiryNotice.delete().where(ExpiryNotice.id.in_(both)).execute()
    ExpiryNotice.update(contractor=stays.id).where(ExpiryNotice.contractor == goes.id).execute()


def _move_matches(goes: Contractor, stays: Contractor) -> None:
    """Whoever was like the one that goes is like the one that stays; the question about the two is answered."""
    of_goes = (PossibleMatch.contractor == goes.id) | (PossibleMatch.other == goes.id)
    third = Case(None, [(PossibleMatch.contractor == goes.id, PossibleMatch.other)], PossibleMatch.contractor)
    pairs = PossibleMatch.select(
        Case(None, [(third < stays.id, third)], stays.id),
        Case(None, [(third < stays.id, stays.id)], third),
        PossibleMatch.kept_apart_at,
    ).where(of_goes, third != stays.id)
    fields = [PossibleMatch.contractor, PossibleMatch.other, PossibleMatch.kept_apart_at]
    PossibleMatch.insert_from(pairs, fields).on_conflict_ignore().execute()
    PossibleMatch.delete().where(of_goes).execute()


def _rows(*companies: Contractor) -> list[Contractor]:
    return list(Contractor.select().where(any_of(Contractor.id, [one.id for one in companies])))


def _held(*companies: Contractor) -> list[Contractor]:
    """The companies as they are now, taken in one order; nobody else changes them until the transaction ends."""
    query = Contractor.select().where(any_of(Contractor.id, [one.id for one in companies])).order_by(Contractor.id)
    found = {row.id: row for row in (query.for_update() if is_postgresql() else query)}
    return [found[one.id] for one in companies]


def _refuse(stays: Contractor, goes: Contractor, *, facts: Any, seen: str, despite_licences: bool) -> None:
    if problem := merge_problem(stays, goes):
        raise CannotSave("", problem)
    held = {**merge_facts([stays, goes]), "names": facts["names"]}
    if seen != opened_with(held):
        raise CannotSave("", Reason(N_("One of the two was changed meanwhile. Look them over again.")))
    if not despite_licences and (problem := licence_problem(stays, goes)):
        raise CannotSave("despite_licences", problem)


def _take_over(goes: Contractor, stays: Contractor) -> dict[str, Any]:
    """What the company that stays did not know of itself; the address that mail went to still gets it."""
    filled = {name: getattr(goes, name) for name in ("lic_num", "phone", "email") if not getattr(stays, name)}
    if not stays.address:
        filled |= {name: getattr(goes, name) for name in PLACE}
    filled = {name: value for name, value in filled.items() if value}
    more = Contractor.version + 1
    Contractor.update(merged_into=stays.id).where(Contractor.merged_into == goes.id).execute()
    Contractor.update(
        merged_into=stays.id, session_token=new_session_token(), own_pin_hash=None, version=more,
        lic_num=None if "lic_num" in filled else goes.lic_num,
    ).where(Contractor.id == goes.id).execute()  # fmt: skip
    Contractor.update({**filled, "version": more}).where(Contractor.id == stays.id).execute()
    if goes.email and stays.email and goes.email.lower() != stays.email.lower():
        office = {"contractor": stays.id, "name": goes.company_name[:100], "email": goes.email, "wants": "all"}
        Person.insert(office).on_conflict_ignore().execute()
    return filled


def _known(company: Contractor) -> dict[str, Any]:
    names: Sequence[str] = ("company_name", "lic_num", "phone", "email")
    return {name: getattr(company, name) for name in names if getattr(company, name)}
