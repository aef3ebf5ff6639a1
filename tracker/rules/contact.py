"""Telephone numbers, and the irrigation rule that the remarks hold a name and one (the city's how-to)."""

import re

import phonenumbers

from tracker.rules.reasons import N_, Reason

DIGITS = 10
LONGEST = 1_000  # characters that are looked through for a number: it takes its time


def national_number(text: str) -> str | None:
    """A US number as 512-555-0100 (with its extension), or None where the text is not one."""
    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    # Possible, not valid: numbers for examples and new area codes must pass too.
    if number.country_code != 1 or len(national) != DIGITS or national[0] in "01":
        return None
    shown = f"{national[:3]}-{national[3:6]}-{national[6:]}"
    return f"{shown} x{number.extension}" if number.extension else shown


def phone_problem(text: str) -> Reason | None:
    """Why a text is no telephone number that the city can call; None when it is one."""
    if national_number(text):
        return None
    digits = sum(character in "0123456789" for character in text)
    if not digits:
        return Reason(N_("Type the number with its area code, such as 512-555-0163."))
    if digits < DIGITS:
        return Reason(
            N_("A US number has 10 digits, this has {digits}. Type one such as 512-555-0163."), {"digits": digits}
        )
    return Reason(N_("Not a US number. Type 10 digits, such as 512-555-0163."))


def caller_problem(remarks: str) -> Reason | None:
    """Why remarks do not say whom the inspector calls that day: they need a name and a telephone number."""
    remarks = remarks[:LONGEST]
    # Found as they stand among other digits: a lot before them, an hour or a gate code behind.
    found = list(phonenumbers.PhoneNumberMatcher(remarks, "US", leniency=phonenumbers.Leniency.POSSIBLE))
    numbers = [match for match in found if national_number(match.raw_string)]
    for match in found:
        remarks = remarks.replace(match.raw_string, " ")
    words = re.sub(r"[\d+().\-]", " ", remarks).split()
    named = any(len(word) > 1 and word[0].isalpha() for word in words)
    if not numbers and not named:
        return Reason(N_("Add a name and a phone number, such as Marco, 512-555-0163."))
    if not numbers:
        return Reason(N_("Add a phone number, such as 512-555-0163."))
    if not named:
        return Reason(N_("Add the name of who answers that phone."))
    return None
