"""The tracker as it is served, on the morning of the city that it is measured with: `bench.that_morning:app`."""

from datetime import datetime
from typing import Any

from flask import Flask

from bench.city import NOW
from tracker import clock, create_app

started = datetime.now(NOW.tzinfo)
clock.now = lambda: NOW + (datetime.now(NOW.tzinfo) - started)  # type: ignore[assignment]


def app_on(url: str, secret: str) -> Flask:
    return create_app({"DATABASE_URL": url, "SECRET_KEY": secret})


def __getattr__(name: str) -> Any:
    if name == "app":
        return create_app()
    raise AttributeError(name)
