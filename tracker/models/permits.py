"""Permits, the contractors on them by trade, what does not apply, and fees. Names as in BLDS 1.2."""

from datetime import date, datetime

from peewee import (
    AutoField,
    CharField,
    Check,
    ColumnBase,
    Context,
    DateField,
    DecimalField,
    DoubleField,
    Field,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from tracker.db import BaseModel, InstantField, is_postgresql
from tracker.models.city import TRADES, InspectionType, PermitType
from tracker.models.people import Contractor
from tracker.rules.words import ACTIVE_PERMIT, FeeState


class Permit(BaseModel):
    id = AutoField()
    permit_num = CharField(max_length=40, unique=True)
    permit_type = ForeignKeyField(PermitType, null=True, index=False)
    description = TextField(default="")
    work_class = CharField(max_length=60, default="")
    # StatusCurrent as the source says it, and our word for it.
    status_current = CharField(max_length=100, default="")
    status = CharField(max_length=30)
    status_on = DateField(null=True)
    applied_on = DateField(null=True)
    issued_on = DateField(null=True)
    # From the source or by the issue date; `expires_on` is this or later, where scheduling extended it.
    source_expires_on = DateField(null=True)
    expires_on = DateField(null=True, index=True)
    completed_on = DateField(null=True)
    original_address1 = CharField(max_length=200)
    original_address2 = CharField(max_length=100, default="")
    original_city = CharField(max_length=100, default="")
    original_state = CharField(max_length=20, default="")
    original_zip = CharField(max_length=20, default="")
    est_project_cost = DecimalField(max_digits=14, decimal_places=2, null=True)
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)
    # A digest of the source's rows: the same again changes nothing.
    source_digest = CharField(max_length=40, default="")
    # The columns a clerk corrected by hand, separated by spaces: an import leaves them alone and says so.
    corrected = CharField(max_length=200, default="")

    def is_active(self, today: date) -> bool:
        return self.status in ACTIVE_PERMIT and (self.expires_on is None or self.expires_on >= today)


class Lower(ColumnBase):
    """A column without case and by letters alone, as an index holds it: what begins alike stands together."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __sql__(self, ctx: Context) -> Context:
        return ctx.literal("lower(").sql(self.field).literal(') COLLATE "C"' if is_postgresql() else ")")


for _field in (Permit.permit_num, Permit.original_address1):
    Permit.add_index(Lower(_field), name=f"permit_{_field.name}_lower")


class PermitContractor(BaseModel):
    id = AutoField()
    permit = ForeignKeyField(Permit, backref="contractors", index=False, on_delete="CASCADE")
    contractor = ForeignKeyField(Contractor, backref="permits", index=False)
    trade = CharField(max_length=20, constraints=[Check(f"trade IN {TRADES}")])
    # 'source': the import put it there and may take it away; 'hand': a clerk did.
    origin = CharField(max_length=10, default="source", constraints=[Check("origin IN ('source','hand')")])

    class Meta:
        indexes = ((("permit", "contractor", "trade"), True), (("contractor", "permit"), False))


class NotApplicable(BaseModel):
    """An inspection type that this one permit does not need (no gas in an all-electric house)."""

    id = AutoField()
    permit = ForeignKeyField(Permit, backref="not_applicable", index=False, on_delete="CASCADE")
    inspection_type = ForeignKeyField(InspectionType, index=False)

    class Meta:
        indexes = ((("permit", "inspection_type"), True),)


class Fee(BaseModel):
    """A re-inspection fee: due from the third attempt at one type on one permit."""

    id = AutoField()
    permit = ForeignKeyField(Permit, backref="fees", index=False)
    inspection_type = ForeignKeyField(InspectionType, index=False)
    attempt = IntegerField(constraints=[Check("attempt > 0")])
    amount = DecimalField(max_digits=10, decimal_places=2)
    due_at = InstantField()
    paid_at = InstantField(null=True)
    receipt = CharField(max_length=60, default="")
    waived_at = InstantField(null=True)
    waived_because = TextField(default="")

    class Meta:
        indexes = ((("permit", "inspection_type", "attempt"), True),)

    @property
    def state(self) -> FeeState:
        return fee_state(self.paid_at, self.waived_at)


def fee_state(paid_at: datetime | None, waived_at: datetime | None) -> FeeState:
    return FeeState.PAID if paid_at else FeeState.WAIVED if waived_at else FeeState.DUE


# The same as conditions of a query.
FEE_IS = {
    FeeState.DUE: Fee.paid_at.is_null() & Fee.waived_at.is_null(),
    FeeState.PAID: Fee.paid_at.is_null(False),
    FeeState.WAIVED: Fee.waived_at.is_null(False),
}


class ExpiryNotice(BaseModel):
    """A company was told that a permit ends: once for each date, so many days before (0: it has ended)."""

    id = AutoField()
    permit = ForeignKeyField(Permit, index=False, on_delete="CASCADE")
    contractor = ForeignKeyField(Contractor, on_delete="CASCADE")
    expires_on = DateField()
    days = IntegerField(constraints=[Check("days IN (30, 7, 0)")])

    class Meta:
        indexes = ((("permit", "contractor", "expires_on", "days"), True),)
