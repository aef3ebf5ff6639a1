"""How fast the pages are beside the bare framework and beside Django, and at any size of city.

    make bench       or: python bench/speed.py [--permits 1000000] [--inspections 5000000] [--rounds 3] [--seconds 2]
                                               [--postgresql] [--only ratios,look-up,growth,reports,import,machine]

Servers on this machine's loopback are asked in turn (see `bench/subjects.py`). The small city has 1,000 permits and
5,000 inspections and is made anew; the big one, as big as asked for, is made once and kept in `.cache/bench`. Ends
with the table of targets and with an SVG of it, `.cache/bench/speed.svg`.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from bench import growth, machine, side_by_side  # noqa: E402
from bench.chart import chart  # noqa: E402
from bench.subjects import KEPT, Target  # noqa: E402
from tests import servers  # noqa: E402

SMALL = (1_000, 5_000)
PARTS = ("ratios", "look-up", "growth", "reports", "import", "machine")


def main() -> None:
    args = arguments()
    KEPT.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        small, big = stack.enter_context(cities(args))
        found = list(measured(args, small, big))
    show(found)
    (KEPT / "speed.svg").write_text(chart(found))
    print(f"\n{KEPT / 'speed.svg'}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--permits", type=int, default=1_000_000)
    parser.add_argument("--inspections", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of a round of one subject")
    parser.add_argument("--postgresql", action="store_true", help="the cities on a PostgreSQL server of their own")
    parser.add_argument("--only", default=",".join(PARTS), type=lambda text: text.split(","))
    args = parser.parse_args()
    if unknown := set(args.only) - set(PARTS):
        parser.error(f"--only takes {', '.join(PARTS)}, not {', '.join(unknown)}")
    return args


@contextmanager
def cities(args: argparse.Namespace) -> Iterator[tuple[str, str]]:
    """The URLs of the small city and of the big one, which is made where a part needs it."""
    sizes = [SMALL, (args.permits, args.inspections)]
    if args.postgresql:
        with servers.postgres_to_stop() as server:
            base, urls = server.url.rsplit("/", 1)[0], []
            for permits, inspections in sizes:
                with psycopg.connect(server.url, autocommit=True) as admin:
                    admin.execute(f"CREATE DATABASE city_{permits}")  # type: ignore[arg-type]
                urls.append(f"{base}/city_{permits}")
                make(urls[-1], permits, inspections)
            yield urls[0], urls[1]
        return
    files = [KEPT / f"city-{permits}-{inspections}.db" for permits, inspections in sizes]
    for part in ("", "-wal", "-shm"):
        Path(f"{files[0]}{part}").unlink(missing_ok=True)
    for file, size in zip(files, sizes, strict=True):
        if file == files[0] or set(args.only) & {"look-up", "growth", "reports"}:
            make(f"sqlite:///{file}", *size)
    yield f"sqlite:///{files[0]}", f"sqlite:///{files[1]}"


def make(url: str, permits: int, inspections: int) -> None:
    size = ["--permits", str(permits), "--inspections", str(inspections)]
    subprocess.run([sys.executable, "bench/city.py", "--url", url, *size], check=True, cwd=TOP)


def measured(args: argparse.Namespace, small: str, big: str) -> Iterator[Target]:
    often = {"rounds": args.rounds, "seconds": args.seconds}
    if "ratios" in args.only:
        print("\nSide by side")
        file = None if args.postgresql else small.removeprefix("sqlite:///")
        yield from side_by_side.targets(small, file, **often)
    if "look-up" in args.only:
        print("\nA company looked up")
        yield from growth.look_up(big, **often)
    if "growth" in args.only:
        print("\nA small city and a big one")
        yield from growth.targets(small, big, rounds=args.rounds, seconds=args.seconds / 4)
    if "reports" in args.only:
        yield from growth.reports(big)
    if "import" in args.only:
        yield from machine.imports()
    if "machine" in args.only:
        yield from machine.memory(small, args.seconds)
        yield from machine.start(small, args.rounds)


def show(found: list[Target]) -> None:
    names, wanted, figures = (max(len(one[place]) for one in found) for place in range(3))
    print("\nTargets")
    for one in found:
        verdict = "" if one.met is None else "met" if one.met else "MISSED"
        print(f"{one.name:{names}}  {one.wanted:>{wanted}}  {one.figure:>{figures}}  {verdict}")


if __name__ == "__main__":
    main()
