"""What an inspector found."""

from wtforms import Field, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, at_most, clean, one_line
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Result
from tracker.saying import say


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
    def known_version(self) -> int:
        """The version that the form corrects; -1, which is none, for text that is no number."""
        text = self.version.data
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else -1

    @property
    def all_corrections(self) -> list[str]:
        """Ticked and written, one line each."""
        ticked = [one_line(one) for one in self.corrections.data or []]
        return [line for line in [*ticked, *map(one_line, self.other.data.splitlines())] if line]
