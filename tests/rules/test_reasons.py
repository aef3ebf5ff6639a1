"""Every reason the rules can give is a whole sentence, with its values, in the reader's language."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cast import CHICAGO, CITY
from tests.rules.order import TYPES, house, needs_of
from tracker.rules import calendar, capacity, contact, not_applicable, passwords, sequence, throttle
from tracker.rules.calendar import change_problem, cutoff_line, date_problem, far_problem, holiday_on, past_problem
from tracker.rules.capacity import full_problem
from tracker.rules.contact import caller_problem, phone_problem
from tracker.rules.not_applicable import applies_again_problem, not_applicable_problem
from tracker.rules.passwords import password_problem, pin_problem
from tracker.rules.reasons import Reason, put
from tracker.rules.sequence import left_behind_problem, list_problems, permit_problem, type_problem
from tracker.rules.throttle import tries_problem

TOLD_HERE = (calendar, capacity, contact, not_applicable, passwords, sequence, throttle)
TRACKER = Path(calendar.__file__).parent.parent
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 5, 26), date(2026, 5, 27), date(2026, 5, 28)
MORNING, EVENING = (datetime(2026, 5, 26, hour, tzinfo=CHICAGO) for hour in (10, 17))
SATURDAY = datetime(2026, 5, 30, 10, tzinfo=CHICAGO)


def about_days() -> Iterator[Reason | None]:
    for day, asked_at in (
        (date(2027, 1, 4), MORNING),
        (date(2026, 5, 30), MORNING),
        (WEDNESDAY, EVENING),
        (TUESDAY, MORNING),
    ):
        yield date_problem(day, asked_at, CITY)
    yield change_problem(TUESDAY, MORNING, replace(CITY, cancel_until=time(16)))
    yield change_problem(TUESDAY, SATURDAY, CITY)
    yield from (cutoff_line(moment, CITY) for moment in (MORNING, EVENING, SATURDAY))
    yield past_problem(WEDNESDAY)
    yield far_problem(WEDNESDAY)
    yield full_problem(WEDNESDAY)
    off = (holiday_on(date(2026, 1, 1) + timedelta(days=number)) for number in range(1100))
    yield from (reason for reason in off if reason)


def about_types() -> Iterator[Reason | None]:
    def one(code: str, on: date | None = None, **known: object) -> Reason | None:
        return type_problem(TYPES[code], house(**known), TYPES, on)

    yield one("WH")
    yield one("GAS", not_applicable=("GAS",))
    yield one("TPOLE", trades=("plumbing",))
    yield one("SEWER", open_on={"SEWER": WEDNESDAY})
    yield one("SEWER", satisfied=("SEWER",))
    yield one("FOUND")
    yield one("FRAME")
    yield one("FRAME", WEDNESDAY, satisfied=("ELRGH",), open_on={"PLTOP": THURSDAY, "MERGH": THURSDAY})
    yield one("FINAL", satisfied=needs_of("FINAL"), unpaid=Decimal(75))
    yield from about_marks()
    yield left_behind_problem(TYPES["PLTOP"], house(open_on={"FRAME": WEDNESDAY}), TYPES, THURSDAY)
    yield list_problems([(TYPES["SEWER"], WEDNESDAY)] * 2, house(), TYPES)[1]
    for status in ("finaled", "cancelled", "expired", "on_hold", "in_review"):
        yield permit_problem(status, None, TUESDAY, "512-555-0100")


def about_marks() -> Iterator[Reason | None]:
    for known in ({"open_on": {"GAS": WEDNESDAY}}, {"satisfied": ("GAS",)}, {"not_applicable": ("GAS",)}):
        yield not_applicable_problem(TYPES["GAS"], house(**known))
    yield not_applicable_problem(TYPES["FINAL"], house())
    yield not_applicable_problem(TYPES["WH"], house())
    yield applies_again_problem(TYPES["GAS"], house(), TYPES)
    waiting = house(not_applicable=("GAS",), open_on={"PLFIN": WEDNESDAY})
    yield applies_again_problem(TYPES["GAS"], waiting, TYPES)


def about_people() -> Iterator[Reason | None]:
    yield from (phone_problem(typed) for typed in ("", "51255", "51255501634"))
    yield from (caller_problem(remarks) for remarks in ("", "Marco", "512-555-0163"))
    yield from (password_problem(one) for one in ("short", "long " * 50, "a" * 20, "password12345678"))
    pins = ("short", "x" * 300, "RR-4F7K-92QM", "aaaaaaaa", "Lone Star", "lonestar1")
    yield from (pin_problem(one, code="RR-4F7K-92QM", known=("Lone Star Plumbing",)) for one in pins)
    yield tries_problem({"pair": 9, "address": 9, "account": 9, "all": 9}, "512-555-0100")


def reasons() -> list[Reason]:
    given = [*about_days(), *about_types(), *about_people()]
    assert None not in given
    return given


def calls(file: Path, name: str) -> list[ast.Call]:
    nodes = ast.walk(ast.parse(file.read_text()))
    return [
        one for one in nodes if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name
    ]


def test_this_file_gives_every_reason_of_these_modules():
    marked = {ast.literal_eval(call.args[0]) for one in TOLD_HERE for call in calls(Path(one.__file__), "N_")}
    assert {reason.message for reason in reasons()} == marked


def test_no_reason_anywhere_lacks_a_value_that_its_sentence_names():
    """Where the values stand beside the sentence, as they mostly do; `values` and `**values` are taken on trust."""
    looked_at = 0
    for file in sorted(TRACKER.rglob("*.py")):
        for call in calls(file, "Reason"):
            marked, *values = call.args
            if not isinstance(marked, ast.Call) or not marked.args or (values and not isinstance(values[0], ast.Dict)):
                continue
            keys = values[0].keys if values else []
            if not all(isinstance(one, ast.Constant) for one in (*keys, marked.args[0])):
                continue
            named = set(re.findall(r"{(\w+)}", ast.literal_eval(marked.args[0])))
            assert named <= {ast.literal_eval(key) for key in keys}, f"{file.name}:{call.lineno}"
            looked_at += 1
    assert looked_at > 20


@pytest.mark.parametrize("locale", ["en", "en_US", "es", "es_US"])
def test_a_reason_is_a_sentence_with_all_its_values(locale):
    for reason in reasons():
        sentence = put(reason, gettext=str, locale=locale)
        assert not re.search(r"[{}\[\]<>]|\bNone\b|datetime|Decimal", sentence)
        for name in re.findall(r"{(\w+)}", reason.message):
            assert reason.values[name] not in (None, "", [])


def test_values_are_put_into_the_readers_language():
    framing = type_problem(
        TYPES["FRAME"], house(satisfied=("ELRGH",), open_on={"PLTOP": THURSDAY, "MERGH": THURSDAY}), TYPES, WEDNESDAY
    )
    assert framing
    english = put(framing, gettext=str, locale="en_US")
    assert english == "The FRAME cannot be before The PLTOP and The MERGH, which is on Thu May 28."
    spanish = put(framing, gettext=lambda message: f"ES {message}", locale="es_US")
    assert spanish.startswith("ES El FRAME") and "El PLTOP y El MERGH" in spanish and "28" in spanish


def test_a_time_of_day_is_written_as_the_reader_writes_it():
    late = date_problem(WEDNESDAY, EVENING, CITY)
    assert late and put(late, gettext=str, locale="en_US") == "It is past 4:00 PM, so the first day is Thu May 28."


def test_a_reason_can_hold_another():
    outer = Reason(
        "{type}: {why}", {"type": TYPES["GAS"], "why": Reason("{missing} must pass first.", {"missing": []})}
    )
    assert put(outer, gettext=str).startswith("The GAS: ")


def test_what_a_reason_holds_is_in_the_readers_language_too():
    spanish = {"On {days}.": "El {days}.", "or later": "o más tarde", "{type}: {why}": "{type}: {why}"}
    days = Reason("On {days}.", {"days": [WEDNESDAY, Reason("or later")]})
    outer = Reason("{type}: {why}", {"type": TYPES["GAS"], "why": days})
    said = put(outer, gettext=spanish.__getitem__, locale="es")
    assert said == "El GAS: El mié. 27 de mayo y o más tarde."


def test_a_value_that_ends_in_a_period_ends_its_sentence():
    now, cutoff = time(10), time(16)
    reason = Reason(
        "It is {now}. Before {cutoff}. {dots}", {"now": now, "cutoff": cutoff, "dots": "One of those days..."}
    )
    spanish = put(reason, gettext=str, locale="es").replace("\u00a0", " ")
    assert spanish == "It is 10:00 a. m. Before 4:00 p. m. One of those days..."
    assert put(reason, gettext=str, locale="en") == "It is 10:00 AM. Before 4:00 PM. One of those days..."
