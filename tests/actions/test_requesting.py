"""Dana requests inspections: all of them, or none and the reasons."""

from datetime import date, timedelta

import pytest

from tests.actions.told import changes, loads, mails, nothing_was_written, said, version, wish
from tests.cast import FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, ask, past, permit_of
from tracker.actions import requests
from tracker.actions.requests import NotPossible
from tracker.models import Inspection, Mail, Permit, PermitContractor, Request
from tracker.queries.city import inspection_types
from tracker.queries.permits import record_of


def test_dana_requests_an_inspection(dana, danas_permit):
    request = ask(dana, danas_permit, wish("WH", time_frame="am", remarks="Gate 4711"))
    there = Request.get_by_id(request.id)
    assert (there.permit_id, there.contractor_id, there.requested_at) == (danas_permit.id, dana.company.id, NOW)
    assert (there.contact_name, there.email) == ("Dana Whitfield", "dana@lonestar.example")
    inspection = there.inspections.get()
    assert (inspection.status, inspection.day, inspection.time_frame) == ("requested", WEDNESDAY, "am")
    assert (inspection.remarks, inspection.result, inspection.inspector_id) == ("Gate 4711", None, None)
    assert inspection.open_type == inspection.inspection_type_id


def test_places_are_taken_in_all_for_the_trade_and_for_the_half(dana, danas_house):
    ask(dana, danas_house, wish("SEWER", time_frame="am"), wish("PLRGH", time_frame="pm"))
    ask(dana, permit_of(dana.company, "B-2"), wish("TPOLE"), wish("FLAT", THURSDAY, "am"), key="another-form")
    assert loads() == {
        (WEDNESDAY, ""): (3, 1, 1),
        (WEDNESDAY, "plumbing"): (2, 1, 1),
        (WEDNESDAY, "electrical"): (1, 0, 0),
        (THURSDAY, ""): (1, 1, 0),
        (THURSDAY, "building"): (1, 1, 0),
    }


def test_a_mail_waits_for_the_requests_address_and_for_the_companys_own(dana, danas_permit):
    ask(dana, danas_permit, wish("WH"), wish("GAS"))
    assert sorted(mails()) == [("requested", "dana@lonestar.example"), ("requested", "office@lonestar.example")]
    assert {mail.due_at for mail in Mail.select()} == {NOW}


def test_the_record_of_changes_says_who_asked_for_what(dana, danas_permit):
    ask(dana, danas_permit, wish("WH", time_frame="pm"))
    after = {"status": "requested", "day": "2026-05-27", "time_frame": "pm"}
    assert changes() == [("request_inspections", f"contractor:{dana.company.id}", {}, after)]


def test_the_dashboard_of_every_company_on_the_permit_is_told(dana, eve, danas_house):
    PermitContractor.create(permit=danas_house, contractor=eve.company, trade="electrical")
    eves = permit_of(eve.company, "EP-9", kind="ELECTRICAL")
    before = version(dana.company), version(eve.company)
    ask(dana, danas_house, wish("SEWER"))
    assert (version(dana.company), version(eve.company)) == (before[0] + 1, before[1] + 1)
    ask(eve, eves, wish("TPOLE"))
    assert (version(dana.company), version(eve.company)) == (before[0] + 1, before[1] + 2)


def test_all_or_nothing(dana, danas_house):
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_house, wish("SEWER"), wish("PLRGH", date(2026, 5, 30)), wish("GAS", THURSDAY))
    assert said(no.value) == [
        (1, "requested_date", "The city does not work on {day}. Pick another day."),
        (2, "inspection_type", "{missing} must pass first."),
    ]
    assert nothing_was_written()


def test_one_inspection_can_have_several_things_wrong(dana, danas_house):
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_house, wish("TPOLE", TODAY), wish("NOPE"), wish("SEWER", TODAY + timedelta(days=60)))
    assert [(place, field) for place, field, _ in said(no.value)] == [
        (0, "inspection_type"),
        (0, "requested_date"),
        (1, "inspection_type"),
        (2, "requested_date"),
    ]
    assert nothing_was_written()


def test_an_empty_list_is_no_request(dana, danas_permit):
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_permit)
    assert said(no.value) == [(None, "inspection_type", "Choose an inspection type.")]


def test_irrigation_needs_a_name_and_a_number_in_the_remarks(dana):
    permit = permit_of(dana.company, "IR-1", kind="IRRIGATION", trade="irrigation")
    with pytest.raises(NotPossible) as no:
        ask(dana, permit, wish("IRRIG", remarks="Marco"))
    assert said(no.value) == [(0, "remarks", "Add a phone number, such as 512-555-0163.")]
    ask(dana, permit, wish("IRRIG", remarks="Marco, 512-555-0163, 7-9 am"))


def test_a_company_that_is_not_on_the_permit_gets_nothing(eve, danas_permit):
    with pytest.raises(NotPossible):
        ask(eve, danas_permit, wish("WH"))
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("changed", "begins"),
    [
        ({"status": "finaled"}, "This permit is final."),
        ({"status": "cancelled"}, "This permit is void."),
        ({"status": "on_hold"}, "This permit is on hold."),
        ({"status": "expired"}, "This permit has expired."),
        ({"status": "in_review"}, "This permit is not issued yet."),
        ({"expires_on": TODAY - timedelta(days=1)}, "This permit has expired."),
    ],
)
def test_a_permit_that_is_not_active_takes_no_request_even_if_it_was_when_the_page_was_opened(
    dana, danas_permit, changed, begins
):
    Permit.update(changed).where(Permit.id == danas_permit.id).execute()
    with pytest.raises(NotPossible) as no:
        ask(dana, danas_permit, wish("WH"))
    [(place, field, message)] = said(no.value)
    assert (place, field) == (None, "") and message.startswith(begins)
    assert nothing_was_written()


def test_on_its_last_day_a_permit_still_takes_requests(dana, danas_permit):
    Permit.update(expires_on=TODAY).where(Permit.id == danas_permit.id).execute()
    assert ask(dana, danas_permit, wish("WH"))


def test_asking_again_settles_the_result_that_left_something_to_do(dana, danas_permit, danas_house):
    failed = past(danas_permit, dana.company, "WH", "failed")
    elsewhere = past(danas_house, dana.company, "SEWER", "failed")
    ask(dana, danas_permit, wish("WH", FRIDAY))
    assert not Inspection.get_by_id(failed.id).to_repeat
    assert Inspection.get_by_id(elsewhere.id).to_repeat


def test_flatwork_can_be_open_twice(dana):
    permit = permit_of(dana.company, "DS-1", kind="FLATWORK")
    ask(dana, permit, wish("FLAT"), wish("FLAT", THURSDAY))
    ask(dana, permit, wish("FLAT"), key="another-form")
    assert {one.open_type for one in Inspection.select()} == {None}


def test_when_the_last_step_fails_nothing_is_left_not_even_a_mail(dana, danas_permit, monkeypatch):
    def fail(permit_id: int) -> None:
        assert mails()
        raise RuntimeError("the machine went down")

    monkeypatch.setattr(requests, "tell_pages", fail)
    with pytest.raises(RuntimeError):
        ask(dana, danas_permit, wish("WH"))
    assert nothing_was_written()


def test_of_two_results_the_last_one_says_whether_it_has_passed(dana, danas_house):
    """Looked at once more by telephone, and failed: it can be asked for again, and counts as missing."""
    past(danas_house, dana.company, "SEWER", "passed", TODAY - timedelta(days=9))
    types = inspection_types()
    assert "SEWER" in record_of(danas_house, dana.company, types).satisfied
    past(danas_house, dana.company, "SEWER", "cancelled", TODAY - timedelta(days=8))
    assert "SEWER" in record_of(danas_house, dana.company, types).satisfied
    past(danas_house, dana.company, "SEWER", "failed", TODAY - timedelta(days=7))
    assert "SEWER" not in record_of(danas_house, dana.company, types).satisfied
    ask(dana, danas_house, wish("SEWER"))
    for result in ("failed", "passed", "failed"):
        past(danas_house, dana.company, "FLAT", result, TODAY - timedelta(days=6))
    assert "FLAT" in record_of(danas_house, dana.company, types).satisfied
