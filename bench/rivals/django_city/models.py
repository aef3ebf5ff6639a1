"""The tracker's tables as Django sees them; only what the two pages read."""

from django.db import models


class Table(models.Model):
    class Meta:
        abstract = True
        managed = False


class Contractor(Table):
    company_name = models.CharField(max_length=200)
    session_token = models.CharField(max_length=40)
    blocked_at = models.DateTimeField(null=True)
    merged_into_id = models.IntegerField(null=True)
    version = models.IntegerField()

    class Meta(Table.Meta):
        db_table = "contractor"


class Staff(Table):
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20)
    session_token = models.CharField(max_length=40)
    left_at = models.DateTimeField(null=True)

    class Meta(Table.Meta):
        db_table = "staff"


class PermitType(Table):
    name = models.CharField(max_length=100)

    class Meta(Table.Meta):
        db_table = "permit_type"


class Permit(Table):
    permit_num = models.CharField(max_length=40)
    permit_type = models.ForeignKey(PermitType, models.DO_NOTHING, null=True)
    description = models.TextField()
    status = models.CharField(max_length=30)
    issued_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    original_address1 = models.CharField(max_length=200)
    original_zip = models.CharField(max_length=20)
    contractors = models.ManyToManyField(Contractor, through="PermitContractor")

    class Meta(Table.Meta):
        db_table = "permit"


class PermitContractor(Table):
    permit = models.ForeignKey(Permit, models.DO_NOTHING)
    contractor = models.ForeignKey(Contractor, models.DO_NOTHING)
    trade = models.CharField(max_length=20)

    class Meta(Table.Meta):
        db_table = "permit_contractor"


class InspectionType(Table):
    name = models.CharField(max_length=100)
    trade = models.CharField(max_length=20)

    class Meta(Table.Meta):
        db_table = "inspection_type"


class Request(Table):
    site_address = models.CharField(max_length=200)
    contact_name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40)

    class Meta(Table.Meta):
        db_table = "request"


class Inspection(Table):
    request = models.ForeignKey(Request, models.DO_NOTHING, null=True)
    permit = models.ForeignKey(Permit, models.DO_NOTHING)
    contractor = models.ForeignKey(Contractor, models.DO_NOTHING, null=True)
    inspection_type = models.ForeignKey(InspectionType, models.DO_NOTHING)
    inspector = models.ForeignKey(Staff, models.DO_NOTHING, null=True)
    status = models.CharField(max_length=20)
    day = models.DateField()
    time_frame = models.CharField(max_length=5)
    remarks = models.TextField()
    requested_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    result = models.CharField(max_length=30, null=True)
    comment = models.TextField()
    to_repeat = models.BooleanField()

    class Meta(Table.Meta):
        db_table = "inspection"
