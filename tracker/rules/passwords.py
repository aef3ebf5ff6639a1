"""What a password of the staff and a company's own PIN must be (NIST SP 800-63B: long, and not what all try)."""

import re
from collections.abc import Iterable
from itertools import pairwise

from tracker.rules.common import COMMON, FOR_LETTERS
from tracker.rules.reasons import N_, Reason

LEAST = 15
LEAST_PIN = 8
MOST = 200


def password_problem(password: str, *own_words: str) -> Reason | None:
    """Why a password is not taken; `own_words` (address, name) must not be most of it."""
    if len(password) < LEAST:
        return Reason(N_("Use {least} characters or more. A short sentence is easy to keep in mind."), {"least": LEAST})
    if len(password) > MOST:
        return Reason(N_("Use at most {most} characters."), {"most": MOST})
    if len(set(password.lower())) < 5 or _is_counted(password):
        return Reason(N_("That is too easy to guess. Use words that do not belong together."))
    # Digits and signs around a common word are the first thing that is tried.
    if any(_letters(_less_words(way, own_words)) < 5 for way in _ways(password)):
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
    if any((rest := _less_words(way, known)) != way and _letters(rest) < 4 for way in _ways(pin)):
        return Reason(N_("Too many people would try that. Add a word that does not belong to it."))
    return None


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _ways(text: str) -> tuple[str, str]:
    """In lower case, and as it is meant where other signs stand for letters."""
    return text.lower(), text.lower().translate(FOR_LETTERS)


def _letters(text: str) -> int:
    return len(re.sub(r"[\W\d_]", "", text))


def _less_words(text: str, own: Iterable[str]) -> str:
    """What is left of a text in lower case without common words and those of one's own, the longest first."""
    words = [word for one in own for word in re.split(r"[\W_]+", one.lower()) if len(word) > 2]
    for word in sorted([*COMMON, *words], key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _is_counted(password: str) -> bool:
    """Whether it only counts up or down, such as abcdefgh… or 98765…"""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return len(steps) == 1


def _steps_alike(text: str) -> float:
    """The share of characters that repeat the one before or count on from it, up or down."""
    steps = [ord(b) - ord(a) for a, b in pairwise(text)]
    return max(sum(step in (0, way) for step in steps) for way in (1, -1)) / len(steps)
