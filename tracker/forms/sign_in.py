"""Signing in, as a company and as staff."""

from wtforms import BooleanField, HiddenField, StringField

from tracker.forms.fields import PostedForm, clean, one_line


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
    kept = HiddenField()  # as above
