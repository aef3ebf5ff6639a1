"""Telephone numbers as contractors type them, and whom the inspector calls about irrigation."""

import pytest

from tracker.rules.contact import caller_problem, national_number, phone_problem


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("5125550163", "512-555-0163"),
        ("512-555-0163", "512-555-0163"),
        ("(512) 555-0163", "512-555-0163"),
        ("512.555.0163", "512-555-0163"),
        (" +1 512 555 0163 ", "512-555-0163"),
        ("1-512-555-0163", "512-555-0163"),
        ("512-555-0163 ext. 12", "512-555-0163 x12"),
        ("512-555-0163 x12", "512-555-0163 x12"),
        ("1-800-FLOWERS", "800-356-9377"),
    ],
)
def test_a_us_number_is_known_however_it_is_typed(typed, shown):
    assert national_number(typed) == shown
    assert phone_problem(typed) is None


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("", "Type the number with its area code"),
        ("call Marco", "Type the number with its area code"),
        ("call Xavier", "Type the number with its area code"),
        ("51255", "A US number has 10 digits, this has {digits}."),
        ("555-0163", "A US number has 10 digits, this has {digits}."),
        ("0125550163", "Not a US number."),
        ("51255501634", "Not a US number."),
        ("+1 112 555 0163", "Not a US number."),
        ("+52 55 1234 5678", "Not a US number."),
        ("512-555-0163-512-555-0164", "Not a US number."),
    ],
)
def test_what_is_no_number_is_refused_with_the_way_out(typed, begins):
    problem = phone_problem(typed)
    assert problem and problem.message.startswith(begins)


def test_five_digits_are_counted_for_the_reader():
    problem = phone_problem("512-55")
    assert problem and problem.values == {"digits": 5}


@pytest.mark.parametrize(
    "remarks",
    [
        "Marco, 512-555-0163",
        "Call Marco at (512) 555-0163 in the morning.",
        "5125550163 Ana",
        "Ana +1 512 555 0163",
        "Ana 512.555.0163 x4",
        "Gate code 4711. Marco: 512 555 0163",
        "Marco 512-555-0163 7-9 am",
        "Lot 4 512-555-0163 Marco",
        "Marco 5125550163 4711#",
        "Marco\n512-555-0163\n",
        "Jo 512-555-0163",
        "Marco 455-555-0163",  # an area code may be new
        "(Marco)512-555-0163",
        "O'Hara-512-555-0163",
    ],
)
def test_irrigation_remarks_with_a_name_and_a_number_will_do(remarks):
    assert caller_problem(remarks) is None


@pytest.mark.parametrize(
    ("remarks", "begins"),
    [
        ("", "Add a name and a phone number"),
        ("4711", "Add a name and a phone number"),
        ("Marco", "Add a phone number"),
        ("Marco, gate code 4711", "Add a phone number"),
        ("Marco 555-0163", "Add a phone number"),
        ("Permit 2026 0012345, Marco", "Add a phone number"),
        ("512-555-0163", "Add the name"),
        ("(512) 555-0163!", "Add the name"),
        ("512-555-0163 ext. 12", "Add the name"),
        ("512-555-0163 M", "Add the name"),
        ("512-555-0163 # *", "Add the name"),
        ("512-555-0163 #a", "Add the name"),
    ],
)
def test_irrigation_remarks_say_what_is_missing(remarks, begins):
    problem = caller_problem(remarks)
    assert problem and problem.message.startswith(begins)
