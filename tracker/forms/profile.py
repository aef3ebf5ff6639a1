"""What a company says of itself: its own PIN, its address, its people."""

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from tracker.forms.fields import PostedForm, at_most, clean, mail_address, needed, one_line, us_phone, zip_code
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Wants
from tracker.saying import say

# As much as anybody types; a longer one is refused before it costs time.
PIN = 200


class OwnPinForm(PostedForm):
    """Another PIN; whether it is good enough is for the rules to say."""

    pin = StringField(filters=[clean], validators=needed(_l("Type the PIN you signed in with."), PIN))
    new_pin = StringField(filters=[clean], validators=needed(_l("Type the new PIN."), PIN))
    new_pin_again = StringField(filters=[clean])
    next = HiddenField()

    def validate_new_pin_again(self, field: Field) -> None:
        if field.data != self.new_pin.data:
            raise ValidationError(say(Reason(N_("This is not the same as above. Type the new PIN twice."))))


class DetailsForm(PostedForm):
    """The company's address, phone and e-mail; field names are its columns. `version` is as they were opened."""

    address = StringField(filters=[one_line], validators=[at_most(200)])
    city = StringField(filters=[one_line], validators=[at_most(100)])
    state = StringField(filters=[one_line], validators=[at_most(20)])
    zip = StringField(filters=[one_line], validators=[zip_code])
    phone = StringField(
        filters=[one_line], validators=[*needed(_l("Type a phone number the city can call."), 100), us_phone]
    )
    email = StringField(
        filters=[one_line], validators=[*needed(_l("Type the address that the company reads."), 254), mail_address]
    )
    pin = StringField(filters=[clean], validators=needed(_l("Type the PIN you signed in with."), PIN))
    version = HiddenField(filters=[one_line])


class PersonForm(PostedForm):
    """Somebody of the company. `version` is as the person was opened."""

    name = StringField(filters=[one_line], validators=needed(_l("Type the name."), 100))
    email = StringField(
        filters=[one_line], validators=[*needed(_l("Type the address that the mails go to."), 254), mail_address]
    )
    phone = StringField(filters=[one_line])
    wants = StringField(filters=[one_line])
    version = HiddenField(filters=[one_line])

    FACTS = ("name", "email", "phone", "wants")

    def validate_phone(self, field: Field) -> None:
        if field.data:
            us_phone(self, field)

    def validate_wants(self, field: Field) -> None:
        if field.data not in list(Wants):
            raise ValidationError(say(Reason(N_("Choose which mails."))))

    @property
    def facts(self) -> dict[str, str]:
        return {name: self[name].data for name in self.FACTS} | {"email": self.email.data.lower()}
