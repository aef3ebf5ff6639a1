"""What the tests of pages share: a counter of queries, members of staff, and Dana's inspections as they stand."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest

from tests import cast
from tests.page import Browse, Page
from tracker.actions.requests import Wish
from tracker.models import Inspection, Permit, PermitContractor, Request

DAY = cast.WEDNESDAY


class Queries(logging.Handler):
    """The statements sent to the database while it listens; the bounds of transactions are none."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.sent: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        sql = record.msg[0] if isinstance(record.msg, tuple) else ""  # the pool's words are no statement
        if sql and not sql.upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.sent.append(sql)


@pytest.fixture
def counting() -> Callable[[], Iterator[list[str]]]:
    """`with counting() as queries: …` → the statements that were sent meanwhile."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        log, handler = logging.getLogger("peewee"), Queries()
        before = log.level
        log.addHandler(handler)
        log.setLevel(logging.DEBUG)
        try:
            yield handler.sent
        finally:
            log.removeHandler(handler)
            log.setLevel(before)

    return count


@pytest.fixture
def danas_request(dana: cast.Signer, danas_permit: Permit) -> Request:
    """A water heater inspection for tomorrow morning, with a gate code for the city alone."""
    at_site = replace(cast.CONTACT, site_address="77 Cedar Brake Drive")
    return cast.ask(dana, danas_permit, Wish("WH", DAY, "am", "Gate code 4711, call 512-555-0199"), contact=at_site)


@pytest.fixture
def danas_inspection(danas_request: Request) -> Inspection:
    return Inspection.get(Inspection.request == danas_request)


@pytest.fixture
def hill() -> Callable[[int], cast.Signer]:
    """`hill(400)` → Hill Country Homes, a builder with so many active permits."""

    def builder(permits: int) -> cast.Signer:
        who = cast.signer("Hill Country Homes", "permits@hillcountryhomes.example")
        model = cast.permit_of(who.company, "BP-2026-02000", trade="general")
        kept = {name: value for name, value in model.__data__.items() if name != "id"}
        rows = [
            {**kept, "permit_num": f"BP-2026-{2000 + n:05}", "original_address1": f"{100 + n * 7} Mockingbird Row"}
            for n in range(1, permits)
        ]
        if rows:
            made = [id for (id,) in Permit.insert_many(rows).returning(Permit.id).tuples().execute()]
            PermitContractor.insert_many(
                [{"permit": id, "contractor": who.company, "trade": "general"} for id in made]
            ).execute()
        return who

    return builder


@pytest.fixture
def filling(browse: Callable[..., Browse], dana: cast.Signer, danas_house: Permit) -> Browse:
    """Dana has the request page of her new house open."""
    browsing = browse(dana)
    browsing.get(f"/permits/{danas_house.permit_num}/request")
    return browsing


CONTACT = {
    "contact_name": "Dana Whitfield",
    "phone": "512-555-0170",
    "site_address": "418 Larkspur Lane",
    "email": "dana@lonestar.example",
}


def summary(page: Page) -> list[str]:
    """The lines of the box with what is to be fixed."""
    return page.words("#problems li")


def wish(code: str, day: date | str = DAY, half: str = "any", remarks: str = "") -> dict[str, str]:
    """The fields of the inspection being filled in."""
    return {"inspection_type": code, "requested_date": str(day), "time_frame": half, "remarks": remarks}
