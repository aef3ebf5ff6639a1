"""The sums of the reports while many write, several read and one counts anew."""

from functools import partial

from tests.actions.told import wish
from tests.cast import CHICAGO, NOW, THURSDAY, WEDNESDAY, ask, desk, past, permit_of
from tests.postgres.crowd import at_once, held_open
from tests.supervisor.test_tallies import counted, kept, told
from tracker.actions import tallies
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.tallies import count_changes, recount
from tracker.db import is_postgresql
from tracker.models import Inspection, Tally, Uncounted
from tracker.queries.city import inspection_types


def test_requests_of_one_type_and_day_in_opposite_orders_never_wait_for_the_sums(dana):
    permits = [permit_of(dana.company, f"BP-2026-6{n:04}") for n in range(6)]
    there = (wish("SEWER", WEDNESDAY), wish("TPOLE", WEDNESDAY), wish("FORM", THURSDAY))
    works = [
        partial(ask, dana, permit, *(there if place % 2 else there[::-1]), key=str(place))
        for place, permit in enumerate(permits)
    ]
    works += [partial(count_changes, CHICAGO)] * 3
    answers = at_once(works)
    assert not [one for one in answers if isinstance(one, Exception)], answers
    assert counted() == told() and Inspection.select().count() == 18


def test_a_change_that_is_not_committed_yet_is_counted_once_it_is(dana, danas_permit, danas_house):
    first = ask(dana, danas_permit, wish("WH")).inspections.get()
    with held_open(lambda: ask(dana, danas_house, wish("PLRGH"), key="held"), commit=True):
        if is_postgresql():  # on SQLite whoever writes waits for the other
            assert count_changes(CHICAGO)
            assert sum(counts.get("requested", 0) for key, counts in kept().items() if key[0] == "day") == 1
    cancel_inspection(first, desk=desk(), by=dana.by, now=NOW)
    assert counted() == told()


def test_counting_anew_while_others_write_and_read(dana, danas_house):
    for n in range(30):
        past(danas_house, dana.company, ("SEWER", "FORM", "GAS")[n % 3], "passed")
    permits = [permit_of(dana.company, f"BP-2026-7{n:04}") for n in range(4)]
    for _ in range(3):
        Tally.update(failed=Tally.failed + 1).where(Tally.span == "month").execute()
        works = [partial(recount, CHICAGO), partial(recount, CHICAGO), partial(count_changes, CHICAGO)]
        works += [partial(past, permit, dana.company, "SEWER", "failed") for permit in permits]
        answers = at_once(works)
        assert not [one for one in answers if isinstance(one, Exception)], answers
        assert counted() == told() and not Uncounted.select().exists()


def test_what_happens_while_it_counts_anew_is_not_taken_for_wrong(monkeypatch, dana, danas_house):
    """One sends a request and another reads a report, between its look at the inspections and that at the sums."""
    for _ in range(3):
        past(danas_house, dana.company, "SEWER", "passed")
    read = tallies._inspections

    def read_and_write(type_id: int):
        yield from read(type_id)
        if type_id == inspection_types()["SEWER"].id:
            work = partial(past, danas_house, dana.company, "SEWER", "failed")
            assert not [one for one in at_once([work]) + at_once([partial(count_changes, CHICAGO)]) if one is False]

    monkeypatch.setattr(tallies, "_inspections", read_and_write)
    assert recount(CHICAGO) == 0
    assert kept() == told() and Inspection.select().count() == 4


def test_two_readers_count_each_change_once(dana, danas_house):
    for _ in range(12):
        past(danas_house, dana.company, "SEWER", "passed")
    assert at_once([partial(count_changes, CHICAGO)] * 4) == [True] * 4
    assert kept() == told()
