"""Puts a rule's reason into the language of who is looking."""

from flask import g
from flask_babel import get_locale, gettext

from tracker.rules.reasons import Reason, put, shown_name


def language() -> str:
    """The language of this request, such as 'en'."""
    if not g:  # no request
        return "en"
    if "language" not in g:
        g.language = getattr(get_locale(), "language", "en")
    return str(g.language)


def say(reason: Reason | None) -> str:
    """The reason as a sentence, or nothing for no reason."""
    return put(reason, gettext=gettext, locale=language()) if reason else ""


def name_of(thing: object) -> str:
    """The name of an inspection type or a permit type in the reader's language."""
    return shown_name(thing, language()) if thing else ""
