"""Requests, the inspections in them through their whole life, and every version of a result."""

from peewee import (
    SQL,
    AutoField,
    BooleanField,
    CharField,
    Check,
    DateField,
    ForeignKeyField,
    IntegerField,
    TextField,
    ValueLiterals,
)

from tracker.db import BaseModel, InstantField
from tracker.models.city import InspectionType
from tracker.models.people import Contractor, Staff
from tracker.models.permits import Permit
from tracker.rules.words import OPEN


class Request(BaseModel):
    """One submitted form with one or more inspections. Its id is the confirmation number."""

    id = AutoField()
    # Made with the form and sent back with it: the same form twice is one request.
    key = CharField(max_length=64, unique=True)
    # What the form held: the same key with other content is told apart by it.
    digest = CharField(max_length=64)
    permit = ForeignKeyField(Permit, backref="requests", index=False)
    contractor = ForeignKeyField(Contractor, backref="requests")
    contact_name = CharField(max_length=100)
    phone = CharField(max_length=40)
    site_address = CharField(max_length=200)
    email = CharField(max_length=254)
    language = CharField(max_length=5, default="en")
    # The technician, where it was made by telephone.
    taken_by = ForeignKeyField(Staff, null=True, index=False)
    requested_at = InstantField()

    class Meta:
        # "Filled from the company's last request on this permit."
        indexes = ((("permit", "contractor", "id"), False),)


class Inspection(BaseModel):
    """Asked for here, or brought with its result by an import: then it has a `source_key` and no request."""

    id = AutoField()
    request = ForeignKeyField(Request, null=True, backref="inspections")
    permit = ForeignKeyField(Permit, backref="inspections", index=False)
    # None where an import brought it and does not surely know whose it was.
    contractor = ForeignKeyField(Contractor, null=True, backref="inspections", index=False)
    inspection_type = ForeignKeyField(InspectionType, index=False)
    # The type while the inspection is open, none afterwards or where the type may repeat:
    # unique with the permit, so that two at once cannot open one type twice.
    open_type = IntegerField(null=True)
    status = CharField(
        max_length=20,
        constraints=[Check("status IN ('requested','scheduled','on_the_way','arrived','done','cancelled','declined')")],
    )
    # The day it holds a place on: the one asked for, or the one it was moved to.
    day = DateField()
    time_frame = CharField(max_length=5, constraints=[Check("time_frame IN ('any','am','pm')")])
    remarks = TextField(default="")
    inspector = ForeignKeyField(Staff, null=True, backref="stops", index=False)
    stop_order = IntegerField(default=0)
    scheduled_at = InstantField(null=True)
    on_the_way_at = InstantField(null=True)
    arrived_at = InstantField(null=True)
    # When it got its result, was cancelled or was declined.
    closed_at = InstantField(null=True)
    closed_by = CharField(max_length=200, default="")
    # The day of the outcome: the dashboard shows those of the last 30 days.
    closed_on = DateField(null=True)
    result = CharField(max_length=30, null=True)
    # For the contractor; `staff_comment` is for the city only.
    comment = TextField(default="")
    staff_comment = TextField(default="")
    corrections = TextField(default="")
    # Whether its result left something to do that has not been requested again yet.
    to_repeat = BooleanField(default=False)
    # SEQUENCE of the calendar file: rises with every change that is mailed.
    calendar_sequence = IntegerField(default=0)
    # None where an import brought it without saying.
    requested_at = InstantField(null=True)
    # What tells it apart on its permit, where an import brought it: the source's number of it, or type, day and place.
    source_key = CharField(max_length=80, null=True)
    # A digest of the source's row: the same again changes nothing.
    source_digest = CharField(max_length=40, default="")
    # Type and result in the source's own words.
    source_type = CharField(max_length=100, default="")
    source_result = CharField(max_length=100, default="")

    class Meta:
        indexes = (
            (("permit", "open_type"), True),
            (("contractor", "status", "day"), False),
            (("contractor", "closed_on"), False),
            (("status", "day"), False),
            (("inspector", "day", "stop_order"), False),
            (("permit", "inspection_type"), False),
            (("permit", "source_key"), True),
        )
        constraints = [
            Check("(status = 'done') = (result IS NOT NULL)"),
            Check("(request_id IS NULL) = (source_key IS NOT NULL)"),
        ]


# What is open is little beside all that ever was: its own index holds it in the order of the queue. A statement uses
# that index only if it says the same in the same words, the states in its text and not as values; the
# empty text keeps SQLite from taking the index by state instead, which it would have to sort.
OPEN_STATES = tuple(map(str, OPEN))
IS_OPEN = ValueLiterals(Inspection.status.concat("").in_(OPEN_STATES))
OPEN_COLUMNS = "day, requested_at, id, inspector_id, status"
Inspection.add_index(
    SQL(f"CREATE INDEX inspection_open ON inspection ({OPEN_COLUMNS}) WHERE (status || '') IN {OPEN_STATES}")
)


class InspectionResult(BaseModel):
    """Each version of a result: a correction adds one and keeps what was there."""

    id = AutoField()
    inspection = ForeignKeyField(Inspection, backref="results")
    result = CharField(max_length=30)
    comment = TextField(default="")
    staff_comment = TextField(default="")
    corrections = TextField(default="")
    recorded_by = ForeignKeyField(Staff, null=True, index=False)
    recorded_at = InstantField()
