"""Olu adds Sam, who can sign in at once."""

import pytest
from peewee import IntegrityError

from tests.cast import NOW
from tracker.actions.accounts import WrongPin, sign_in_staff
from tracker.actions.changes import By
from tracker.actions.opened import CannotSave
from tracker.actions.staff import add_staff
from tracker.actions.tries import TooManyTries
from tracker.models import Change, Staff
from tracker.rules.throttle import MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT

OLU = By("staff:1", "Olu Adeyemi", "203.0.113.9")
PASSWORD = "seven herons by the quarry"


def add(email: str = "sam@bluebonnet.example", password: str = PASSWORD, role: str = "technician") -> Staff:
    return add_staff(email, name="Sam Reyes", role=role, password=password, by=OLU, now=NOW)


def sign_in(email: str, password: str, address: str = "203.0.113.9") -> Staff:
    return sign_in_staff(email, password, address=address, phone="512-555-0100", now=NOW)


def test_sam_can_sign_in_with_any_case_of_the_address_and_the_very_password(app):
    sam = add(" Sam@Bluebonnet.Example ")
    assert sam.email == "sam@bluebonnet.example"
    assert sign_in("SAM@bluebonnet.example ", PASSWORD).id == sam.id
    for email, password in (("sam@bluebonnet.example", PASSWORD.title()), ("nobody@bluebonnet.example", PASSWORD)):
        with pytest.raises(WrongPin):
            sign_in(email, password)


def test_the_password_is_kept_hashed_and_stands_in_no_record(app):
    sam = add()
    change = Change.get()
    assert PASSWORD not in sam.password_hash
    assert (change.verb, change.actor, change.address, change.subject_id) == (
        "add_staff",
        OLU.actor,
        OLU.address,
        sam.id,
    )
    assert PASSWORD not in change.after and sam.password_hash not in change.after


@pytest.mark.parametrize(
    ("email", "password", "begins"),
    [
        ("sam", PASSWORD, "An address looks like"),
        ("", PASSWORD, "An address looks like"),
        (f"{'s' * 250}@city.example", PASSWORD, "An address looks like"),
        ("sam@bluebonnet.example", "too short", "Use {least} characters"),
        ("sam@bluebonnet.example", "password12345678", "Too many people"),
        ("sam@bluebonnet.example", "Sam Reyes Bluebonnet 1", "Too many people"),
    ],
)
def test_what_will_not_do_is_said_and_nobody_is_added(app, email, password, begins):
    with pytest.raises(CannotSave) as no:
        add(email, password)
    assert no.value.reason.message.startswith(begins)
    assert not Staff.select().exists() and not Change.select().exists()


def test_an_address_is_there_once(app):
    add()
    with pytest.raises(CannotSave) as no:
        add("SAM@bluebonnet.example")
    assert no.value.reason.values == {"email": "sam@bluebonnet.example"}
    assert Staff.select().count() == Change.select().count() == 1


def test_an_unknown_role_is_refused_by_the_database_and_not_called_a_taken_address(app):
    with pytest.raises(IntegrityError):
        add(role="mayor")


def test_who_has_left_does_not_get_in(app):
    add()
    Staff.update(left_at=NOW).execute()
    with pytest.raises(WrongPin):
        sign_in("sam@bluebonnet.example", PASSWORD)


def test_wrong_passwords_are_slowed_and_sam_gets_in_from_elsewhere(app):
    add()
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        with pytest.raises(WrongPin):
            sign_in("sam@bluebonnet.example", "wrong")
    with pytest.raises(TooManyTries):
        sign_in("sam@bluebonnet.example", PASSWORD)
    assert sign_in("sam@bluebonnet.example", PASSWORD, "198.51.100.7")
