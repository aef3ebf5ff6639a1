"""What the office's pages show in the heaviest city: staff, fees, mail, changes, days off and companies alike."""

import json
from datetime import timedelta
from typing import Any

from tests.cast import NOW, TODAY
from tests.weight.a_full_city import City, Writer, build, company, mail, member
from tracker.actions.companies import make_company
from tracker.models import (
    Change,
    ClosedDay,
    Contractor,
    Correction,
    Fee,
    Inspection,
    InspectionType,
    Mail,
    NotApplicable,
    Permit,
    PermitType,
    PermitTypeInspection,
    PossibleMatch,
    StaffTrade,
)


def build_with_office() -> tuple[City, dict[str, Any]]:
    """The city, and the numbers of its rows by what stands for them in an address."""
    city, writer = build(), Writer()
    member(writer, "supervisor", "olu@bluebonnet.example")
    member(writer, "technician", "sam@bluebonnet.example")
    StaffTrade.insert_many([{"staff": city.inspector, "trade": one} for one in ("plumbing", "building")]).execute()
    house = Permit.get(Permit.permit_num == city.house)
    kind = a_type(writer)
    NotApplicable.create(permit=house, inspection_type=kind)
    fee = Fee.create(permit=house, inspection_type=kind, attempt=3, amount=75, due_at=NOW)
    Fee.create(permit=house, inspection_type=kind, attempt=4, amount=75, due_at=NOW, waived_at=NOW,
               waived_because=writer.prose(600))  # fmt: skip
    ClosedDay.create(day=TODAY + timedelta(days=9), name=writer.words(100))
    alike = company(writer)
    PossibleMatch.create(contractor=city.builder, other=alike)
    make_company("Nothing Yet", phone="", email="")
    changes(writer, house)
    return city, {"id_fee": fee.id, "id_mail": mails(writer, city), "alike": alike.id, "code": kind.code}


def a_type(writer: Writer) -> InspectionType:
    """An inspection type of the city's own with the longest words, on every permit for a new building."""
    kind = InspectionType.create(
        code="X" * 20, name=writer.words(100), name_es=writer.words(100), trade="building", position=99,
        note=writer.prose(400), note_es=writer.prose(400), needs_caller=True,
    )  # fmt: skip
    for _ in range(5):
        Correction.create(inspection_type=kind, text=writer.words(200), text_es=writer.words(200))
    new = PermitType.get(PermitType.code == "NEW")
    PermitTypeInspection.create(permit_type=new, inspection_type=kind)
    PermitType.create(code="Y" * 20, name=writer.words(100), name_es=writer.words(100), mapped="Building")
    return kind


def mails(writer: Writer, city: City) -> int:
    row = Inspection.get_by_id(city.requested)
    for place in range(3):
        made = Mail.create(
            message_id=f"m{place}", kind="requested", inspection=row, recipient=mail(writer), html="",
            subject=writer.words(250), text=writer.prose(1500), created_at=NOW, due_at=NOW if place == 0 else None,
            tries=9, given_up_at=None if place == 0 else NOW, last_error=f"550 5.1.1 {mail(writer)} {'x' * 120}",
        )  # fmt: skip
    return made.id


def changes(writer: Writer, house: Permit) -> None:
    """Corrections of a permit and of a company, with all words before and after."""
    facts = {"original_address1": writer.address(), "description": writer.prose(500)}
    other = {"original_address1": writer.address(), "description": writer.prose(500)}
    people = {"email": mail(writer), "company_name": writer.words(200), "address": writer.address()}
    for verb, subject, id, before, after in (
        ("correct_permit", "permit", house.id, facts, other),
        ("change_company", "contractor", Contractor.select().first().id, people, {**people, "email": mail(writer)}),
    ):
        Change.create(
            at=NOW, actor="staff:1", actor_name=writer.words(200), address="2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff",
            verb=verb, subject=subject, subject_id=id, before=json.dumps(before), after=json.dumps(after),
            reason=writer.prose(900),
        )  # fmt: skip
