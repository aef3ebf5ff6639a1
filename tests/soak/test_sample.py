"""A sample of `make soak`: a few kills of each kind while the town works, and everything agrees afterwards."""

from tests.soak.soak import Plan, soak

PLAN = Plan(kills=5, pause=1.0, builders=3, inspectors=1, stops=24, webs=1, wait_for_leases=False)


def test_killed_at_random_moments_nothing_is_lost_or_doubled(db, tmp_path):
    outcome = soak(db, tmp_path, PLAN)
    assert outcome.troubles == [], outcome
    assert outcome.killed.total() == 5 and outcome.figures["requests confirmed"] > 0
