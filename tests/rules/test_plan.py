"""Assign all: by trade, area and load; never more than a day holds; the same day, the same plan."""

from random import Random

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
