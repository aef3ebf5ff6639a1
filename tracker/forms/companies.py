"""Companies written by a technician, and what a supervisor decides about one."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, StringField, TextAreaField

from tracker.forms.fields import PostedForm, at_most, clean, mail_address, needed, one_line, us_phone, zip_code


class CompanyForm(PostedForm):
    """A company by hand. `despite` are the ids of those with names alike that were shown, separated by spaces."""

    company_name = StringField(filters=[one_line], validators=needed(_l("Type the name of the company."), 200))
    phone = StringField(filters=[one_line])
    email = StringField(filters=[one_line], validators=[at_most(254)])
    lic_num = StringField(filters=[one_line, str.upper], validators=[at_most(60)])
    address = StringField(filters=[one_line], validators=[at_most(200)])
    city = StringField(filters=[one_line], validators=[at_most(100)])
    zip = StringField(filters=[one_line], validators=[zip_code])
    despite = HiddenField(filters=[one_line])

    KNOWN = ("phone", "email", "lic_num", "address", "city", "zip")

    def validate_phone(self, field: Field) -> None:
        if field.data:
            us_phone(self, field)

    def validate_email(self, field: Field) -> None:
        if field.data:
            mail_address(self, field)

    @property
    def known(self) -> dict[str, str]:
        """What was typed besides the name, by column."""
        return {name: self[name].data for name in self.KNOWN if self[name].data}

    @property
    def despite_ids(self) -> set[int]:
        return {int(one) for one in self.despite.data.split()[:20] if one.isdecimal() and len(one) < 10}


class ReasonForm(PostedForm):
    """Why: kept on record."""

    reason = TextAreaField(filters=[clean], validators=[at_most(1000)])


class MergeForm(PostedForm):
    """Which of the two stays; `seen` is what the preview showed of both."""

    other = HiddenField(filters=[one_line])
    keep = StringField(filters=[one_line])
    seen = HiddenField(filters=[one_line])
    # Ticked where the licence numbers differ.
    despite_licences = BooleanField()
