"""The files a city copies to run it, docs/running/, and what a server loads."""

import os
import re
import ssl
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.servers import TOP

SITE = (TOP / "docs" / "running" / "nginx.conf").read_text(encoding="utf-8")


def said(directive: str) -> str:
    [value] = re.findall(rf"^ *{directive} (.+);$", SITE, re.MULTILINE)
    return str(value)


def test_the_site_speaks_tls_with_ciphers_that_are_strong_alone():
    assert said("ssl_protocols") == "TLSv1.2 TLSv1.3"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(said("ssl_ciphers"))
    older = [one for one in context.get_ciphers() if one["protocol"] != "TLSv1.3"]
    assert len(older) == said("ssl_ciphers").count(":") + 1 == 6, "one that OpenSSL does not know"
    assert all(one["kea"] == "kx-ecdhe" and one["aead"] and one["strength_bits"] >= 128 for one in older)


def test_it_can_be_reloaded_as_the_guide_says():
    assert "ExecReload=/bin/kill -HUP $MAINPID\n" in (TOP / "docs/running/permit-tracker.service").read_text()


@pytest.mark.parametrize(("url", "driver"), [("sqlite:///x.db", False), ("postgresql://dana@localhost/x", True)])
def test_a_city_on_sqlite_does_not_carry_the_driver_of_postgresql(url, driver, tmp_path):
    """Eleven megabytes of every process; the program is loaded without a look at the database."""
    env = {**os.environ, "DATABASE_URL": url.replace("x.db", f"{tmp_path}/x.db"), "SECRET_KEY": "s" * 32}
    look = "import sys, wsgi; print(bool(sys.modules.get('psycopg')), wsgi.app.name)"
    run = subprocess.run([sys.executable, "-c", look], cwd=TOP, env=env, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [str(driver), "tracker"]


def test_a_server_that_cannot_start_says_why_and_leaves_nothing(tmp_path):
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "SECRET_KEY": "s" * 32, "CUTOFF": "soon"}
    command = [sys.executable, "-m", "gunicorn", "-c", "tracker/gunicorn.conf.py", "wsgi:app", "--bind=127.0.0.1:0"]
    server = subprocess.Popen(command, cwd=TOP, env=env, stderr=subprocess.PIPE, text=True)
    said = server.communicate(timeout=60)[1]
    assert server.returncode == 1 and said.startswith("Error: CUTOFF=soon makes no sense.") and said.count("\n") == 1
    for folder in ("/dev/shm", tempfile.gettempdir()):
        assert not Path(folder, f"permit-tracker-{server.pid}").exists()
