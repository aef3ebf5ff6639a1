"""Shape and words of input. One class serves the check of a single field and the submit."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from tracker.rules.contact import national_number, phone_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import PermitStatus, Result, TimeFrame
from tracker.saying import say

REMARKS = 1000
MOST_LISTED = 20
PLACES = [str(place) for place in range(10 * MOST_LISTED)]


def clean(text: str | None) -> str:
    """Text as it can be kept: composed letters, no control characters, no space around it."""
    composed = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n"))
    return "".join(c for c in composed if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def one_line(text: str | None) -> str:
    return " ".join(clean(text).split())


def needed(message: Any, most: int) -> list[Any]:
    """Not empty, and not longer than what can be kept."""

    def check(form: Form, field: Field) -> None:
        if not field.data:
            raise ValidationError(message)
        at_most(most)(form, field)

    return [check]


def at_most(most: int) -> Any:
    def check(form: Form, field: Field) -> None:
        if len(field.data) > most:
            values = {"length": f"{len(field.data):,}", "most": f"{most:,}"}
            raise ValidationError(say(Reason(N_("{length} characters. There is room for {most}."), values)))

    return check


def us_phone(form: Form, field: Field) -> None:
    if reason := phone_problem(field.data[:100]):
        raise ValidationError(say(reason))
    field.data = national_number(field.data[:100])


def mail_address(form: Form, field: Field) -> None:
    try:
        field.data = validate_email(field.data, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        reason = Reason(N_("An address looks like name@company.com."))
        if "@" not in field.data:
            reason = Reason(N_("The @ is missing. An address looks like name@company.com."))
        raise ValidationError(say(reason)) from None


def read_day(text: str) -> date | None:
    """An ISO date of the years that a city deals with; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1950 <= day.year <= 2100 else None


THIS_REQUEST = object()


class PostedForm(FlaskForm):
    """Fields of a form: those of this request when no others are named. Files and JSON are no form of ours.

    The token against forged posts is checked for every form of the site at once, not here.
    """

    class Meta:
        csrf = False

    def __init__(self, formdata: Any = THIS_REQUEST, **values: Any) -> None:
        if formdata is THIS_REQUEST:
            formdata = request.form if request.method == "POST" else None
        super().__init__(formdata, **values)


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


class SignInForm(PostedForm):
    company = StringField(filters=[one_line])
    company_id = StringField(filters=[one_line])
    pin = StringField(filters=[clean])
    remember = BooleanField()
    next = HiddenField()
    # A form that was sent after the sign-in had ended, to be given back once signed in: JSON.
    kept = HiddenField()

    @property
    def picked(self) -> int | None:
        """The id of the company picked from the list; None where the text is none."""
        text = self.company_id.data
        return int(text) if text.isdecimal() and len(text) < 10 else None


class StaffSignInForm(PostedForm):
    email = StringField(filters=[one_line])
    password = StringField()
    remember = BooleanField()
    next = HiddenField()


class ResultForm(PostedForm):
    """What an inspector found: corrections ticked and written (one a line), a comment for each side.

    `version` is that of the result being corrected; without one it is the first.
    """

    result = StringField(filters=[one_line])
    corrections = SelectMultipleField(validate_choice=False)
    other = TextAreaField(filters=[clean], validators=[at_most(2000)])
    comment = TextAreaField(filters=[clean], validators=[at_most(2000)])
    staff_comment = TextAreaField(filters=[clean], validators=[at_most(2000)])
    version = HiddenField(filters=[one_line])

    def validate_result(self, field: Field) -> None:
        if field.data not in list(Result):
            raise ValidationError(say(Reason(N_("Choose a result."))))

    def validate_corrections(self, field: Field) -> None:
        if len(field.data) > 100 or any(len(one) > 200 for one in field.data):
            raise ValidationError(say(Reason(N_("Tick corrections from the list."))))

    @property
    def all_corrections(self) -> list[str]:
        """Ticked and written, one line each."""
        ticked = [one_line(one) for one in self.corrections.data or []]
        return [line for line in [*ticked, *map(one_line, self.other.data.splitlines())] if line]


def a_date(form: Form, field: Field) -> None:
    """A date or nothing; `day_of` reads it."""
    day = read_day(field.data)
    if field.data and day is None:
        raise ValidationError(say(Reason(N_("A date looks like 2026-05-27."))))


def zip_code(form: Form, field: Field) -> None:
    if field.data and not re.fullmatch(r"\d{5}(-\d{4})?", field.data, re.ASCII):
        raise ValidationError(say(Reason(N_("A ZIP code has 5 digits."))))


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


class CompanyForm(PostedForm):
    """A company by hand."""

    company_name = StringField(filters=[one_line], validators=needed(_l("Type the name of the company."), 200))
    phone = StringField(filters=[one_line])
    email = StringField(filters=[one_line], validators=[at_most(254)])
    lic_num = StringField(filters=[one_line], validators=[at_most(60)])
    address = StringField(filters=[one_line], validators=[at_most(200)])
    city = StringField(filters=[one_line], validators=[at_most(100)])
    zip = StringField(filters=[one_line], validators=[zip_code])

    def validate_phone(self, field: Field) -> None:
        if field.data:
            us_phone(self, field)

    def validate_email(self, field: Field) -> None:
        if field.data:
            mail_address(self, field)
