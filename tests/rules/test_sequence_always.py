"""What holds of the order of inspections on any permit, with any marks, in any city's order."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.order import TYPES
from tracker.rules.not_applicable import applies_again_problem, not_applicable_problem
from tracker.rules.sequence import Need, Record, Type, earliest, list_problems, missing_first, type_problem

PERMIT_TYPES = {
    code: listed.split() for code, *_, listed in import_module("tracker.migrations.0002_default_city").PERMIT_TYPES
}
MONDAY = date(2026, 6, 1)
TRADES = ("general", "building", "electrical", "plumbing", "mechanical", "irrigation")
days = st.integers(0, 4).map(lambda number: MONDAY + timedelta(days=number))
always = settings(max_examples=150, deadline=None)


@st.composite
def orders(draw) -> dict[str, Type]:
    """Some other city's order: types that need earlier ones, by a pass or by a request; the last is the final."""
    count = draw(st.integers(2, 9))
    types: dict[str, Type] = {}
    for number in range(count):
        needed = draw(st.lists(st.sampled_from(sorted(types)), unique=True, max_size=4)) if types else []
        needs = tuple(Need(code, draw(st.booleans())) for code in needed)
        is_final = number == count - 1
        repeats = not is_final and draw(st.booleans())
        trade = draw(st.sampled_from(TRADES[1:]))
        types[f"T{number}"] = Type(
            number, f"T{number}", f"Type {number}", "", trade, needs=needs, may_repeat=repeats, is_final=is_final
        )
    return types


@st.composite
def permits(draw) -> tuple[dict[str, Type], list[str], list[str]]:
    """(the city's types, what a permit lists of them, what of it does not apply); the final always applies."""
    types = draw(st.just(dict(TYPES)) | orders())
    whole = draw(st.sampled_from(sorted(PERMIT_TYPES)).map(PERMIT_TYPES.get)) if types == TYPES else list(types)
    listed = draw(st.lists(st.sampled_from(whole), unique=True, min_size=1))
    final = [code for code in whole if types[code].is_final]
    listed = list(dict.fromkeys([*listed, *final]))
    marks = draw(st.lists(st.sampled_from(listed), unique=True))
    return types, listed, [code for code in marks if not types[code].is_final]


@st.composite
def records(draw) -> tuple[dict[str, Type], Record]:
    """A permit as it stands some day, whatever has passed, is open or is owed on it."""
    types, listed, marks = draw(permits())
    some = st.sets(st.sampled_from(listed))
    passed = draw(some)
    open_on = {code: draw(days) for code in draw(some) if code not in marks}
    trades = draw(st.sets(st.sampled_from(TRADES)))
    unpaid = draw(st.sampled_from([Decimal(0), Decimal(75)]))
    return types, Record(listed, trades, passed, open_on, marks, unpaid)


@always
@given(permits(), st.randoms(use_true_random=False))
def test_every_permit_can_be_walked_to_its_end_whatever_is_asked_for_first(permit, chance):
    types, listed, marks = permit
    left, passed = [code for code in listed if code not in marks], set()
    while left:
        record = Record(listed, satisfied=passed, not_applicable=marks)
        can = [code for code in left if type_problem(types[code], record, types, MONDAY) is None]
        assert can, f"nothing of {left} can be asked for"
        code = chance.choice(can)
        if chance.random() < 0.8:  # otherwise it failed, and is asked for again
            left.remove(code)
            passed.add(code)
    assert all(code in passed for code in listed if types[code].is_final)


@always
@given(permits(), st.randoms(use_true_random=False))
def test_what_is_open_keeps_nobody_from_the_final_once_it_has_passed(permit, chance):
    """Ask for all that can be had on a day, let some of it pass: day after day the permit comes nearer to its end."""
    types, listed, marks = permit
    passed: set[str] = set()
    for number in range(len(listed) * 30):
        day, open_on = MONDAY + timedelta(days=number), {}
        for code in chance.sample(listed, len(listed)):
            record = Record(listed, satisfied=passed, open_on=open_on, not_applicable=marks)
            if code not in passed and type_problem(types[code], record, types, day) is None:
                open_on[code] = day
        passed |= {code for code in open_on if chance.random() < 0.5}
        if set(listed) - set(marks) <= passed:
            return
    raise AssertionError(f"{set(listed) - set(marks) - passed} never passed")


@always
@given(records(), days)
def test_a_list_of_one_gets_the_same_answer_as_the_one_alone(known, day):
    types, record = known
    for one in types.values():
        assert list_problems([(one, day)], record, types) == [type_problem(one, record, types, day)]


@always
@given(records(), st.data())
def test_a_list_is_refused_when_one_after_the_other_would_be(known, data):
    types, record = known
    wanted = data.draw(st.lists(st.tuples(st.sampled_from(sorted(types)), days), min_size=1, max_size=5))
    together = list_problems([(types[code], day) for code, day in wanted], record, types)
    open_on, refused = dict(record.open_on), False
    place = list(types).index
    for code, day in sorted(wanted, key=lambda pair: (pair[1], place(pair[0]))):
        there = replace(record, open_on=open_on)
        if type_problem(types[code], there, types, day) is None:
            open_on = earliest([*open_on.items(), (code, day)])
        else:
            refused = True
    assert any(together) == refused


@always
@given(records(), days)
def test_a_refusal_names_the_inspection_and_what_is_missing(known, day):
    types, record = known
    for one in types.values():
        problem = type_problem(one, record, types, day)
        if problem is not None:
            assert problem.values["type"] is one
            assert "missing" not in problem.values or problem.values["missing"]
            missing = missing_first(one, record, types, day)
            assert [two.code for two in problem.values.get("missing", ())] in ([], [two.code for two in missing])


@always
@given(records(), days, st.data())
def test_a_pass_or_a_mark_never_makes_anything_else_impossible(known, day, data):
    types, record = known
    more = data.draw(st.sampled_from(sorted(record.listed)))
    others = [one for one in types.values() if one.code != more]
    before = {one.code for one in others if type_problem(one, record, types, day) is None}
    passed = replace(record, satisfied={*record.satisfied, more})
    assert before <= {one.code for one in others if type_problem(one, passed, types, day) is None}
    if not_applicable_problem(types[more], record) is None:
        marked = replace(record, not_applicable=[*record.not_applicable, more])
        assert before <= {one.code for one in others if type_problem(one, marked, types, day) is None}


@always
@given(records(), st.data())
def test_a_mark_that_is_taken_back_leaves_nothing_open_that_would_now_wait_for_it(known, data):
    types, record = known
    one = types[data.draw(st.sampled_from(sorted(types)))]
    problem = applies_again_problem(one, record, types)
    if one.code not in record.not_applicable:
        assert problem
        return
    without = replace(record, not_applicable=[code for code in record.not_applicable if code != one.code])
    waiting = [code for code in record.open_on if one in missing_first(types[code], without, types, None)]
    assert bool(problem) == bool(waiting)
    assert problem is None or problem.values["later"].code in waiting


@always
@given(records())
def test_only_what_could_still_be_needed_can_be_marked(known):
    types, record = known
    for one in types.values():
        possible = not_applicable_problem(one, record) is None
        stands = {*record.open_on, *record.satisfied, *record.not_applicable}
        assert possible == (one.code in record.listed and one.code not in stands and not one.is_final)
