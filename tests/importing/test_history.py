"""What a row of the history becomes, and what it does not: no mail, no place, no fee, nothing for an inspector."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import CHICAGO, TODAY, ask, past, permit_of
from tests.importing.conftest import history_row, inspections
from tracker.actions.companies import make_company
from tracker.actions.requests import NotPossible, Wish
from tracker.importing.summary import INSPECTION_WORDS
from tracker.models import (
    Change,
    DayLoad,
    Fee,
    Inspection,
    InspectionResult,
    Mail,
    Permit,
    PermitContractor,
    Request,
)
from tracker.queries.city import inspection_types
from tracker.queries.dashboard import active_inspections
from tracker.queries.permits import record_of
from tracker.queries.queue import Filter, queue_page


def satisfied(permit, company) -> set[str]:
    return set(record_of(permit, company, inspection_types()).satisfied)


def test_an_inspection_with_its_result_as_the_source_says_it(bring, danas_house) -> None:
    summary = bring(
        history_row(
            kind="Plumbing rough-in (under slab)", result="Approved", ResultMapped="Passed", DesiredTime="AM",
            ScheduledDate="2026-05-11", RequestDate="5/8/2026", Inspector="Pat  Quill", InspectionNotes="Test\r\nholds",
        )
    )  # fmt: skip
    assert summary.counts["new"] == 1 and summary.counts["read"] == sum(
        summary.counts[word] for word in INSPECTION_WORDS.rows
    )
    [row] = inspections()
    said = {
        "permit_num": "BP-2026-01184", "code": "PLRGH", "company_name": "Lone Star Plumbing", "status": "done",
        "result": "passed", "day": date(2026, 5, 11), "closed_on": date(2026, 5, 12), "closed_by": "Pat Quill",
        "comment": "Test holds", "time_frame": "am", "source_type": "Plumbing rough-in (under slab)",
        "source_result": "Approved", "to_repeat": False, "inspector": None, "remarks": "",
        "requested_at": datetime(2026, 5, 8, 17, tzinfo=UTC), "closed_at": datetime(2026, 5, 12, 17, tzinfo=UTC),
    }  # fmt: skip
    assert {name: row[name] for name in said} == said


def test_prerequisites_know_what_has_passed_already(bring, dana, danas_house) -> None:
    with pytest.raises(NotPossible):
        ask(dana, danas_house, Wish("PLTOP", TODAY + timedelta(days=2), "any"))
    bring(history_row(kind="FOUND"), history_row(kind="FORM", result="Rejected"))
    assert satisfied(danas_house, dana.company) == {"FOUND"}
    assert ask(dana, danas_house, Wish("PLTOP", TODAY + timedelta(days=2), "any"), key="again")


def test_of_two_on_one_day_the_one_that_passed_was_the_last(bring, dana, danas_house) -> None:
    bring(history_row(TrackerId="1"), history_row(TrackerId="2", result="Rejected"))
    assert satisfied(danas_house, dana.company) == {"PLRGH"}
    assert [row["result"] for row in inspections()] == ["failed", "passed"]


def test_it_tells_nobody_and_takes_nothing(bring, dana, danas_house) -> None:
    bring(*(history_row(result="Rejected", InspectedDate=f"2026-05-0{day}") for day in range(1, 6)))
    assert Inspection.select().count() == 5
    for model in (Mail, DayLoad, Fee, Request, InspectionResult):
        assert not model.select().exists(), model
    assert queue_page(Filter(state="done"), today=TODAY).total == 0


def test_fresh_results_are_on_the_dashboard_and_old_ones_are_not(bring, dana, danas_house) -> None:
    version = dana.company.version
    bring(history_row(InspectedDate="2026-04-25"), history_row(kind="SEWER", InspectedDate="2026-04-26"))
    assert [row.type.code for row in active_inspections(dana.company.id, TODAY).rows] == ["SEWER"]
    assert type(dana.company).get_by_id(dana.company.id).version > version


@pytest.mark.parametrize(
    ("also", "trade", "named", "whose"),
    [
        ("", "", "", "Lone Star Plumbing"),
        ("Evergreen Drains", "plumbing", "", None),  # two plumbers: nobody knows whose it was
        ("Evergreen Drains", "plumbing", "EVERGREEN DRAINS.", "Evergreen Drains"),
        ("Evergreen Drains", "general", "", "Lone Star Plumbing"),
        ("", "", "Nobody Known Inc", None),
    ],
)
def test_whose_it_was_where_that_is_sure(bring, danas_house, also, trade, named, whose) -> None:
    if also:
        PermitContractor.create(permit=danas_house, contractor=make_company(also), trade=trade)
    bring(history_row(TrackerContractor=named))
    assert [row["company_name"] for row in inspections()] == [whose]


def test_a_company_that_is_on_the_permit_no_more_gets_nothing(bring, eve, danas_house) -> None:
    bring(history_row(TrackerContractor=eve.company.company_name))
    assert [row["company_name"] for row in inspections()] == [None]


def test_a_trade_nobody_is_there_for_is_the_general_contractors(bring, eve, danas_house) -> None:
    PermitContractor.create(permit=danas_house, contractor=eve.company, trade="general")
    bring(history_row(kind="ELRGH"))
    assert [row["company_name"] for row in inspections()] == ["Evergreen Drains"]


def test_a_permit_of_nobody_has_a_history_too(bring, dana, danas_house) -> None:
    PermitContractor.delete().execute()
    assert bring(history_row()).counts["new"] == 1
    assert inspections()[0]["company_name"] is None and satisfied(danas_house, dana.company) == {"PLRGH"}


def test_only_the_last_try_is_to_be_repeated(bring, dana, danas_house) -> None:
    tries = {"05": "Rejected", "06": "No Access", "07": "Partial"}
    bring(
        *(history_row(result=result, InspectedDate=f"2026-05-{day}") for day, result in tries.items()),
        history_row(kind="SEWER", result="Rejected", InspectedDate="2026-05-05"),
        history_row(kind="SEWER", result="Passed", InspectedDate="2026-05-06"),
        history_row(kind="GAS", result="Rejected", InspectedDate="2026-05-06"),
        history_row(kind="GAS", result="Cancelled", InspectedDate="2026-05-07"),
    )
    last = {(row["code"], row["result"]) for row in inspections() if row["to_repeat"]}
    assert last == {("PLRGH", "partial"), ("GAS", "failed")}
    bring(history_row(InspectedDate="2026-05-08"))
    assert {row["code"] for row in inspections() if row["to_repeat"]} == {"GAS"}


def test_what_was_asked_for_again_here_is_not_to_be_repeated(bring, dana, danas_house) -> None:
    ask(dana, danas_house, Wish("SEWER", TODAY + timedelta(days=2), "any"))
    Inspection.update(day=date(2026, 5, 11)).execute()  # and never reached
    bring(history_row(kind="SEWER", result="Rejected"))
    assert [row["to_repeat"] for row in inspections()] == [False, False]


def test_it_extends_the_permit_as_an_inspection_does_and_never_shortens(bring, dana) -> None:
    old = permit_of(dana.company, "BP-1", issued_on=TODAY - timedelta(days=200))
    bring(history_row("BP-1"))
    until = date(2026, 5, 12) + timedelta(days=180)
    assert Permit.get_by_id(old.id).expires_on == until
    [line] = Change.select().where(Change.verb == "set_expiry")
    assert line.actor_name == "import" and until.isoformat() in line.after and line.subject_id == old.id
    Permit.update(expires_on=until + timedelta(days=90)).execute()
    bring(history_row("BP-1", kind="SEWER", InspectedDate="2026-05-13"))
    assert Permit.get_by_id(old.id).expires_on == until + timedelta(days=90)
    Permit.update(source_expires_on=None, expires_on=None).execute()
    assert bring(history_row("BP-1", kind="GAS")).counts["extended"] == 0
    assert Permit.get_by_id(old.id).expires_on is None


def test_an_inspection_that_is_open_here_is_named_and_left_alone(bring, dana, danas_house) -> None:
    day = TODAY
    ask(dana, danas_house, Wish("SEWER", TODAY + timedelta(days=1), "any"))
    Inspection.update(day=day).execute()
    before = inspections()
    summary = bring(history_row(kind="SEWER", InspectedDate=day.isoformat()))
    assert (summary.counts["here"], summary.counts["new"]) == (1, 0) and inspections() == before
    assert summary.noted["open_here"] == ["BP-2026-01184: SEWER, 2026-05-26, Passed"]


def test_what_was_made_here_is_known_by_its_day(bring, dana, danas_house) -> None:
    past(danas_house, dana.company, "PLRGH", "failed", date(2026, 5, 12))
    before = inspections()
    summary = bring(history_row(result="Rejected"), history_row(), history_row(InspectedDate="5/13/2026"))
    assert (summary.counts["here"], summary.counts["new"]) == (1, 2)
    assert [(row["result"], str(row["closed_on"])) for row in inspections()] == [
        ("failed", "2026-05-12"), ("passed", "2026-05-12"), ("passed", "2026-05-13"),
    ]  # fmt: skip
    assert inspections()[0] == before[0]


def test_what_was_made_here_is_known_by_the_day_it_was_for_too(bring, dana, danas_house) -> None:
    past(danas_house, dana.company, "PLRGH", "passed", date(2026, 5, 11))
    Inspection.update(closed_on=date(2026, 5, 12)).execute()
    for day in ({"InspectedDate": "", "ScheduledDate": "2026-05-11"}, {"InspectedDate": "2026-05-12"}):
        assert bring(history_row(**day)).counts["here"] == 1
    both = [history_row(InspectedDate=day) for day in ("2026-05-11", "2026-05-12")]
    counts = bring(*both).counts
    assert (counts["here"], counts["new"]) == (1, 1)  # but only once


def test_days_are_the_citys(bring, danas_house) -> None:
    bring(history_row(InspectedDate="2026-05-13T03:30:00+00:00"))
    [row] = inspections()
    assert str(row["closed_on"]) == "2026-05-12" and row["closed_at"].astimezone(CHICAGO).hour == 12
