"""Who works while servers are killed: builders, the desk, inspectors, a supervisor. Each until told to stop."""

import random
import re
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from tests.cast import PASSWORD
from tests.page import Page
from tests.soak.ledger import Act, Booking, Ledger
from tests.soak.phone import Answer, GaveUp, Phone
from tests.soak.town import AT_ONCE, Builder, Town

FORM = "main form[method=post]"
PAUSE = (0.05, 0.4)  # seconds between two things somebody does


class Person(threading.Thread, ABC):
    """Does one thing after the other; what goes wrong is a trouble in the ledger."""

    def __init__(self, addresses: Sequence[str], ledger: Ledger, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.phone, self.ledger, self.told_to_stop = Phone(addresses), ledger, stop
        self.random = random.Random()
        self.actor = ""

    def run(self) -> None:
        try:
            self.sign_in()
            while not self.told_to_stop.is_set():
                self.do_one_thing()
                time.sleep(self.random.uniform(*PAUSE))
        except (GaveUp, AssertionError, LookupError) as no:
            self.ledger.trouble(f"{type(self).__name__}: {type(no).__name__} {no}")
        finally:
            with self.ledger.lock:
                self.ledger.heard += self.phone.heard

    @abstractmethod
    def sign_in(self) -> None: ...

    @abstractmethod
    def do_one_thing(self) -> None: ...

    def sign_in_staff(self, email: str) -> None:
        self.phone.sign_in("/staff", email=email, password=PASSWORD)

    def note(self, answer: Answer, verb: str, *inspections: int) -> None:
        """303 confirms it; 409 and 422 say that somebody was quicker, or that it cannot be; anything else is wrong."""
        if answer.status_code not in (303, 409, 422):
            self.ledger.trouble(f"{verb} answers {answer.status_code}: {answer.page.text[:200]}")
        for id in inspections:
            self.ledger.note(Act(self.actor, verb, id, answer.status_code == 303, answer.tries))


class Contractor(Person):
    """Requests, cancels and moves on one house."""

    def __init__(self, builder: Builder, *at: Any) -> None:
        super().__init__(*at)
        self.builder, self.actor = builder, f"contractor:{builder.who.company.id}"

    def sign_in(self) -> None:
        self.phone.sign_in("/", company=self.builder.who.company.company_name, pin=self.builder.who.pin)

    def do_one_thing(self) -> None:
        self.random.choices([self.request, self.cancel, self.move], [4, 2, 2])[0]()

    def request(self) -> None:
        page = self.phone.get(self.builder.request_page)
        open_to = [str(one["value"]) for one in page.select("#inspection_type option[value]:not([disabled])")]
        codes, days = [code for code in AT_ONCE if code in open_to], days_on(page)
        if codes and days:
            self.request_of(page, codes, days)
        else:
            self.cancel()

    def request_of(self, page: Page, codes: list[str], days: list[str]) -> None:
        first, *others = self.random.sample(codes, self.random.randint(1, len(codes)))
        typed = {**self.wish(first, days), "action": "submit", "email": self.builder.email, "contact_name": "Dana"}
        for place, code in enumerate(others):
            typed |= {f"inspections-{place}-{name}": value for name, value in self.wish(code, days).items()}
        answer = self.phone.send(page, FORM, **typed)
        if answer.status_code == 303:
            key = f"{self.builder.who.company.id}:{page.value('key')}"
            self.ledger.book(Booking(key, self.number_said(), 1 + len(others), answer.tries))
        elif answer.status_code == 422:
            self.ledger.refuse(" ".join(answer.page.words("#problems li")[:1]))
        else:
            self.ledger.trouble(f"request answers {answer.status_code}: {answer.page.text[:200]}")

    def wish(self, code: str, days: list[str]) -> dict[str, str]:
        day, half = self.random.choice(days), self.random.choice(["any", "am", "pm"])
        return {"inspection_type": code, "requested_date": day, "time_frame": half, "remarks": "Gate 4711"}

    def number_said(self) -> int:
        """The number of the confirmation that the dashboard shows after a request."""
        said = " ".join(self.phone.get("/dashboard").words(".said"))
        found = re.search(r"No\. (\d+)\.", said)
        assert found, f"no confirmation in {said!r}"
        return int(found[1])

    def cancel(self) -> None:
        self.change("cancel", "cancel_inspection")

    def move(self) -> None:
        def another(page: Page) -> dict[str, str]:
            was = page.value("time_frame")
            half = self.random.choice([half for half in ("any", "am", "pm") if half != was])
            return {"requested_date": self.random.choice(days_on(page)), "time_frame": half}

        self.change("move", "move_inspection", another)

    def change(self, way: str, verb: str, typed: Callable[[Page], dict[str, str]] = lambda page: {}) -> None:
        links = self.phone.get("/dashboard").select(f"main a[href$='/{way}']")
        if not links:
            return
        path = str(self.random.choice(links)["href"])
        page = self.phone.get(path)
        if page.status == 200 and page.select(FORM):  # 409: too late, the page says why
            answer = self.phone.send(page, FORM, **typed(page))
            self.note(answer, verb, int(path.split("/")[2]))


class Technician(Person):
    """Gives requests to inspectors, and declines one now and then."""

    def __init__(self, town: Town, *at: Any) -> None:
        super().__init__(*at)
        self.town, self.actor = town, f"staff:{town.technician.row.id}"

    def sign_in(self) -> None:
        self.sign_in_staff(self.town.technician.row.email)

    def do_one_thing(self) -> None:
        page = self.phone.get("/staff/queue?state=requested")
        ticks = [str(tick["value"]) for tick in page.select("input[name=inspections]")]
        some = self.random.sample(ticks, min(len(ticks), self.random.randint(1, 4)))
        if not some:
            return
        typed: dict[str, Any] = {"action": "assign", "inspector": self.random.choice(list(self.town.inspectors))}
        if self.random.random() < 0.15:
            some, typed = some[:1], {"action": "decline", "reason": "The permit is for another lot."}
        answer = self.phone.send(page, "form.work", inspections=some, **typed)
        self.note(answer, str(typed["action"]), *(int(tick.split(".")[0]) for tick in some))


class Inspector(Person):
    """Records the results of the last working day, one after the other, and corrects some."""

    def __init__(self, id: int, town: Town, *at: Any) -> None:
        super().__init__(*at)
        self.actor, self.stops, self.email = f"staff:{id}", list(town.inspectors[id]), town.emails[id]
        self.day = town.stops_on

    def sign_in(self) -> None:
        self.sign_in_staff(self.email)

    def do_one_thing(self) -> None:
        if not self.stops:
            self.phone.get(f"/staff/day/{self.day}")
            return
        id = self.stops.pop(0)
        self.record(id, "record_result", self.random.choice(["passed", "passed", "failed", "no_access"]))
        if self.random.random() < 0.2:
            self.record(id, "correct_result", "passed_with_conditions")

    def record(self, id: int, verb: str, result: str) -> None:
        page = self.phone.get(f"/staff/stops/{id}/result?result={result}")
        other = "Cap the cleanout" if result == "failed" else ""
        typed = {"result": result, "comment": f"Seen on site, {self.random.randrange(10**6)}", "other": other}
        self.note(self.phone.send(page, FORM, **typed), verb, id)


class Supervisor(Person):
    """Reads reports, which brings their sums up to date."""

    def __init__(self, town: Town, *at: Any) -> None:
        super().__init__(*at)
        self.email = town.supervisor.row.email

    def sign_in(self) -> None:
        self.sign_in_staff(self.email)

    def do_one_thing(self) -> None:
        assert self.phone.get("/staff/reports").status == 200
        time.sleep(0.5)


def days_on(page: Page) -> list[str]:
    """The days that the page offers."""
    return [str(day["value"]) for day in page.select("input[name=requested_date]")]


def everybody(town: Town, *at: Any) -> list[Person]:
    inspectors = [Inspector(id, town, *at) for id in town.inspectors]
    builders = [Contractor(builder, *at) for builder in town.builders]
    return [*builders, *inspectors, Technician(town, *at), Supervisor(town, *at)]
