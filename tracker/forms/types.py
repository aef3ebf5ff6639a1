"""Inspection types and permit types as a supervisor writes them."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, FormField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, at_most, clean, needed, one_line
from tracker.forms.requests import Listed
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import MAPPED_TYPES, Trade
from tracker.saying import say

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}", re.ASCII)
MOST_NEEDS, MOST_CORRECTIONS = 30, 60


def number_between(least: int, most: int) -> Any:
    """A whole number as it is written; `whole` reads it."""

    def check(form: Form, field: Field) -> None:
        if not least <= whole(field.data) <= most:
            values = {"least": least, "most": most}
            raise ValidationError(say(Reason(N_("Type a whole number from {least} to {most}."), values)))

    return check


def whole(text: str) -> int:
    """The number; -1 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def upper(text: str | None) -> str:
    return one_line(text).upper()


def a_code(form: Form, field: Field) -> None:
    if not CODE.fullmatch(field.data):
        raise ValidationError(say(Reason(N_("Up to 20 letters A to Z, digits, - and _, such as GAS or WATER_HEATER."))))


class NeedFields(Form):
    """A type that must come first; without a code the line is empty."""

    code = StringField(filters=[one_line], validators=[at_most(20)])
    by_request = BooleanField()


class CorrectionFields(Form):
    """A correction to pick; without a text the line is empty."""

    text = StringField(filters=[one_line], validators=[at_most(200)])
    text_es = StringField(filters=[one_line], validators=[at_most(200)])


class InspectionTypeForm(PostedForm):
    """`code` counts only while a type is added. `version` and `place_was` are those the form was opened with."""

    code = StringField(filters=[upper])
    name = StringField(filters=[one_line], validators=needed(_l("Type the name."), 100))
    name_es = StringField(filters=[one_line], validators=[at_most(100)])
    trade = StringField(filters=[one_line])
    minutes = StringField(filters=[one_line], validators=[number_between(1, 480)])
    place = StringField(filters=[one_line], validators=[number_between(1, 999)])
    note = TextAreaField(filters=[clean], validators=[at_most(500)])
    note_es = TextAreaField(filters=[clean], validators=[at_most(500)])
    may_repeat = BooleanField()
    needs_caller = BooleanField()
    is_final = BooleanField()
    needs = Listed(FormField(NeedFields), max_entries=MOST_NEEDS)
    corrections = Listed(FormField(CorrectionFields), max_entries=MOST_CORRECTIONS)
    version = HiddenField(filters=[one_line])
    place_was = HiddenField(filters=[one_line])

    TEXTS = ("name", "name_es", "trade", "note", "note_es")
    TICKS = ("may_repeat", "needs_caller", "is_final")

    def validate_trade(self, field: Field) -> None:
        if field.data not in list(Trade):
            raise ValidationError(say(Reason(N_("Choose the trade."))))

    def validate_needs(self, field: Field) -> None:
        codes = [code for code, _by_request in self.facts["needs"]]
        if twice := [code for code in codes if codes.count(code) > 1]:
            raise ValidationError(say(Reason(N_("{code} is there twice. Remove one."), {"code": twice[0]})))

    def validate_corrections(self, field: Field) -> None:
        texts = [text for text, _text_es in self.facts["corrections"]]
        if twice := [text for text in texts if texts.count(text) > 1]:
            raise ValidationError(say(Reason(N_("“{text}” is there twice. Remove one."), {"text": twice[0]})))
        if any(entry.form.text_es.data and not entry.form.text.data for entry in self.corrections):
            raise ValidationError(say(Reason(N_("A correction needs its English words too."))))

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as `type_facts` has it."""
        needs = [[entry.form.code.data, entry.form.by_request.data] for entry in self.needs]
        corrections = [[entry.form.text.data, entry.form.text_es.data] for entry in self.corrections]
        return {
            **{name: self[name].data for name in (*self.TEXTS, *self.TICKS)},
            "minutes": whole(self.minutes.data),
            "needs": sorted(need for need in needs if need[0]),
            "corrections": [one for one in corrections if one[0]],
        }

    @property
    def moved_to(self) -> int | None:
        """The place in the list, where another one was typed than the form was opened with."""
        return None if self.place.data == self.place_was.data else whole(self.place.data)


class PermitTypeForm(PostedForm):
    """`lists` are the codes that were ticked; `code` counts only while a type is added."""

    code = StringField(filters=[upper])
    name = StringField(filters=[one_line], validators=needed(_l("Type the name."), 100))
    name_es = StringField(filters=[one_line], validators=[at_most(100)])
    mapped = StringField(filters=[one_line])
    lists = SelectMultipleField(validate_choice=False)
    version = HiddenField(filters=[one_line])

    def validate_mapped(self, field: Field) -> None:
        if field.data not in MAPPED_TYPES:
            raise ValidationError(say(Reason(N_("Choose what it is in the open standard."))))
