"""How long a phone on a slow network waits, in Chromium at 360 pixels: the figures in the README.

    python bench/slow_network.py [--runs 3] [--kbit 400] [--latency 400]

Holds Chromium's network to that many kbit/s each way and that many milliseconds a round trip (Slow 3G), and prints
the median of the runs, in seconds:
  sign in   an empty cache, until the company can be typed: the page is there and its scripts have run
  request   from the tap on Request on the dashboard to the confirmation on it, everything filled in by script
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from bench.weight import TUESDAY, city, sign_in  # noqa: E402
from tests import servers  # noqa: E402
from tracker import clock  # noqa: E402
from tracker.cli.demo_city import COMPANIES  # noqa: E402


def slow(page: Page, kbit: int, latency: int) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    bytes_a_second = kbit * 1000 / 8
    held = {"latency": latency, "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
    session.send("Network.emulateNetworkConditions", {"offline": False, **held})


def fresh(browser: Browser) -> Page:
    """A phone with an empty cache."""
    return browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block").new_page()


def first_visit(browser: Browser, address: str, kbit: int, latency: int) -> float:
    page = fresh(browser)
    slow(page, kbit, latency)
    begun = time.perf_counter()
    page.goto(address, wait_until="domcontentloaded")  # deferred scripts have run by then
    page.locator("[name=company]").fill("lo")
    return time.perf_counter() - begun


def request(browser: Browser, address: str, kbit: int, latency: int) -> float:
    page, company = fresh(browser), COMPANIES[0]
    sign_in(page, address, company=company.name, pin=company.code)
    slow(page, kbit, latency)
    begun = time.perf_counter()
    page.locator("a[href$='/request'].btn").first.click()
    possible = page.locator("#inspection_type option:not([disabled]):not([value=''])").first
    possible.wait_for(state="attached")
    page.locator("#contact_name").fill("Dana Whitfield")
    page.locator("#inspection_type").select_option(str(possible.get_attribute("value")))
    page.locator("button.wide[value=submit]").click()
    page.locator(".said").wait_for()
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--kbit", type=int, default=400)
    parser.add_argument("--latency", type=int, default=400)
    asked = parser.parse_args()
    clock.now = lambda: TUESDAY
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=servers.chromium(), args=["--no-sandbox"])
        with city(f"sqlite:///{folder}/city.db") as address:
            held = (asked.kbit, asked.latency)
            visits = [first_visit(browser, address, *held) for _ in range(asked.runs)]
            requests = [request(browser, address, *held) for _ in range(asked.runs)]
        browser.close()
    print(f"sign in  {statistics.median(visits):5.1f} s")
    print(f"request  {statistics.median(requests):5.1f} s")


if __name__ == "__main__":
    main()
