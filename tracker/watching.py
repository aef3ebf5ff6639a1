"""What a city's IT sees of it: a number for each request, one line a request, and figures for Prometheus.

Nothing of it tells who asked for what: routes are named by their pattern, and neither addresses, names nor what was
typed are in it.
"""

import fcntl
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Iterable
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask, has_request_context, request
from peewee import PeeweeException
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, values
from werkzeug.wsgi import ClosingIterator

from tracker import db, log_lines

# As in registration codes, without 0, 1, I, L and O; 40 bits are enough to find a line by.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
GIVEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
log = logging.getLogger("tracker.requests")
disable_created_metrics()


def bind(app: Flask) -> None:
    """Watch every request to `app`. Call it before the proxies' word is taken, and after all else that answers."""
    log_lines.write(app.config["LOG_FORMAT"], request_id)
    figures = Figures(_shared(app.config["PROMETHEUS_MULTIPROC_DIR"]))
    app.extensions["figures"] = figures
    app.jinja_env.globals["request_id"] = request_id

    @app.url_value_preprocessor  # comes before anything that may refuse
    def name_route(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        request.environ["tracker.route"] = request.url_rule and request.url_rule.rule
        request.environ["tracker.part"] = request.blueprint

    believed = bool(app.config["TRUSTED_PROXIES"])
    app.wsgi_app = watched(app.wsgi_app, figures, believed)  # type: ignore[method-assign]


def request_id() -> str:
    """What the answer to this request carries as X-Request-ID; empty outside of one."""
    return str(request.environ.get("tracker.id", "")) if has_request_context() else ""


def say_where_the_schema_stands() -> None:
    """A warning when a server starts on a database that does not fit it: it answers, and /readyz says so too."""
    try:
        with db.database.connection_context():
            problem = db.standing().problem
    except PeeweeException as no:
        problem = f"The database does not answer: {type(no).__name__}"
    if problem:
        logging.getLogger("tracker").warning("%s", problem)


class Figures:
    """Counters of this process, or of all processes that share a folder."""

    def __init__(self, value_class: Any) -> None:
        self.registry = CollectorRegistry()
        values.ValueClass = value_class
        self.requests = Counter(
            "tracker_requests", "Requests answered", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "tracker_request_seconds", "Until the answer was made", ("part",), buckets=SECONDS, registry=self.registry
        )

    def note(self, method: str, route: str, part: str, status: int, seconds: float) -> None:
        self.requests.labels(method, route, f"{status // 100}xx").inc()
        self.seconds.labels(part).observe(seconds)


def watched(wsgi: Callable, figures: Figures, believed: bool) -> Callable:
    """`wsgi` with a number for each request, and a line and figures once its answer is made."""

    def answer(asked: dict[str, Any], start: Callable) -> Iterable[bytes]:
        given = asked.get("HTTP_X_REQUEST_ID", "") if believed else ""
        asked["tracker.id"] = given if GIVEN.fullmatch(given) else _new_id()
        began, before, status, whole = time.perf_counter(), db.asked.count, 500, True

        def started(said: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            nonlocal status, whole
            status = int(said[:3])
            whole = status != 200 or any(name.lower() == "content-length" for name, _value in headers)
            return start(said, [*headers, ("X-Request-ID", asked["tracker.id"])], *trouble)

        def sent() -> None:
            note(asked, figures, status, time.perf_counter() - began, db.asked.count - before)

        try:
            body = wsgi(asked, started)
        except BaseException:
            sent()
            raise
        if not whole:  # a long file, read from the database while it is sent
            return ClosingIterator(body, sent)
        sent()
        return body

    return answer


def note(asked: dict[str, Any], figures: Figures, status: int, seconds: float, queries: int) -> None:
    method = asked["REQUEST_METHOD"] if asked["REQUEST_METHOD"] in METHODS else "other"
    # What no route answers is a file of ours, or nothing.
    other = "static" if status < 400 else "none"
    route, part = asked.get("tracker.route") or other, asked.get("tracker.part") or other
    figures.note(method, route, part, status, seconds)
    seen = {
        "id": asked["tracker.id"],
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "queries": queries,
    }
    log.log(logging.INFO if status < 500 else logging.WARNING, "request", extra={"seen": seen})


def _new_id() -> str:
    drawn = "".join([ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(8)])
    return f"{drawn[:4]}-{drawn[4:]}"


def _shared(folder: str) -> Any:
    """How values are kept: in files of `folder`, one set a process, or without one in this process alone."""
    if not folder:
        return values.MutexValue
    return values.MultiProcessValue(lambda: _place(folder, os.getpid()))


@cache
def _place(folder: str, _process: int) -> int:
    """The lowest number that no other living process holds: who comes after one that ended goes on with its counts."""
    for number in count():
        held = os.open(Path(folder, f"place-{number}"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # until the process ends
        except OSError:
            os.close(held)
        else:
            return number
    raise AssertionError
