"""Where an inspection counts as one, and what the sums of many say."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.cast import CHICAGO
from tracker.rules.spread import Range
from tracker.rules.tallies import COLUMNS, WAITED, State, Sums, counted, outcome_of

FRIDAY, TUESDAY, WEDNESDAY = date(2026, 5, 22), date(2026, 5, 26), date(2026, 5, 27)
ASKED = datetime(2026, 5, 23, 3, tzinfo=UTC)  # 10 in the evening of Friday, in Chicago


def state(status: str, result: str | None = None, *, closed_on: date | None = None, asked=ASKED) -> State:
    return State(asked, status, result, TUESDAY, closed_on)


@pytest.mark.parametrize(
    ("one", "outcome"),
    [
        (state("requested"), None),
        (state("arrived"), None),
        (state("done", "passed"), "passed"),
        (state("done", "waived"), "waived"),
        (state("done", "cancelled"), "cancelled_on_site"),
        (state("done", "unheard of"), None),
        (state("done"), None),
        (state("cancelled", closed_on=FRIDAY), "cancelled_before"),
        (state("cancelled", closed_on=TUESDAY), "cancelled_same_day"),
        (state("cancelled", closed_on=WEDNESDAY), "cancelled_same_day"),
        (state("cancelled"), "cancelled_same_day"),  # an import did not say when
        (state("declined"), "declined"),
    ],
)
def test_what_became_of_it(one, outcome):
    assert outcome_of(one) == outcome


@pytest.mark.parametrize(
    ("one", "places"),
    [
        (state("requested"), [(FRIDAY, "requested")]),
        (state("requested", asked=None), []),
        (
            state("done", "failed", closed_on=WEDNESDAY),
            [(FRIDAY, "requested"), (WEDNESDAY, "failed"), (WEDNESDAY, "waited_5")],
        ),
        (state("done", "failed"), [(FRIDAY, "requested"), (TUESDAY, "failed"), (TUESDAY, "waited_4")]),
        (state("done", "failed", asked=None), [(TUESDAY, "failed")]),
        (state("done", "waived"), [(FRIDAY, "requested"), (TUESDAY, "waived")]),  # nobody waited for an inspection
        (state("done", "passed", closed_on=FRIDAY - timedelta(days=1)),
         [(FRIDAY, "requested"), (date(2026, 5, 21), "passed"), (date(2026, 5, 21), "waited_0")]),
        (state("cancelled", closed_on=FRIDAY), [(FRIDAY, "requested"), (FRIDAY, "cancelled_before")]),
    ],
)  # fmt: skip
def test_a_request_counts_when_it_was_made_and_an_outcome_when_it_came(one, places):
    assert list(counted(one, CHICAGO)) == places


def test_what_follows_from_the_sums():
    """Each count is a power of two: no other sum of them is the same."""
    sums = Sums({
        "passed": 1, "passed_with_conditions": 2, "partial": 4, "failed": 8, "no_access": 16, "not_ready": 32,
        "waived": 64, "cancelled_on_site": 128, "cancelled_same_day": 256, "cancelled_before": 512, "requested": 1024,
    })  # fmt: skip
    assert (sums.results, sums.passed, sums.not_inspected, sums.same_day) == (63, 3, 48, 384)
    assert sums.pass_rate == 3 / 63 and sums.share(9) == 9 / 63
    assert not sums.is_empty and sums["declined"] == 0
    assert [(sums + sums)[column] for column in COLUMNS] == [2 * sums[column] for column in COLUMNS]


def test_of_nothing_there_is_no_share():
    assert Sums({}).pass_rate is None and Sums({}).waited(50) is None and Sums({"passed": 0}).is_empty


def test_how_long_it_took_is_read_off_the_days():
    sums = Sums({"waited_1": 8, "waited_14": 1, "waited_61": 1})
    assert len(sums.waits) == len(WAITED) and sum(sums.waits) == 10
    assert [sums.waited(percent) for percent in (80, 90, 100)] == [Range(1, 1), Range(14, 14), Range(61, None)]
