"""How a re-inspection fee was settled."""

from wtforms import HiddenField, StringField, TextAreaField

from tracker.forms.fields import PostedForm, at_most, clean, one_line


class FeeForm(PostedForm):
    """Paid, with a receipt's number; or waived, or taken back, with a reason. `was` is the state that was seen."""

    receipt = StringField(filters=[one_line], validators=[at_most(60)])
    reason = TextAreaField(filters=[clean], validators=[at_most(1000)])
    was = HiddenField(filters=[one_line])
