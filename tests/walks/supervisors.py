"""What the supervisor does in a walk: days off, places of a day, who may sign in. Olu does it."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.walks.inspectors import Inspectors
from tests.walks.moves import companies, picks
from tests.walks.town import PERMITS, works

OLU = "Olu"
DECISIONS = ["close", "close", "close", "open", "places", "block"]
CLOSED = "Moving house"
TO_THOSE_DECLINED = "We are closed."


class Supervisors(Inspectors):
    @rule(what=st.sampled_from(DECISIONS), who=companies, pick=picks, instead=picks)
    def decide(self, what: str, who: str, pick: int, instead: int) -> None:
        """Rarer than what others do."""
        if what == "close":
            self.close_a_day(pick, instead)
        elif what == "open":
            self.open_a_day(pick)
        elif what == "places":
            self.change_places(pick % 7, instead % 4 or None)
        else:
            self.block(who, blocked=who not in self.book.blocked if pick % 4 else bool(pick % 8))

    def close_a_day(self, pick: int, instead: int) -> None:
        """Every request on it is moved or declined; beyond the places of a day once that was said."""
        days = sorted({one.day for one in self.book.open_entries if one.day >= self.town.today})
        day = days[pick // 4 % len(days)] if days and pick % 4 else self.a_day(pick)
        browser = self.town.browsers[OLU]
        page = browser.opens(f"/staff/days-off/close?day={day}&name={CLOSED}")
        if page.status == 303:  # passed, or a day off already
            assert day < self.town.today or not works(day, self.book.closed)
            return
        sent = page.fields(page.one("main form"))
        there = sorted((one for one in self.book.open_entries if one.day == day), key=lambda one: one.id)
        assert {name for name in sent if name.startswith("to-")} == {f"to-{self.book.seen(one)}" for one in there}
        options = [str(one["value"]) for one in page.select("#requested_date option")]
        sent |= {"requested_date": options[instead % min(4, len(options))], "reason": TO_THOSE_DECLINED}
        declined = [one for place, one in enumerate(there) if instead >> place & 1]
        sent |= {f"to-{self.book.seen(one)}": "decline" for one in declined}
        sent.pop("csrf_token")
        page = browser.sends("/staff/days-off/close", **sent)
        if beyond := bool(page.select("input[name=beyond]")):
            page = browser.sends("/staff/days-off/close", **{**sent, "beyond": "1"})
        assert self.came("close a day", page) == (not any(self.book.at_the_door(one) for one in there))
        if page.status == 303:
            self.closed(day, date.fromisoformat(sent["requested_date"]), [*declined], beyond)

    def closed(self, day: date, target: date, declined: list, beyond: bool) -> None:
        assert target >= self.town.today and works(target, {*self.book.closed, day})
        self.book.closed.add(day)
        self.book.lines[self.town.actor(OLU), "close_day", "closedday", 0] += 1
        for one in [one for one in self.book.open_entries if one.day == day]:
            if one in declined:
                self.book.close(OLU, "decline", one, mail="declined", status="declined")
            else:
                to = {"day": target, "status": self.book.waits_again(one)}
                self.book.write(OLU, "move_by_staff", one, mail="moved", **to)
                assert beyond or self.book.booked(target) <= self.book.places[""]

    def open_a_day(self, pick: int) -> None:
        closed = sorted(self.book.closed)
        day = closed[pick // 3 % len(closed)] if closed and pick % 3 else self.a_day(pick)
        page = self.town.browsers[OLU].sends("/staff/days-off/open", day=str(day))
        if self.came("open a day", page) and day in self.book.closed:
            assert day >= self.town.today
            self.book.closed.remove(day)
            self.book.lines[self.town.actor(OLU), "open_day", "closedday", 0] += 1

    def change_places(self, everything: int, plumbing: int | None) -> None:
        """Looked at first, then saved."""
        browser = self.town.browsers[OLU]
        page = browser.opens("/staff/capacity")
        typed = {"all-every": str(everything), "plumbing-every": "" if plumbing is None else str(plumbing)}
        for action in ("preview", "save"):
            sent = {**page.fields(page.one("main form")), **typed, "action": action}
            page = browser.sends("/staff/capacity", **sent)
        assert self.came("change places", page)
        new = {"": everything} | ({} if plumbing is None else {"plumbing": plumbing})
        before = {trade: number for trade, number in self.book.places.items() if trade or self.has_limit}
        changed = sum(new.get(trade) != before.get(trade) for trade in ("", "plumbing"))
        self.book.places, self.has_limit = new, True
        if changed:
            self.book.lines[self.town.actor(OLU), "set_places", "capacity", 0] += changed

    has_limit = False  # at first the setting counts

    def block(self, who: str, *, blocked: bool) -> None:
        """Signed out, and in again once it is let in."""
        action = "block" if blocked else "unblock"
        path = f"/staff/contractors/{self.town.companies[who].company.id}/access"
        page = self.town.browsers[OLU].sends(path, action=action, reason="Unpaid.")
        assert self.came(action, page) == ((who in self.book.blocked) != blocked)
        if page.status != 303:
            return
        company = self.town.companies[who].company.id
        self.book.lines[self.town.actor(OLU), f"{action}_company", "contractor", company] += 1
        if blocked:
            self.book.blocked.add(who)
        else:
            self.book.blocked.remove(who)
            self.town.sign_in(who)

    @rule(who=companies, again=picks)
    def look_around(self, who: str, again: int) -> None:
        """The pages that a walk does not pass otherwise, as they are by now."""
        paths = {
            "Sam": ["/staff/queue", "/staff/queue?day=past", "/staff/phone"],
            "Ray": ["/staff/day", f"/staff/day/{self.a_day(again)}"],
            OLU: ["/staff/days-off", "/staff/changes", "/staff/reports", "/staff/mail", "/staff/fees"],
        }
        for name, them in paths.items():
            self.town.browsers[name].get(them[again % len(them)])
        own = [number for number, (_kind, them, _codes) in PERMITS.items() if who in them]
        for path in () if who in self.book.blocked else ("/dashboard", f"/permits/{own[again % len(own)]}"):
            self.town.browsers[who].get(path)
