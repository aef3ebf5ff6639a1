"""Lines of the log: plain, or JSON for machines; of an error its way through the code, not what was in the hands."""

import json
import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime

from peewee import IntegrityError, OperationalError

# Whose words are the system's own. Others may hold what somebody typed: of those the kind alone is told.
SAFE = (OperationalError, IntegrityError, OSError)


class Lines(logging.Formatter):
    """One message as plain text, as it always was, with the number of the request it belongs to."""

    def __init__(self, request_id: Callable[[], str]) -> None:
        super().__init__("%(message)s")
        self.request_id = request_id

    def formatMessage(self, record: logging.LogRecord) -> str:
        number = self.request_id()
        return f"{number}: {record.message}" if number else record.message

    def formatException(self, ei: object) -> str:
        return "\n".join(_told(ei[1]))  # type: ignore[index]


class JsonLines(Lines):
    """One object a line: time, level, logger, message, the request's number, and what was seen of it."""

    def format(self, record: logging.LogRecord) -> str:
        # What gunicorn says of a request holds its address: its own words alone.
        ours = not record.name.startswith("gunicorn")
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage() if ours else str(record.msg),
            "id": self.request_id(),
            **getattr(record, "seen", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps({name: value for name, value in line.items() if value != ""}, ensure_ascii=False)


class OurHandler(logging.StreamHandler):
    """To stderr; told apart from those of others, so that there is one of it."""


def write(format: str, request_id: Callable[[], str]) -> None:
    """From now on what this process logs is written to stderr, as `format` says: plain or json.

    Plain are warnings and errors; JSON has a line for each request too. A web server's own words follow suit.
    """
    lines = JsonLines(request_id) if format == "json" else Lines(request_id)
    tracker = logging.getLogger("tracker")
    for handler in [handler for handler in tracker.handlers if isinstance(handler, OurHandler)]:
        tracker.removeHandler(handler)
    handler = OurHandler()
    handler.setFormatter(lines)
    tracker.addHandler(handler)
    tracker.setLevel(logging.INFO if format == "json" else logging.WARNING)
    logging.getLogger("tracker.requests").disabled = format != "json"
    if format == "json":
        for other in logging.getLogger("gunicorn.error").handlers:
            other.setFormatter(lines)


def _told(error: BaseException | None) -> list[str]:
    """Where it went wrong, the first cause first, without the values that led there."""
    if error is None:
        return []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    words = str(error).splitlines()[:1] if isinstance(error, SAFE) else []
    where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return [*_told(before), *filter(None, [where]), ": ".join([type(error).__name__, *words])]
