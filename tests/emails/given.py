"""Rows for the tests of mail: Dana of Lone Star Plumbing requests inspections on Larkspur Lane."""

import uuid
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tracker.letter import Letterhead
from tracker.models import Contractor, Inspection, InspectionType, Mail, Permit, Request

NOW = datetime(2026, 5, 22, 15, 0, tzinfo=UTC)  # Friday 10:00 AM in the city, before Memorial Day
WEDNESDAY = date(2026, 5, 27)
CITY = Letterhead(
    name="City of Bluebonnet",
    phone="512-555-0100",
    zone=ZoneInfo("America/Chicago"),
    public_url="https://permits.bluebonnet.example",
    sender="Permits <permits@bluebonnet.example>",
)


def dana_requests(
    *codes: str, day: date = WEDNESDAY, time_frame: str = "am", company_email: str = "", **fields: object
) -> tuple[Request, list[Inspection]]:
    """A request of Dana's with an inspection of each type; `fields` are the request's."""
    company = Contractor.create(
        company_name="Lone Star Plumbing",
        registration_code="LS-2222-3333",
        code_key="LS22223333",
        session_token="t",
        email=company_email,
    )
    address = "418 Larkspur Lane"
    permit = Permit.create(permit_num="BP-2026-00418", status="issued", original_address1=address)
    named = {"site_address": address, "email": "dana@lonestar.example", "contact_name": "Dana", **fields}
    request = Request.create(
        id=48213, key=uuid.uuid4().hex, digest="", permit=permit, contractor=company, phone="512-555-0142",
        requested_at=NOW, **named,
    )  # fmt: skip
    inspections = [
        Inspection.create(
            request=request,
            permit=permit,
            contractor=company,
            inspection_type=InspectionType.get(code=code),
            status="requested",
            day=day,
            time_frame=time_frame,
            requested_at=NOW,
            remarks="Gate code 4711, call 512-555-0199",
        )  # fmt: skip
        for code in codes or ("GAS",)
    ]
    return request, inspections


def waiting_mail(**fields: object) -> Mail:
    """A mail to Dana that is due."""
    given = {
        "message_id": uuid.uuid4().hex,
        "kind": "requested",
        "recipient": "dana@lonestar.example",
        "subject": "Requested: Gas test, Wed May 27 (No. 48213)",
        "text": "Requested. No. 48213.\n",
        "html": "<p>Requested. No. 48213.</p>\n",
        "created_at": NOW,
        "due_at": NOW,
        **fields,
    }
    return Mail.create(**given)


def mails() -> list[Mail]:
    return list(Mail.select().order_by(Mail.id))


def again(mail: Mail) -> Mail:
    """The row as it is now."""
    return Mail.get_by_id(mail.id)
