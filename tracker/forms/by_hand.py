"""Permits written by a technician."""

import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker.forms.fields import (
    PostedForm,
    a_date,
    at_most,
    clean,
    needed,
    one_line,
    read_day,
    zip_code,
)
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import PermitStatus
from tracker.saying import say


class PermitForm(PostedForm):
    """A permit by hand; field names are its columns. `version` is that of the permit being corrected."""

    permit_num = StringField(filters=[one_line], validators=needed(_l("Type the number of the permit."), 40))
    permit_type = StringField(filters=[one_line], validators=needed(_l("Choose the permit type."), 20))
    original_address1 = StringField(filters=[one_line], validators=needed(_l("Type the address of the site."), 200))
    original_address2 = StringField(filters=[one_line], validators=[at_most(100)])
    original_city = StringField(filters=[one_line], validators=[at_most(100)])
    original_zip = StringField(filters=[one_line], validators=[zip_code])
    description = StringField(filters=[one_line], validators=[at_most(500)])
    status = StringField(filters=[one_line])
    issued_on = StringField(filters=[one_line], validators=[a_date])
    source_expires_on = StringField(filters=[one_line], validators=[a_date])
    reason = TextAreaField(filters=[clean], validators=[at_most(1000)])
    version = HiddenField(filters=[one_line])

    DATES = ("issued_on", "source_expires_on")
    FACTS = ("original_address1", "original_address2", "original_city", "original_zip", "description", "status", *DATES)

    def validate_permit_num(self, field: Field) -> None:
        if "/" in field.data or field.data.lower() == "new":
            raise ValidationError(say(Reason(N_("A number has no slash in it."))))
        if not any(letter.isalnum() for letter in field.data):
            raise ValidationError(say(Reason(N_("A number has letters or digits in it."))))
        typed = str(field.raw_data[0]) if field.raw_data else ""
        if any(unicodedata.category(letter) in ("Cf", "Cn", "Co") for letter in typed):
            raise ValidationError(say(Reason(N_("There is a letter in it that nobody can see. Type the number anew."))))

    def validate_status(self, field: Field) -> None:
        if field.data not in list(PermitStatus):
            raise ValidationError(say(Reason(N_("Choose a status."))))

    def validate_source_expires_on(self, field: Field) -> None:
        ends, begins = read_day(field.data), read_day(self.issued_on.data)
        if ends and begins and ends < begins:
            raise ValidationError(say(Reason(N_("It cannot expire before it is issued."))))

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, by column, dates as dates; the number and the type apart."""
        return {name: read_day(self[name].data) if name in self.DATES else self[name].data for name in self.FACTS}
