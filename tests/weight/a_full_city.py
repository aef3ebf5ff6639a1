"""The heaviest city there can be: a builder with 400 permits, and every text as long as its column or form allows.

The words differ: they are put together from many parts, so that they press together as real names do and no better.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from werkzeug.security import generate_password_hash

from tests.cast import NOW, PASSWORD, TODAY, WEDNESDAY
from tracker.actions.companies import make_company
from tracker.models import (
    Contractor,
    Inspection,
    InspectionResult,
    InspectionType,
    Permit,
    PermitContractor,
    PermitType,
    Person,
    Request,
    Staff,
)
from tracker.rules.words import LEAVES_OPEN

FIRST = """
Alder Amber Apple Arrow Ash Badger Bear Beaver Birch Bitter Black Blue Bramble Brook Buck Butter Cane Cedar
Clay Clover Cold Copper Coral Cotton Crane Cross Deer Dove Dry Eagle East Elm Ever Fair Fern Fire Flint Fox
Frost Gold Goose Grape Green Hawk Hazel Heather High Hill Honey Iron Ivy Juniper Kettle Lake Lark Lime Long
Maple Marble Marsh Meadow Mill Mocking Moss North Oak Old Otter Owl Pebble Pecan Pine Plum Prairie Quail
Quarry Red Reed River Robin Rock Rose Sage Salt Sand Shell Silver South Spring Star Stone Stony Sumac Sun
Sweet Thorn Timber Turtle Vine Walnut Water West White Wild Willow Wind Winter Wolf Wood Yellow Zephyr
""".split()  # noqa: SIM905
LAST = """
bank bark barn bend berry bird bluff bridge brook brush burn bury creek crest croft dale dell down fall farm
field finch flat flower ford fork garden gate glade glen grass grove haven heath hollow house land lane leaf
light loop mark mere mont moor mound more pass path point pond port ridge rise rock row run shade shore side
smith son spring star stead stone ton town trace track trail vale view wagon walk wall water way well wick
wind wood worth yard
""".split()  # noqa: SIM905
SMALL = "at by for from in is not of off on onto out over past the to under up was with".split()  # noqa: SIM905
LONGEST = {"name": 200, "number": 40, "address": 200, "more": 100, "person": 100, "remarks": 1000, "comment": 2000}


@dataclass
class City:
    """Who signs in, and the addresses of the pages that need one."""

    builder: Contractor
    inspector: Staff
    house: str
    fresh: str
    failed: int
    requested: int
    under_way: int
    stop: int
    other: str  # the name of another company
    person: int


class Writer:
    """Writes texts that a person might have written, of a length asked for; each time the city is made the same."""

    def __init__(self) -> None:
        self.dice = Random(320)

    def word(self) -> str:
        return self.dice.choice(FIRST) + self.dice.choice(LAST)

    def words(self, length: int) -> str:
        """Names of places and people, exactly so long."""
        text = self.word()
        while len(text) < length:
            text += " " + self.word()
        return f"{text[: length - 1].rstrip()}.".ljust(length, "x")

    def prose(self, length: int) -> str:
        """Sentences of an inspector, exactly so long."""
        parts = []
        while len(" ".join(parts)) < length:
            parts += [self.dice.choice(SMALL), self.dice.choice((self.word().lower(), self.word().lower(), "12 in"))]
        return " ".join(parts)[: length - 1].ljust(length - 1, "x") + "."

    def number(self, kind: str, place: int) -> str:
        tail = "".join(self.dice.choice("0123456789ABCDEFGHJKMNPQRSTUVWXYZ") for _ in range(20))
        return f"{kind}-2026-{place:05}-{tail}".ljust(LONGEST["number"], "Z")

    def address(self) -> str:
        return f"{self.dice.randrange(100, 99999)} {self.words(LONGEST['address'])}"[: LONGEST["address"]]


def build() -> City:
    """Fill the empty database that the models point at; it is Tuesday morning."""
    writer = Writer()
    builder = company(writer, language=None)
    inspector = member(writer, "inspector", "iris@bluebonnet.example")
    houses = permits(writer, builder, 400)
    others = [company(writer) for _ in range(5)]
    for trade, one in zip(("building", "electrical", "plumbing", "mechanical", "irrigation"), others, strict=True):
        PermitContractor.create(permit=houses[0], contractor=one, trade=trade)
    for _ in range(8):  # as many as the sign-in offers
        make_company(f"Lonesome {writer.words(LONGEST['name'] - 9)}", phone="", email="")
    people = [
        Person.create(contractor=builder, name=writer.words(100), email=mail(writer), phone="512-555-0170")
        for _ in range(30)
    ]
    rows = work(writer, builder, inspector, houses)
    house, fresh, other = houses[0].permit_num, houses[-1].permit_num, others[0].company_name
    return City(builder, inspector, house, fresh, other=other, person=people[0].id, **rows)


def mail(writer: Writer) -> str:
    name = writer.words(60).replace(" ", "-").rstrip(".")
    host = ".".join(writer.words(60).replace(" ", "-").rstrip(".") for _ in range(3))
    return f"{name}@{host}.example".lower()


def company(writer: Writer, **more: Any) -> Contractor:
    made = make_company(writer.words(LONGEST["name"]), phone="512-555-0170", email=mail(writer))
    more |= {"address": writer.address(), "city": writer.words(100), "state": "TX", "zip": "78664-1234"}
    Contractor.update(**more).where(Contractor.id == made.id).execute()
    return Contractor.get_by_id(made.id)


def member(writer: Writer, role: str, email: str) -> Staff:
    return Staff.create(
        email=email, name=writer.words(LONGEST["person"]), role=role, phone="512-555-0141",
        password_hash=generate_password_hash(PASSWORD, method="pbkdf2:sha256:1"), session_token="kept",
    )  # fmt: skip


def permits(writer: Writer, builder: Contractor, count: int) -> list[Permit]:
    """Active ones; the first are near their end."""
    kind = PermitType.get(PermitType.code == "NEW").id
    rows = []
    for place in range(count):
        issued = TODAY - timedelta(days=178 - place % 175)
        rows.append({
            "permit_num": writer.number("BP", place), "permit_type": kind, "description": writer.prose(400),
            "status": "issued", "issued_on": issued, "source_expires_on": issued + timedelta(days=180),
            "expires_on": issued + timedelta(days=180), "original_address1": writer.address(),
            "original_address2": writer.words(LONGEST["more"]), "original_city": writer.words(100),
            "original_state": "TX", "original_zip": "78664-1234",
        })  # fmt: skip
    for at in range(0, count, 50):
        Permit.insert_many(rows[at : at + 50]).execute()
    made = list(Permit.select().order_by(Permit.id))
    PermitContractor.insert_many(
        [{"permit": one.id, "contractor": builder.id, "trade": "general"} for one in made]
    ).execute()
    return made


def work(writer: Writer, builder: Contractor, inspector: Staff, houses: list[Permit]) -> dict[str, int]:
    """Two stops under way, twenty of the day, as many requested, and results with all that can be said in them."""
    types = list(InspectionType.select().order_by(InspectionType.position))
    codes = [one for one in types if one.code in ("SEWER", "TPOLE", "PLRGH", "FORM")]

    def made(house: Permit, kind: InspectionType, status: str, day: date, **more: Any) -> Inspection:
        request = Request.create(
            key=f"{house.id}-{kind.id}-{status}-{Request.select().count()}", digest="", permit=house,
            contractor=builder, contact_name=writer.words(100), phone="512-555-0170",
            site_address=house.original_address1, email=mail(writer), requested_at=NOW - timedelta(days=3),
        )  # fmt: skip
        return Inspection.create(
            request=request, permit=house, contractor=builder, inspection_type=kind, status=status, day=day,
            time_frame="pm", remarks=writer.prose(LONGEST["remarks"]), requested_at=request.requested_at,
            open_type=None if status == "done" else kind.id, **more,
        )  # fmt: skip

    stops = []
    for place, house in enumerate(houses[1:21]):
        status = "on_the_way" if place == 0 else "scheduled"
        stops.append(made(house, codes[place % 4], status, TODAY, inspector=inspector, stop_order=place,
                          on_the_way_at=NOW if place == 0 else None))  # fmt: skip
    requested = [made(house, codes[place % 4], "requested", WEDNESDAY) for place, house in enumerate(houses[21:31])]
    results = [result(writer, made, houses[31 + place], codes[place % 4], inspector) for place in range(20)]
    for kind in types[:20]:
        for _ in range(2):
            result(writer, made, houses[0], kind, inspector)
    return {
        "failed": results[0].id, "requested": requested[0].id, "under_way": stops[0].id, "stop": stops[1].id,
    }  # fmt: skip


def result(writer: Writer, made: Any, house: Permit, kind: InspectionType, inspector: Staff) -> Inspection:
    outcome = writer.dice.choice(("failed", "failed", "partial", "passed_with_conditions"))
    day = TODAY - timedelta(days=writer.dice.randrange(1, 29))
    said = {
        "result": outcome, "comment": writer.prose(LONGEST["comment"]), "staff_comment": writer.prose(2000),
        "corrections": "\n".join(writer.prose(writer.dice.randrange(40, 200)) for _ in range(12)),
    }  # fmt: skip
    closed = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=16)
    row = made(house, kind, "done", day, inspector=inspector, closed_at=closed, closed_on=day,
               closed_by=inspector.name, to_repeat=outcome in LEAVES_OPEN, **said)  # fmt: skip
    InspectionResult.create(inspection=row, recorded_by=inspector, recorded_at=closed, **said)
    return row
