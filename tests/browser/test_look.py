"""A city whose colour and sign are as awkward as can be, in a real browser."""

import re

import pytest

from tests import servers
from tests.browser.person import is_fine, sign_in
from tests.browser.test_hands import pale, staff
from tracker.cli.demo_city import COMPANIES

# It says of itself that it ran: as a picture on a page and when it is opened alone.
SIGN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 70" onload="document.title = 'ran'">
<style>path { fill: #0b3d1e }</style><path d="M0 0h420v70H0z"/>
<script>document.title = "ran"; (window.opener || parent).ran = 1; fetch("/healthz?ran")</script></svg>"""

ADDS = re.compile("sign|offline|sw.js|healthz")
CONTRACTORS = ["/dashboard", "/profile", "/permits/BP-2026-1184", "/permits/PP-2026-0871/request"]
STAFF = ["/staff/queue", "/staff/day", "/staff/reports/results", "/staff/capacity", "/staff/inspection-types/FRAME"]


@pytest.fixture
def yellow(app_with, db, tmp_path):
    (tmp_path / "sign.svg").write_text(SIGN)
    city = app_with(CITY_COLOR="#ffe600", CITY_SIGN=str(tmp_path / "sign.svg"), CITY_NAME="City of Pecan Junction")
    done = city.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output
    with servers.web_server(city) as address:
        yield address


def test_a_bright_yellow_city_can_be_read_in_the_sun_and_in_the_dark(yellow, phone):
    dana, olu, wrong = phone(width=320), phone(width=320), []
    sign_in(dana.page, yellow, COMPANIES[0].name, COMPANIES[0].code)
    staff("olu")(olu.page, yellow)
    for made, path in [(dana, path) for path in CONTRACTORS] + [(olu, path) for path in STAFF]:
        made.page.goto(yellow + path)
        is_fine(made)
        for mode in ("light", "dark"):
            made.page.emulate_media(color_scheme=mode)
            wrong += [f"{path}, {mode}: {one}" for one in pale(made.page)]
    assert not wrong, "\n".join(wrong)


def test_the_sign_is_seen_and_runs_nothing(yellow, phone):
    made, asked = phone(width=1280), []
    made.page.on("request", lambda request: asked.append(request.url.removeprefix(yellow)))
    made.page.goto(yellow)
    sign = made.page.locator(".brand img")
    assert sign.evaluate("one => one.complete && one.naturalWidth > 0") and sign.bounding_box()["width"] == 160
    assert made.page.evaluate("window.ran") is None
    # Page, sheet, two scripts; what only adds comes beside them.
    assert len([one for one in asked if not ADDS.search(one)]) == 4
    made.page.goto(yellow + sign.get_attribute("src"))
    assert made.page.title() != "ran" and not any("ran" in one for one in asked)


KEPT = """async sheet => {
    for (let tries = 0; tries < 200; tries++) {
        const kept = (await caches.keys()).some(name => name.startsWith("p-"));
        if (kept && (!sheet || await caches.match(sheet, {ignoreVary: true}))) return true;
        await new Promise(yes => setTimeout(yes, 50));
    }
}"""


def test_what_the_staffs_pages_look_like_is_kept_for_dead_zones_and_not_on_a_contractors_phone(demo, phone):
    iris, dana = phone().page, phone().page
    staff("iris")(iris, demo)
    iris.goto(f"{demo}/staff/day")
    sheet = iris.locator("link[href*=desk]").get_attribute("href")
    assert iris.evaluate(KEPT, sheet)
    sign_in(dana, demo, COMPANIES[0].name, COMPANIES[0].code)
    assert dana.evaluate(KEPT, "") and not dana.evaluate("async sheet => !!await caches.match(sheet)", sheet)
