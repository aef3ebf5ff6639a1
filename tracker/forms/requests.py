"""A request: the contact, the inspections on the list, and the one being filled in."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, Form, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, at_most, clean, mail_address, needed, one_line, read_day, us_phone
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import TimeFrame
from tracker.saying import say

REMARKS = 1000
MOST_LISTED = 20
PLACES = [str(place) for place in range(10 * MOST_LISTED)]


class InspectionFields(Form):
    """An inspection asked for; whether it is possible is for the rules to say."""

    inspection_type = StringField(filters=[one_line])
    requested_date = StringField(filters=[one_line])
    time_frame = StringField(filters=[one_line])
    remarks = TextAreaField(filters=[clean], validators=[at_most(REMARKS)])

    def validate_requested_date(self, field: Field) -> None:
        if self.day is None:
            raise ValidationError(say(Reason(N_("Choose a day from the list."))))

    def validate_time_frame(self, field: Field) -> None:
        if field.data not in list(TimeFrame):
            raise ValidationError(say(Reason(N_("Choose AM, PM or any."))))

    @property
    def day(self) -> date | None:
        return read_day(self.requested_date.data)


class Listed(FieldList):
    """The inspections on the list, under the numbers that the page gave them; other numbers are none."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name.removeprefix(f"{prefix}-").partition("-")[0]
            if name.startswith(f"{prefix}-") and number in PLACES:
                yield int(number)


class RequestForm(PostedForm):
    """The contact, the inspections on the list, and the one being filled in; labels as in the city's how-to."""

    key = HiddenField(filters=[one_line], validators=[at_most(40)])
    contact_name = StringField(filters=[one_line], validators=needed(_l("Type the name of who is on site."), 100))
    phone = StringField(
        filters=[one_line], validators=[*needed(_l("Type a phone number the inspector can call."), 100), us_phone]
    )
    site_address = StringField(filters=[one_line], validators=needed(_l("Type the address of the site."), 200))
    email = StringField(
        filters=[one_line],
        validators=[*needed(_l("Type the address that the confirmation goes to."), 254), mail_address],
    )
    inspections = Listed(FormField(InspectionFields), max_entries=MOST_LISTED)
    inspection_type = StringField(filters=[one_line])
    requested_date = StringField(filters=[one_line])
    time_frame = StringField(filters=[one_line])
    remarks = TextAreaField(filters=[clean], validators=[at_most(REMARKS)])

    CONTACT = ("contact_name", "phone", "site_address", "email")
    INSPECTION = ("inspection_type", "requested_date", "time_frame", "remarks")

    @property
    def day(self) -> date | None:
        return read_day(self.requested_date.data)

    @property
    def listed(self) -> list[dict[str, str]]:
        """What is on the list, as it was typed."""
        return [{name: entry.form[name].data for name in self.INSPECTION} for entry in self.inspections]

    @property
    def has_one_more(self) -> bool:
        """Whether an inspection is filled in beside those on the list; an empty list needs one."""
        return bool(self.inspection_type.data or self.remarks.data or not self.inspections.entries)

    def with_list(self, items: list[dict[str, str]], **changed: str) -> "RequestForm":
        """The same form with another list; everything typed stays as it was typed."""
        typed = {name: (self[name].raw_data or [""])[0] for name in (*self.CONTACT, "key", *self.INSPECTION)}
        data = MultiDict({**typed, **changed})
        for place, item in enumerate(items):
            for name in self.INSPECTION:
                data[f"inspections-{place}-{name}"] = item[name]
        return RequestForm(formdata=data)

    def without(self, place: str) -> "RequestForm":
        items = self.listed
        if place.isdecimal() and len(place) < 4 and int(place) < len(items):
            del items[int(place)]
        return self.with_list(items)
