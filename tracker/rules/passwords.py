"""What a password of the staff and a company's own PIN must be (NIST SP 800-63B: long, and not what all try)."""

import re
from collections.abc import Iterable

from tracker.rules.reasons import N_, Reason

LEAST = 15
LEAST_PIN = 8
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
    "asdfgh",
    "zxcvbnm",
    "1q2w3e4r",
    "1qaz2wsx",
    "qazwsx",
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
    rest = _less_words(password, own_words)
    # Digits and signs around a common word are the first thing that is tried.
    if len(re.sub(r"[\W\d_]", "", rest)) < 5:
        return Reason(N_("Too many people use a password like that. Use words that do not belong together."))
    return None


def pin_problem(pin: str, *, code: str, known: Iterable[str]) -> Reason | None:
    """Why a company cannot have this as its own PIN.

    `code` is its registration code; `known` is what others know of it: name, address, phone, e-mail.
    """
    if len(pin) < LEAST_PIN or len(_plain(pin)) < 4:
        return Reason(N_("Use {least} characters or more: letters, digits or both."), {"least": LEAST_PIN})
    if len(pin) > MOST:
        return Reason(N_("Use at most {most} characters."), {"most": MOST})
    if _plain(code) in _plain(pin):
        return Reason(N_("The registration code stands on every permit. Use something that does not."))
    if len(set(pin.lower())) < 4 or re.fullmatch(r"(.+?)\1+", pin) or _steps_alike(pin) > 2 / 3:
        return Reason(N_("That is too easy to guess. Do not repeat or count."))
    if any(_plain(pin) in _plain(one) for one in known):
        return Reason(N_("Others know that of your company. Use something they do not."))
    rest = _less_words(pin, known)
    if rest != pin.lower() and len(re.sub(r"[\W\d_]", "", rest)) < 4:
        return Reason(N_("Too many people would try that. Add a word that does not belong to it."))
    return None


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _less_words(text: str, own: Iterable[str]) -> str:
    """What is left of it in lower case without common words and those of one's own, the longest first."""
    rest = text.lower()
    words = [word for one in own for word in re.split(r"[\W_]+", one.lower()) if len(word) > 2]
    for word in sorted([*COMMON, *words], key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest


def _is_counted(password: str) -> bool:
    """Whether it only counts up or down, such as abcdefgh… or 98765…"""
    steps = {ord(b) - ord(a) for a, b in zip(password, password[1:], strict=False)}
    return len(steps) == 1


def _steps_alike(text: str) -> float:
    """The share of characters that repeat the one before or count on from it, up or down."""
    steps = [ord(b) - ord(a) for a, b in zip(text, text[1:], strict=False)]
    return max(sum(step in (0, way) for step in steps) for way in (1, -1)) / len(steps)
