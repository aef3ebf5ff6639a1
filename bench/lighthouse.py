"""What Lighthouse says of the pages a phone opens most: the table in the README.

    npm install --prefix /tmp/lighthouse lighthouse
    python bench/lighthouse.py --lighthouse /tmp/lighthouse/node_modules/.bin/lighthouse [--runs 3] [--only dashboard]

Serves the demo city under gunicorn on loopback, signs in with Chromium, hands the cookies to Lighthouse and prints the
median of its runs for each page: its mobile profile, a phone four times slower than this machine on slow 4G. htmx
comes from a second address on loopback, checked against its `integrity`, in place of its CDN. What has cost a point in
any run is listed below the table. Exit code 1: a page is below what is promised (PROMISED). `machine` is Lighthouse's
own index of this machine: where it falls from page to page, others are at work on it, and performance says nothing.

SEO is for what a visitor can find: the sign-in page. On http://127.0.0.1 Lighthouse counts as on https, and a
redirect to https does not apply; nothing is scored that TLS would change.
"""

import argparse
import json
import logging
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from peewee import fn  # noqa: E402
from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from bench.weight import cdn, pages_of, sign_in  # noqa: E402
from tests import servers  # noqa: E402
from tracker import create_app  # noqa: E402
from tracker.cli.demo_city import COMPANIES  # noqa: E402
from tracker.db import database, migrate  # noqa: E402
from tracker.models import Inspection, Staff  # noqa: E402

IRIS = "iris@bluebonnet.example"
PROMISED = {"performance": 98, "accessibility": 100, "best-practices": 100}
NAMES = (*PROMISED, "seo")
CHROMIUM = "--headless=new --no-sandbox --disable-dev-shm-usage"


@contextmanager
def city(folder: str) -> Iterator[str]:
    """The address at which gunicorn serves a new demo city, as it would in earnest."""
    with servers.web_server(cdn) as htmx:
        settings = {"SECRET_KEY": "for this measurement, for no city", "DATABASE_URL": f"sqlite:///{folder}/city.db"}
        settings["HTMX_URL"] = f"{htmx}/htmx.min.js"
        app = create_app(settings)
        migrate()
        made = app.test_cli_runner().invoke(args=["demo"])
        if made.exit_code:
            raise SystemExit(made.output)
        with servers.gunicorn_server(settings) as server:
            yield server.url


def day_of(email: str) -> str:
    """The address of the first day on which this inspector has stops: today, unless today is a day off."""
    theirs = (Inspection.status == "scheduled") & (Staff.email == email)
    with database.connection_context():
        day = Inspection.select(fn.MIN(Inspection.day)).join(Staff).where(theirs).scalar()
    return f"/staff/day/{day}"


def cookies_of(context: BrowserContext) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies())


def pages(browser: Browser, address: str) -> list[tuple[str, str, str]]:
    """Each page's name, its address and the cookies of whoever may see it."""
    found = [("sign in", f"{address}/", "")]
    for company in COMPANIES[:2]:
        page = browser.new_context(service_workers="block").new_page()
        sign_in(page, address, company=company.name, pin=company.code)
        cookies, addresses = cookies_of(page.context), pages_of(page)
        for name in ("dashboard", "permit", "request"):
            found.append((f"{name} ({company.name})", f"{address}{addresses[name]}", cookies))
    page = browser.new_context(service_workers="block").new_page()
    sign_in(page, address, staff=IRIS)
    return [*found, ("inspector's day", f"{address}{day_of(IRIS)}", cookies_of(page.context))]


def visit(lighthouse: str, address: str, cookies: str) -> dict[str, Any]:
    """Lighthouse's report; under runtimeError, its words where it has none."""
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder, "headers.json"), Path(folder, "report.json")
        headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}))
        command = [lighthouse, address, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--extra-headers={headers}", f"--chrome-flags={CHROMIUM}", f"--only-categories={','.join(NAMES)}"]
        done = subprocess.run(
            command, env={**os.environ, "CHROME_PATH": servers.chromium()}, capture_output=True, text=True
        )
        read: dict[str, Any] = json.loads(report.read_text()) if report.exists() else {"runtimeError": done.stderr}
    return read


def looked_at(lighthouse: str, address: str, cookies: str) -> dict[str, Any]:
    """The report of a visit that went well: now and then Chromium's trace comes late, and it has to be made again."""
    for _try in range(3):
        read = visit(lighthouse, address, cookies)
        # That the machine is slow stands in the table's last column.
        wrong = read.get("runtimeError") or [one for one in read["runWarnings"] if "slower CPU" not in one]
        if not wrong and read["finalDisplayedUrl"] == address:
            return read
    raise SystemExit(f"{address}: {wrong or 'led to ' + read['finalDisplayedUrl']}")


def points(report: dict[str, Any]) -> dict[str, int]:
    return {name: round(report["categories"][name]["score"] * 100) for name in NAMES}


def lost(report: dict[str, Any]) -> set[str]:
    """What has cost points, apart from SEO."""
    audits = report["audits"]
    weighed = [one["id"] for name in PROMISED for one in report["categories"][name]["auditRefs"] if one["weight"]]
    return {f"{one}: {audits[one]['title']}" for one in weighed if (audits[one]["score"] or 1) < 0.9}


def measure(lighthouse: str, runs: int, name: str, address: str, cookies: str) -> tuple[bool, set[str]]:
    """Prints the page's line. Whether it keeps what is promised, and what has cost it points."""
    reports = [looked_at(lighthouse, address, cookies) for _ in range(runs)]
    median = {one: round(statistics.median(points(report)[one] for report in reports)) for one in NAMES}
    seo = median["seo"] if not cookies else "-"
    machine = round(statistics.median(report["environment"]["benchmarkIndex"] for report in reports))
    print(f"{name:34}" + "".join(f"{median[one]:15}" for one in PROMISED) + f"{seo:>6}{machine:9}", flush=True)
    kept = all(median[one] >= least for one, least in PROMISED.items()) and (cookies != "" or median["seo"] == 100)
    return kept, set().union(*(lost(report) for report in reports))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lighthouse", default=os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="the pages that have this in their name")
    asked = parser.parse_args()
    if not asked.lighthouse:
        parser.error("no lighthouse on the PATH: name it with --lighthouse or LIGHTHOUSE")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    kept, costly = True, set[str]()
    with tempfile.TemporaryDirectory() as folder, city(folder) as address:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
            found = [one for one in pages(browser, address) if asked.only in one[0]]
            browser.close()
        print(f"{'page':34}" + "".join(f"{one:>15}" for one in PROMISED) + f"{'seo':>6}{'machine':>9}")
        for one in found:
            fine, cost = measure(asked.lighthouse, asked.runs, *one)
            kept, costly = kept and fine, costly | cost
    print("\n".join(sorted(costly)))
    raise SystemExit(0 if kept else 1)


if __name__ == "__main__":
    main()
