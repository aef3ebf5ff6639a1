"""What the servers take of the machine: memory, the start, and how fast an import goes."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import city, load
from bench.people import contractor, technician
from bench.subjects import SECRET, TOP, Target, always, port_of, tracker_on

ROWS = 100_000
ALIKE = {
    "Description": "New two-storey house",
    "AppliedDate": "2026-01-05",
    "IssuedDate": "2026-02-03",
    "ExpiresDate": "2027-02-03",
    "StatusCurrent": "Issued",
    "StatusCurrentMapped": "Permit Issued",
    "PermitType": "Residential New",
    "PermitTypeMapped": "Building",
    "OriginalCity": "Bluebonnet",
    "OriginalZip": "78664",
    "ContractorTrade": "General",
}


def memory(url: str, seconds: float) -> list[Target]:
    """Megabytes (PSS) of one of two web workers that answered pages for a while, and of the mail worker."""
    with tracker_on(url, workers=2) as server:
        pids = load.workers_of(server.process.pid)
        company, clerk = contractor(port_of(server), 1), technician(port_of(server))
        for visitor, path in ((company, "/dashboard"), (company, "/profile"), (clerk, "/staff/queue")):
            load.run(port_of(server), always(visitor.raw(path))(), connections=32, seconds=seconds, pids=pids)
        web = max(load.memory_of(pid) for pid in pids)
        whole = sum(load.memory_of(pid) for pid in (*pids, server.process.pid))
    env = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET, "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": "9"}
    worker = subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "mail", "deliver"], cwd=TOP, env=env,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        time.sleep(4)
        mail = load.memory_of(worker.pid)
    finally:
        worker.terminate()
        worker.wait()
    return [
        Target("memory of a web worker", "at most 80 MB", f"{web:.0f} MB", web <= 80),
        Target("… the web server as a whole", "", f"{whole:.0f} MB", None),
        Target("memory of the mail worker", "at most 60 MB", f"{mail:.0f} MB", mail <= 60),
    ]


def start(url: str, times: int) -> list[Target]:
    """Seconds from the command to the first answer of a server with two workers; the best of a few."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        with tracker_on(url):
            took.append(time.perf_counter() - began)
    return [Target("start to the first answer", "under 1.5 s", f"{min(took):.2f} s", min(took) < 1.5)]


def imports() -> list[Target]:
    """Rows a minute of a first import of permits, and how much more memory a file ten times as long takes."""
    with tempfile.TemporaryDirectory() as folder:
        few, many = (_imported(Path(folder), rows) for rows in (ROWS // 10, ROWS))
    rate = ROWS / many[0] * 60
    grown = many[1] - few[1]
    return [
        Target("import", "100,000 rows a minute", f"{rate:,.0f}", rate >= 100_000),
        Target("… its memory, ten times the rows", "flat (under 20 MB more)", f"{grown:+.0f} MB", grown < 20),
    ]


def _imported(folder: Path, rows: int) -> tuple[float, float]:
    """Seconds, and megabytes at the peak."""
    file, database = folder / f"{rows}.csv", folder / f"{rows}.db"
    with file.open("w", newline="") as lines:
        out = csv.DictWriter(lines, ("PermitNum", *ALIKE, "OriginalAddress1", "ContractorCompanyName"))
        out.writeheader()
        for n in range(1, rows + 1):
            company = city.company(1 + n % (rows // 10))[1]
            where = {"OriginalAddress1": f"{n % 9_000} Larkspur Lane", "ContractorCompanyName": company}
            out.writerow({"PermitNum": f"BP-{n:08}", **ALIKE, **where})
    env = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": SECRET}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], cwd=TOP, env=env, check=True, stdout=subprocess.DEVNULL)
    began = time.perf_counter()
    child = subprocess.Popen([*flask, "import", "permits", str(file), "--profile", "blds"], cwd=TOP, env=env,
                             stdout=subprocess.DEVNULL)  # fmt: skip
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"the import ended with {child.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024
