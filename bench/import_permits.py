"""What an import costs beside the least it could: a bare loop of csv and sqlite3 inserts over the same file.

    python bench/import_permits.py FILE.csv [--profile austin] [--times 3]      (or REAL_DATA=FILE.csv)

Both run in turn in processes of their own, the database on the same disk; the fastest of each counts. Prints
seconds, rows a minute, the ratio of the two, and the importing process's peak memory.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))


def main() -> None:
    args = arguments()
    if args.one:
        with tempfile.TemporaryDirectory() as folder:
            print(*{"bare": bare, "import": imported}[args.one](Path(args.file), args.profile, folder))
        return
    took = {"bare": [], "import": []}
    for _ in range(args.times):
        for which, times in took.items():
            command = [sys.executable, __file__, args.file, "--profile", args.profile, "--one", which]
            times.append([float(text) for text in subprocess.check_output(command, text=True).split()])
    report(*(min(times) for times in took.values()))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", default=os.environ.get("REAL_DATA"))
    parser.add_argument("--profile", default="austin")
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--one", choices=("bare", "import"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not args.file:
        parser.error("name a CSV file, or set REAL_DATA")
    return args


def report(bare_took: list[float], import_took: list[float]) -> None:
    (bare_seconds, bare_processor, rows, bare_memory), (seconds, again, processor, _, memory) = bare_took, import_took
    print(f"rows                 {rows:>12,.0f}")
    print(f"bare loop            {bare_seconds:>12.2f} s  {bare_memory:>6.0f} MB at its peak")
    print(f"first import         {seconds:>12.2f} s  {memory:>6.0f} MB at its peak")
    print(f"the same file again  {again:>12.2f} s")
    print(f"rows a minute        {rows / seconds * 60:>12,.0f}")
    print(f"times a bare loop    {seconds / bare_seconds:>12.1f} (processor time: {processor / bare_processor:.1f})")


def bare(file: Path, profile: str, folder: str) -> tuple[float, float, int, float]:
    """Seconds, processor seconds, rows, MB: every row as it is into a table of text, one transaction, no index."""
    from peewee import sqlite3

    start, processor = time.perf_counter(), time.process_time()
    database = sqlite3.connect(f"{folder}/bare.db")
    with file.open(newline="", encoding="utf-8") as lines:
        rows = csv.reader(lines)
        header = next(rows)
        database.execute(f"CREATE TABLE permit ({', '.join(f'c{place} TEXT' for place in range(len(header)))})")
        insert = f"INSERT INTO permit VALUES ({', '.join('?' * len(header))})"
        count = 0
        for row in rows:
            database.execute(insert, row)
            count += 1
    database.commit()
    return time.perf_counter() - start, time.process_time() - processor, count, peak()


def imported(file: Path, profile: str, folder: str) -> tuple[float, float, float, int, float]:
    """Seconds the first time and the second, processor seconds of the first, rows, MB."""
    from zoneinfo import ZoneInfo

    from tracker import clock
    from tracker.db import connect_to, database, migrate
    from tracker.importing.profile import load_profile
    from tracker.importing.run import import_permits

    connect_to(f"sqlite:///{folder}/bench.db")
    migrate()
    took, processor = [], time.process_time()
    with database.connection_context():
        for _ in range(2):
            start = time.perf_counter()
            summary = import_permits(file, load_profile(profile), now=clock.now(), zone=ZoneInfo("America/Chicago"))
            took.append(time.perf_counter() - start)
            if len(took) == 1:
                processor = time.process_time() - processor
    return took[0], took[1], processor, summary.counts["read"], peak()


def peak() -> float:
    """Peak memory of this process in MB; Linux counts in KB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
