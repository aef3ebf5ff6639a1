"""What the desk does in a walk: the queue, Assign all, and the telephone. Sam does it."""

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.cast import CHICAGO
from tests.walks.book import CHANGEABLE, OPEN, Entry
from tests.walks.contractors import FORM, Contractors
from tests.walks.moves import companies, halves, picks
from tests.walks.town import DANA, HILL, PERMITS, TRADES, works

SAM = "Sam"
DECLINED = "The lot is flooded."
REASON = "The crane is there that day alone."
AS_FAR = timedelta(days=13)  # as its list of days goes in every week
some_ticks = st.lists(picks, min_size=1, max_size=3)


class Desk(Contractors):
    plans: list[dict[str, Any]]  # Assign all, as it was opened

    @precondition(lambda self: self.book.entries)
    @rule(ticks=some_ticks, inspector=st.sampled_from([*TRADES, *TRADES, "Olu", None]))
    def assign(self, ticks: list[int], inspector: str | None) -> None:
        """To an inspector, or back to nobody."""
        self.hand_over(self.ticked(ticks, lambda one: one.status in CHANGEABLE), inspector)

    def hand_over(self, rows: dict[str, Entry], inspector: str | None) -> None:
        whom = self.town.staff[inspector].id if inspector else "none"
        sent = {"action": "assign", "inspector": whom, "inspections": list(rows)}
        done = self.came("assign" if inspector else "unassign", self.browser.sends("/staff/queue", **sent))
        if inspector is None:
            to: dict[str, Any] = {"status": "requested", "inspector": None}
            left = self.left(rows, "unassign", status="requested")
            assert done == all(self.book.is_seen(one, tick, ["scheduled"]) for tick, one in left.items())
            for one in left.values() if done else ():
                self.book.write(SAM, "unassign", one, was_scheduled=False, **to)
            return
        left = self.left(rows, "assign", status="scheduled", inspector=inspector)
        new = [one for one in left.values() if one.inspector != inspector]
        seen = all(self.book.is_seen(one, tick, CHANGEABLE) for tick, one in left.items())
        assert done == (seen and all(self.can_come(inspector, one) for one in new))
        for one in new if done else ():
            self.give(inspector, one)

    @precondition(lambda self: self.book.entries)
    @rule(ticks=some_ticks, day=picks, with_reason=st.booleans())
    def move(self, ticks: list[int], day: int, with_reason: bool) -> None:
        rows, to = self.ticked(ticks, lambda one: one.is_open), self.a_day(day)
        sent = {"action": "move", "requested_date": str(to), "reason": REASON if with_reason else ""}
        done = self.came("move", self.browser.sends("/staff/queue", **sent, inspections=list(rows)))
        left = self.left(rows, "move_by_staff", day=to)
        may = self.may_move(to) and all(
            self.book.is_seen(one, tick, OPEN) and not self.book.at_the_door(one) for tick, one in left.items()
        )
        assert not done or may
        assert done or not (may and with_reason), "a reason was given"
        moved = [one for one in left.values() if one.day != to]
        for one in moved if done else ():
            self.book.write(SAM, "move_by_staff", one, mail="moved", day=to, status=self.book.waits_again(one))
            assert with_reason or self.book.has_room(one), "moved beyond the places of a day without a reason"

    @precondition(lambda self: self.book.entries)
    @rule(ticks=some_ticks)
    def decline(self, ticks: list[int]) -> None:
        rows = self.ticked(ticks, lambda one: one.is_open)
        sent = {"action": "decline", "reason": DECLINED, "inspections": list(rows)}
        done = self.came("decline", self.browser.sends("/staff/queue", **sent))
        left = self.left(rows, "decline", status="declined")
        seen = all(self.book.is_seen(one, tick, OPEN) for tick, one in left.items())
        assert done == (seen and not any(self.book.at_the_door(one) for one in left.values()))
        for one in left.values() if done else ():
            self.book.close(SAM, "decline", one, mail="declined", status="declined")

    @rule(day=picks, pick=picks)
    def assign_all(self, day: int, pick: int) -> None:
        """A plan that was opened now, or before others changed what it is about."""
        page = self.browser.opens(f"/staff/queue/plan?day={self.a_day(day)}")
        if form := page.select("form.work"):
            self.plans.append({"path": str(form[0]["action"]), **page.fields(form[0])})
        if self.plans and pick % 4:
            self.apply(self.plans[-1 if pick % 2 else pick // 4 % len(self.plans)])

    def apply(self, opened: dict[str, Any]) -> None:
        """Each line by itself: what cannot be is left."""
        plan = {name: value for name, value in opened.items() if name != "csrf_token"}
        names = {str(row.id): name for name, row in self.town.staff.items()}
        lines = {name.removeprefix("to-"): names[who] for name, who in plan.items() if name.startswith("to-") and who}
        page = self.browser.sends(plan.pop("path"), **plan)
        assert page.status == 422 if not lines else page.status in (303, 409)
        all_done = True
        for tick, who in lines.items():
            entry = self.book.entries[int(tick.split(".")[0])]
            if self.book.done_already(entry, tick, "assign", SAM, status="scheduled", inspector=who):
                continue
            if self.book.is_seen(entry, tick, CHANGEABLE) and self.can_come(who, entry):
                self.give(who, entry)
            else:
                all_done = False
        assert not lines or self.came("apply plan", page) == all_done

    @rule(who=companies, place=picks, kind=picks, day=picks, half=halves)
    def telephone_booking(self, who: str, place: int, kind: int, day: int, half: str) -> None:
        """Past the rules too: what stands against it is named first, then a reason is given."""
        own = [number for number, (_kind, them, _codes) in PERMITS.items() if who in them]
        permit = own[place % len(own)]
        path = f"/staff/permits/{permit}/request?company={self.town.companies[who].company.id}"
        page = self.browser.opens(path)
        if not page.select(FORM):
            return
        typed = {**page.fields(page.one(FORM)), **self.contact(who), **self.typed(who, permit, [(kind, day, half)])}
        typed.pop("csrf_token")
        page = self.browser.sends(path, **typed)
        named = [str(tag["value"]) for tag in page.select("input[name=named]")]
        if beyond := page.status == 422 and bool(named):
            page = self.browser.sends(path, **{**typed, "named": named, "reason": REASON})
            assert page.status == 303, "a reason was given"
        if self.came("telephone booking", page):
            [entry] = self.booked(SAM, who, permit, typed, self.browser.opens(page.headers["Location"]))
            assert self.may_move(entry.day) and (beyond or self.book.has_room(entry))

    @precondition(lambda self: self.book.entries)
    @rule(pick=picks, tick=picks, reason=st.sampled_from(["", REASON]))
    def telephone_cancel(self, pick: int, tick: int, reason: str) -> None:
        entry = self.some(pick, lambda one: one.is_open)
        seen = self.tick(entry, tick)
        page = self.browser.sends(f"/staff/inspections/{entry.id}/cancel", seen=seen, reason=reason)
        may = self.book.is_seen(entry, seen, [one for one in OPEN if one != "arrived"])
        done = self.came("telephone cancel", page)
        assert done == (may and bool(reason or self.town.today < entry.day))
        if done:
            to = {"status": "cancelled", "cancelled_by": ""}
            self.book.close(SAM, "cancel_inspection", entry, mail="cancelled", **to)

    @precondition(lambda self: self.book.entries)
    @rule(pick=picks, tick=picks, day=picks, half=halves)
    def telephone_move(self, pick: int, tick: int, day: int, half: str) -> None:
        entry, to = self.some(pick, lambda one: one.is_open), min(self.a_day(day), self.town.today + AS_FAR)
        seen = self.tick(entry, tick)
        sent = {"seen": seen, "requested_date": str(to), "time_frame": half, "reason": REASON}
        page = self.browser.sends(f"/staff/inspections/{entry.id}/move", **sent)
        may = self.book.is_seen(entry, seen, OPEN) and self.may_move(to) and not self.book.at_the_door(entry)
        assert self.came("telephone move", page) == may
        if may and (entry.day, entry.half) != (to, half):
            values = {"day": to, "half": half, "status": self.book.waits_again(entry)}
            self.book.write(SAM, "move_by_staff", entry, mail="moved", **values)

    def bring_a_stop(self, who: str, pick: int) -> None:
        """So that an inspector has something to do: a request becomes a stop, and its morning comes."""
        if not self.book.open_entries:
            self.telephone_booking([DANA, HILL][pick % 2], pick, pick // 5 * 5 + 1, 0, "am")
        there = [one for one in self.book.open_entries if one.status in CHANGEABLE and self.can_come(who, one)]
        if there:
            entry = there[pick % len(there)]
            self.hand_over({entry.ticks[-1]: entry}, who)
            self.it_is(datetime.combine(entry.day, time(8), CHICAGO))

    @property
    def browser(self):
        return self.town.browsers[SAM]

    def ticked(self, ticks: list[int], suited: Any) -> dict[str, Entry]:
        """What is ticked, each once."""
        rows = {one.id: one for one in (self.some(pick, suited) for pick in ticks)}
        return {self.tick(one, pick): one for pick, one in zip(ticks, rows.values(), strict=False)}

    def left(self, rows: dict[str, Entry], verb: str, **to: Any) -> dict[str, Entry]:
        """Without what Sam has just done the same to."""
        done = self.book.done_already
        return {tick: one for tick, one in rows.items() if not done(one, tick, verb, SAM, **to)}

    def can_come(self, inspector: str, entry: Entry) -> bool:
        in_time = entry.day >= self.town.today and works(entry.day, self.book.closed)
        return in_time and entry.trade in TRADES.get(inspector, entry.trade)

    def may_move(self, day: date) -> bool:
        return day >= self.town.today and works(day, self.book.closed)

    def give(self, inspector: str, entry: Entry) -> None:
        to = {"status": "scheduled", "inspector": inspector, "was_scheduled": True}
        self.book.write(SAM, "assign", entry, mail="assigned", **to)
