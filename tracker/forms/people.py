"""Members of the staff as a supervisor writes them, and their own page."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, mail_address, needed, one_line, us_phone
from tracker.forms.types import number_between, whole
from tracker.rules.passwords import password_problem
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Role, Trade
from tracker.saying import say


def will_do(form: Form, field: Field) -> None:
    """A password for the person that the form is about."""
    if reason := password_problem(field.data or "", form["email"].data, form["name"].data):
        raise ValidationError(say(reason))


class PersonForm(PostedForm):
    """`password` counts only while a person is added. `version` is that of the person being changed.

    `own` is the password of whoever fills it in, where the person will sign in otherwise than before.
    """

    name = StringField(filters=[one_line], validators=needed(_l("Type the name."), 100))
    email = StringField(
        filters=[one_line], validators=[*needed(_l("Type the address they sign in with."), 254), mail_address]
    )
    role = StringField(filters=[one_line])
    phone = StringField(filters=[one_line])
    trades = SelectMultipleField(validate_choice=False)
    stops_a_day = StringField(filters=[one_line], validators=[number_between(0, 99)])
    minutes_a_day = StringField(filters=[one_line], validators=[number_between(0, 1440)])
    password = StringField()
    own = StringField()
    version = HiddenField(filters=[one_line])

    def validate_role(self, field: Field) -> None:
        if field.data not in list(Role):
            raise ValidationError(say(Reason(N_("Choose the role."))))

    def validate_phone(self, field: Field) -> None:
        if field.data:
            us_phone(self, field)

    def validate_trades(self, field: Field) -> None:
        if not set(field.data or ()) <= set(Trade):
            raise ValidationError(say(Reason(N_("Tick trades from the list."))))
        if self.role.data == Role.INSPECTOR and not field.data:
            raise ValidationError(say(Reason(N_("Tick what this inspector inspects."))))

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as `person_facts` has it."""
        return {
            **{name: self[name].data for name in ("name", "role", "phone")},
            "email": self.email.data.lower(),
            **{name: whole(self[name].data) for name in ("stops_a_day", "minutes_a_day")},
            "trades": sorted(set(self.trades.data or ())),
        }


class NewPasswordForm(PostedForm):
    """A password that a supervisor sets for somebody else, as typed; `proof` is the supervisor's own."""

    password = StringField()
    proof = StringField()


class OwnPasswordForm(PostedForm):
    """One's own: the old one, and the new one twice, since nobody sees what is typed."""

    old = StringField()
    password = StringField()
    again = StringField()

    def validate_old(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(say(Reason(N_("Type the password you have now."))))

    def validate_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError(say(Reason(N_("The two are not the same. Type the new password twice."))))
