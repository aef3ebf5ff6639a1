"""A reason in words: a message id and its values, put into the reader's language where it is shown."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from babel.lists import format_list

from tracker.rules.dates import date_words, time_words


@dataclass(frozen=True)
class Reason:
    """Why not. `message` is the msgid with {names}; values are text, numbers, dates, named things or lists of them."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)


def N_(message: str) -> str:
    """Marks a sentence for the catalogue of translations; it is translated where it is shown."""
    return message


def put(reason: Reason, *, gettext: Callable[[str], str], locale: str = "en") -> str:
    """The reason as a sentence of `locale`."""
    values = {name: _shown(value, gettext, locale) for name, value in reason.values.items()}
    # A value may end in a period of its own, such as 4:00 p. m.
    return re.sub(r"(?<=\w)\.\.(?!\.)", ".", gettext(reason.message).format(**values))


def shown_name(thing: Any, locale: str) -> str:
    """The name of a city's own thing (inspection type, permit type) in the reader's language."""
    return (thing.name_es if locale.startswith("es") else "") or thing.name


def _shown(value: Any, gettext: Callable[[str], str], locale: str) -> str:
    if isinstance(value, Reason):
        return put(value, gettext=gettext, locale=locale)
    if isinstance(value, date):
        return date_words(value, locale)
    if isinstance(value, time):
        return time_words(value, locale)
    if hasattr(value, "name_es"):
        return shown_name(value, locale)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return format_list([_shown(one, gettext, locale) for one in value], locale=locale)
    return str(value)
