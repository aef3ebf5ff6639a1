"""Many at once: threads with a connection of their own each, and a transaction held open while another tries."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tracker.db import database, is_postgresql

WAITS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
PATIENCE = 30  # seconds, after which a test is said to hang


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """All begin at the same moment; the answers in order, an exception where one was raised."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        gate.wait(PATIENCE)
        return _answer(work)

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works, timeout=PATIENCE))


def _answer(work: Callable[[], Any]) -> Any:
    try:
        with database.connection_context():
            return work()
    except Exception as no:
        return no


class GoneBack(Exception):
    """Rolls a held transaction back."""


@contextmanager
def held_open(work: Callable[[], Any], *, commit: bool) -> Iterator[None]:
    """`work` is done in a transaction that stays open within the block, and then is committed or rolled back."""
    done, end = threading.Event(), threading.Event()

    def hold() -> None:
        with database.connection_context(), database.atomic():
            try:
                work()
            finally:
                done.set()
            assert end.wait(PATIENCE)
            if not commit:
                raise GoneBack

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert done.wait(PATIENCE)
        try:
            yield
        finally:
            end.set()
        error = held.exception(PATIENCE)
        assert error is None if commit else isinstance(error, GoneBack), error


def meanwhile(first: Callable[[], Any], second: Callable[[], Any], *, commit: bool) -> Any:
    """The answer of `second`, which tries while the transaction of `first` is open, and has to wait for its end."""
    with ThreadPoolExecutor(1) as pool:
        with held_open(first, commit=commit):
            answer: Future[Any] = pool.submit(_answer, second)
            _until_it_waits(answer)
            assert not answer.done()
        return answer.result(PATIENCE)


def _until_it_waits(answer: Future[Any]) -> None:
    """PostgreSQL tells who waits for a lock; SQLite tells nobody, so it gets time to do what it should not."""
    if not is_postgresql():
        time.sleep(0.15)
        return
    with database.connection_context():
        until = time.monotonic() + PATIENCE
        while not answer.done() and not database.execute_sql(WAITS).fetchone():
            assert time.monotonic() < until, "it neither waits for the other nor ends"
            time.sleep(0.01)
