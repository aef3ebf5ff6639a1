"""Signing in: does a stop-watch tell why it was refused, and does a storm stall the site? Figures in the README.

    python bench/sign_in.py [--url postgresql://…] [--tries 300] [--storm 200] [--companies 5000]

Makes a database of its own (or takes an empty one). First the tries: so many of each kind, mixed, each from an
address of its own, page and all. Prints the median in milliseconds by the clock, and of the processor alone, which
other programs do not blur; after each how often a refusal of this kind takes longer than one of a company's with its
code, or of a member of the staff (0.50: nobody can tell them apart). Then the storm, on the real server with two
workers: so many sign in at the same moment with a PIN of their own, while one opens the dashboard again and again.
"""

import argparse
import http.client
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bs4 import BeautifulSoup  # noqa: E402
from flask import Flask  # noqa: E402

from tests.servers import gunicorn_server  # noqa: E402
from tracker import create_app  # noqa: E402
from tracker.actions.accounts import hash_pin  # noqa: E402
from tracker.actions.changes import SYSTEM  # noqa: E402
from tracker.actions.companies import make_companies, make_company  # noqa: E402
from tracker.actions.staff import add_staff  # noqa: E402
from tracker.clock import now  # noqa: E402
from tracker.db import database, migrate  # noqa: E402
from tracker.models import Contractor  # noqa: E402

PIN, PASSWORD = "copper elbow 9", "seven herons by the quarry"
KINDS = {
    "a company with its code": ("/", {"company": "Lone Star Plumbing", "pin": "RR-2222-2222"}),
    "a company with a PIN of its own": ("/", {"company": "Evergreen Drains", "pin": "copper elbow 8"}),
    "no such company": ("/", {"company": "Zzyzx Nobody", "pin": "RR-2222-2222"}),
    "no such code as the company": ("/", {"company": "RR-2222-2222", "pin": "RR-2222-2223"}),
    "a code as the company": ("/", {"company": "", "pin": "RR-2222-2222"}),
    "a blocked company, right PIN": ("/", {"company": "Blocked Roofing", "pin": PIN}),
    "staff, wrong password": ("/staff", {"email": "olu@bluebonnet.example", "password": "seven herons by the quary"}),
    "staff, no such address": ("/staff", {"email": "nobody@bluebonnet.example", "password": PASSWORD}),
}


def city(companies: int) -> None:
    own = hash_pin(PIN)
    dana, eve, gone = (make_company(name) for name in ("Lone Star Plumbing", "Evergreen Drains", "Blocked Roofing"))
    KINDS["a code as the company"][1]["company"] = dana.registration_code
    Contractor.update(own_pin_hash=own).where(Contractor.id.in_((eve.id, gone.id))).execute()
    Contractor.update(blocked_at=now()).where(Contractor.id == gone.id).execute()
    with database.atomic():
        made = make_companies([{"company_name": f"Company {n} of the Town"} for n in range(companies)])
        Contractor.update(own_pin_hash=own).where(Contractor.id.in_(made[:1000])).execute()
    add_staff("olu@bluebonnet.example", name="Olu Adeyemi", role="supervisor", password=PASSWORD, by=SYSTEM, now=now())


def tries(app: Flask, each: int) -> None:
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    order = [kind for kind in KINDS for _ in range(each + 3)]
    random.Random(1).shuffle(order)
    browsing = app.test_client()
    token = token_of(browsing.get("/").get_data())
    for place, kind in enumerate(order):
        path, typed = KINDS[kind]
        where = {"REMOTE_ADDR": f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"}
        start = time.perf_counter(), time.process_time()
        answer = browsing.post(path, data={**typed, "csrf_token": token}, environ_overrides=where)
        took[kind].append((time.perf_counter() - start[0], time.process_time() - start[1]))
        assert answer.status_code == 422, answer.status
    print(f"\n{'refused':<34}{'clock':>8}{'longer':>8}{'processor':>11}{'longer':>8}")
    for kind, pairs in took.items():
        base = took["staff, wrong password" if kind.startswith("staff") else "a company with its code"]
        words = ""
        for which, width in ((0, 8), (1, 11)):
            some, others = ([pair[which] for pair in one[3:]] for one in (pairs, base))  # the first warm up
            words += f"{statistics.median(some) * 1e3:>{width}.2f}{longer(some, others):>8.3f}"
        print(f"{kind:<34}{words}", flush=True)


def longer(some: list[float], others: list[float]) -> float:
    """How often one of some is larger than one of others: Mann and Whitney's U over the number of pairs."""
    return sum((a > b) + (a == b) / 2 for a in some for b in others) / (len(some) * len(others))


def token_of(page: bytes) -> str:
    return str(BeautifulSoup(page, "html.parser").select("input[name=csrf_token]")[0]["value"])


class Caller:
    """A browser on a connection of its own, from an address of its own."""

    def __init__(self, url: str, address: str) -> None:
        self.at, self.headers = urlsplit(url).netloc, {"X-Forwarded-For": address}

    def ask(self, method: str, path: str, **typed: str) -> tuple[int, bytes, float]:
        connection = http.client.HTTPConnection(self.at, timeout=60)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        start = time.perf_counter()
        connection.request(method, path, urlencode(typed) if typed else None, {**self.headers, **kind})
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - start
        if new := [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or []]:
            old = [one for one in self.headers.get("Cookie", "").split("; ") if one]
            kept = {one.partition("=")[0]: one for one in (*old, *new)}
            self.headers["Cookie"] = "; ".join(kept.values())
        connection.close()
        return answer.status, body, took


def storm(url: str, pid: int, many: int) -> None:
    dana = Caller(url, "198.51.100.1")
    token = token_of(dana.ask("GET", "/")[1])
    assert dana.ask("POST", "/", company="Company 1 of the Town", pin=PIN, csrf_token=token)[0] == 303
    callers = [Caller(url, f"203.0.{n >> 8}.{n & 255}") for n in range(many)]
    tokens = [token_of(one.ask("GET", "/")[1]) for one in callers]
    alone = [dana.ask("GET", "/dashboard")[2] for _ in range(60)]
    gate, answers = threading.Barrier(many + 1), [(0, 0.0)] * many

    def sign_in(place: int) -> None:
        typed = {"company": f"Company {place % 1000} of the Town", "pin": PIN, "csrf_token": tokens[place]}
        gate.wait()
        status, _, took = callers[place].ask("POST", "/", **typed)
        answers[place] = status, took

    threads = [threading.Thread(target=sign_in, args=(place,)) for place in range(many)]
    for thread in threads:
        thread.start()
    gate.wait()
    start, alongside = time.perf_counter(), []
    while any(thread.is_alive() for thread in threads):
        alongside.append(dana.ask("GET", "/dashboard")[2])
    print(f"\n{many} at once, over after {time.perf_counter() - start:.2f} s: {dict(Counter(a for a, _ in answers))}")
    for name, seconds in (
        ("dashboard alone", alone),
        ("dashboard alongside", alongside),
        ("who got in", [took for status, took in answers if status == 303] or [0]),
        ("who was asked to try again", [took for status, took in answers if status == 503] or [0]),
    ):
        print(f"{name:<28}median {statistics.median(seconds) * 1e3:7.1f} ms, longest {max(seconds) * 1e3:7.1f} ms")
    print(f"memory of the workers, at most: {' '.join(f'{one:.0f} MB' for one in most_memory(pid))}")


def most_memory(pid: int) -> list[float]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    status = [Path(f"/proc/{child}/status").read_text() for child in children]
    return [int(one.partition("VmHWM:")[2].split()[0]) / 1024 for one in status]


def main() -> None:
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--url", default="")
    for name, default in (("tries", 300), ("storm", 200), ("companies", 5000)):
        parse.add_argument(f"--{name}", type=int, default=default)
    asked = parse.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings: dict[str, Any] = {
            "DATABASE_URL": asked.url or f"sqlite:///{folder}/sign-in.db",
            "SECRET_KEY": "for measuring signing in, no city",
            "TRUSTED_PROXIES": "1",
        }
        app = create_app(settings)
        migrate()
        with database.connection_context():
            city(asked.companies)
        part: Callable[..., None] = tries
        if asked.tries:
            part(app, asked.tries)
        if asked.storm:
            with gunicorn_server(settings, ready_within=90) as server:
                storm(server.url, server.process.pid, asked.storm)
        database.obj.close_all()


if __name__ == "__main__":
    main()
