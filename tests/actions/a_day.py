"""Ray's day as the tests of it begin: water heaters of Dana's, asked for and assigned."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.cast import CONTACT, NOW, TODAY, Member, Signer, ask, desk, permit_of
from tracker.actions.requests import Wish
from tracker.actions.results import Outcome, record_result
from tracker.actions.review import assign
from tracker.actions.seen import Seen
from tracker.models import Inspection
from tracker.rules.words import Result

FRIDAY_BEFORE = NOW - timedelta(days=4)  # 10 in the morning of the working day before (Monday is Memorial Day)
PASSED = Outcome(Result.PASSED)
FAILED = Outcome(Result.FAILED, ["Missing cleanout"], "Slope is good.")


def asked(
    who: Signer, address: str = "77 Cedar Brake Drive", day: date = TODAY, *, code: str = "WH", zip_code: str = "78664"
) -> Inspection:
    """One inspection on a permit of its own, asked for on the Friday before."""
    number = f"PP-{Inspection.select().count() + 1:05}"
    kind = "WATER_HEATER" if code == "WH" else "PLUMBING"
    permit = permit_of(who.company, number, kind=kind, trade="plumbing", address=address)
    permit.original_zip = zip_code
    permit.save()
    contact = replace(CONTACT, site_address=address, email=f"site-{number}@lonestar.example".lower())
    request = ask(who, permit, Wish(code, day, "any"), key=number, now=FRIDAY_BEFORE, contact=contact)
    return request.inspections.get()


def given(inspector: Member, *inspections: Inspection, now: datetime = FRIDAY_BEFORE) -> list[Inspection]:
    """These, assigned to the inspector by the desk."""
    seens = [Seen(one.id) for one in inspections]
    assign(seens, inspector=inspector.row, desk=desk(), by=inspector.by, now=now)
    return [again(one) for one in inspections]


def stops(who: Signer, inspector: Member, *addresses: str, day: date = TODAY) -> list[Inspection]:
    """Stops at these addresses, in this order."""
    return given(inspector, *(asked(who, address, day) for address in addresses))


def again(inspection: Inspection) -> Inspection:
    """The row as it is now."""
    return Inspection.get_by_id(inspection.id)


def result(inspector: Member, stop: Inspection, outcome: Outcome = PASSED, now: datetime = NOW) -> Inspection:
    return record_result(Seen(stop.id), outcome, person=inspector.row, desk=desk(), by=inspector.by, now=now)


def order(inspector: Member, day: date = TODAY) -> list[str]:
    """The addresses of the stops still to be made, in their order."""
    rows = Inspection.select().where(
        Inspection.inspector == inspector.row,
        Inspection.day == day,
        Inspection.status.in_(("scheduled", "on_the_way", "arrived")),
    )
    return [row.request.site_address for row in rows.order_by(Inspection.stop_order, Inspection.id)]
