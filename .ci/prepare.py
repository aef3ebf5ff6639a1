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
from contextlib import suppress
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from tests.servers import HTMX_CACHE, MissingPart, chromium, in_ci, postgres_bin  # noqa: E402


def main() -> int:
    there = [
        found_or_installed(chromium, install_chromium),
        found_or_installed(postgres_bin, install_postgres),
        found_or_installed(htmx, fetch_htmx),
    ]
    return 0 if all(there) or not in_ci() else 1


def found_or_installed(find: Callable[[], object], install: Callable[[], None]) -> bool:
    """Whether the part is there, at the latest after installing it; says how to get it when it is not."""
    with suppress(MissingPart):
        find()
        return True
    try:
        install()
    except (OSError, subprocess.CalledProcessError) as no:
        print(no, file=sys.stderr)
    try:
        find()
    except MissingPart as how:
        print(f"Missing: {how}", file=sys.stderr)
        return False
    return True


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
        run(["apt-get", "-qq", *command], env=environment)


def htmx_address() -> str:
    """The address pages load htmx from, as the settings name it."""
    settings = (TOP / "config.py").read_text(encoding="utf-8")
    found = re.search(r"https://[\w./@-]+/htmx\.org@[\d.]+/dist/htmx\.min\.js", settings)
    if not found:
        sys.exit("config.py names no address of htmx (…/htmx.org@VERSION/dist/htmx.min.js).")
    return found[0]


def version_and_file() -> tuple[str, str]:
    version, _, file = htmx_address().rpartition("/htmx.org@")[2].partition("/")
    return version, file


def htmx() -> Path:
    """The file the browser tests answer that address with. Raises MissingPart."""
    file = HTMX_CACHE / "htmx.org@{}/{}".format(*version_and_file())
    if not file.exists():
        raise MissingPart("the file of htmx for the browser tests; install npm, or be online.")
    return file


def fetch_htmx() -> None:
    """From npm's package, or from the address itself; the browser checks the integrity of either."""
    version, inside = version_and_file()
    if shutil.which("npm"):
        with tempfile.TemporaryDirectory() as folder:
            run(["npm", "pack", "--silent", f"htmx.org@{version}"], cwd=folder)
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
                packed = archive.extractfile(f"package/{inside}")
                content = packed.read() if packed else b""
    else:
        print("npm is not here; asking for", htmx_address(), flush=True)
        with urllib.request.urlopen(htmx_address(), timeout=30) as answer:
            content = answer.read()
    file = HTMX_CACHE / f"htmx.org@{version}" / inside
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def run(command: list[str], **options: Any) -> None:
    """Quietly but for its errors."""
    subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, **options)


if __name__ == "__main__":
    sys.exit(main())
