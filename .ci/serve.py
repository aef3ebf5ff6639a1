"""`make run`: migrations, the demo city, then mail worker and web server, started and ended together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress

GRACE_SECONDS = 15
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "tracker/gunicorn.conf.py", "wsgi:app"]
Process = subprocess.Popen[bytes]
Started = dict[str, Process]  # what runs, by the name a message calls it
stopping = False


def main(port: int) -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
    started: Started = {}
    try:
        for step in (["db", "upgrade"], ["demo", "--if-new"]):
            code = finish(started, " ".join(step), [*FLASK, *step])
            if stopping or code:
                return code
        start(started, "The mail worker", [*FLASK, "mail", "deliver"])
        start(started, "The web server", [*GUNICORN, f"--bind=127.0.0.1:{port}"])
        return watch(started, port)
    finally:
        end(started.values())


def stop(*_: object) -> None:
    global stopping
    stopping = True


def start(started: Started, name: str, command: list[str]) -> Process:
    """Start in a session of its own: Ctrl-C reaches this process alone, which ends the others in order."""
    started[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    return started[name]


def finish(started: Started, name: str, command: list[str]) -> int:
    """Run to the end; its exit code, or 0 when it was told to stop before that."""
    child = start(started, name, command)
    while not stopping and child.poll() is None:
        time.sleep(0.05)
    if child.returncode is not None:
        del started[name]
    return child.returncode or 0


def watch(started: Started, port: int) -> int:
    """Wait until told to stop (0), until make is gone (0), or until one of the two ends by itself (1)."""
    parent, announced = os.getppid(), False
    while not stopping and os.getppid() == parent:
        for name, child in started.items():
            if child.poll() is not None:
                print(f"{name} ended by itself (exit code {child.returncode}).", file=sys.stderr)
                return 1
        if not announced and answers(port):
            print(f"\nThe permit tracker is at http://127.0.0.1:{port} (Ctrl-C ends it)", flush=True)
            announced = True
        time.sleep(0.1)
    return 0


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def end(children: Collection[Process]) -> None:
    """End what still runs; what has not ended after the grace period, or has lost its parent, is killed."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"Did not end within {GRACE_SECONDS} seconds, killed: {child.args!r}", file=sys.stderr)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def port_to_use(text: str) -> int:
    """The port as a number; ends with a sentence when it is none or when something listens there."""
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        sys.exit(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    port = int(text)
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
    except PermissionError:
        sys.exit(f"Port {port} needs an administrator's rights. Choose another: make run PORT=8000")
    except OSError:
        other = port % 65535 + 1
        sys.exit(f"Port {port} is in use. Stop what runs there or choose another: make run PORT={other}")
    return port


if __name__ == "__main__":
    sys.exit(main(port_to_use(sys.argv[1])))
