"""What every form is made of: text as it can be kept, checks of single fields, the form itself."""

import re
import unicodedata
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import request
from flask_wtf import FlaskForm
from wtforms import Field, Form
from wtforms.validators import ValidationError

from tracker.rules.contact import national_number, phone_problem
from tracker.rules.reasons import N_, Reason
from tracker.saying import say

BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by their class, which show nothing


def clean(text: str | None) -> str:
    """Text as it can be kept: composed letters, nothing that is not seen or turns others around, no space around it."""
    composed = unicodedata.normalize("NFC", (text or "").replace("\r\n", "\n"))
    return "".join(c for c in composed if c == "\n" or _is_seen(c)).strip()


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs") and character not in BLANK


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


NO_DAY = Reason(N_("A date looks like 2026-05-27."))


def read_day(text: str) -> date | None:
    """An ISO date of the years that a city deals with; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1950 <= day.year <= 2100 else None


REASON = 1000
TOO_LONG = N_("{length} characters. There is room for {most}: shorten the reason.")


def read_reason(text: str | None) -> tuple[str, Reason | None]:
    """A reason as it is kept, whole; and why it cannot be: it is too long."""
    reason = clean(text)
    values = {"length": f"{len(reason):,}", "most": f"{REASON:,}"}
    return reason, Reason(TOO_LONG, values) if len(reason) > REASON else None


def a_date(form: Form, field: Field) -> None:
    """A date or nothing; `read_day` reads it."""
    day = read_day(field.data)
    if field.data and day is None:
        raise ValidationError(say(NO_DAY))


def zip_code(form: Form, field: Field) -> None:
    if field.data and not re.fullmatch(r"\d{5}(-\d{4})?", field.data, re.ASCII):
        raise ValidationError(say(Reason(N_("A ZIP code has 5 digits."))))


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
