"""`make soak`: a town at work while its servers are killed, on SQLite and on PostgreSQL.

    python -m tests.soak [--kills 120] [--database sqlite|postgresql|both]

Starts its own servers on free ports of this machine, ends by itself after a few minutes, prints what was killed and
confirmed, and fails where anything was lost, doubled or does not agree.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import postgres_to_stop
from tests.soak.soak import Outcome, Plan, soak
from tracker.db import connect_to, database, migrate


@contextmanager
def fresh(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, migrated; the models are bound to it."""
    if kind == "postgresql":
        with postgres_to_stop() as server:
            yield bound(server.url)
            database.obj.close_all()
    else:
        yield bound(f"sqlite:///{folder}/soak.db")
        database.obj.close_all()


def bound(url: str) -> str:
    connect_to(url)
    migrate()
    return url


def say(words: str) -> None:
    print(time.strftime("%H:%M:%S"), words, flush=True)


def shown(kind: str, outcome: Outcome) -> None:
    print(f"\n{kind}")
    print("  killed:", ", ".join(f"{many} × {what}" for what, many in outcome.killed.most_common()))
    for name, value in outcome.figures.items():
        print(f"  {name}: {value}")
    print("  heard:", dict(outcome.heard.most_common()))
    print(f"  troubles: {len(outcome.troubles)}")
    for words in outcome.troubles[:40]:
        print("   ", words)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=120)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    asked = parser.parse_args()
    kinds = ("sqlite", "postgresql") if asked.database == "both" else (asked.database,)
    failed = False
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="tracker-soak-") as name, fresh(kind, Path(name)) as url:
            say(f"{kind}: {asked.kills} kills")
            outcome = soak(url, Path(name), Plan(kills=asked.kills, webs=2 if kind == "postgresql" else 1), say)
            shown(kind, outcome)
            failed = failed or bool(outcome.troubles)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
