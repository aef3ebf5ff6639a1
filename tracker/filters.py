"""Dates, times, states and phone numbers as templates show them, in the reader's language."""

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import phonenumbers
from babel import Locale
from flask import Flask, current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from tracker import clock
from tracker.rules.dates import date_words, time_words
from tracker.rules.words import FeeState, PermitStatus, Result, Role, Status, Trade
from tracker.saying import language

# word → (class of the tag, what it says): the shape is the style sheet's
TAGS: dict[str, tuple[str, Any]] = {
    "held": ("held", _l("Not sent yet")),
    Status.REQUESTED: ("req", _l("Requested")),
    Status.SCHEDULED: ("sched", _l("Scheduled")),
    Status.ON_THE_WAY: ("go", _l("On the way")),
    Status.ARRIVED: ("go arr", _l("Arrived")),
    Status.DONE: ("none", _l("Done")),
    Status.CANCELLED: ("off", _l("Cancelled")),
    Status.DECLINED: ("decl", _l("Declined")),
    Result.PASSED: ("pass", _l("Passed")),
    Result.PASSED_WITH_CONDITIONS: ("pass", _l("Passed, conditions")),
    Result.PARTIAL: ("part", _l("Partial")),
    Result.FAILED: ("fail", _l("Failed")),
    Result.NO_ACCESS: ("none", _l("No access")),
    Result.NOT_READY: ("none", _l("Not ready")),
    Result.WAIVED: ("pass", _l("Waived")),
}
TRADES = {
    Trade.GENERAL: _l("General"),
    Trade.BUILDING: _l("Building"),
    Trade.ELECTRICAL: _l("Electrical"),
    Trade.PLUMBING: _l("Plumbing"),
    Trade.MECHANICAL: _l("Mechanical"),
    Trade.IRRIGATION: _l("Irrigation"),
}
FEE_STATES = {
    FeeState.DUE: _l("Due"),
    FeeState.PAID: _l("Paid"),
    FeeState.WAIVED: _l("Waived"),
}
ROLES = {
    Role.TECHNICIAN: _l("Permit technician"),
    Role.INSPECTOR: _l("Inspector"),
    Role.SUPERVISOR: _l("Supervisor"),
}
PERMIT_STATES = {
    PermitStatus.APPLICATION_ACCEPTED: _l("Application accepted"),
    PermitStatus.FEES_PAYMENT: _l("Fees due"),
    PermitStatus.IN_REVIEW: _l("In review"),
    PermitStatus.ISSUED: _l("Issued"),
    PermitStatus.INSPECTION_PHASE: _l("Inspection phase"),
    PermitStatus.FINALED: _l("Finaled"),
    PermitStatus.FINALED_WITH_CONDITIONS: _l("Finaled with conditions"),
    PermitStatus.OCCUPANCY: _l("Occupancy"),
    PermitStatus.APPEAL: _l("Appeal"),
    PermitStatus.CANCELLED: _l("Cancelled"),
    PermitStatus.ON_HOLD: _l("On hold"),
    PermitStatus.EXPIRED: _l("Expired"),
}


def _is_this_year(value: date) -> bool:
    return value.year == clock.now().astimezone(current_app.config["CITY_TIMEZONE"]).year


def day(value: date) -> str:
    """The year is said only where it is not this one."""
    return date_words(value, language(), with_year=not _is_this_year(value))


def narrow_date(value: date) -> str:
    """For a narrow column of days that are near."""
    return date_words(value, language(), "narrow")


def month_day(value: date) -> str:
    return date_words(value, language(), "month_day", with_year=not _is_this_year(value))


def full_date(value: date) -> str:
    return date_words(value, language(), "month_day", with_year=True)


def long_day(value: date) -> str:
    return date_words(value, language(), "long_day")


def weekday(value: date) -> str:
    return date_words(value, language(), "weekday")


def month(value: date) -> str:
    return date_words(value, language(), "month" if _is_this_year(value) else "month_year")


def clock_time(value: datetime | time) -> str:
    """A time of day as it stands in `value`: give it in the city's zone."""
    return time_words(value, language())


def instant(value: datetime) -> str:
    """A moment on the city's clock: the day and the time, whose AM or PM never stands on a line of its own."""
    here = value.astimezone(current_app.config["CITY_TIMEZONE"])
    return f"{day(here.date())}, {clock_time(here)}".replace(" AM", "\u00a0AM").replace(" PM", "\u00a0PM")


def instant_day(value: datetime) -> str:
    """The city's day of a moment."""
    return day(value.astimezone(current_app.config["CITY_TIMEZONE"]).date())


def window(value: tuple[datetime, datetime]) -> str:
    begin, end = (time_words(moment, language(), "window") for moment in value)
    return f"{begin}–{end}"


def half(value: str) -> str:
    return {"am": gettext("AM"), "pm": gettext("PM")}.get(value, gettext("any"))


@lru_cache(maxsize=1024)
def tel(value: str) -> str:
    """The address behind a phone number, as in tel:+1-512-555-0100."""
    try:
        number = phonenumbers.parse(value, "US")
    except phonenumbers.NumberParseException:
        return "tel:" + "".join(character for character in value if character.isdigit())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.RFC3966)


def linked(sentence: str, number: str) -> Markup:
    """The sentence with the phone number in it as a link."""
    link = Markup('<a href="{}">{}</a>').format(tel(number), number)
    return escape(sentence).replace(escape(number), link)


def with_numbers(text: str) -> Markup:
    """The text with each telephone number in it as a link."""
    shown, end = Markup(), 0
    for match in phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE):
        link = Markup('<a href="{}">{}</a>').format(tel(match.raw_string), match.raw_string)
        shown, end = shown + text[end : match.start] + link, match.end
    return shown + text[end:]


def clip(text: str, most: int) -> str:
    """The text, or of a longer one its first words and "…", `most` characters at the most."""
    if len(text) <= most:
        return text
    words, space, _rest = text[:most].rpartition(" ")
    return (words if space else text[: most - 1]) + "…"


def date_field(value: object) -> str:
    """The type of an input that asks for a date: one that holds what is no date would show nothing of it."""
    text = str(value or "")
    try:
        return "date" if not text or date.fromisoformat(text).isoformat() == text else "text"
    except ValueError:
        return "text"


def initials(name: str) -> str:
    return "".join(f"{word[0]}." for word in name.split())


def language_name(code: str) -> str:
    """What a language calls itself."""
    return str(Locale(code).get_display_name(code)).capitalize()


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        day=day,
        narrow_date=narrow_date,
        month_day=month_day,
        full_date=full_date,
        long_day=long_day,
        weekday=weekday,
        month=month,
        clock=clock_time,
        instant=instant,
        instant_day=instant_day,
        window=window,
        half=half,
        tel=tel,
        linked=linked,
        with_numbers=with_numbers,
        clip=clip,
        date_field=date_field,
        initials=initials,
        language_name=language_name,
        tag_class=lambda word: TAGS[word][0],
        tag_word=lambda word: TAGS[word][1],
        trade_word=lambda trade: TRADES[trade],
        role_word=lambda role: ROLES[role],
        fee_word=lambda state: FEE_STATES[state],
        permit_status_word=lambda status: PERMIT_STATES.get(status, status),
    )
