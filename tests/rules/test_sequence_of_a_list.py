"""Several inspections in one request: which one cannot be had, and why."""

from dataclasses import replace
from datetime import date

from tests.rules.order import TYPES, house, needs_of
from tracker.rules.sequence import Need, Record, earliest, list_problems

WEDNESDAY, THURSDAY = date(2026, 5, 27), date(2026, 5, 28)
ROUGHS = ("ELRGH", "PLTOP", "MERGH")


def said(record: Record, *items: tuple[str, date]) -> list[str | None]:
    problems = list_problems([(TYPES[code], day) for code, day in items], record, TYPES)
    return [problem and problem.message for problem in problems]


def test_the_roughs_and_the_framing_can_be_asked_for_together():
    poured = house(satisfied=("FOUND",))
    assert said(poured, *((code, WEDNESDAY) for code in ROUGHS), ("FRAME", WEDNESDAY)) == [None] * 4
    assert said(poured, ("FRAME", THURSDAY), *((code, WEDNESDAY) for code in ROUGHS)) == [None] * 4


def test_the_framing_cannot_be_before_a_rough_on_the_same_list():
    poured = house(satisfied=("FOUND", "ELRGH", "PLTOP"))
    problems = said(poured, ("MERGH", THURSDAY), ("FRAME", WEDNESDAY))
    assert problems == [None, "{type} cannot be before {missing}, which is on {day}."]


def test_the_slab_is_not_enough_when_it_is_only_on_the_same_list():
    formed = house(satisfied=("PLRGH", "FORM"))
    assert said(formed, ("FOUND", WEDNESDAY), ("ELRGH", THURSDAY)) == [None, "{missing} must pass first."]


def test_the_trade_finals_and_the_building_final_can_be_asked_for_together():
    rest = [code for code in needs_of("FINAL") if not code.endswith("FIN")]
    nearly = house(satisfied=(*rest, "PLTOP", "GAS", "ELRGH", "MERGH"))
    finals = [(code, WEDNESDAY) for code in ("FINAL", "PLFIN", "ELFIN", "MEFIN")]
    assert said(nearly, *finals) == [None] * 4
    assert said(nearly, *finals[:3])[0].startswith("{type} needs {missing} first. Request that too")


def test_two_of_one_type_are_told_at_the_second_unless_it_may_repeat():
    assert said(house(), ("SEWER", WEDNESDAY), ("SEWER", THURSDAY)) == [
        None,
        "{type} is on the list twice. Remove one.",
    ]
    assert said(house(), ("FLAT", WEDNESDAY), ("FLAT", THURSDAY)) == [None, None]
    assert said(house(), ("SEWER", WEDNESDAY), ("SEWER", THURSDAY), ("WH", THURSDAY))[2] == (
        "{type} is not part of this permit."
    )


def test_each_inspection_of_the_list_has_its_own_answer():
    record = house(open_on={"SEWER": WEDNESDAY}, satisfied=("FORM",), trades=("general",))
    assert said(record, ("SEWER", THURSDAY), ("TPOLE", THURSDAY), ("WH", THURSDAY), ("FOUND", THURSDAY)) == [
        "{type} is requested already, for {day}.",
        None,
        "{type} is not part of this permit.",
        "{missing} must pass first.",
    ]


def test_what_is_open_already_counts_with_its_own_day_not_with_that_on_the_list():
    record = house(satisfied=("FOUND", "ELRGH", "PLTOP"), open_on={"MERGH": THURSDAY})
    assert said(record, ("MERGH", WEDNESDAY), ("FRAME", WEDNESDAY)) == [
        "{type} is requested already, for {day}.",
        "{type} cannot be before {missing}, which is on {day}.",
    ]


def test_of_what_may_be_asked_for_several_times_the_earliest_counts():
    driveway = replace(TYPES["BRICK"], needs=(Need("FLAT", by_request=True),))
    types = {**TYPES, "BRICK": driveway}
    twice = [(types[code], day) for code, day in (("FLAT", WEDNESDAY), ("FLAT", THURSDAY), ("BRICK", WEDNESDAY))]
    assert list_problems(twice, house(), types) == [None] * 3
    assert list_problems(twice[1:], house(open_on={"FLAT": WEDNESDAY}), types) == [None] * 2
    assert list_problems([twice[0], twice[2]], house(open_on={"FLAT": THURSDAY}), types) == [None] * 2
    assert earliest([("FLAT", THURSDAY), ("FLAT", WEDNESDAY), ("SEWER", THURSDAY)]) == {
        "FLAT": WEDNESDAY, "SEWER": THURSDAY,
    }  # fmt: skip
