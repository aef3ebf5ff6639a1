"""Requests over kept connections to a server on this machine, and what they cost the server's processes.

A closed loop: each connection sends its next request when the answer to the last has come. Raw sockets in one
process, so that the client takes as little of the machine as it can.
"""

import os
import selectors
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Measured:
    """What one round gave: answers, seconds on the clock and of the server's processors, seconds of each answer."""

    answers: int = 0
    seconds: float = 0.0
    processor: float = 0.0
    waits: list[float] = field(default_factory=list)
    bytes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def a_second(self) -> float:
        return self.answers / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor time an answer."""
        return self.processor / self.answers * 1000

    def wait(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        found = sorted(self.waits)
        return found[min(len(found) - 1, int(share * len(found)))] * 1000


def processor_seconds(pids: Sequence[int]) -> float:
    """User and system time of these processes so far."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def workers_of(pid: int) -> list[int]:
    """The processes that a server's master has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory_of(pid: int) -> float:
    """Megabytes of a process, what it shares counted in part (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss:")).split()[1]) / 1024


def run(
    port: int, requests: Iterator[bytes], *, connections: int, seconds: float, pids: Sequence[int], most: int = 10**9
) -> Measured:
    """Send the requests until the time is over, `most` are answered, or there are no more; all answers are read.

    Raises RuntimeError when the server closes without an answer twice running.
    """
    measured, poll = Measured(), selectors.DefaultSelector()
    began, spent = time.perf_counter(), processor_seconds(pids)
    until, open_ones = began + seconds, 0
    for _ in range(connections):
        open_ones += _Line(port, requests, measured, poll).send()
    while open_ones:
        for key, _events in poll.select(10) or _too_late():
            line: _Line = key.data
            if line.read() and not (
                time.perf_counter() < until and measured.answers + open_ones <= most and line.send()
            ):
                line.end()
                open_ones -= 1
    measured.seconds = time.perf_counter() - began
    measured.processor = processor_seconds(pids) - spent
    return measured


def _too_late() -> list:
    raise RuntimeError("The server did not answer within 10 seconds.")


class _Line:
    """One kept connection."""

    def __init__(self, port: int, requests: Iterator[bytes], measured: Measured, poll: selectors.BaseSelector) -> None:
        self.port, self.requests, self.measured, self.poll = port, requests, measured, poll
        self.socket: socket.socket | None = None

    def send(self) -> bool:
        """The next request; False where there is none."""
        self.request = next(self.requests, b"")
        if not self.request:
            return False
        self.began, self.got, self.tries = time.perf_counter(), b"", 0
        self._write()
        return True

    def _write(self) -> None:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.poll.register(self.socket, selectors.EVENT_READ, self)
        self.socket.sendall(self.request)

    def end(self) -> None:
        if self.socket:
            self.poll.unregister(self.socket)
            self.socket.close()
            self.socket = None

    def read(self) -> bool:
        """Whether the answer is whole."""
        assert self.socket
        try:
            some = self.socket.recv(262_144)
        except ConnectionResetError:
            some = b""
        if not some:
            self._once_more()
        self.got += some
        head, parted, body = self.got.partition(b"\r\n\r\n")
        if not parted or len(body) < _length(head):
            return False
        self.measured.waits.append(time.perf_counter() - self.began)
        self.measured.answers += 1
        self.measured.bytes += len(self.got)
        self.measured.statuses[int(head[9:12])] += 1
        if b"connection: close" in head.lower():
            self.end()
        return True

    def _once_more(self) -> None:
        """The server closes a kept connection when its worker is renewed."""
        self.end()
        self.got, self.tries = b"", self.tries + 1
        if self.tries > 1:
            raise RuntimeError("The server closed the connection instead of answering.")
        self._write()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def at_a_pace(
    port: int, request: Callable[[], bytes], *, a_second: int, seconds: float, pids: Sequence[int]
) -> Measured:
    """So many requests a second, one connection; each wait counts from when the request was due."""
    measured, poll = Measured(), selectors.DefaultSelector()
    began, spent = time.perf_counter(), processor_seconds(pids)
    line = _Line(port, iter(request, None), measured, poll)
    for n in range(int(a_second * seconds)):
        due = began + n / a_second
        time.sleep(max(0.0, due - time.perf_counter()))
        line.send()
        line.began = due
        while poll.select(10) and not line.read():
            pass
    line.end()
    measured.seconds, measured.processor = time.perf_counter() - began, processor_seconds(pids) - spent
    return measured
