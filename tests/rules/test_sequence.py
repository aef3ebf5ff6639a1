"""What comes first, row by row of the city's table, and who may ask."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.rules.order import HOUSE, ORDER, TYPES, house, needs_of
from tracker.rules.sequence import (
    Record,
    counting_on,
    left_behind_problem,
    missing_first,
    needed_for_final,
    permit_problem,
    type_problem,
)
from tracker.rules.words import PermitStatus

TODAY, WEDNESDAY, THURSDAY = date(2026, 5, 26), date(2026, 5, 27), date(2026, 5, 28)
WITH_NEEDS = [code for code in HOUSE if needs_of(code)]
BY_REQUEST = [(code, need.code) for code in HOUSE for need in TYPES[code].needs if need.by_request]
PASSING_ONLY = [(code, need.code) for code in HOUSE for need in TYPES[code].needs if not need.by_request]


def said(code: str, record: Record, on: date | None = None) -> str | None:
    problem = type_problem(TYPES[code], record, TYPES, on)
    return problem and problem.message


def missing(code: str, record: Record, on: date | None = None) -> list[str]:
    return [one.code for one in missing_first(TYPES[code], record, TYPES, on)]


@pytest.mark.parametrize("code", WITH_NEEDS)
def test_each_row_of_the_table_names_all_that_is_missing(code):
    assert missing(code, house()) == needs_of(code)
    problem = type_problem(TYPES[code], house(), TYPES)
    asking_helps = code == "FRAME"
    says = "{type} needs {missing} first. Request that too, for the same day or an earlier one."
    assert problem and problem.message == (says if asking_helps else "{missing} must pass first.")
    assert [one.code for one in problem.values["missing"]] == needs_of(code)


@pytest.mark.parametrize("code", HOUSE)
def test_each_row_can_be_asked_for_once_its_needs_have_passed(code):
    assert said(code, house(satisfied=needs_of(code))) is None


@pytest.mark.parametrize("code", WITH_NEEDS)
def test_each_row_names_the_one_that_is_missing(code):
    for one in needs_of(code):
        others = [need for need in needs_of(code) if need != one]
        assert missing(code, house(satisfied=others)) == [one]


@pytest.mark.parametrize(("code", "need"), BY_REQUEST)
def test_where_the_order_allows_it_a_request_for_the_same_or_an_earlier_day_is_enough(code, need):
    others = [one for one in needs_of(code) if one != need]
    record = house(satisfied=others, open_on={need: WEDNESDAY})
    assert said(code, record, WEDNESDAY) is None
    assert said(code, record, THURSDAY) is None
    assert said(code, record) is None
    assert said(code, record, TODAY) == "{type} cannot be before {missing}, which is on {day}."


@pytest.mark.parametrize(("code", "need"), PASSING_ONLY)
def test_elsewhere_a_request_is_not_enough(code, need):
    others = [one for one in needs_of(code) if one != need]
    assert missing(code, house(satisfied=others, open_on={need: TODAY}), THURSDAY) == [need]


@pytest.mark.parametrize("code", WITH_NEEDS)
def test_what_is_marked_not_applicable_is_not_needed_first(code):
    assert said(code, house(not_applicable=needs_of(code))) is None


def test_what_the_permit_does_not_list_is_neither_offered_nor_needed_first():
    heater = Record(listed=("WH", "GAS"), trades=("plumbing",))
    assert said("WH", heater) is None
    assert said("GAS", heater) is None  # PLTOP is not on a water heater permit
    assert said("FRAME", heater) == "{type} is not part of this permit."


def test_what_does_not_apply_cannot_be_asked_for():
    assert said("GAS", house(not_applicable=("GAS",))) == "{type} does not apply to this permit."


@pytest.mark.parametrize("code", ORDER)
def test_the_general_contractor_may_ask_for_any_and_a_subcontractor_for_its_trade(code):
    trade = TYPES[code].trade
    everything = {"listed": tuple(ORDER), "satisfied": needs_of(code)}
    refused = "{type} is for the general contractor or that trade to request."
    assert said(code, Record(**everything, trades=("general",))) is None
    assert said(code, Record(**everything, trades=(trade,))) is None
    assert said(code, Record(**everything, trades=())) == refused
    for other in {"building", "electrical", "plumbing", "mechanical", "irrigation"} - {trade}:
        assert said(code, Record(**everything, trades=(other,))) == refused


def test_one_type_is_open_once_unless_it_may_repeat():
    record = house(open_on={"SEWER": WEDNESDAY, "FLAT": WEDNESDAY})
    assert said("SEWER", record) == "{type} is requested already, for {day}."
    assert said("FLAT", record) is None


def test_what_has_passed_is_not_asked_for_again_unless_it_may_repeat():
    record = house(satisfied=("SEWER", "FLAT"))
    assert said("SEWER", record) == "{type} has passed already."
    assert said("FLAT", record) is None


def test_a_fee_keeps_the_final_back_and_nothing_else():
    owing = house(satisfied=needs_of("FINAL"), unpaid=Decimal(75))
    problem = type_problem(TYPES["FINAL"], owing, TYPES)
    assert problem and problem.values["amount"] == "75.00"
    assert said("FLAT", owing) is None
    assert said("FINAL", house(satisfied=needs_of("FINAL"))) is None


@pytest.mark.parametrize(
    ("status", "begins"),
    [
        (PermitStatus.ISSUED, None),
        (PermitStatus.INSPECTION_PHASE, None),
        (PermitStatus.FINALED, "This permit is final."),
        (PermitStatus.FINALED_WITH_CONDITIONS, "This permit is final."),
        (PermitStatus.OCCUPANCY, "This permit is final."),
        (PermitStatus.CANCELLED, "This permit is void."),
        (PermitStatus.EXPIRED, "This permit has expired."),
        (PermitStatus.ON_HOLD, "This permit is on hold."),
        (PermitStatus.IN_REVIEW, "This permit is not issued yet."),
        (PermitStatus.FEES_PAYMENT, "This permit is not issued yet."),
        (PermitStatus.APPLICATION_ACCEPTED, "This permit is not issued yet."),
        (PermitStatus.APPEAL, "This permit is not issued yet."),
    ],
)
def test_only_a_permit_that_is_issued_takes_requests(status, begins):
    problem = permit_problem(status, None, TODAY, "512-555-0100")
    assert problem.message.startswith(begins) if begins else problem is None


def test_a_permit_is_good_through_its_last_day():
    assert permit_problem("issued", TODAY, TODAY, "") is None
    problem = permit_problem("issued", TODAY - timedelta(days=1), TODAY, "")
    assert problem and problem.message.startswith("This permit has expired.")


def counted_on(code: str, **known: object) -> list[tuple[str, date]]:
    return [(later.code, on) for later, on in counting_on(TYPES[code], house(**known), TYPES)]


def test_what_was_asked_for_because_of_another_counts_on_it_until_that_has_passed():
    asked = {"FRAME": THURSDAY, "FINAL": TODAY, "MERGH": WEDNESDAY, "SHOWER": WEDNESDAY}
    assert counted_on("PLTOP", open_on=asked) == [("FRAME", THURSDAY)]  # the shower needs it passed
    assert counted_on("PLFIN", open_on=asked) == [("FINAL", TODAY)]
    assert counted_on("SEWER", open_on=asked) == []
    assert counted_on("PLTOP", open_on=asked, satisfied=("PLTOP",)) == []


@pytest.mark.parametrize(("to", "can"), [(WEDNESDAY, True), (THURSDAY, True), (THURSDAY + timedelta(days=1), False)])
def test_nothing_moves_behind_what_counts_on_it(to, can):
    problem = left_behind_problem(TYPES["PLTOP"], house(open_on={"FRAME": THURSDAY}), TYPES, to)
    assert (problem is None) is can
    if problem:
        assert problem.values == {"later": TYPES["FRAME"], "day": THURSDAY, "type": TYPES["PLTOP"]}


def test_only_what_the_final_needs_counts_towards_it():
    listed = ["FINAL", "PLFIN", "PLTOP", "GAS", "SHOWER", "FLAT"]
    assert needed_for_final(listed, TYPES) == {"FINAL", "PLFIN", "PLTOP", "GAS"}
    assert needed_for_final(HOUSE, TYPES) == set(HOUSE) - {"TPOLE", "SHOWER", "FLAT"}
    assert needed_for_final(["WH", "GAS"], TYPES) == {"WH", "GAS"}
