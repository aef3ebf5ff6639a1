"""Mail waiting to be sent, and the record of changes."""

from peewee import AutoField, CharField, ForeignKeyField, IntegerField, TextField

from tracker.db import BaseModel, InstantField
from tracker.models.inspections import Inspection


class Mail(BaseModel):
    """An e-mail to one address, written in the same transaction as what it tells."""

    id = AutoField()
    # The same however often it is tried, without the domain.
    message_id = CharField(max_length=64, unique=True)
    kind = CharField(max_length=40)
    inspection = ForeignKeyField(Inspection, null=True, backref="mails")
    recipient = CharField(max_length=254)
    subject = CharField(max_length=250)
    text = TextField()
    html = TextField()
    calendar = TextField(default="")
    # REQUEST, CANCEL or (for several inspections) PUBLISH, with a calendar file.
    calendar_method = CharField(max_length=10, default="")
    created_at = InstantField()
    # When it may be tried; none once it is sent or given up.
    due_at = InstantField(null=True, index=True)
    tries = IntegerField(default=0)
    sent_at = InstantField(null=True)
    given_up_at = InstantField(null=True, index=True)
    # When somebody asked for it to be sent once more: the days until it is given up begin anew.
    again_at = InstantField(null=True)
    last_error = TextField(default="")


class Change(BaseModel):
    """Who did what, when, from where; before and after as JSON. Only ever added to."""

    id = AutoField()
    at = InstantField(index=True)
    # 'contractor:12', 'staff:3' or 'system', and the name as it was then.
    actor = CharField(max_length=40)
    actor_name = CharField(max_length=200)
    address = CharField(max_length=60, default="")
    verb = CharField(max_length=40)
    # What was changed: 'inspection', 'permit', 'contractor', …
    subject = CharField(max_length=20)
    subject_id = IntegerField()
    before = TextField(default="")
    after = TextField(default="")
    reason = TextField(default="")

    class Meta:
        indexes = (
            (("subject", "subject_id"), False),
            (("actor", "at"), False),
            (("verb", "at"), False),
            (("subject", "at"), False),
        )
