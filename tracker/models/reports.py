"""The sums that reports are read from, and the changes that they do not hold yet.

Database triggers on `inspection` add to `Uncounted`, whoever writes; `actions.tallies` brings the tallies up to date.
"""

from peewee import AutoField, CharField, Check, DateField, IntegerField

from tracker.db import BaseModel, InstantField
from tracker.rules.tallies import COLUMNS


class Tally(BaseModel):
    """The counts (see `rules.tallies`) of a day, and once more of each whole month, by type and inspector.

    It is derived from inspections and holds no reference of its own.
    """

    id = AutoField()
    span = CharField(max_length=5, constraints=[Check("span IN ('day','month')")])
    # The first of the month where it is one.
    day = DateField()
    type_id = IntegerField()
    # 0: nobody.
    inspector_id = IntegerField()

    class Meta:
        indexes = ((("span", "day", "type_id", "inspector_id"), True),)


for column in COLUMNS:
    Tally._meta.add_field(column, IntegerField(default=0))


class Uncounted(BaseModel):
    """An inspection as it is now (n is 1) or as it was before (n is -1), until it is added to the tallies."""

    id = AutoField()
    n = IntegerField()
    type_id = IntegerField()
    inspector_id = IntegerField(null=True)
    requested_at = InstantField(null=True)
    status = CharField(max_length=20)
    result = CharField(max_length=30, null=True)
    day = DateField()
    closed_on = DateField(null=True)
