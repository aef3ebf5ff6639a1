"""How the web server runs: `gunicorn -c tracker/gunicorn.conf.py wsgi:app`."""

import ctypes
import gc
import os
import re
import select
import shutil
import socket
import struct
import tempfile
from pathlib import Path

from gunicorn.workers.gthread import ThreadWorker

READ_SECONDS = 15
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8  # of malloc.h


class Worker(ThreadWorker):
    """Told to end, it answers those who were let in but not taken yet, and then lets nobody in any more.

    They would be cut off otherwise, and nobody could know whether what they sent was done; who comes later is refused,
    and can be sent to another server.
    """

    def set_accept_enabled(self, enabled):
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        for listener in self.sockets:
            if listener.sock is None:  # called once more
                continue
            while select.select([listener], [], [], 0)[0]:
                self.accept(listener)
            listener.close()


worker_class = Worker
workers = 2
threads = 16
graceful_timeout = 10
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"

# The workers' heartbeat is a file: on a slow disk a busy worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# In it each worker keeps its figures, so that /metrics tells of all of them. A reload keeps it.
figures = Path(worker_tmp_dir or tempfile.gettempdir(), f"permit-tracker-{os.getpid()}")
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={figures}"]
control_socket_disable = True
# Which proxies are believed is TRUSTED_PROXIES' to say, not the server's.
forwarded_allow_ips = ""


def when_ready(server):
    load_once(server)
    # A phone that stalls in the middle of a request must not hold a thread for good; sockets inherit this.
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", READ_SECONDS, 0))


def load_once(server):
    """Workers share the memory of a program loaded before them; what is frozen, no collection touches.

    Not by preload_app, which comes before `on_starting`.
    """
    try:
        server.app.wsgi()
    except BaseException:  # such as a setting that makes no sense, of which it tells itself
        on_exit(server)
        raise
    for made in figures.iterdir():  # by root, where it starts the server for somebody else
        os.chown(made, server.cfg.uid, server.cfg.gid)
    gc.collect()
    gc.freeze()


def on_starting(server):
    """An empty folder for figures; those of servers that were killed are taken away."""
    for left in figures.parent.glob("permit-tracker-*"):
        process = re.sub(r"\D", "", left.name)
        if left == figures or not Path("/proc", process).exists():
            shutil.rmtree(left, ignore_errors=True)
    figures.mkdir(mode=0o700)
    os.chown(figures, server.cfg.uid, server.cfg.gid)


def give_memory_back():
    """What a PIN's hash took (19 MB) goes back to the machine; glibc would keep it, and an arena for every thread."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_MMAP_THRESHOLD, 1 << 20)
        libc.mallopt(M_TRIM_THRESHOLD, 8 << 20)  # less would be given back and asked for again in every answer
        libc.mallopt(M_ARENA_MAX, 2)


def on_exit(server):
    shutil.rmtree(figures, ignore_errors=True)


def post_worker_init(worker):
    from tracker.watching import say_where_the_schema_stands

    give_memory_back()
    say_where_the_schema_stands()
