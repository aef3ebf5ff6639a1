"""A mail written to the outbox: its words in the reader's language, a row an address."""

import re
import unicodedata
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker.catalogue import LANGUAGES, catalogue
from tracker.models import Mail
from tracker.palette import OURS
from tracker.rules.dates import date_words
from tracker.rules.reasons import Reason, put

TRACKER = Path(__file__).parent
SUBJECT_LENGTH = 200
# One address and nothing else: what an import brought as "n/a", or as two addresses, gets no mail.
ONE_ADDRESS = re.compile(r"[^\s@<>,;:\"()\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\\\x00-\x1f\x7f]+")


@dataclass(frozen=True)
class Letterhead:
    """The city as its mails show it, made once from the settings.

    public_url has no slash at its end. sender is MAIL_DEFAULT_SENDER, with or without a name.
    cancel_until is a time on the day before the inspection; None is the end of that day. bar and accent are the
    colours (#rrggbb) of the heading and of links.
    """

    name: str
    phone: str
    zone: ZoneInfo
    public_url: str
    sender: str
    cancel_until: time | None = None
    bar: str = OURS.bar
    accent: str = OURS.accent


class Printed(NamedTuple):
    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """A mail in one language, that of a company or a request; `kind` names its templates."""

    kind: str
    letterhead: Letterhead
    now: datetime
    language: str | None

    @property
    def tongue(self) -> str:
        """The language it is written in; English where it is none of ours."""
        short = (self.language or "")[:2].lower()
        return short if short in LANGUAGES else "en"

    def say(self, sentence: str, **values: Any) -> str:
        return put(Reason(sentence, values), gettext=catalogue(self.tongue).gettext, locale=self.tongue)

    def day(self, day: date) -> str:
        return date_words(day, self.tongue, "long_day")

    def printed(self, subject: str, values: Mapping[str, Any]) -> Printed:
        """The mail as it is read. `values` are for the templates: what a person typed in them is on one line."""
        shown = {
            **values,
            "language": self.tongue,
            "subject": one_line(subject)[:SUBJECT_LENGTH].rstrip(),
            "city": self.letterhead,
            "dashboard": f"{self.letterhead.public_url}/dashboard",
            "profile": f"{self.letterhead.public_url}/profile",
        }
        templates = _environment(self.tongue)
        text, html = (templates.get_template(f"emails/{self.kind}.{form}").render(shown) for form in ("txt", "html"))
        return Printed(shown["subject"], text, html)

    def post(self, printed: Printed, address: str, *, message_id: str = "", **more: Any) -> None:
        """A row to this address, due now; `more` are further columns of Mail."""
        Mail.create(
            message_id=message_id or uuid.uuid4().hex,
            kind=self.kind,
            recipient=address,
            subject=printed.subject,
            text=printed.text,
            html=printed.html,
            created_at=self.now,
            due_at=self.now,
            **more,
        )


def addresses(texts: Iterable[str]) -> dict[str, str]:
    """What of it is one address, each once: as it was written last, by its lower case."""
    return {text.strip().lower(): text.strip() for text in texts if ONE_ADDRESS.fullmatch(text.strip())}


def one_line(text: str) -> str:
    """The text on one line, without control and direction characters: fit for a header."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text).split())


@lru_cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TRACKER.parent / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
