"""The tracker's server without what the tracker adds to it: the others are measured under the same."""

import os

worker_class = "gthread"
threads = 16
graceful_timeout = 10
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
control_socket_disable = True
