"""Random walks over the whole application, by its pages and forms: whatever people do, what they were told holds.

WALKS=2000 takes as many, random ones, of up to WALK_STEPS moves, and says at the end what became of the moves.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.walks import checks
from tests.walks.book import Book
from tests.walks.contractors import wishes
from tests.walks.moves import Clock, came_of
from tests.walks.supervisors import Supervisors
from tests.walks.town import DANA, HILL, Hands, Town
from tracker import clock, kept
from tracker.db import connect_to, database
from tracker.models import Mail

# A Tuesday; a Friday before summer time begins and one before it ends; the Tuesday of Thanksgiving.
STARTS = [date(2026, 5, 26), date(2026, 3, 6), date(2026, 10, 30), date(2026, 11, 24)]
PLACES = 3
MANY = int(os.environ.get("WALKS", 0))


class Walk(Supervisors, Clock):
    """One walk, on a database of its own."""

    def __init__(self, app: Flask, hands: Hands, new_database: Callable[[], Any]) -> None:
        super().__init__()
        self.app, self.hands, self.fresh = app, hands, new_database()
        url = self.fresh.__enter__()
        app.config.update(DATABASE_URL=url, DAILY_CAPACITY=PLACES)
        kept.bind(app)  # what was rendered was for another city
        connect_to(url)
        self.forms, self.plans, self.versions = [], [], []

    @initialize(start=st.sampled_from(STARTS), hers=wishes, his=wishes)
    def begin(self, start: date, hers: list[Any], his: list[Any]) -> None:
        self.town = Town(self.app, self.hands, start)
        self.book = Book(self.town, places={"": PLACES})
        self.book.mails.update(Mail.select(Mail.kind, Mail.inspection, Mail.recipient).tuples())  # to those who joined
        self.request(DANA, 0, hers)
        self.request(HILL, 2, his)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "book"):
            wrong = [*checks.everything(self.book), *checks.dashboards(self.book)]
            assert not wrong, "\n".join(wrong)

    def teardown(self) -> None:
        try:
            if hasattr(self, "book"):
                wrong = list(checks.sums(self.book))
                assert not wrong, "\n".join(wrong)
        finally:
            database.obj.close_all()
            self.fresh.__exit__(None, None, None)


@pytest.fixture
def walk(shared_app: Flask, new_database: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Walk]]:
    settings_before, hands = dict(shared_app.config), Hands()
    monkeypatch.setattr(clock, "now", hands.read)
    yield lambda: Walk(shared_app, hands, new_database)
    shared_app.config.clear()
    shared_app.config.update(settings_before)


def test_whatever_people_do(walk: Callable[[], Walk], request: pytest.FixtureRequest) -> None:
    few = 3 if request.config.getoption("--database") == "postgresql" else 6
    run_state_machine_as_test(
        walk,
        settings=settings(
            max_examples=MANY or few,
            stateful_step_count=int(os.environ.get("WALK_STEPS", 50)),
            derandomize=not MANY,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink] if MANY else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not MANY or print(f"{sum(came_of.values())} moves", *sorted(came_of.items()), sep="\n") is None
