"""`/metrics`: figures in the text format of Prometheus, for whoever has the token."""

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, request
from peewee import PeeweeException
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from tracker import clock, db, outbox
from tracker.access import public
from tracker.queries.figures import mail_due_since, mail_given_up, waiting_requests

bp = Blueprint("metrics", __name__)


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Of all processes of this server; nobody's while no METRICS_TOKEN is set."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        abort(404)
    shown = generate_latest(_counted()) + generate_latest(_registry(Now()))
    return Response(shown, content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    if folder := current_app.config["PROMETHEUS_MULTIPROC_DIR"]:
        return _registry(MultiProcessCollector(None, folder))
    return current_app.extensions["figures"].registry


def _registry(collector: object) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)  # type: ignore[arg-type]
    return registry


class Now:
    """What the database says at this moment; whether it answers goes before all of it."""

    def collect(self) -> Iterator[Metric]:
        now = clock.now()
        try:
            found = list(self._asked(now))
        except PeeweeException:
            found = []
        yield _gauge("database_up", "1 while the database answers and its schema is this program's", bool(found))
        yield from found

    def _asked(self, now: datetime) -> Iterator[Metric]:
        if db.standing().problem:
            return
        mail, requests = outbox.waiting(now=now), waiting_requests()
        due = mail_due_since()
        yield _gauge("mail_waiting", "Mails neither sent nor given up", mail.count)
        yield _gauge("mail_oldest_seconds", "How long the oldest of them waits", _seconds(mail.oldest))
        overdue = _seconds(now - due if due else None)
        yield _gauge("mail_overdue_seconds", "How long a mail has been due that nobody tries to send", overdue)
        yield _gauge("mail_given_up", "Mails that could not be delivered", mail_given_up())
        yield _gauge("requests_waiting", "Inspections requested and not yet scheduled", requests.requests)
        age = _seconds(now - requests.since if requests.since else None)
        yield _gauge("requests_oldest_seconds", "How long the oldest of them waits", age)


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"tracker_{name}", what, float(value))


def _seconds(span: timedelta | None) -> float:
    return max(0.0, span.total_seconds()) if span else 0.0
