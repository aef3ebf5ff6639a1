"""Contractors with their spellings and people, staff, who is signed in where, and how often somebody tried to."""

from datetime import timedelta

from peewee import AutoField, CharField, Check, ForeignKeyField, IntegerField

from tracker.db import BaseModel, InstantField


class Contractor(BaseModel):
    """A company that pulls permits. The field names are those of BLDS where it has one."""

    id = AutoField()
    company_name = CharField(max_length=200)
    # Readable, since it is printed on permits (RR-4F7K-92QM), and the PIN until the company sets its own.
    registration_code = CharField(max_length=40)
    # The same in upper case without spaces and hyphens: a code is compared and found by this.
    code_key = CharField(max_length=40, unique=True)
    own_pin_hash = CharField(max_length=200, null=True)
    lic_num = CharField(max_length=60, null=True, unique=True)
    address = CharField(max_length=200, default="")
    city = CharField(max_length=100, default="")
    state = CharField(max_length=20, default="")
    zip = CharField(max_length=20, default="")
    phone = CharField(max_length=40, default="")
    email = CharField(max_length=254, default="")
    language = CharField(max_length=5, null=True)
    # In every session of the account: a new one ends them all.
    session_token = CharField(max_length=40)
    # Counts what changed on the company's pages; an unchanged list is answered by comparing it.
    version = IntegerField(default=1)
    blocked_at = InstantField(null=True)
    merged_into = ForeignKeyField("self", null=True, backref="merged")


class CompanyName(BaseModel):
    """A spelling of a company, as a source or a clerk wrote it."""

    id = AutoField()
    contractor = ForeignKeyField(Contractor, backref="names", on_delete="CASCADE")
    name = CharField(max_length=200)
    # Letters and digits only, lower case: two spellings with one key are surely the same company.
    key = CharField(max_length=200, unique=True)
    # The key without the legal form (Inc, LLC, …): alike, but not surely the same.
    stem = CharField(max_length=200, index=True)


class CompanyStart(BaseModel):
    """Where a typed name may begin: the key of a spelling from each of its words on."""

    id = AutoField()
    key = CharField(max_length=200)
    contractor = ForeignKeyField(Contractor, on_delete="CASCADE")

    class Meta:
        indexes = ((("key", "contractor"), True),)


class PossibleMatch(BaseModel):
    """Two companies with names alike, for a supervisor to say whether they are one."""

    id = AutoField()
    contractor = ForeignKeyField(Contractor, backref="possible_matches", index=False, on_delete="CASCADE")
    other = ForeignKeyField(Contractor, backref="possible_matches_of", on_delete="CASCADE")
    kept_apart_at = InstantField(null=True)

    class Meta:
        indexes = ((("contractor", "other"), True),)
        constraints = [Check("contractor_id < other_id")]


class Person(BaseModel):
    """Somebody of a company, and the mails about its inspections that they asked for."""

    id = AutoField()
    contractor = ForeignKeyField(Contractor, backref="people", index=False, on_delete="CASCADE")
    name = CharField(max_length=100)
    email = CharField(max_length=254)
    phone = CharField(max_length=40, default="")
    wants = CharField(max_length=10, default="own", constraints=[Check("wants IN ('all','own','none')")])

    class Meta:
        indexes = ((("contractor", "email"), True),)


class Staff(BaseModel):
    id = AutoField()
    # Lower case.
    email = CharField(max_length=254, unique=True)
    name = CharField(max_length=100)
    role = CharField(max_length=20, constraints=[Check("role IN ('technician','inspector','supervisor')")])
    password_hash = CharField(max_length=200)
    session_token = CharField(max_length=40)
    phone = CharField(max_length=40, default="")
    # What an inspector can do in a day.
    stops_a_day = IntegerField(default=14, constraints=[Check("stops_a_day >= 0")])
    minutes_a_day = IntegerField(default=420, constraints=[Check("minutes_a_day >= 0")])
    version = IntegerField(default=1)
    left_at = InstantField(null=True)


class StaffTrade(BaseModel):
    """A trade an inspector may inspect."""

    id = AutoField()
    staff = ForeignKeyField(Staff, backref="trades", index=False, on_delete="CASCADE")
    trade = CharField(max_length=20)

    class Meta:
        indexes = ((("staff", "trade"), True),)


# However often a session is used: then the PIN is typed anew.
SESSION_LASTS = timedelta(days=30)


class SignIn(BaseModel):
    """A company or a member of staff signed in, in a browser that is known to be theirs from then on."""

    id = AutoField()
    contractor = ForeignKeyField(Contractor, null=True, backref="sign_ins", index=False, on_delete="CASCADE")
    staff = ForeignKeyField(Staff, null=True, backref="sign_ins", index=False, on_delete="CASCADE")
    # What the browser is known by: in a cookie of its own, which outlives the session.
    device = CharField(max_length=32)
    # What the session is known by, in its cookie; none once it has ended.
    session = CharField(max_length=32, null=True, unique=True)
    # The account's session token at that moment: with another one the session has ended too.
    token = CharField(max_length=40)
    at = InstantField()

    class Meta:
        indexes = ((("contractor", "device"), False), (("staff", "device"), False))
        constraints = [Check("(contractor_id IS NULL) <> (staff_id IS NULL)")]


class Attempt(BaseModel):
    """Tries to sign in by what was tried (`company:12`, `address:…`, `all`); swept once they count no more."""

    key = CharField(max_length=100, primary_key=True)
    count = IntegerField()
    since = InstantField(index=True)
