"""What a password of the staff must be (NIST SP 800-63B: length counts, and it is none that everybody tries)."""

import re

from tracker.rules.reasons import N_, Reason

LEAST = 15
MOST = 200
# What lists of stolen passwords are full of, also when repeated or counted up to the length asked for.
COMMON = [
    "password",
    "passwort",
    "contrasena",
    "letmein",
    "welcome",
    "admin",
    "administrator",
    "qwerty",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "sunshine",
    "princess",
    "superman",
    "batman",
    "trustno1",
    "master",
    "shadow",
    "michael",
    "jennifer",
    "login",
    "guest",
    "test",
    "testing",
    "changeme",
    "default",
    "secret",
    "abc123",
    "abcdefghijklmnop",
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "0123456789",
    "9876543210",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "correcthorsebatterystaple",
    "thequickbrownfox",
    "texas",
    "longhorns",
    "cowboys",
    "austin",
    "houston",
    "dallas",
    "building",
    "permit",
    "permits",
    "inspection",
    "inspector",
    "city",
]


def password_problem(password: str, *own_words: str) -> Reason | None:
    """Why a password is not taken; `own_words` (address, name) must not be most of it."""
    if len(password) < LEAST:
        return Reason(N_("Use {least} characters or more. A short sentence is easy to keep in mind."), {"least": LEAST})
    if len(password) > MOST:
        return Reason(N_("Use at most {most} characters."), {"most": MOST})
    if len(set(password.lower())) < 5 or _is_counted(password):
        return Reason(N_("That is too easy to guess. Use words that do not belong together."))
    rest = password.lower()
    words = [word for own in own_words for word in re.split(r"[\W_]+", own.lower()) if len(word) > 2]
    for word in sorted([*COMMON, *words], key=len, reverse=True):
        rest = rest.replace(word, "")
    # Digits and signs around a common word are the first thing that is tried.
    if len(re.sub(r"[\W\d_]", "", rest)) < 5:
        return Reason(N_("Too many people use a password like that. Use words that do not belong together."))
    return None


def _is_counted(password: str) -> bool:
    """Whether it only counts up or down, such as abcdefgh… or 98765…"""
    steps = {ord(b) - ord(a) for a, b in zip(password, password[1:], strict=False)}
    return len(steps) == 1
