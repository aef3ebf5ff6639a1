"""What the tests need beside Python packages: found, or installed, or a sentence that says how.

In CI a missing part ends the run; elsewhere the tests that need it are skipped and say why.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from tests.servers import CHROMIUM_HELP, HTMX_CACHE, POSTGRES_HELP, MissingPart, chromium, in_ci, postgres_bin  # noqa: E402


def main() -> int:
    problems = [
        problem
        for problem in (
            found_or_installed(chromium, install_chromium, CHROMIUM_HELP),
            found_or_installed(postgres_bin, install_postgres, POSTGRES_HELP),
            found_or_installed(htmx, fetch_htmx, "htmx for the browser tests: install npm, or go online once."),
        )
        if problem
    ]
    for problem in problems:
        print(f"Missing: {problem}", file=sys.stderr)
    return 1 if problems and in_ci() else 0


def found_or_installed(find: Callable[[], object], install: Callable[[], None], help: str) -> str | None:
    """None when the part is there, at the latest after installing it; otherwise how to get it."""
    for attempt in (install, None):
        try:
            find()
            return None
        except MissingPart:
            if attempt:
                try:
                    attempt()
                except (OSError, subprocess.CalledProcessError) as no:
                    print(no, file=sys.stderr)
    return help


def install_chromium() -> None:
    apt_install("chromium", "fonts-liberation")


def install_postgres() -> None:
    """The server's programs alone: each test run starts a server of its own, the system needs none."""
    if may_install():
        folder = Path("/etc/postgresql-common/createcluster.d")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "no-main-cluster.conf").write_text("create_main_cluster = false\n")
    apt_install("postgresql")


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    if not may_install():
        return
    print("Installing", *packages, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        subprocess.run(
            ["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=True
        )


def htmx_address() -> str:
    """The address pages load htmx from, as the settings name it."""
    found = re.search(r"https://[\w./@-]+/htmx\.org@[\d.]+/dist/htmx\.min\.js", (TOP / "config.py").read_text())
    if not found:
        sys.exit("config.py names no address of htmx (…/htmx.org@VERSION/dist/htmx.min.js).")
    return found[0]


def htmx() -> Path:
    """The file the browser tests answer that address with."""
    package_file = htmx_address().partition("/htmx.org@")[2]
    file = HTMX_CACHE / f"htmx.org@{package_file}"
    if not file.exists():
        raise MissingPart(str(file))
    return file


def fetch_htmx() -> None:
    """From npm's package, or from the address itself; the browser checks the integrity of either."""
    address = htmx_address()
    package, _, inside = address.rpartition("/htmx.org@")[2].partition("/")
    if shutil.which("npm"):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["npm", "pack", "--silent", f"htmx.org@{package}"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                keep(archive.extractfile(f"package/{inside}").read(), f"htmx.org@{package}/{inside}")
    else:
        with urllib.request.urlopen(address, timeout=30) as answer:
            keep(answer.read(), f"htmx.org@{package}/{inside}")


def keep(content: bytes, name: str) -> None:
    file = HTMX_CACHE / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
