"""Real servers for tests: PostgreSQL, SMTP, the app in a thread and the app under gunicorn.

Each is a context manager that takes a free port of this machine, and ends only what it started.
Chromium and the file of htmx are found here too, so that fixtures and `make test` agree on where.
"""

import asyncio
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from werkzeug.serving import make_server

TOP = Path(__file__).resolve().parent.parent
LOCAL = ("127.0.0.1", 0)  # a free port of this machine alone
HTMX_CACHE = TOP / ".cache" / "htmx"  # holds htmx.org@VERSION/dist/htmx.min.js

CHROMIUM_HELP = "Chromium for the browser tests (Debian: apt install chromium; Ubuntu: Google Chrome)."
POSTGRES_HELP = "PostgreSQL's server programs (apt install postgresql, brew install postgresql)."


class MissingPart(RuntimeError):
    """A program the tests need is not on this machine; the message says how to get it."""


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def skip_or_fail(missing: object) -> NoReturn:
    """For a fixture that lacks a part: skips its tests and says why; in CI it fails them."""
    if in_ci():
        pytest.fail(f"Missing: {missing}", pytrace=False)
    pytest.skip(f"Missing: {missing}")


def chromium() -> str:
    """The path of the system's browser. Raises MissingPart."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    raise MissingPart(CHROMIUM_HELP)


def postgres_bin() -> Path:
    """The folder with initdb and pg_ctl, which is often not on the PATH. Raises MissingPart."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    folders = [str(path) for path in newest_first]
    if pg_config := shutil.which("pg_config"):
        asked = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True)
        folders.insert(0, asked.stdout.strip())
    if initdb := shutil.which("initdb"):
        folders.append(str(Path(initdb).resolve().parent))
    for folder in map(Path, folders):
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise MissingPart(POSTGRES_HELP)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(LOCAL)
        return probe.getsockname()[1]


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server of its own; yields `postgresql://tester@127.0.0.1:PORT/postgres`.

    Durability is off, and tester may do everything. Raises MissingPart.
    """
    with postgres_to_stop(synchronous_commit="off") as server:
        yield server.url


@dataclass
class Postgres:
    """A PostgreSQL server that is stopped and started again on its port, with what it holds."""

    programs: Path
    folder: str
    owner: dict[str, Any]
    port: int
    settings: dict[str, Any]

    @property
    def url(self) -> str:
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Raises RuntimeError with its log."""
        options = " ".join(f"-c {name}={value}" for name, value in {**self.settings, "port": self.port}.items())
        try:
            self._control("-l", f"{self.folder}/log", "-o", options, "start")
        except RuntimeError:
            raise RuntimeError(Path(self.folder, "log").read_text()) from None

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """immediate: without writing anything more, as when it is killed."""
        self._control("-m", mode, "stop")

    def _control(self, *words: str) -> None:
        _run([self.programs / "pg_ctl", "-D", f"{self.folder}/data", *words], self.owner)


@contextmanager
def postgres_to_stop(**settings: str) -> Iterator[Postgres]:
    """A PostgreSQL server of its own, running, with these settings besides.

    What is committed outlives the server's end, but not the machine's: nothing is forced to the disk. A shell that
    waits on a pipe from this process ends the server and removes its data, however this process ends. Raises
    MissingPart.
    """
    programs = postgres_bin()
    folder = tempfile.mkdtemp(prefix="tracker-pg-")
    owner: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        try:
            shutil.chown(folder, "postgres", "postgres")
        except LookupError:
            raise MissingPart(f"the system user postgres. {POSTGRES_HELP}") from None
        owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
    keeper = subprocess.Popen(
        ["sh", "-c", 'cat; "$0" -D "$1/data" -m immediate stop; rm -rf "$1"', programs / "pg_ctl", folder],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd="/", start_new_session=True, **owner,
    )  # fmt: skip
    try:
        _run([programs / "initdb", "-D", f"{folder}/data", "-U", "tester", "-A", "trust", "-E", "UTF8",
              "--locale=C", "--no-sync", "--no-instructions"], owner)  # fmt: skip
        yield _start_postgres(programs, folder, owner, settings)
    finally:
        keeper.communicate()


def _start_postgres(
    programs: Path, folder: str, owner: dict[str, Any], settings: Mapping[str, Any], attempts: int = 3
) -> Postgres:
    """Start on a free port; another, when someone took it in between."""
    all_settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 100,
        "shared_buffers": "32MB",
        "fsync": "off",
        "full_page_writes": "off",
        "max_wal_size": "256MB",  # it may stand in memory
        **settings,
    }
    server = Postgres(programs, folder, owner, free_port(), all_settings)
    try:
        server.start()
    except RuntimeError:
        if attempts == 1:
            raise
        return _start_postgres(programs, folder, owner, settings, attempts - 1)
    return server


def _run(command: list[Any], owner: dict[str, Any]) -> None:
    done = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **owner
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace')}")


Fault = Literal["refuse", "reject", "drop", "lose_reply", "slow", "greylist"]


@dataclass
class SmtpSink:
    """A mail server that keeps what it is given. Its fault may be changed while it runs.

    refuse: 451, try again later · reject: 550 for good · drop: the connection breaks before the mail is taken
    · lose_reply: taken, but the connection breaks before the reply · slow: taken after `delay` seconds
    · greylist: 451 at the first try for each recipient. Whoever is in `unknown` has no mailbox here: 550.
    """

    host: str = "127.0.0.1"
    port: int = 0
    ca_file: str | None = None  # with tls: the certificate authority to believe
    fault: Fault | None = None
    delay: float = 0.0
    unknown: set[str] = field(default_factory=set)
    tried: list[str] = field(default_factory=list)  # the recipients named, in order, also those refused
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)  # of each message, as the envelope named them

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        first = address not in self.tried
        self.tried.append(address)
        if address in self.unknown:
            return "550 5.1.1 No such mailbox"
        if first and self.fault == "greylist":
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.fault == "slow":
            await asyncio.sleep(self.delay)
        if self.fault == "refuse":
            return "451 4.3.0 Try again later"
        if self.fault == "reject":
            return "550 5.1.1 No such mailbox"
        if self.fault != "drop":
            message = message_from_bytes(envelope.original_content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.recipients.append(list(envelope.rcpt_tos))
            self.messages.append(message)
        if self.fault in ("drop", "lose_reply"):
            server.transport.abort()
        return "250 2.0.0 Taken"


@contextmanager
def smtp_sink(
    tls: bool = False, login: tuple[str, str] | None = None, fault: Fault | None = None, delay: float = 0.0
) -> Iterator[SmtpSink]:
    """A real SMTP server in a thread.

    With tls, nothing is taken before STARTTLS, and the certificate is good for 127.0.0.1 and localhost
    under `ca_file`. With login (user, password), nothing is taken before AUTH.
    """
    sink = SmtpSink(fault=fault, delay=delay)
    options: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="tracker-smtp-") as folder:
        if tls:
            authority = trustme.CA()
            sink.ca_file = f"{folder}/ca.pem"
            authority.cert_pem.write_to_path(sink.ca_file)
            options |= {"tls_context": _server_context(authority), "require_starttls": True}
        if login:
            options |= {"authenticator": _accepts(*login), "auth_required": True, "auth_require_tls": tls}
        sink.port = free_port()
        controller = Controller(sink, hostname=sink.host, port=sink.port, **options)
        controller.start()
        try:
            yield sink
        finally:
            controller.stop()


def _server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


def _accepts(user: str, password: str) -> Callable[..., AuthResult]:
    wanted = LoginPassword(user.encode(), password.encode())

    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        return AuthResult(success=given == wanted, handled=False)

    return check


@contextmanager
def web_server(app: Any) -> Iterator[str]:
    """The WSGI app in threads of this process; yields its base URL, without a slash at the end."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Gunicorn:
    """A running gunicorn: its base URL, its process (the master), and what it wrote."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def gunicorn_server(
    env: Mapping[str, str],
    workers: int = 2,
    ready_within: float = 20,
    app: str = "wsgi:app",
    conf: str = "tracker/gunicorn.conf.py",
) -> Iterator[Gunicorn]:
    """`app` under the real gunicorn, with these environment variables on top of ours; /healthz answers.

    Raises RuntimeError with its log when it ends or is not ready in time.
    """
    command = [sys.executable, "-m", "gunicorn", "-c", conf, app, f"--workers={workers}"]
    with tempfile.TemporaryDirectory(prefix="tracker-web-") as folder, socket.create_server(LOCAL) as held:
        log = Path(folder, "log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, f"--bind=fd://{held.fileno()}"],
                cwd=TOP,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=[held.fileno()],
            )
        server = Gunicorn(f"http://127.0.0.1:{held.getsockname()[1]}", process, log)
        held.close()  # so that connections are refused once gunicorn is gone
        try:
            _wait_until_ready(server, ready_within)
            yield server
        finally:
            _end(process)


def _wait_until_ready(server: Gunicorn, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    straight = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with straight.open(f"{server.url}/healthz", timeout=5):
                return
        except urllib.error.HTTPError as no:
            raise RuntimeError(f"/healthz answers {no.code}\n{server.said()}") from None
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"gunicorn is not ready\n{server.said()}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
