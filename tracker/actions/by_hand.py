"""Permits and the companies on them by hand, when the nightly import has not brought them or brought them wrong.

What a clerk corrected is left alone by the import (`Permit.corrected`); a permit added by hand becomes the source's
once the source has it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from peewee import IntegrityError

from tracker.actions.changes import By, just_made, record, tell_pages
from tracker.actions.expiry import set_expiry
from tracker.actions.opened import CannotSave, last_hand
from tracker.db import COMPANIES, database, is_postgresql, wait_for_turn
from tracker.models import Change, Contractor, Permit, PermitContractor
from tracker.rules.outcomes import VALID_FOR
from tracker.rules.reasons import N_, Reason

# The columns that follow from one on the form, by the names the import gives them.
GO_TOGETHER = {
    "status": ("status", "status_current", "status_on"),
    "source_expires_on": ("source_expires_on", "expires_on"),
}


def add_permit(facts: Mapping[str, Any], *, by: By, now: datetime) -> Permit:
    """A permit with `facts` by column, permit_num among them; without an expiry, 180 days after issue.

    The same sent twice by the same person is one permit. Raises CannotSave where the number is taken.
    """
    facts = dict(facts)
    if facts.get("issued_on") and not facts.get("source_expires_on"):
        facts["source_expires_on"] = facts["issued_on"] + VALID_FOR
    try:
        with database.atomic():
            permit = Permit.create(
                **facts, expires_on=facts.get("source_expires_on"), status_current=_said(facts["status"])
            )
            record(by, "add_permit", permit, now=now, after=_facts(facts))
    except IntegrityError:
        made = Permit.get_or_none(Permit.permit_num == facts["permit_num"])
        if made and just_made(made, "add_permit", _facts(facts), by=by):
            return made
        there = Reason(N_("{number} is there already."), {"number": facts["permit_num"]})
        raise CannotSave("permit_num", there) from None
    return permit


def correct_permit(
    permit: Permit, facts: Mapping[str, Any], *, version: int, reason: str, today: date, by: By, now: datetime
) -> Permit:
    """`facts` by column; what differs is corrected, and no import changes it back.

    `version` is `permit_version` when the form was opened. Raises CannotSave where somebody was quicker.
    """
    with database.atomic():
        permit = _held(permit)
        if permit_version(permit.id) != version:
            raise CannotSave("", _meanwhile(permit))
        changed = {name: value for name, value in facts.items() if _now(permit, name) != value}
        if not changed:
            return permit
        before = {name: _now(permit, name) for name in changed}
        values = dict(changed)
        if "status" in changed:
            values |= {"status_current": _said(changed["status"]), "status_on": today}
        if "source_expires_on" in changed:
            values["expires_on"] = changed["source_expires_on"]
        names = [name for column in changed for name in GO_TOGETHER.get(column, (column,))]
        values["corrected"] = " ".join(dict.fromkeys([*permit.corrected.split(), *names]))
        Permit.update(values).where(Permit.id == permit.id).execute()
        record(by, "correct_permit", permit, now=now, before=_facts(before), after=_facts(changed), reason=reason)
        set_expiry([permit.id], by=by, now=now)
        tell_pages(permit.id)
        return Permit.get_by_id(permit.id)


def put_on(permit: Permit, company: Contractor, *, trade: str, by: By, now: datetime) -> None:
    """The company is on the permit for this trade; no import takes it off. Raises CannotSave where it is already."""
    try:
        with database.atomic():
            wait_for_turn(COMPANIES)
            company = _as_merged(company)
            PermitContractor.create(permit=permit, contractor=company, trade=trade, origin="hand")
            record(by, "put_on_permit", permit, now=now, after={"company": company.company_name, "trade": trade})
            tell_pages(permit.id)
    except IntegrityError:
        words = {"company": company.company_name}
        raise CannotSave("company", Reason(N_("{company} is on it for that trade already."), words)) from None


def take_off(permit: Permit, link_id: int, *, by: By, now: datetime) -> None:
    """A company leaves the permit; what the source says of its contractors no longer counts, where it came from there.

    Raises CannotSave where somebody was quicker.
    """
    with database.atomic():
        wait_for_turn(COMPANIES)
        permit = _held(permit)
        link = PermitContractor.get_or_none(PermitContractor.id == link_id, PermitContractor.permit == permit)
        if link is None:
            raise CannotSave("", Reason(N_("It is off the permit already.")))
        tell_pages(permit.id)
        if link.origin == "source":
            names = " ".join(dict.fromkeys([*permit.corrected.split(), "contractors"]))
            Permit.update(corrected=names).where(Permit.id == permit.id).execute()
        PermitContractor.delete().where(PermitContractor.id == link.id).execute()
        before = {"company": link.contractor.company_name, "trade": link.trade}
        record(by, "take_off_permit", permit, now=now, before=before)


def _as_merged(company: Contractor) -> Contractor:
    """The company as it is now, or the one that it has been merged into meanwhile."""
    company = Contractor.get_by_id(company.id)
    return company.merged_into if company.merged_into_id else company


def permit_version(permit_id: int) -> int:
    """The last line in the record of changes about this permit; 0 without any."""
    last = Change.select(Change.id).where(Change.subject == "permit", Change.subject_id == permit_id)
    return last.order_by(Change.id.desc()).limit(1).scalar() or 0


def _held(permit: Permit) -> Permit:
    """The permit as it is now; nobody else changes it until the transaction ends."""
    query = Permit.select().where(Permit.id == permit.id)
    return (query.for_update() if is_postgresql() else query).get()


def _meanwhile(permit: Permit) -> Reason:
    sentence = N_("{who} changed this permit meanwhile. Look it over: saving again puts yours in its place.")
    return Reason(sentence, {"who": last_hand(permit)})


def _now(permit: Permit, name: str) -> Any:
    return permit.permit_type_id if name == "permit_type" else getattr(permit, name)


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name.replace("source_expires_on", "expires_on"): value for name, value in values.items()}


def _said(status: str) -> str:
    """The source's word for a status that a clerk has set."""
    return str(status).replace("_", " ").capitalize()
