"""The sums of the reports stay in step with the inspections, whatever happens to them and whoever writes."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from peewee import Value

from tests.actions.told import wish
from tests.cast import CHICAGO, NOW, TODAY, WEDNESDAY, ask, desk, member, past, permit_of
from tracker.actions.change_of_mind import TooLate, cancel_inspection, move_inspection
from tracker.actions.requests import NotPossible
from tracker.actions.results import Outcome, correct_result, record_result, result_version, set_arrived
from tracker.actions.review import assign, decline, move_by_staff, unassign
from tracker.actions.seen import Refused, Seen
from tracker.actions.stops import not_reached, take_over
from tracker.actions.tallies import count_changes, recount
from tracker.actions.telephone import cancel_by_telephone
from tracker.db import database
from tracker.models import Inspection, Permit, Request, Tally, Uncounted
from tracker.queries.city import inspection_types
from tracker.rules.calendar import next_working_day
from tracker.rules.tallies import COLUMNS
from tracker.rules.words import Result

HERE = CHICAGO
EVERYTHING = {"ask", "give", "take_back", "take_over", "cancel", "move", "decline", "call_off", "result", "correct",
              "not_reached"}  # fmt: skip


def kept() -> dict:
    """(span, day, type, inspector) → the counts that are not 0."""
    rows = {(row.span, row.day, row.type_id, row.inspector_id): {name: getattr(row, name) for name in COLUMNS}
            for row in Tally.select()}  # fmt: skip
    found = {key: {name: count for name, count in counts.items() if count} for key, counts in rows.items()}
    return {key: counts for key, counts in found.items() if counts}


def told() -> dict:
    """The same, told from the inspections in the plainest way."""
    found: dict = {}
    for row in Inspection.select():
        asked_on = row.requested_at.astimezone(HERE).date() if row.requested_at else None
        marks = [(asked_on, "requested")] if asked_on else []
        if row.status == "done":
            marks.append((row.closed_on, "cancelled_on_site" if row.result == "cancelled" else row.result))
            if asked_on and row.result not in ("cancelled", "waived"):
                days = max(0, (row.closed_on - asked_on).days)
                column = days if days <= 20 else 21 if days <= 30 else 31 if days <= 60 else 61
                marks.append((row.closed_on, f"waited_{column}"))
        elif row.status == "cancelled":
            marks.append((row.closed_on, "cancelled_before" if row.closed_on < row.day else "cancelled_same_day"))
        elif row.status == "declined":
            marks.append((row.closed_on, "declined"))
        for day, column in marks:
            for key in (("day", day), ("month", day.replace(day=1))):
                key = (*key, row.inspection_type_id, row.inspector_id or 0)
                found.setdefault(key, Counter())[column] += 1
    return {key: dict(counts) for key, counts in found.items()}


def in_all(column: str) -> int:
    return sum(counts.get(column, 0) for (span, *_), counts in kept().items() if span == "month")


def counted() -> dict:
    assert count_changes(HERE)
    return kept()


class Town:
    """Everybody does something, at random but the same each time."""

    def __init__(self, seed: int, who, permits: list[Permit], staff: list) -> None:
        self.dice, self.who, self.permits = Random(seed), who, permits
        self.sam, *self.inspectors = staff
        self.now = NOW
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        often = ["ask"] * 4 + ["give"] * 6 + ["result", "not_reached", "take_over"] * 2
        seldom = ["take_back", "cancel", "move", "decline", "call_off", "correct", "next_day"]
        verb = self.dice.choice(often + seldom)
        try:
            if getattr(self, verb)() is not False:
                self.done[verb] += 1
        except (TooLate, Refused, NotPossible):
            self.done["refused"] += 1

    @property
    def at(self) -> dict:
        return {"desk": desk(), "now": self.now}

    def pick(self, *states: str) -> Inspection | None:
        rows = list(Inspection.select().where(Inspection.status.in_(states)).order_by(Inspection.id))
        return self.dice.choice(rows) if rows else None

    def ask(self):
        permit, code = self.dice.choice(self.permits), self.dice.choice(["PLRGH", "SEWER", "TPOLE", "FORM", "FLAT"])
        today = self.now.astimezone(HERE).date()
        day = next_working_day(next_working_day(today, desk().city), desk().city)
        ask(self.who, permit, wish(code, day), key=str(self.dice.random()), now=self.now)

    def give(self):
        if row := self.pick("requested"):
            who = self.dice.choice(self.inspectors).row
            return bool(assign([Seen.of(row)], inspector=who, by=self.sam.by, **self.at))
        return False

    def take_back(self):
        return bool((row := self.pick("scheduled")) and unassign([Seen.of(row)], by=self.sam.by, **self.at))

    def cancel(self):
        return bool((row := self.pick("requested", "scheduled")) and cancel_inspection(row, by=self.who.by, **self.at))

    def move(self):
        if not (row := self.pick("requested", "scheduled")):
            return False
        day = next_working_day(row.day, desk().city)
        return bool(move_inspection(row, day=day, time_frame="am", by=self.who.by, **self.at))

    def decline(self):
        row = self.pick("requested", "scheduled")
        return bool(row and decline([Seen.of(row)], reason="No plans on site.", by=self.sam.by, **self.at))

    def call_off(self):
        row = self.pick("requested", "scheduled", "on_the_way")
        return bool(row and cancel_by_telephone(Seen.of(row), reason="They called.", by=self.sam.by, **self.at))

    def result(self):
        row = self.pick("scheduled", "arrived")
        if row is None:
            return False
        self.now = max(self.now, datetime.combine(row.day, time(19), HERE))  # on the day, in the evening
        whose = next(one for one in self.inspectors if one.row.id == row.inspector_id)
        if self.dice.random() < 0.5 and row.status == "scheduled":
            row = set_arrived(Seen.of(row), person=whose.row, by=whose.by, **self.at)
        outcome = Outcome(self.dice.choice(list(Result)), ["Say more."], "As on the plans.")
        return bool(record_result(Seen.of(row), outcome, person=whose.row, by=whose.by, **self.at))

    def correct(self):
        if not (row := self.pick("done")):
            return False
        outcome = Outcome(self.dice.choice(list(Result)), ["Again."], "Seen once more.")
        version = result_version(row.id)
        return bool(correct_result(row.id, outcome, version=version, person=self.sam.row, by=self.sam.by, **self.at))

    def not_reached(self):
        row = self.pick("scheduled")
        return bool(row and not_reached([Seen.of(row)], person=self.sam.row, by=self.sam.by, **self.at))

    def take_over(self):
        whose = self.dice.choice(self.inspectors)
        row = self.pick("scheduled")
        return bool(row and take_over([Seen.of(row)], person=whose.row, by=whose.by, **self.at))

    def next_day(self):
        # Also late in the evening, when it is tomorrow already in UTC.
        self.now += timedelta(hours=self.dice.choice([7, 13, 22]))


@pytest.fixture
def town(dana, eve, sam) -> Town:
    permits = [permit_of(dana.company, f"BP-2026-4{n:04}", trade="general") for n in range(6)]
    both = "building plumbing electrical"
    return Town(26, dana, permits, [sam, member("Nia Brook", "inspector", both), member("Lou Pike", "inspector", both)])


def test_after_whatever_happened_the_sums_are_those_of_the_inspections(town):
    for step in range(600):
        town.step()
        if step % 20 == 0:
            assert counted() == told(), f"after {step} steps: {town.done}"
        if step > 100 and set(town.done) >= EVERYTHING:
            break
    assert set(town.done) >= EVERYTHING, town.done
    assert counted() == told() and not Uncounted.select().exists()
    assert recount(HERE) == 0, "counted anew they are the same"
    assert in_all("requested") == Inspection.select().count() > 20


def test_written_by_anybody_it_counts(dana, danas_house, ray):
    """As an import writes: rows at once, without an action; and a merge or a repair that updates or removes some."""
    for n in range(4):
        past(danas_house, dana.company, "SEWER", "passed", TODAY - timedelta(days=n))
    Inspection.update(inspector=ray.row).where(Inspection.day == TODAY).execute()
    assert counted() == told() and in_all("passed") == 4
    assert any(inspector == ray.row.id for _, _, _, inspector in kept())
    database.execute_sql("DELETE FROM inspection WHERE day < '2026-05-25'")
    assert counted() == told() and in_all("passed") == 2


def test_what_is_rolled_back_was_never_counted(dana, danas_permit):
    with pytest.raises(NotPossible):
        ask(dana, danas_permit, wish("WH"), wish("FRAME"))
    assert counted() == {} and not Uncounted.select().exists()


def test_the_day_of_a_request_is_the_citys(dana, danas_permit):
    """9:30 in the evening of Tuesday in Chicago is Wednesday in UTC."""
    evening = datetime(2026, 5, 27, 2, 30, tzinfo=UTC)
    ask(dana, danas_permit, wish("WH", date(2026, 5, 28)), now=evening)
    assert {(span, day) for span, day, _, _ in counted()} == {("day", TODAY), ("month", date(2026, 5, 1))}


def test_an_inspection_that_moves_on_counts_once(dana, danas_permit, ray, sam):
    row = ask(dana, danas_permit, wish("WH")).inspections.get()
    assign([Seen.of(row)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    move_by_staff([Seen(row.id)], day=date(2026, 5, 28), desk=desk(), by=sam.by, now=NOW)
    kind = inspection_types()["WH"].id
    assert counted() == {(span, day, kind, ray.row.id): {"requested": 1}
                         for span, day in (("day", TODAY), ("month", date(2026, 5, 1)))}  # fmt: skip


def test_what_an_import_brought_without_the_day_of_its_request_is_an_outcome_alone(dana, danas_permit):
    row = past(danas_permit, dana.company, "WH", "passed")
    Inspection.update(requested_at=None).where(Inspection.id == row.id).execute()
    assert counted() == told() and in_all("passed") == 1 and in_all("requested") == 0


def test_a_word_that_no_report_knows_is_counted_as_a_request_alone(dana, danas_permit):
    row = past(danas_permit, dana.company, "WH", "passed")
    Inspection.update(result="ok for service").where(Inspection.id == row.id).execute()
    assert {name for counts in counted().values() for name in counts} == {"requested"}


def test_wrong_sums_are_put_right(dana, danas_house):
    for n in range(3):
        past(danas_house, dana.company, "SEWER", "failed", TODAY - timedelta(days=n))
    good = counted()
    Tally.update(failed=Tally.failed + Value(5), requested=0).where(Tally.span == "month").execute()
    Tally.create(span="day", day=TODAY, type_id=99, inspector_id=7, passed=1)
    assert recount(HERE) == 2 and kept() == good
    Tally.delete().execute()
    assert recount(HERE) == len(good) and kept() == good


def test_counting_anew_counts_what_still_waits_only_once(dana, danas_house):
    past(danas_house, dana.company, "SEWER", "failed")
    assert Uncounted.select().exists() and recount(HERE) == 0
    assert kept() == told() and not Uncounted.select().exists()


def test_a_reader_waits_for_so_many_changes_only(monkeypatch, dana, danas_house):
    monkeypatch.setattr("tracker.actions.tallies.CHANGES", 2)
    for n in range(5):
        past(danas_house, dana.company, "SEWER", "failed", TODAY - timedelta(days=n))
    assert not count_changes(HERE, most=4) and in_all("failed") == 4
    assert count_changes(HERE, most=4) and in_all("failed") == 5
    assert count_changes(HERE)


def test_what_was_there_before_the_sums_waits_to_be_counted(dana, danas_permit):
    from tests.test_migrations import go_back
    from tracker.db import migrate

    ask(dana, danas_permit, wish("WH", WEDNESDAY))
    database.close()
    go_back("0009_tallies")
    migrate()
    assert Uncounted.select().count() == 1 == Request.select().count()
    assert counted() == told()
