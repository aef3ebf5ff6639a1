"""The town that is walked through: two builders with a house in common, the staff, and its clock."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

import holidays
from flask import Flask
from werkzeug.test import TestResponse

from tests import cast
from tests.page import Browse, Page
from tracker.actions.people import add_person
from tracker.models import Permit, PermitContractor, Staff

FEDERAL = holidays.country_holidays("US", years=range(2025, 2029))
AHEAD, CUTOFF = 10, 16  # working days on offer, and the hour from which the next one is not
# What an answer to a form may be: done, or a page that says why not.
ANSWERS = (200, 204, 303, 401, 404, 409, 422)

DANA, HILL = "Dana", "Hal"
# By permit: its type, the company and trade of each who is on it, the types that are asked for on it.
PERMITS = {
    "BP-2026-01184": ("NEW", {DANA: "plumbing", HILL: "general"}, ("PLRGH", "FORM", "SEWER", "FOUND", "PLTOP", "FLAT")),
    "PP-2026-00932": ("WATER_HEATER", {DANA: "plumbing"}, ("WH", "GAS")),
    "PP-2026-00555": ("PLUMBING", {DANA: "plumbing"}, ("PLTOP", "SEWER", "GAS", "PLFIN")),
    "FW-2026-00071": ("FLATWORK", {HILL: "general"}, ("FLAT",)),
    "BP-2026-02000": ("NEW", {HILL: "general"}, ("PLRGH", "FORM", "SEWER", "FOUND", "FLAT")),
}
ENDS_SOON = "PP-2026-00555"
# What stands only in what the company itself typed, or is for the city alone: it is on no page of the other's.
SECRETS = {DANA: ("Dana Whitfield", "Gate of Dana"), HILL: ("Hal Brandt", "Gate of Hal")}
FOR_THE_CITY = "Rude at the door"
TRADES = {"Ray": "plumbing electrical", "June": "building plumbing"}


class Hands:
    """Of the clock on the wall: every part of the application reads them."""

    now = cast.NOW

    def read(self) -> datetime:
        return self.now


class Visitor(Browse):
    """A browser that takes any answer but a wrong one; `get` looks the page over as well, which takes its time."""

    unseen: tuple[str, ...] = ()
    kept = ""

    def sends(self, path: str, **data: object) -> Page:
        """The answer to a form with a token that is right."""
        return self._light(path, self.client.post(path, data={"csrf_token": self.kept, **data}))

    def opens(self, path: str) -> Page:
        """The page at this address, which may say that something can no longer be done."""
        return self._light(path, self.client.get(path))

    def _light(self, path: str, answer: TestResponse) -> Page:
        assert answer.status_code in ANSWERS, f"{path} answers {answer.status_code}: {Page(answer).text[:300]}"
        shown = answer.text if self.unseen else ""
        assert not [words for words in self.unseen if words in shown], f"{path} shows what is not for this company"
        return Page(answer)


class Town:
    """Everybody signed in, at ten in the morning of `start`; nothing asked for yet."""

    def __init__(self, app: Flask, hands: Hands, start: date) -> None:
        self.app, self.hands = app, hands
        hands.now = datetime(start.year, start.month, start.day, 10, tzinfo=cast.CHICAGO)
        self.companies = {
            DANA: cast.signer("Lone Star Plumbing", "office@lonestar.example"),
            HILL: cast.signer("Hill Country Homes", "office@hillcountry.example"),
        }
        marco = {"name": "Marco", "email": "marco@lonestar.example", "phone": "", "wants": "all"}
        letters = {"letterhead": cast.LETTERHEAD, "by": cast.CLERK, "now": hands.now}
        add_person(self.companies[DANA].company, marco, **letters)
        self.reads_along = {DANA: ["marco@lonestar.example"], HILL: []}
        self.permits = {number: self._permit(number, start) for number in PERMITS}
        self.staff: dict[str, Staff] = {
            "Sam": cast.member("Sam Okafor", "technician").row,
            "Olu": cast.member("Olu Adeyemi", "supervisor").row,
            **{name: cast.member(f"{name} Ortega", "inspector", trades).row for name, trades in TRADES.items()},
        }
        self.browsers = {name: Visitor(app) for name in (*self.companies, *self.staff)}
        self.sign_in_all()

    def _permit(self, number: str, start: date) -> Permit:
        kind, them, _codes = PERMITS[number]
        (first, trade), *others = them.items()
        issued_on = start - timedelta(days=175 if number == ENDS_SOON else 30)
        permit = cast.permit_of(self.companies[first].company, number, kind=kind, trade=trade, issued_on=issued_on)
        for name, of_trade in others:
            PermitContractor.create(permit=permit, contractor=self.companies[name].company, trade=of_trade)
        return permit

    def sign_in_all(self, besides: Collection[str] = ()) -> None:
        self.signed_in_at = self.hands.now
        for name in self.browsers:
            if name not in besides:
                self.sign_in(name)

    def sign_in(self, name: str) -> None:
        browser = self.browsers[name]
        if name in self.companies:
            company = self.companies[name]
            start, typed = "/", {"company": company.company.company_name, "pin": company.pin}
            browser.unseen = (*SECRETS[HILL if name == DANA else DANA], FOR_THE_CITY)
        else:
            start, typed = "/staff", {"email": self.staff[name].email, "password": cast.PASSWORD}
        browser.client.delete_cookie("session")
        browser.kept = browser.opens(start).value("csrf_token")
        assert browser.sends(start, **typed).status == 303
        browser.kept = browser.opens("/how-to").value("csrf_token")

    def actor(self, name: str) -> str:
        """As the record of changes calls them."""
        one = self.companies[name].company if name in self.companies else self.staff[name]
        return f"{'contractor' if name in self.companies else 'staff'}:{one.id}"

    @property
    def here(self) -> datetime:
        return self.hands.now.astimezone(cast.CHICAGO)

    @property
    def today(self) -> date:
        return self.here.date()


def works(day: date, closed: set[date]) -> bool:
    """The rule in the plainest words."""
    return day.isoweekday() < 6 and day not in FEDERAL and day not in closed


def next_working_day(day: date, closed: set[date]) -> date:
    day += timedelta(days=1)
    return day if works(day, closed) else next_working_day(day, closed)


def on_offer(here: datetime, closed: set[date]) -> list[date]:
    """The days that a company can have at this moment, full or not."""
    days = [here.date()]
    while len(days) <= AHEAD:
        days.append(next_working_day(days[-1], closed))
    in_time = works(here.date(), closed) and here.hour < CUTOFF
    return days[1 if in_time else 2 :]
