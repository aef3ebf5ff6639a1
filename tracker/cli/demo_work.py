"""The demo city at work: what its builder's houses have passed, the inspectors' stops of the day, the queue.

The dice fall the same way every time; a stop's day is counted from the day on which the demo is loaded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from tracker.actions.changes import SYSTEM
from tracker.actions.desk import Desk
from tracker.actions.expiry import set_expiry
from tracker.actions.places import NO_LIMIT, take_place
from tracker.actions.requests import Contact, Wish, request_inspections
from tracker.models import Contractor, Inspection, InspectionResult, Permit, PermitContractor, Request, Staff
from tracker.queries.day import corrections_of
from tracker.rules.calendar import City, first_day_offered, is_working_day, local, next_working_day
from tracker.rules.sequence import Type
from tracker.rules.words import Result, Status

HOUSES = 72
# One house passes them in this order; how far it has got is its number.
ORDER = ("TPOLE", "PLRGH", "FORM", "FOUND", "ELRGH", "PLTOP", "MERGH", "SEWER", "FRAME", "ENERGY", "BRICK", "WALL")
STOPS, QUEUE = 18, 26
PEOPLE = ("Rosa Delgado", "Theo Lindqvist", "Amara Nwosu", "Wes Halloran")
GATES = ("", "", "Gate code 2580.", "Dog in the yard, call first.", "Key is at the site office.")


@dataclass
class Work:
    """What the rows are made with."""

    desk: Desk
    builder: Contractor
    staff: Sequence[Staff]
    now: datetime
    dice: Random

    @property
    def today(self) -> date:
        return local(self.now, self.desk.city).date()

    def at(self, day: date, hour: int, minute: int) -> datetime:
        return datetime.combine(day, time(hour, minute), self.desk.city.zone)

    def able(self, trade: str) -> list[Staff]:
        """Those who inspect the trade."""
        return [one for one in self.staff if trade in [row.trade for row in one.trades]]


def put_to_work(desk: Desk, builder: Contractor, staff: Sequence[Staff], *, now: datetime) -> None:
    """The builder's oldest houses with their history; some have a stop on the day of work, some are in the queue."""
    work = Work(desk, builder, staff, now, Random(72))
    houses = list(
        Permit.select()
        .join(PermitContractor)
        .where(PermitContractor.contractor == builder, Permit.permit_num.contains("-2"))
        .order_by(Permit.issued_on, Permit.id)
        .limit(HOUSES)
    )
    stages = [2 + number * 5 % (len(ORDER) - 2) for number in range(len(houses))]
    for house, stage in zip(houses, stages, strict=True):
        _history(work, house, stage)
    set_expiry([house.id for house in houses], by=SYSTEM, now=now)
    coming = list(zip(houses, stages, strict=True))
    _stops(work, coming[:STOPS])
    _queue(work, coming[STOPS : STOPS + QUEUE])


def _history(work: Work, house: Permit, stage: int) -> None:
    """Everything before this stage has passed, once in a while at the second visit."""
    day = work.today - timedelta(days=2 + work.dice.randrange(9))
    for code in reversed(ORDER[:stage]):
        day = _working_day_before(day, 1 + work.dice.randrange(5), work.desk.city)
        if day <= (house.issued_on or work.today):
            day = _working_day_before(work.today, 2 + work.dice.randrange(20), work.desk.city)
        _inspected(work, house, code, day, Result.PASSED)
        if work.dice.random() < 0.15:
            before = _working_day_before(day, 2, work.desk.city)
            _inspected(work, house, code, before, work.dice.choice((Result.FAILED, Result.FAILED, Result.NO_ACCESS)))


def _inspected(work: Work, house: Permit, code: str, day: date, result: Result) -> None:
    one, waited = work.desk.types[code], 1 + work.dice.randrange(4)
    inspector = work.dice.choice(work.able(one.trade))
    closed_at = work.at(day, 8 + work.dice.randrange(8), work.dice.randrange(60))
    asked_at = closed_at - timedelta(days=waited)
    words = {
        "result": result,
        "corrections": work.dice.choice(corrections_of(one.id)).text if result == Result.FAILED else "",
        "comment": "Gate locked." if result == Result.NO_ACCESS else "",
    }
    inspection = _row(
        work, house, one, day, asked_at, status=Status.DONE, inspector=inspector, closed_at=closed_at, closed_on=day,
        closed_by=inspector.name, scheduled_at=asked_at, **words,
    )  # fmt: skip
    InspectionResult.create(inspection=inspection, recorded_by=inspector, recorded_at=closed_at, **words)


def _stops(work: Work, houses: Sequence[tuple[Permit, int]]) -> None:
    """The next inspection of each house, with an inspector: today on a working day, else on the next one."""
    day = work.today if is_working_day(work.today, work.desk.city) else next_working_day(work.today, work.desk.city)
    held: dict[int, int] = {}
    for number, (house, stage) in enumerate(houses):
        one = work.desk.types[ORDER[stage]]
        inspector = min(work.able(one.trade), key=lambda person: held.get(person.id, 0))
        held[inspector.id] = held.get(inspector.id, 0) + 1
        asked_at = work.at(day, 9, number) - timedelta(days=1 + number % 3)
        _row(
            work, house, one, day, asked_at, status=Status.SCHEDULED, open_type=one.id, inspector=inspector,
            stop_order=held[inspector.id], scheduled_at=asked_at, remarks=work.dice.choice(GATES),
            time_frame=work.dice.choice(("am", "pm", "any")),
        )  # fmt: skip


def _queue(work: Work, houses: Sequence[tuple[Permit, int]]) -> None:
    """Requests of the coming days that nobody has yet, made as a contractor makes them."""
    day = first_day_offered(work.now, work.desk.city)
    days = list(_days_from(day, 4, work.desk.city))
    for number, (house, stage) in enumerate(houses):
        who = PEOPLE[number % len(PEOPLE)]
        contact = Contact(who, work.builder.phone, house.original_address1, work.builder.email)
        wish = Wish(ORDER[stage], days[number % len(days)], ("am", "pm", "any")[number % 3], work.dice.choice(GATES))
        request_inspections(
            house, work.builder, [wish], contact=contact, key=f"demo-queue-{number}", desk=work.desk, by=SYSTEM,
            now=work.now,
        )  # fmt: skip


def _row(work: Work, house: Permit, one: Type, day: date, asked_at: datetime, **columns: object) -> Inspection:
    request = Request.create(
        key=f"demo-work-{house.id}-{one.code}-{day}-{columns.get('result', '')}", digest="", permit=house,
        contractor=work.builder, contact_name=work.dice.choice(PEOPLE), phone=work.builder.phone,
        site_address=house.original_address1, email=work.builder.email, requested_at=asked_at,
    )  # fmt: skip
    values = {"time_frame": "any", "to_repeat": False, **columns}
    made = Inspection.create(
        request=request, permit=house, contractor=work.builder, inspection_type=one.id, day=day,
        requested_at=asked_at, **values,
    )  # fmt: skip
    take_place(day, one.trade, str(values["time_frame"]), limits=(), default=NO_LIMIT)
    return made


def _working_day_before(day: date, number: int, city: City) -> date:
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day, city)
    return day


def _days_from(day: date, number: int, city: City) -> Iterator[date]:
    for _ in range(number):
        yield day
        day = next_working_day(day, city)
