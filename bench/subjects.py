"""What is measured: servers on this machine's loopback, each with one worker on one processor, asked in turn.

The client has the other processor. Every figure is the median of the rounds; ratios are of one run, so that another
machine can compare them.
"""

import itertools
import os
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import load
from tests import servers

TOP = Path(__file__).resolve().parent.parent
KEPT = TOP / ".cache" / "bench"
SECRET = "for this measurement alone, for no city at all"
Requests = Callable[[], Iterator[bytes]]


class Target(NamedTuple):
    """A line of the table at the end; `met` is None where nothing is asked."""

    name: str
    wanted: str
    figure: str
    met: bool | None


@dataclass
class Subject:
    """Requests to a server, and what they are to be answered with; `most` where each may be sent only once."""

    name: str
    server: servers.Gunicorn
    requests: Requests
    status: int = 200
    most: int = 10**9

    @property
    def port(self) -> int:
        return port_of(self.server)


@dataclass
class Figure:
    """Medians over the rounds: answers a second, milliseconds of processor time, median and slowest waits, bytes."""

    a_second: float
    cost: float
    median: float
    slowest: float
    bytes: int


def port_of(server: servers.Gunicorn) -> int:
    return int(urlsplit(server.url).port or 0)


@contextmanager
def served(
    app: str, conf: str = "bench/rivals/gunicorn.conf.py", workers: int = 1, **env: str
) -> Iterator[servers.Gunicorn]:
    """Its workers on the first processor, so that the client has the others."""
    mine = os.sched_getaffinity(0)
    first, *others = sorted(mine)
    os.sched_setaffinity(0, {first})
    settings = {"GUNICORN_CMD_ARGS": "--max-requests=0", "SECRET_KEY": SECRET, **env}
    try:
        starting = servers.gunicorn_server(settings, workers=workers, app=app, conf=conf)
        server = starting.__enter__()
    finally:
        os.sched_setaffinity(0, set(others) or mine)
    try:
        yield server
    finally:
        starting.__exit__(None, None, None)
        os.sched_setaffinity(0, mine)


def tracker_on(url: str, workers: int = 1) -> AbstractContextManager[servers.Gunicorn]:
    """The tracker as it is served, on a city of `bench/city.py`, whose morning it is."""
    return served(
        "bench.that_morning:app", "tracker/gunicorn.conf.py", workers, DATABASE_URL=url, DAILY_CAPACITY="100000"
    )


def measured(subjects: Iterable[Subject], *, rounds: int, seconds: float) -> dict[str, Figure]:
    """Each in turn, round by round; a short one before them is not counted. Raises RuntimeError for another status."""
    every = list(subjects)
    found: dict[str, list[load.Measured]] = {one.name: [] for one in every}
    for round in range(rounds + 1):
        said = f"round {round} of {rounds}" if round else "warming up"
        for one in every:
            print(f"\r{said}: {one.name:40}", end="", file=sys.stderr, flush=True)
            pids = load.workers_of(one.server.process.pid)
            long = seconds if round else seconds / 6
            got = load.run(one.port, one.requests(), connections=4, seconds=long, pids=pids, most=one.most)
            if set(got.statuses) != {one.status}:
                raise RuntimeError(f"{one.name} answers {got.statuses}, not {one.status}")
            if round:
                found[one.name].append(got)
    print(f"\r{'':60}\r", end="", file=sys.stderr)
    figures = {name: _figure(rounds_of_it) for name, rounds_of_it in found.items()}
    print(f"{'':36}{'a second':>10}{'processor':>12}{'median':>10}{'99 %':>10}{'bytes':>8}")
    for name, one in figures.items():
        waits = f"{one.median:>7.1f} ms{one.slowest:>7.1f} ms"
        print(f"{name:36}{one.a_second:>10,.0f}{one.cost:>9.3f} ms{waits}{one.bytes:>8,}")
    return figures


def _figure(rounds: list[load.Measured]) -> Figure:
    middle = statistics.median
    return Figure(
        middle(one.a_second for one in rounds),
        middle(one.cost for one in rounds),
        middle(one.wait(0.5) for one in rounds),
        middle(one.wait(0.99) for one in rounds),
        rounds[0].bytes // rounds[0].answers,
    )


def always(raw: bytes) -> Requests:
    return lambda: itertools.repeat(raw)
