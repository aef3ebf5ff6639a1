"""How the web server runs: `gunicorn -c tracker/gunicorn.conf.py wsgi:app`."""

import os
import socket
import struct

READ_SECONDS = 15

worker_class = "gthread"
workers = 2
threads = 16
graceful_timeout = 10
max_requests = 20_000
max_requests_jitter = 2_000
loglevel = "warning"

# The workers' heartbeat is a file: on a slow disk a busy worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
# Which proxies are believed is TRUSTED_PROXIES' to say, not the server's.
forwarded_allow_ips = ""


def when_ready(server):
    """A phone that stalls in the middle of a request must not hold a thread for good; sockets inherit this."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", READ_SECONDS, 0))
