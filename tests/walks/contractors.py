"""What companies do in a walk: request, send a form again, change their mind."""

import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.page import Page
from tests.walks.book import CHANGEABLE, Booking, Entry
from tests.walks.moves import Moves, companies, halves, picks
from tests.walks.town import PERMITS, SECRETS, on_offer
from tracker.models import Inspection, InspectionType

FORM = "main form[method=post]"
FIELDS = ("inspection_type", "requested_date", "time_frame", "remarks")
wishes = st.lists(st.tuples(picks, picks, halves), min_size=1, max_size=3)


class Contractors(Moves):
    forms: list[tuple[str, dict[str, Any]]]  # the permit and the fields of each that was sent

    @rule(who=companies, place=picks, wishes=wishes)
    def request(self, who: str, place: int, wishes: list[tuple[int, int, str]]) -> None:
        own = [number for number, (_kind, them, _codes) in PERMITS.items() if who in them]
        permit = own[place % len(own)]
        page = self.town.browsers[who].opens(f"/permits/{permit}/request")
        if not page.select(FORM):  # blocked, or nothing can be asked for
            return
        open_to = [str(one["value"]) for one in page.select("#inspection_type option[value]:not([disabled])")][1:]
        typed = {**page.fields(page.one(FORM)), **self.contact(who), **self.typed(who, permit, wishes, open_to)}
        self.forms.append((permit, typed))
        self.send(who, permit, typed)

    @precondition(lambda self: self.forms)
    @rule(who=companies, pick=picks, wishes=st.none() | wishes)
    def send_again(self, who: str, pick: int, wishes: list[tuple[int, int, str]] | None) -> None:
        """Pressed twice, or from the store of a phone much later; or the key under other content, by the back button.

        Perhaps by another company than the form was made for.
        """
        permit, typed = self.forms[pick % len(self.forms)]
        own = {name: SECRETS[who][1] for name in typed if name.endswith("remarks")}
        if wishes:
            typed = {name: value for name, value in typed.items() if not name.startswith("inspection")}
            own = self.typed(who, permit, wishes)
        self.send(who, permit, {**typed, **self.contact(who), **own})

    def contact(self, who: str) -> dict[str, str]:
        return {
            "contact_name": SECRETS[who][0],
            "phone": "512-555-0170",
            "site_address": "418 Larkspur Lane",
            "email": f"{who.lower()}@site.example",
            "action": "submit",
        }

    def typed(self, who: str, permit: str, wishes: list[tuple[int, int, str]], open_to: Any = ()) -> dict[str, str]:
        """The last of the wishes is the one being filled in, the others are on the list; now and then of any type."""
        data = {}
        for place, (code, day, half) in enumerate(wishes, 1 - len(wishes)):
            codes = open_to if open_to and code % 5 else PERMITS[permit][2]
            values = (codes[code % len(codes)], str(self.a_day(day)), half, SECRETS[who][1])
            prefix = f"inspections-{place + len(wishes) - 1}-" if place else ""
            data |= {f"{prefix}{name}": value for name, value in zip(FIELDS, values, strict=True)}
        return data

    def send(self, who: str, permit: str, typed: dict[str, Any]) -> None:
        browser = self.town.browsers[who]
        page = browser.sends(f"/permits/{permit}/request", **{**typed, "csrf_token": browser.kept})
        content = (permit, *sorted(item for item in typed.items() if item[0] != "csrf_token"))
        there = self.book.bookings.get((who, typed["key"]))
        if who in self.book.blocked:
            assert page.status == 401, "sent without being signed in"
        elif who not in PERMITS[permit][1]:
            assert page.status == 404
        elif there is None:
            if self.came("request", page):
                entries = self.booked(who, who, permit, typed, browser.opens(page.headers["Location"]))
                self.book.bookings[who, typed["key"]] = Booking(entries[0].number, content)
                assert all(one.day in on_offer(self.town.here, self.book.closed) for one in entries)
                assert all(self.book.has_room(one) for one in entries), "beyond the places of a day"
        elif there.content == content:
            assert self.came("send again", page)
            assert number_said(browser.opens(page.headers["Location"])) == there.number
        else:
            assert not self.came("send other content", page) and page.status == 409

    def booked(self, by: str, who: str, permit: str, typed: dict[str, Any], page: Page) -> list[Entry]:
        """What the confirmation stands for: it is there, whole, and nothing else is."""
        number = number_said(page)
        rows = Inspection.select(Inspection.id, InspectionType).join(InspectionType)
        prefixes = [name.removesuffix(FIELDS[0]) for name in typed if name.endswith(FIELDS[0]) and typed[name]]
        asked = sorted(prefixes, key=lambda prefix: (not prefix, prefix))
        wanted = [[typed[f"{prefix}{name}"] for name in FIELDS[:3]] for prefix in asked]
        made = list(rows.where(Inspection.request == number).order_by(Inspection.id))
        kinds = [row.inspection_type for row in made]
        assert [kind.code for kind in kinds] == [code for code, _day, _half in wanted]
        entries = [
            Entry(row.id, number, who, permit, kind.code, kind.name, kind.trade, kind.may_repeat, typed["email"],
                  type(self.town.today).fromisoformat(day), half)
            for row, kind, (_code, day, half) in zip(made, kinds, wanted, strict=True)
        ]  # fmt: skip
        self.book.add(entries, by=by)
        return entries

    @precondition(lambda self: self.book.entries)
    @rule(who=companies, pick=picks)
    def cancel(self, who: str, pick: int) -> None:
        entry = self.one_of(who, pick)
        page = self.town.browsers[who].sends(f"/inspections/{entry.id}/cancel")
        if self.is_turned_away(who, entry, page):
            return
        may = entry.status in CHANGEABLE and self.town.today < entry.day
        assert self.came("cancel", page) == (may or (entry.status, entry.cancelled_by) == ("cancelled", who))
        if may:
            to = {"status": "cancelled", "cancelled_by": who}
            self.book.close(who, "cancel_inspection", entry, mail="cancelled", **to)

    @precondition(lambda self: self.book.entries)
    @rule(who=companies, pick=picks, day=picks, half=halves)
    def change_date(self, who: str, pick: int, day: int, half: str) -> None:
        entry = self.one_of(who, pick)
        to = self.a_day(day)
        sent = {"requested_date": str(to), "time_frame": half}
        page = self.town.browsers[who].sends(f"/inspections/{entry.id}/move", **sent)
        if self.is_turned_away(who, entry, page) or not self.came("change date", page):
            return
        assert entry.status in CHANGEABLE and self.town.today < entry.day
        if (entry.day, entry.half) == (to, half):
            return
        if entry.day == to:
            self.book.write(who, "move_inspection", entry, mail="moved", half=half)
            return
        assert to in on_offer(self.town.here, self.book.closed)
        anew = {"status": "requested", "inspector": None}
        self.book.write(who, "move_inspection", entry, mail="moved", day=to, half=half, **anew)
        assert self.book.has_room(entry), "moved beyond the places of a day"

    def one_of(self, who: str, pick: int) -> Entry:
        """One that the company may still change; asked for now, where it has none."""
        if not any(one.company == who and one.status in CHANGEABLE for one in self.book.entries.values()):
            self.request(who, pick, [(pick // 5 * 5 + 1, 0, "pm")])
        return self.some(pick, lambda one: one.company == who and one.status in CHANGEABLE)

    def is_turned_away(self, who: str, entry: Entry, page: Page) -> bool:
        """Whoever is blocked is led to sign in, and of another company's there is no such inspection."""
        if who in self.book.blocked:
            assert page.status == 303 and page.headers["Location"] == "/"
        elif entry.company != who:
            assert page.status == 404
        return who in self.book.blocked or entry.company != who


def number_said(page: Page) -> int:
    """Of the last thing that is said: what was said before had not been read yet."""
    found = re.findall(r"No\. (\d+)\.", " ".join(page.words(".said")))
    assert found, f"no number in {page.text[:300]}"
    return int(found[-1])
