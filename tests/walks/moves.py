"""What the moves of a walk share: whom and what they pick, and the clock."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from tests import cast
from tests.page import Page
from tests.walks.book import Book, Entry
from tests.walks.town import DANA, HILL, Town, on_offer

picks = st.integers(0, 2**20)
companies = st.sampled_from([DANA, HILL])
halves = st.sampled_from(["any", "am", "pm"])
# What became of the moves of all walks: (move, whether it was confirmed).
came_of: Counter[tuple[str, bool]] = Counter()


class Moves(RuleBasedStateMachine):
    town: Town
    book: Book

    def some(self, pick: int, suited: Callable[[Entry], bool]) -> Entry:
        """One that the move is meant for; now and then any."""
        rows = [entry for entry in self.book.entries.values() if suited(entry)]
        if pick % 7 == 6 or not rows:
            rows = list(self.book.entries.values())
        return rows[pick // 7 % len(rows)]

    def tick(self, entry: Entry, pick: int) -> str:
        """As a page shows it, or now and then as one has shown it before."""
        return entry.ticks[-1] if pick % 5 else entry.ticks[pick // 5 % len(entry.ticks)]

    def a_day(self, pick: int) -> date:
        """One of the next on offer; now and then any."""
        if pick % 6 == 5:
            return self.town.today + timedelta(days=pick // 6 % 20 - 2)
        return on_offer(self.town.here, self.book.closed)[pick // 6 % 3]

    def it_is(self, moment: datetime) -> None:
        """Whoever was away for weeks signs in again: sessions end."""
        self.town.hands.now = moment
        if moment - self.town.signed_in_at > timedelta(days=20):
            self.town.sign_in_all(besides=self.book.blocked)

    def came(self, move: str, page: Page) -> bool:
        """Whether it was confirmed."""
        came_of[move, page.status == 303] += 1
        return page.status == 303


class Clock(Moves):
    @rule(way=st.sampled_from(["work", "work", "work", "morning", "cut-off", "midnight", "on", "back"]))
    def the_clock_goes(self, way: str) -> None:
        """Back by an hour: at the end of summer time, or on a machine that was ahead."""
        now, today = self.town.hands.now, self.town.today
        days = [one.day for one in self.book.open_entries if one.inspector and one.day > today]
        to = {
            "work": (min(days, default=today), time(8)),  # the next day on which an inspector has something to do
            "morning": (today + timedelta(days=1), time(7, 30)),
            "cut-off": (today, time(16)),
            "midnight": (today, time(23, 59)),
        }
        if way in to:
            self.it_is(datetime.combine(*to[way], cast.CHICAGO))
        else:
            self.it_is(now.astimezone(UTC) + timedelta(hours=1 if way == "on" else -1))
