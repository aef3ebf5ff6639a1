"""The processes of a city's tracker as in production, web servers and a mail worker, each started again once killed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import TOP, SmtpSink, free_port

GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "tracker/gunicorn.conf.py", "wsgi:app"]
MAIL = [sys.executable, "-m", "flask", "--app", "wsgi", "mail", "deliver"]
LOOK = 0.05  # seconds between two looks at whether it still runs


@dataclass
class Service:
    """A command that is started again whenever it ends, until it is ended on purpose: what a service manager does."""

    command: list[str]
    env: Mapping[str, str]
    log: Path
    starts: int = 0
    process: subprocess.Popen[bytes] | None = None
    ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.keeper = threading.Thread(target=self._keep, daemon=True)
        self.keeper.start()

    def _keep(self) -> None:
        while not self.ending.is_set():
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command, cwd=TOP, env={**os.environ, **self.env},
                    stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                )  # fmt: skip
            self.starts += 1
            while self.process.poll() is None and not self.ending.is_set():
                time.sleep(LOOK)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()

    def workers(self) -> list[int]:
        """The processes that it started."""
        if self.process is None:
            return []
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        with suppress(OSError):
            return [int(pid) for pid in listed.read_text().split()]
        return []

    def end(self, seconds: float = 20) -> int | None:
        """Told to end; killed after that many seconds. The exit code."""
        self.ending.set()
        self.keeper.join()
        if self.process is None:
            return None
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def said(self) -> str:
        return self.log.read_text(errors="replace")


@dataclass
class Services:
    web: list[Service]
    mail: Service
    addresses: list[str]
    killed: Counter[str] = field(default_factory=Counter)

    def kill_one(self, chance: random.Random) -> None:
        """kill -9 to a web worker, to a web server's master (alone, or with its workers), or to the mail worker."""
        what = chance.choices(["web worker", "web master", "web server", "mail worker"], [5, 2, 1, 3])[0]
        if what == "mail worker":
            self.mail.kill()
        else:
            self._kill_web(what, chance)
        self.killed[what] += 1

    def _kill_web(self, what: str, chance: random.Random) -> None:
        server = chance.choice(self.web)
        workers = server.workers()
        if what != "web worker":
            server.kill()
        if what != "web master":
            for pid in workers if what == "web server" else chance.sample(workers, min(1, len(workers))):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


@contextmanager
def services(env: Mapping[str, str], sink: SmtpSink, folder: Path, webs: int, workers: int = 2) -> Iterator[Services]:
    """That many web servers on one database, and one mail worker that talks to the sink. All are ended."""
    named = {"MAIL_SERVER": sink.host, "MAIL_PORT": str(sink.port), "MAIL_USE_TLS": "0", **env}
    ports = [free_port() for _ in range(webs)]
    web = [
        Service([*GUNICORN, f"--workers={workers}", f"--bind=127.0.0.1:{port}"], named, folder / f"web{number}.log")
        for number, port in enumerate(ports)
    ]
    running = Services(web, Service(MAIL, named, folder / "mail.log"), [f"http://127.0.0.1:{port}" for port in ports])
    try:
        yield running
    finally:
        for one in (*running.web, running.mail):
            one.end()
