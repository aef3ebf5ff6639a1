"""What a row becomes, what the same file again does, and what is never overwritten."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.cast import NOW, TODAY
from tests.importing.conftest import austin_row, companies_on, contents, the_permit
from tracker.actions.companies import make_company
from tracker.models import Change, Contractor, Inspection, InspectionType, Permit, PermitContractor, Request
from tracker.rules.words import PermitStatus

ISSUED = date(2026, 5, 4)


def test_a_row_becomes_a_permit_with_its_contractor(load) -> None:
    summary = load(austin_row(total_job_valuation="$7,721.69 ", postal_code="78664-"))
    permit = the_permit()
    assert (permit.permit_type.code, permit.status, permit.status_current) == ("WATER_HEATER", "issued", "Active")
    assert (permit.issued_on, permit.expires_on) == (ISSUED, ISSUED + timedelta(days=180))
    assert (permit.original_address1, permit.original_city, permit.original_zip) == (
        "418 Larkspur Ln",
        "Austin",
        "78664",
    )
    assert permit.est_project_cost == Decimal("7721.69")
    assert companies_on() == {("Lone Star Plumbing", "plumbing")}
    assert {name: count for name, count in summary.counts.items() if count} == {"read": 1, "new": 1, "companies": 1}


@pytest.mark.parametrize(
    ("number", "values", "code", "trade"),
    [
        ("1 MP", {"work_description": "Change out hvac"}, "HVAC", "mechanical"),
        ("1 MP", {"work_type": "New"}, "MECHANICAL", "mechanical"),
        ("1 PP", {"work_type": "Irrigation", "work_description": "lawn"}, "IRRIGATION", "irrigation"),
        ("1 PP", {"work_type": "Remodel", "work_description": "Bath"}, "PLUMBING", "plumbing"),
        ("1 EP", {"work_type": "New", "work_description": "New house"}, "ELECTRICAL", "electrical"),
        ("1 BP", {"work_type": "New", "sub_type": "R- 101 Single Family Houses"}, "NEW", "general"),
        ("1 BP", {"work_type": "Remodel", "sub_type": "C-1000 Commercial Remodel"}, "REMODEL", "general"),
        ("1 BP", {"work_type": "Demolition", "work_description": "Total demo of pool"}, "DEMOLITION", "general"),
        (
            "1 BP",
            {"work_type": "New ", "sub_type": "R- 329 Res Structures", "work_description": "Swimming Pool"},
            "POOL",
            "general",
        ),
        (
            "1 BP",
            {"work_type": "New", "sub_type": "R- 329 Res Structures", "work_description": "shed"},
            "BUILDING",
            "general",
        ),
        ("1 DS", {"work_type": "New"}, "FLATWORK", "general"),
    ],
)
def test_number_sub_type_work_and_words_decide_type_and_trade(load, number, values, code, trade) -> None:
    load(austin_row(number, **values))
    assert the_permit(number).permit_type.code == code
    assert companies_on(number) == {("Lone Star Plumbing", trade)}


def test_the_same_file_twice_changes_nothing(load) -> None:
    rows = [
        austin_row(f"2026-{n:06} PP", contractor=f"Company {n % 7}", work_description=f"work {n % 3}")
        for n in range(30)
    ]
    load(*rows, *rows[:9])
    before, versions = contents(), list(Contractor.select(Contractor.version).tuples())
    again = load(*rows, *rows[:9])
    assert contents() == before and list(Contractor.select(Contractor.version).tuples()) == versions
    assert (again.counts["unchanged"], again.counts["merged"], again.counts["changed"]) == (30, 9, 0)


def test_the_order_of_the_file_makes_no_difference(load, connected) -> None:
    rows = [
        austin_row(date_issued="03/01/2026", status="Final", contractor="First Plumbing"),
        austin_row(date_issued="05/01/2026", status="Active", contractor="Second Plumbing"),
        austin_row(date_issued="05/01/2026", status="Expired", contractor="Second Plumbing"),
        austin_row("2 PP", contractor=""),
        austin_row("2 PP", contractor="First Plumbing, Inc."),
    ]
    found = []
    for seed in range(6):
        random.Random(seed).shuffle(rows)
        for model in (PermitContractor, Permit):
            model.delete().execute()
        Contractor.delete().execute()
        load(*rows)
        found.append(contents())
    assert all(each == found[0] for each in found)
    assert (the_permit().status, the_permit().issued_on) == ("expired", date(2026, 5, 1))
    assert companies_on() == {("First Plumbing", "plumbing"), ("Second Plumbing", "plumbing")}


def test_the_order_of_two_files_makes_no_difference_either(load, connected) -> None:
    early = austin_row(date_issued="03/01/2026", contractor="First Plumbing")
    late = austin_row(date_issued="05/01/2026", contractor="Second Plumbing")
    load(early)
    load(late)
    first = contents()
    PermitContractor.delete().execute()
    Permit.delete().execute()
    load(late)
    load(early)
    assert load(early).counts["older"] == 1
    assert contents() == first and the_permit().issued_on == date(2026, 5, 1)


def test_an_earlier_issue_date_counts_only_when_told_so(load) -> None:
    load(austin_row())
    corrected = austin_row(date_issued="04/04/2026")
    assert load(corrected).noted["older"] == ["2026-000001 PP"]
    assert load(corrected, take_older=True).counts["changed"] == 1
    assert the_permit().issued_on == date(2026, 4, 4)


def test_a_changed_status_is_on_record_and_told_to_the_pages(load) -> None:
    load(austin_row(), austin_row("2 PP", contractor="Other"))
    versions = dict(Contractor.select(Contractor.company_name, Contractor.version).tuples())
    assert load(austin_row(status="Final"), austin_row("2 PP", contractor="Other")).counts["changed"] == 1
    change = Change.get(Change.subject == "permit")
    assert '"issued"' in change.before and '"finaled"' in change.after
    after = dict(Contractor.select(Contractor.company_name, Contractor.version).tuples())
    assert after["Lone Star Plumbing"] == versions["Lone Star Plumbing"] + 1 and after["Other"] == versions["Other"]
    assert Change.select().where(Change.subject == "import").count() == 2


def test_a_correction_by_hand_stays_and_is_said(load) -> None:
    load(austin_row())
    Permit.update(original_address1="420 Larkspur Ln", corrected="original_address1").execute()
    summary = load(austin_row(status="Final"))
    assert (the_permit().original_address1, the_permit().status) == ("420 Larkspur Ln", "finaled")
    assert summary.noted["corrected"] == ["2026-000001 PP: original_address1"]


def test_an_extended_expiry_is_not_shortened(load) -> None:
    load(austin_row())
    extended = ISSUED + timedelta(days=300)
    Permit.update(expires_on=extended).execute()
    load(austin_row(status="Active", work_description="water heater, other words"))
    assert the_permit().expires_on == extended
    load(austin_row(date_issued="05/20/2026"))
    assert the_permit().expires_on == extended
    assert the_permit().source_expires_on == date(2026, 5, 20) + timedelta(days=180)


def test_an_expiry_nobody_extended_follows_the_source(load) -> None:
    load(austin_row(date_issued="05/20/2026"))
    load(austin_row(date_issued="05/04/2026"), take_older=True)
    assert the_permit().expires_on == ISSUED + timedelta(days=180)


def test_a_permit_entered_by_hand_is_taken_over_and_said(load) -> None:
    company = make_company("Lone Star Plumbing")
    permit = Permit.create(permit_num="2026-000001 PP", status=PermitStatus.ISSUED, original_address1="somewhere")
    PermitContractor.create(permit=permit, contractor=company, trade="general", origin="hand")
    summary = load(austin_row())
    assert summary.noted["by_hand"] == ["2026-000001 PP"]
    assert the_permit().id == permit.id and the_permit().original_address1 == "418 Larkspur Ln"
    assert companies_on() == {("Lone Star Plumbing", "general"), ("Lone Star Plumbing", "plumbing")}


def test_a_contractor_goes_only_when_another_of_the_trade_is_named(load) -> None:
    load(austin_row())
    assert load(austin_row(contractor="")).counts["changed"] == 0
    assert companies_on() == {("Lone Star Plumbing", "plumbing")}
    summary = load(austin_row(contractor="Evergreen Drains"))
    assert companies_on() == {("Evergreen Drains", "plumbing")} and summary.times["taken_away"] == 1


def test_a_contractor_with_an_open_inspection_or_from_a_clerk_stays(load) -> None:
    load(austin_row())
    permit, company = the_permit(), Contractor.get()
    request = Request.create(
        **dict.fromkeys(("key", "digest", "contact_name", "phone", "site_address", "email"), "x"),
        permit=permit, contractor=company, requested_at=NOW,
    )  # fmt: skip
    Inspection.create(
        request=request, permit=permit, contractor=company, inspection_type=InspectionType.get(code="WH"),
        status="requested", day=TODAY, time_frame="any", requested_at=NOW,
    )  # fmt: skip
    by_hand = make_company("By Hand Plumbing")
    PermitContractor.create(permit=permit, contractor=by_hand, trade="plumbing", origin="hand")
    summary = load(austin_row(contractor="Evergreen Drains", status="VOID"))
    names = {"Lone Star Plumbing", "By Hand Plumbing", "Evergreen Drains"}
    assert {name for name, _ in companies_on()} == names and summary.times["kept"] == 1
    assert Inspection.select().count() == Request.select().count() == 1


def test_contractors_corrected_by_hand_are_left_alone(load) -> None:
    load(austin_row())
    PermitContractor.delete().execute()
    Permit.update(corrected="contractors").execute()
    assert load(austin_row(status="Final")).noted["corrected"] == ["2026-000001 PP: contractors"]
    assert companies_on() == set()


def test_a_dry_run_says_the_same_and_writes_nothing(load) -> None:
    load(austin_row(), austin_row("2 PP"))
    before, changes = contents(), Change.select().count()
    rows = [
        austin_row(status="Final"),
        austin_row("2 PP"),
        austin_row("3 PP", contractor="New Co"),
        austin_row("4 PP", status="?"),
    ]
    rehearsed = load(*rows, dry_run=True)
    assert contents() == before and Change.select().count() == changes
    assert load(*rows) == rehearsed
    assert contents() != before


def test_more_than_a_batch_and_one_number_at_both_ends(load) -> None:
    rows = [austin_row(f"{n} PP", contractor=f"Company {n % 50}") for n in range(1_200)]
    summary = load(austin_row("0 PP", status="Final"), *rows)
    assert (summary.counts["new"], summary.counts["merged"]) == (1_200, 1)
    assert the_permit("0 PP").status == "finaled" and Contractor.select().count() == 51
