"""What a city decides: inspection types and their order, permit types, days off, capacity."""

from collections.abc import Iterable

from peewee import SQL, AutoField, BooleanField, CharField, Check, DateField, ForeignKeyField, IntegerField, TextField

from tracker.db import BaseModel

TRADES = "('general','building','electrical','plumbing','mechanical','irrigation')"


class InspectionType(BaseModel):
    id = AutoField()
    code = CharField(max_length=20, unique=True)
    name = CharField(max_length=100)
    name_es = CharField(max_length=100, default="")
    trade = CharField(max_length=20, constraints=[Check(f"trade IN {TRADES}")])
    minutes = IntegerField(default=30, constraints=[Check("minutes > 0")])
    # Shown as soon as the type is chosen, such as what must be on site.
    note = TextField(default="")
    note_es = TextField(default="")
    may_repeat = BooleanField(default=False)
    # The remarks must hold a name and a phone number, so that the inspector can call (irrigation).
    needs_caller = BooleanField(default=False)
    # The last inspection of the permit: re-inspection fees must be paid before it.
    is_final = BooleanField(default=False)
    position = IntegerField(default=0)


class Prerequisite(BaseModel):
    """`inspection_type` needs `needs` first."""

    id = AutoField()
    inspection_type = ForeignKeyField(InspectionType, backref="prerequisites", index=False, on_delete="CASCADE")
    needs = ForeignKeyField(InspectionType, backref="needed_by", on_delete="CASCADE")
    # Also met by being requested for the same or an earlier day (roughs before framing, trade finals before the final).
    by_request = BooleanField(default=False)

    class Meta:
        indexes = ((("inspection_type", "needs"), True),)
        constraints = [Check("inspection_type_id <> needs_id")]


class Correction(BaseModel):
    """A correction an inspector picks from the list of the type instead of writing it."""

    id = AutoField()
    inspection_type = ForeignKeyField(InspectionType, backref="corrections", index=False, on_delete="CASCADE")
    text = CharField(max_length=200)
    text_es = CharField(max_length=200, default="")

    class Meta:
        indexes = ((("inspection_type", "text"), True),)


def corrections_in_spanish(lines: Iterable[str]) -> dict[str, str]:
    """The city's Spanish words for these lines of a result, by the English ones; what was written by hand has none."""
    rows = Correction.select(Correction.text, Correction.text_es).where(
        Correction.text.in_(sorted(set(lines))), Correction.text_es != ""
    )
    return dict(rows.order_by(Correction.id.desc()).tuples())


class PermitType(BaseModel):
    id = AutoField()
    code = CharField(max_length=20, unique=True)
    name = CharField(max_length=100)
    name_es = CharField(max_length=100, default="")
    # BLDS PermitTypeMapped: Building, Demolition, Electrical, …
    mapped = CharField(max_length=20)


class PermitTypeInspection(BaseModel):
    """An inspection type that permits of this type list; what is not listed is neither offered nor needed first."""

    id = AutoField()
    permit_type = ForeignKeyField(PermitType, backref="listed", index=False, on_delete="CASCADE")
    inspection_type = ForeignKeyField(InspectionType, backref="listed_by", on_delete="CASCADE")

    class Meta:
        indexes = ((("permit_type", "inspection_type"), True),)


class Edition(BaseModel):
    """Its one row counts the changes of what any page may show: types, the staff's names, days off."""

    id = AutoField()
    number = IntegerField(default=1)


class ClosedDay(BaseModel):
    """A day off of the city's own, or (`open`) a federal holiday on which the city works."""

    id = AutoField()
    day = DateField(unique=True)
    name = CharField(max_length=100)
    open = BooleanField(default=False)


class Capacity(BaseModel):
    """Places on a weekday (0 is Monday; none: every weekday) for a trade (none: all trades together).

    Without a row the city-wide setting counts for all trades together, and a trade has no limit of its own.
    """

    id = AutoField()
    weekday = IntegerField(null=True, constraints=[Check("weekday BETWEEN 0 AND 6")])
    trade = CharField(max_length=20, null=True)
    places = IntegerField(constraints=[Check("places >= 0")])


# Once each, nothing included: to a unique index of columns no two nothings are the same.
Capacity.add_index(
    SQL("CREATE UNIQUE INDEX capacity_weekday_trade ON capacity (coalesce(weekday, -1), coalesce(trade, ''))")
)


class DayLoad(BaseModel):
    """Places taken on a day: one row for all trades together (trade is ''), one for each trade."""

    id = AutoField()
    day = DateField()
    trade = CharField(max_length=20)
    booked = IntegerField(default=0, constraints=[Check("booked >= 0")])
    am = IntegerField(default=0, constraints=[Check("am >= 0")])
    pm = IntegerField(default=0, constraints=[Check("pm >= 0")])

    class Meta:
        indexes = ((("day", "trade"), True),)
