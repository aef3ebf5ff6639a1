"""What inspectors do in a walk: their stops, their results, and what is corrected later; the supervisor helps out."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.walks.book import TO_MAKE, Entry
from tests.walks.desk import Desk
from tests.walks.moves import picks
from tests.walks.town import FOR_THE_CITY, TRADES, next_working_day, works
from tracker.models import Inspection
from tracker.rules.words import Result

people = st.sampled_from([*TRADES, *TRADES, "Olu"])
correctors = st.sampled_from([*TRADES, "Sam", "Olu"])
BUTTONS = ["on_the_way", "arrived", "arrived", "not_reached", "take_over", "change_order"]
TO_CORRECT = ("partial", "failed", "not_ready", "passed_with_conditions")


class Inspectors(Desk):
    versions: list[tuple[int, str]]  # of results, as pages have shown them

    @precondition(lambda self: self.book.entries)
    @rule(verb=st.sampled_from(BUTTONS), who=people, pick=picks, tick=picks)
    def press(self, verb: str, who: str, pick: int, tick: int) -> None:
        """A button of an inspector's day."""
        if pick % 5 and not self.stops_today(who):
            self.bring_a_stop(who, pick)
        getattr(self, verb)(who, pick, tick)

    def on_the_way(self, who: str, pick: int, tick: int) -> None:
        entry, seen = self.a_stop(who, pick, tick)
        if not (page := self.pressed(who, "on_the_way", seen)):
            return
        may = self.book.is_seen(entry, seen, ["scheduled"]) and entry.inspector == who
        assert self.came("on the way", page) == (may and entry.day == self.town.today)
        if page.status == 303:
            for other in self.book.open_entries:
                before = (other.inspector, other.day, other.status) == (who, self.town.today, "on_the_way")
                if before:
                    self.book.write(who, "not_on_the_way", other, status="scheduled")
            self.book.write(who, "set_on_the_way", entry, status="on_the_way")

    def arrived(self, who: str, pick: int, tick: int) -> None:
        entry, seen = self.a_stop(who, pick, tick)
        if not (page := self.pressed(who, "arrived", seen)):
            return
        may = self.book.is_seen(entry, seen, ["scheduled", "on_the_way"]) and entry.inspector == who
        assert self.came("arrived", page) == (may and entry.day == self.town.today)
        if page.status == 303:
            self.book.write(who, "set_arrived", entry, status="arrived")

    def not_reached(self, who: str, pick: int, tick: int) -> None:
        entry, seen = self.a_stop(who, pick, tick)
        if not (page := self.pressed(who, "not_reached", seen)):
            return
        again = self.book.done_already(entry, seen, "not_reached", who, status="scheduled")
        may = self.book.is_seen(entry, seen, TO_MAKE) and entry.day <= self.town.today
        assert self.came("not reached", page) == (again or (may and who in (entry.inspector, "Olu")))
        if page.status == 303 and not again:
            to = {"day": self.day_after(entry), "status": "scheduled"}
            self.book.write(who, "not_reached", entry, mail="moved", **to)

    def take_over(self, who: str, pick: int, tick: int) -> None:
        entry, seen = self.a_stop("", pick, tick)
        if not (page := self.pressed(who, "take_over", seen)):
            return
        again = self.book.done_already(entry, seen, "take_over", who, inspector=who)
        own = entry.inspector == who
        may = self.book.is_seen(entry, seen, TO_MAKE) and (own or entry.trade in TRADES.get(who, entry.trade))
        assert self.came("take over", page) == (again or may)
        if page.status == 303 and not again and not own:
            to = {"inspector": who, "status": "scheduled"}
            self.book.write(who, "take_over", entry, mail="assigned", **to)

    def change_order(self, who: str, pick: int, tick: int) -> None:
        entry, seen = self.a_stop(who, pick, tick)
        if page := self.pressed(who, "up" if tick % 2 else "down", seen):
            may = self.book.is_seen(entry, seen, TO_MAKE) and who in (entry.inspector, "Olu")
            assert self.came("change order", page) == may

    @precondition(lambda self: self.book.entries)
    @rule(who=people, pick=picks, result=st.sampled_from(list(Result)))
    def record_result(self, who: str, pick: int, result: str) -> None:
        if pick % 5 and not self.stops_today(who):
            self.bring_a_stop(who, pick)
        entry = self.some(pick, lambda one: one.inspector == who and one.status in TO_MAKE)
        page = self.town.browsers[who].sends(f"/staff/stops/{entry.id}/result", **self.outcome(result))
        again = entry.status == "done" and entry.inspector == who and entry.words == self.words(result)
        may = entry.status in TO_MAKE and entry.inspector == who and entry.day <= self.town.today
        assert self.came("result", page) == (again or may)
        if page.status == 303 and not again:
            self.book.close(who, "record_result", entry, mail="result", status="done", **self.found(entry, result))
            self.tell_next(entry)

    @rule(who=correctors, pick=picks, result=st.sampled_from(list(Result)))
    def correct_result(self, who: str, pick: int, result: str) -> None:
        """From a page that was opened now, or much earlier."""
        done = [one for one in self.book.entries.values() if one.status == "done"]
        if done and pick % 3:
            entry = done[pick % len(done)]
            page = self.town.browsers[who].opens(f"/staff/stops/{entry.id}/result")
            self.versions.append((entry.id, page.value("version")))
        if self.versions:
            self.correct(who, pick // 3 % len(self.versions) if not pick % 3 else -1, result)

    def correct(self, who: str, place: int, result: str) -> None:
        id, version = self.versions[place]
        entry = self.book.entries[id]
        sent = {"version": version, **self.outcome(result)}
        page = self.town.browsers[who].sends(f"/staff/stops/{id}/result", **sent)
        may, again = who not in TRADES or entry.inspector == who, entry.words == self.words(result)
        is_last = version == max((text for one, text in self.versions if one == id), key=int)
        assert not self.came("correct", page) or (may and (again or is_last))
        assert page.status == 303 or not (may and again)
        if page.status == 303 and not again:
            self.book.write(who, "correct_result", entry, mail="result", **self.found(entry, result))

    def stops_today(self, who: str) -> list[Entry]:
        return [one for one in self.book.open_entries if (one.inspector, one.day) == (who, self.town.today)]

    def a_stop(self, who: str, pick: int, tick: int) -> tuple[Entry, str]:
        mine = (who, *TRADES) if who in ("", "Olu") else (who,)
        today = [one for one in self.book.open_entries if one.inspector in mine and one.day == self.town.today]
        entry = self.some(pick, lambda one: one in today if today else one.inspector in mine)
        return entry, self.tick(entry, tick)

    def pressed(self, who: str, verb: str, seen: str) -> Any:
        """The answer to a button of the page of the day that showed the stop so; None where none did."""
        _id, _status, day, inspector = seen.split(".")
        if inspector == "0":
            return None
        path = f"/staff/day/{day[:4]}-{day[4:6]}-{day[6:]}"
        return self.town.browsers[who].sends(path, action=f"{verb}-{seen}", inspector=inspector)

    def day_after(self, entry: Entry) -> Any:
        """The next working day after the stop's own; of one long past, the first from today on."""
        today, closed = self.town.today, self.book.closed
        after = next_working_day(entry.day, closed)
        return after if after >= today else today if works(today, closed) else next_working_day(today, closed)

    def outcome(self, result: str) -> dict[str, str]:
        other = "Missing cleanout" if result in TO_CORRECT else ""
        return {"result": result, "other": other, "comment": "Slope is good.", "staff_comment": FOR_THE_CITY}

    def words(self, result: str) -> tuple[str, ...]:
        return tuple(self.outcome(result).values())

    def found(self, entry: Entry, result: str) -> dict[str, Any]:
        return {"result": str(result), "words": self.words(result), "versions": entry.versions + 1}

    def tell_next(self, entry: Entry) -> None:
        """'You are next', once for each day that a stop has."""
        if entry.day != self.town.today:
            return
        stops = [one for one in self.book.open_entries if (one.inspector, one.day) == (entry.inspector, entry.day)]
        order = Inspection.select(Inspection.id).where(Inspection.id.in_([one.id for one in stops]))
        first = order.order_by(Inspection.stop_order, Inspection.id).first()
        if first and self.book.entries[first.id].status == "scheduled":
            key = (first.id, entry.day)
            if key not in self.book.next_told:
                self.book.next_told.add(key)
                self.book.owe("next_up", self.book.entries[first.id], about=first.id)
