"""Assign all: by trade, area and load; never more than a day holds; the same day, the same plan."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.plan import Inspector, Job, plan
from tracker.rules.reasons import put

TRADES = ("building", "plumbing", "electrical")


def who(id: int, trades: str, stops: int = 10, minutes: int = 400) -> Inspector:
    return Inspector(id, f"Inspector {id}", frozenset(trades.split()), stops, minutes)


def job(id: int, trade: str = "plumbing", zip_code: str = "78664", minutes: int = 30) -> Job:
    return Job(id, trade, zip_code, f"{id} Larkspur Lane", minutes)


def who_gets(jobs, inspectors, areas=()) -> dict[int, int | None]:
    return {one.job: one.inspector for one in plan(jobs, inspectors, areas)}


def test_each_goes_to_somebody_of_the_trade():
    people = [who(1, "building electrical"), who(2, "plumbing")]
    assert who_gets([job(1), job(2, "electrical")], people) == {1: 2, 2: 1}


def test_a_trade_that_nobody_inspects_is_left_with_the_reason():
    [left] = plan([job(1, "irrigation")], [who(1, "plumbing")])
    assert (left.inspector, put(left.why, gettext=str)) == (None, "Nobody here inspects this trade.")


def test_what_nobody_has_room_for_is_left_with_the_reason():
    plans = plan([job(1), job(2)], [who(1, "plumbing", stops=1)])
    assert [one.inspector for one in plans] == [1, None]
    assert put(plans[1].why, gettext=str) == "Everybody of this trade is full."


def test_a_zip_code_stays_with_one_inspector():
    jobs = [job(id, zip_code="78664" if id % 2 else "78681") for id in range(1, 9)]
    answer = who_gets(jobs, [who(1, "plumbing", stops=20, minutes=900), who(2, "plumbing", stops=20, minutes=900)])
    assert {len({answer[one.id] for one in jobs if one.zip == code}) for code in ("78664", "78681")} == {1}
    assert len(set(answer.values())) == 2


def test_who_is_in_the_area_anyway_is_taken_first():
    people = [who(1, "plumbing"), who(2, "plumbing", stops=10, minutes=400)]
    assert who_gets([job(1, zip_code="78681")], people, [(2, "78681-1234")]) == {1: 2}


def test_nobody_is_filled_up_while_a_colleague_is_idle():
    answer = who_gets([job(id) for id in range(1, 11)], [who(1, "plumbing"), who(2, "plumbing")])
    assert 3 <= sum(inspector == 1 for inspector in answer.values()) <= 7


def test_what_few_can_inspect_goes_first():
    """Only Inspector 1 does electrical work: plumbing must not take the room."""
    people = [who(1, "plumbing electrical", stops=1), who(2, "plumbing", stops=1)]
    assert who_gets([job(1), job(2, "electrical")], people) == {1: 2, 2: 1}


def test_a_job_makes_room_by_going_to_a_colleague():
    trades = ("plumbing building", "plumbing mechanical", "building mechanical")
    people = [who(id, both, stops=1) for id, both in enumerate(trades, 1)]
    jobs = [job(1, "plumbing"), job(2, "building"), job(3, "mechanical")]
    assert None not in who_gets(jobs, people).values()


def test_a_day_that_is_over_capacity_already_gets_no_more():
    full = Inspector(1, "June", frozenset(["plumbing"]), most_stops=2, most_minutes=400, stops=3, minutes=90)
    assert who_gets([job(1)], [full]) == {1: None}


def full(id: int, trades: str) -> Inspector:
    return who(id, trades, stops=0)


def test_what_was_planned_for_one_goes_to_a_colleague_when_nobody_else_can_take_the_next():
    """Job 1 goes to Inspector 1 first, who alone has room for Job 2; Inspector 4 cannot do what Job 1 needs."""
    people = [who(1, "plumbing building", stops=1), who(2, "plumbing", stops=1), full(3, "building"), who(4, "gas")]
    assert who_gets([job(1), job(2, "building")], people) == {1: 2, 2: 1}
    assert who_gets([job(1), job(2, "building")], [people[0], full(2, "plumbing"), *people[2:]]) == {1: 1, 2: None}


def test_one_minute_too_many_is_too_many():
    assert who_gets([job(1, minutes=30)], [who(1, "plumbing", minutes=30)]) == {1: 1}
    assert who_gets([job(1, minutes=31)], [who(1, "plumbing", minutes=30)]) == {1: None}


def test_the_zip_codes_with_most_to_do_go_first_and_in_them_the_long_inspections():
    """There is room for two: those of the ZIP code with two. Then for one: the longest at one address."""
    jobs = [job(1, zip_code="78600"), job(2), job(3)]
    assert who_gets(jobs, [who(1, "plumbing", stops=2)]) == {1: None, 2: 1, 3: 1}
    assert who_gets([Job(1, "plumbing", "78664", "1 Elm", 20), Job(2, "plumbing", "78664", "1 Elm", 40)],
                    [who(1, "plumbing", stops=1)]) == {1: None, 2: 1}  # fmt: skip


def test_only_the_jobs_of_one_trade_make_a_crowd():
    jobs = [job(1, zip_code="78600"), job(2, zip_code="78600"), job(3), job(4, "electrical"), job(5, "electrical")]
    people = [who(1, "plumbing electrical", stops=3), full(2, "plumbing"), full(3, "electrical")]
    assert [id for id, who in who_gets(jobs, people).items() if who] == [1, 2, 4]


@pytest.mark.parametrize(
    ("stops", "nearer"),
    [(4, 2), (5, 1), (6, 1)],  # at five of twenty both are the same, and the first is taken
)
def test_the_area_is_worth_a_quarter_of_a_day(stops, nearer):
    """Inspector 2 is in the ZIP code and has so many stops; Inspector 1 has none."""
    near = Inspector(2, "June", frozenset(["plumbing"]), most_stops=20, most_minutes=900, stops=stops)
    assert who_gets([job(9)], [who(1, "plumbing", stops=20, minutes=900), near], [(2, "78664")]) == {9: nearer}


def test_nine_digits_of_a_zip_code_are_the_same_area_as_five_and_none_is_no_area():
    people = [who(1, "plumbing"), who(2, "plumbing")]
    assert who_gets([job(1, zip_code="78664-2222")], people, [(2, "78664-1111")]) == {1: 2}
    assert who_gets([job(1, zip_code="78664-2222")], people, [(2, "78665")]) == {1: 1}
    assert who_gets([job(1, zip_code="")], people, [(2, "")]) == {1: 1}
    long_codes = [job(1, zip_code="78664-2222"), job(2, zip_code="78664-3333")]
    assert set(who_gets(long_codes, people).values()) == {1}


def after_handing_on(*later: Job, areas: Sequence[tuple[int, str]] = ()) -> dict[int, int | None]:
    """Job 1 in 78664 goes to Inspector 1, then to 2, since 1 alone can take Job 2; then come the later ones.

    Of later minutes Inspector 1 (82 of 100 taken, one stop of two) has place for 18, Inspector 2 (395 of 400) for 5.
    """
    people = [
        Inspector(1, "June", frozenset(["plumbing", "building", "gas"]), most_stops=2, most_minutes=100),
        Inspector(2, "Ray", frozenset(["plumbing", "gas"]), most_stops=20, most_minutes=400, stops=9, minutes=375),
        *(full(3, "building"), full(4, "gas")),
    ]
    jobs = [Job(1, "plumbing", "78664-2222", "1 Elm", 20), Job(2, "building", "78690", "2 Elm", 82)]
    return who_gets([*jobs, *later], people, areas)


def test_what_is_handed_on_is_counted_where_it_went():
    one, other = Job(3, "gas", "", "3 Oak", 5), Job(4, "gas", "", "4 Oak", 5)
    assert after_handing_on() == {1: 2, 2: 1}
    assert after_handing_on(one, other) == {1: 2, 2: 1, 3: 1, 4: 2}
    assert after_handing_on(Job(3, "gas", "", "3 Oak", 18)) == {1: 2, 2: 1, 3: 1}
    assert after_handing_on(Job(3, "gas", "", "3 Oak", 19)) == {1: 2, 2: 1, 3: None}


def test_who_gave_a_job_away_is_in_its_area_no_more_unless_another_stop_is_there():
    near = Job(3, "gas", "78664", "3 Oak", 5)
    assert after_handing_on(near)[3] == 2
    assert after_handing_on(near, areas=[(1, "78664")])[3] == 1


def test_who_can_hand_on_is_found_behind_others_who_cannot():
    """Job 1 is of another trade and has nobody else. And a plumber with room does no building."""
    able = (who(1, "electrical"), who(2, "plumbing building", stops=1), who(3, "plumbing", stops=1))
    people = [*able, full(4, "building")]
    assert who_gets([job(1, "electrical"), job(2), job(3, "building")], people) == {1: 1, 2: 3, 3: 2}
    plumbers, builders = (who(1, "plumbing"), who(2, "plumbing")), (full(3, "building"), full(4, "building"))
    assert who_gets([job(2), job(3, "building")], [*plumbers, *builders]) == {2: 1, 3: None}


@pytest.mark.parametrize(
    ("stops", "minutes", "most_stops", "most_minutes", "percent"),
    [
        (0, 0, 10, 400, 0),
        (5, 0, 10, 400, 50),
        (1, 300, 10, 400, 75),
        (12, 400, 10, 400, 120),
        (1, 0, 1, 1, 100),
        (0, 0, 0, 0, 0),  # takes nothing, has nothing
        (1, 0, 0, 400, 1000),  # more than full
        (0, 1, 10, 0, 1000),
    ],
)
def test_a_day_is_as_full_as_its_stops_or_its_minutes_are(stops, minutes, most_stops, most_minutes, percent):
    assert Inspector(1, "June", frozenset(), most_stops, most_minutes, stops, minutes).percent == percent


jobs_of_a_day = st.lists(
    st.builds(
        Job,
        st.integers(1, 10_000),
        st.sampled_from(TRADES),
        st.sampled_from(("78664", "78665", "78681", "")),
        st.sampled_from(("12 Quarry Hill", "40 Quarry Hill", "7 Heron Bend")),
        st.integers(10, 60),
    ),
    max_size=25,
    unique_by=lambda one: one.id,
)
people_of_a_day = st.lists(
    st.builds(
        Inspector,
        st.integers(1, 100),
        st.just("Somebody"),
        st.frozensets(st.sampled_from(TRADES)),
        st.integers(0, 8),
        st.integers(0, 240),
        st.integers(0, 3),
        st.integers(0, 90),
    ),
    max_size=5,
    unique_by=lambda one: one.id,
)


@given(jobs_of_a_day, people_of_a_day, st.randoms(use_true_random=False))
def test_every_job_has_a_line_nobody_is_overfilled_and_the_order_of_asking_is_nothing(jobs, people, dice: Random):
    proposals = plan(jobs, people)
    assert [one.job for one in proposals] == sorted(one.id for one in jobs)
    by_id, minutes_of = {one.id: one for one in people}, {one.id: one.minutes for one in jobs}
    trade_of = {one.id: one.trade for one in jobs}
    for person in people:
        own = [one.job for one in proposals if one.inspector == person.id]
        if own:
            assert person.stops + len(own) <= person.most_stops
            assert person.minutes + sum(minutes_of[id] for id in own) <= person.most_minutes
    for one in proposals:
        assert (one.inspector is None) == (one.why is not None)
        assert one.inspector is None or trade_of[one.job] in by_id[one.inspector].trades
    dice.shuffle(jobs)
    dice.shuffle(people)
    assert plan(jobs, people) == proposals


short_days = st.lists(
    st.builds(who, st.integers(1, 100), st.sets(st.sampled_from(TRADES), min_size=1).map(" ".join), st.integers(0, 2)),
    max_size=5,
    unique_by=lambda one: one.id,
)
equal_jobs = st.lists(
    st.builds(job, st.integers(1, 99), st.sampled_from(TRADES), st.sampled_from(("78664", "78681"))),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(equal_jobs, short_days)
def test_nothing_is_left_that_one_handing_on_would_make_room_for(jobs, people):
    answer, by_id = who_gets(jobs, people), {one.id: one for one in jobs}
    room = {one.id: one.most_stops - list(answer.values()).count(one.id) for one in people}
    trades = {one.id: one.trades for one in people}
    assert all(by_id[id].trade in trades[inspector] for id, inspector in answer.items() if inspector)
    for left in (one for one in jobs if answer[one.id] is None):
        able = [one.id for one in people if left.trade in one.trades]
        assert not any(room[id] for id in able)
        for other in (by_id[id] for id, inspector in answer.items() if inspector in able):
            assert not any(room[one.id] for one in people if other.trade in one.trades)
