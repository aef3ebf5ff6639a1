"""Every page in every state fits a screen 320 pixels wide, in English and Spanish, with the longest names.

Nothing is scrolled sideways and no word is cut; the same at 640 pixels with letters of twice the size, as for a
reader who zooms. The printed permit fits its paper.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.cast import PASSWORD, TODAY
from tests.weight.a_full_city import City
from tests.weight.an_office import build_with_office
from tests.weight.served import served
from tracker import create_app

LANGUAGES = pytest.mark.parametrize("locale", ["en-US", "es-US"])
PLAIN = pytest.mark.parametrize("locale", ["es-US"])
# Parts of a page, files, and addresses that lead on.
NO_PAGES = (
    "/companies", "/dashboard/inspections", "/dashboard/permits", "/dashboard/permits/more", "/healthz", "/readyz",
    "/offline/token", "/sw.js", "/staff/home", "/staff/day/<day>/stops", "/staff/phone/found", "/staff/queue/rows",
    "/staff/changes.csv", "/staff/reports/<table>.csv", "/metrics",
)  # fmt: skip

# What is beyond the screen, or cut off by what it stands in. What scrolls by itself is meant to.
CUT = """() => {
  const found = new Set(), wide = document.documentElement.clientWidth;
  const style = getComputedStyle;
  const once = ask => { const had = new Map(); return one => had.get(one) ?? had.set(one, ask(one)).get(one); };
  const hidden = once(one => style(one).clipPath === 'inset(50%)' || !!one.parentElement && hidden(one.parentElement));
  const words = one => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 50)}`;
  const add = (what, one) => found.add(`${what}: ${words(one)}`);
  const out = box => box.width && box.height && (box.right > wide + 1 || box.left < -1);
  const within = boxes => Math.max(...boxes.map(box => box.top)) - Math.min(...boxes.map(box => box.top)) <= 4;
  const scrolls = once(one => one !== document.body
    && (/auto|scroll/.test(style(one).overflowX) || scrolls(one.parentElement)));
  const skipped = once(one => one === document.body || !!one.closest('.vh, .skip, option, script, template')
    || !one.checkVisibility() || hidden(one) || scrolls(one));
  if (document.scrollingElement.scrollWidth > wide) found.add(`the page: ${document.scrollingElement.scrollWidth}`);
  for (const one of document.querySelectorAll('body *')) {
    if (skipped(one)) continue;
    if (out(one.getBoundingClientRect())) add('beyond the screen', one);
    const holds = one.matches('button, .btn, .tag, td, th, label') && style(one).display !== 'inline';
    const cuts = /hidden|clip/.test(style(one).overflowX) && !one.matches('input, select, textarea, svg, svg *');
    if ((holds || cuts) && one.scrollWidth > one.clientWidth + 1) add('cut', one);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || skipped(one)) continue;
    range.selectNodeContents(texts.currentNode);
    const boxes = [...range.getClientRects()];
    if (boxes.some(out)) add('words beyond', one);
    if (one.closest('td, .tag') || within(boxes)) continue;
    for (const word of texts.currentNode.data.matchAll(/(?<=^|[\\s(])\\p{L}{2,12}(?=$|[\\s.,:)])/gu)) {
      range.setStart(texts.currentNode, word.index);
      range.setEnd(texts.currentNode, word.index + word[0].length);
      if (!within([...range.getClientRects()])) { add('broken ' + word[0], one); break; }
    }
  }
  return [...found].slice(0, 4);
}"""
# Each field is filled with more than it takes, without a place to break.
OVERFILL = """() => {
  const form = document.querySelector('main form[method=post]:has(input:not([type=hidden]), textarea)');
  if (!form) return false;
  form.noValidate = true;
  for (const one of form.querySelectorAll('input, textarea')) {
    if (['hidden', 'radio', 'checkbox', 'submit', 'date', 'number'].includes(one.type) || one.readOnly) continue;
    one.value = 'Bartholomew-Montgomery'.repeat(one.tagName === 'TEXTAREA' ? 120 : 15);
  }
  const buttons = [...form.querySelectorAll('button:not(.vh):not(.quiet)')];
  form.requestSubmit(buttons[buttons.length - 1]);
  return true;
}"""


@pytest.fixture(scope="module")
def town(new_database, request: pytest.FixtureRequest) -> Iterator[tuple[City, dict[str, Any], str]]:
    if request.config.getoption("--database") == "postgresql":
        pytest.skip("how wide a page is does not depend on the database")
    with served(new_database, build_with_office) as ((city, more), url):
        yield city, more, url


@pytest.fixture(scope="module")
def open_phone(chromium, town) -> Iterator[Callable[..., Page]]:
    """`open_phone("supervisor", "es-US")` → the page of a phone on which this person is signed in, or nobody."""
    opened: dict[Any, BrowserContext] = {}
    city, _more, url = town

    def page(who: str, locale: str, javascript: bool = True) -> Page:
        key = (who, locale, javascript)
        if key not in opened:
            opened[key] = chromium.new_context(
                viewport={"width": 320, "height": 640}, locale=locale, java_script_enabled=javascript,
                reduced_motion="reduce", service_workers="block", base_url=url, is_mobile=True, has_touch=True,
            )  # fmt: skip
            opened[key].set_default_timeout(10_000)
            opened[key].route("https://**", lambda route: route.abort())
            sign_in(opened[key].new_page(), who, city)
        return opened[key].pages[0]

    yield page
    for context in opened.values():
        context.close()


def sign_in(page: Page, who: str, city: City) -> None:
    page.goto("/" if who in ("visitor", "contractor") else "/staff")
    names = {"supervisor": "olu@bluebonnet.example", "technician": "sam@bluebonnet.example",
             "inspector": city.inspector.email}  # fmt: skip
    if who == "contractor":
        page.fill("[name=company]", city.builder.company_name)
        page.fill("[name=pin]", city.builder.registration_code)
        page.press("[name=pin]", "Enter")
    elif who in names:
        page.fill("[name=email]", names[who])
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
    if who != "visitor":
        page.locator("header form button").first.wait_for()


def places(city: City, more: dict[str, Any]) -> dict[str, list[str]]:
    """The addresses of each route's page, one for each state it can be in; who sees them is in WHO."""
    house, day, builder, stop = city.house, str(TODAY), city.builder.id, city.stop
    return {
        "/": ["/"], "/how-to": ["/how-to"], "/offline": ["/offline"], "/staff": ["/staff"],
        "/dashboard": ["/dashboard", "/dashboard?q=nowhere", "/dashboard?q=BP-2026", "/dashboard?shown=50"],
        "/inspections/<int:id>/cancel": [f"/inspections/{one}/cancel" for one in (city.requested, city.under_way)],
        "/inspections/<int:id>/move": [f"/inspections/{one}/move" for one in (city.requested, city.under_way)],
        "/permits/<path:number>": [f"/permits/{house}", f"/permits/{city.fresh}", f"/permits/{house}?after=4"],
        "/permits/<path:number>/print": [f"/permits/{house}/print"],
        "/permits/<path:number>/request": [
            f"/permits/{house}/request", f"/permits/{city.fresh}/request?inspection_type=SEWER",
            f"/permits/{house}/request?repeat={city.failed}", f"/permits/{house}/request?inspection_type={'X' * 20}",
        ],
        "/profile": ["/profile"], "/profile/company": ["/profile/company"], "/profile/pin": ["/profile/pin"],
        "/profile/people/new": ["/profile/people/new"],
        "/profile/people/<int:person>": [f"/profile/people/{city.person}"],
        "/staff/capacity": ["/staff/capacity"], "/staff/changes": ["/staff/changes", "/staff/changes?verb=nothing"],
        "/staff/city": ["/staff/city"], "/staff/contractors/new": ["/staff/contractors/new"],
        "/staff/contractors/<int:id>": [f"/staff/contractors/{builder}"],
        "/staff/contractors/<int:id>/merge": [
            f"/staff/contractors/{builder}/merge", f"/staff/contractors/{builder}/merge?q=lonesome",
            f"/staff/contractors/{builder}/merge?other={more['alike']}",
        ],
        "/staff/day": ["/staff/day"],
        "/staff/day/<day>": [f"/staff/day/2026-06-03?inspector={city.inspector.id}",
                             f"/staff/day/{day}?inspector={city.inspector.id}"],
        "/staff/days-off": ["/staff/days-off"],
        "/staff/days-off/close": [f"/staff/days-off/close?day=2026-05-27&name={'Founders-' * 11}"],
        "/staff/fees": ["/staff/fees", "/staff/fees?state=waived"],
        "/staff/fees/<int:id>": [f"/staff/fees/{more['id_fee']}"],
        "/staff/inspection-types": ["/staff/inspection-types"],
        "/staff/inspection-types/new": ["/staff/inspection-types/new"],
        "/staff/inspection-types/<code>": [f"/staff/inspection-types/{more['code']}", "/staff/inspection-types/FINAL"],
        "/staff/inspections/<int:id>": [f"/staff/inspections/{one}" for one in (stop, city.failed, city.requested)],
        "/staff/inspections/<int:id>/cancel": [f"/staff/inspections/{city.requested}/cancel"],
        "/staff/inspections/<int:id>/move": [f"/staff/inspections/{city.requested}/move"],
        "/staff/mail": ["/staff/mail"], "/staff/mail/<int:id>": [f"/staff/mail/{more['id_mail']}"],
        "/staff/me": ["/staff/me"], "/staff/people": ["/staff/people"], "/staff/people/new": ["/staff/people/new"],
        "/staff/people/<int:id>": [f"/staff/people/{city.inspector.id}"],
        "/staff/permit-types": ["/staff/permit-types"], "/staff/permit-types/new": ["/staff/permit-types/new"],
        "/staff/permit-types/<code>": ["/staff/permit-types/NEW", f"/staff/permit-types/{'Y' * 20}"],
        "/staff/permits/<path:number>": [f"/staff/permits/{house}"],
        "/staff/permits/<path:number>/contractors": [f"/staff/permits/{house}/contractors"],
        "/staff/permits/<path:number>/correct": [f"/staff/permits/{house}/correct"],
        "/staff/permits/<path:number>/not-applicable": [f"/staff/permits/{house}/not-applicable"],
        "/staff/permits/<path:number>/request": [f"/staff/permits/{house}/request?company={builder}"],
        "/staff/permits/new": ["/staff/permits/new"],
        "/staff/phone": ["/staff/phone", "/staff/phone?q=lonesome", "/staff/phone?q=BP-2026", "/staff/phone?q=zzzz"],
        "/staff/queue": ["/staff/queue", "/staff/queue?state=scheduled", "/staff/queue?q=nowhere"],
        "/staff/queue/plan": ["/staff/queue/plan"],
        "/staff/reports": ["/staff/reports"],
        "/staff/reports/<table>": [f"/staff/reports/{name}" for name in ("requests", "results", "days", "queue")],
        "/staff/spellings": ["/staff/spellings"],
        "/staff/stops/<int:id>/result": [
            f"/staff/stops/{stop}/result", f"/staff/stops/{stop}/result?result=failed",
            f"/staff/stops/{city.failed}/result",
        ],
    }  # fmt: skip


OFFICE = ("/staff/day", "/staff/day/<day>", "/staff/stops/<int:id>/result")
VISITED = ("/", "/how-to", "/staff")


def seen_by(who: str, city: City, more: dict[str, Any]) -> list[str]:
    """The addresses that this person looks at: each page is looked at by one of them."""
    mine = {
        "visitor": lambda route: route in VISITED,
        "contractor": lambda route: not route.startswith("/staff") and route not in VISITED,
        "inspector": lambda route: route in OFFICE,
        "supervisor": lambda route: route.startswith("/staff/") and route not in OFFICE[2:],
    }[who]
    found = [address for route, addresses in places(city, more).items() if mine(route) for address in addresses]
    return [*found, "/nothing/here"]


def test_every_page_is_among_them(town):
    app = create_app({"SECRET_KEY": "only for its map of routes, no more"})
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - set(NO_PAGES) == set(places(town[0], town[1]))


def what_is_cut(page: Page) -> list[str]:
    """At 320 pixels, and at 640 with letters of twice the size."""
    found = page.evaluate(CUT)
    letters = page.context.new_cdp_session(page)
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.set_viewport_size({"width": 640, "height": 900})
    zoomed = [f"zoomed: {one}" for one in page.evaluate(CUT)]
    letters.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    letters.detach()
    page.set_viewport_size({"width": 320, "height": 640})
    return [*found, *zoomed]


@LANGUAGES
@pytest.mark.parametrize("who", ["visitor", "contractor", "inspector", "supervisor"])
def test_no_page_is_wider_than_the_screen(open_phone, town, who, locale):
    page, wrong = open_phone(who, locale), {}
    for address in seen_by(who, town[0], town[1]):
        answer = page.goto(address, wait_until="domcontentloaded")
        assert answer is not None and answer.status in (200, 404 if "nothing" in address else 200, 409), address
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        if found := what_is_cut(page):
            wrong[address] = found
    assert not wrong, "\n".join(f"{address}: {found}" for address, found in wrong.items())


FORMS = {
    "visitor": ["/", "/staff"],
    "contractor": ["/profile/company", "/profile/pin", "/profile/people/new", "request"],
    "inspector": ["result"],
    "supervisor": ["/staff/capacity", "/staff/days-off", "/staff/inspection-types/new", "/staff/people/new",
                   "/staff/permit-types/new", "/staff/permits/new", "/staff/contractors/new", "/staff/me", "phone",
                   "correct", "fee"],
}  # fmt: skip


@LANGUAGES
@pytest.mark.parametrize("who", FORMS)
def test_no_refused_form_is_wider_than_the_screen(open_phone, town, who, locale):
    city, more, _url = town
    named = {
        "request": f"/permits/{city.fresh}/request",
        "result": f"/staff/stops/{city.stop}/result?result=failed",
        "phone": f"/staff/permits/{city.house}/request?company={city.builder.id}",
        "correct": f"/staff/permits/{city.house}/correct", "fee": f"/staff/fees/{more['id_fee']}",
    }  # fmt: skip
    page, wrong = open_phone(who, locale), {}
    for name in FORMS[who]:
        page.goto(named.get(name, name))
        assert page.evaluate(OVERFILL), name
        page.locator("#problems, [aria-invalid]").first.wait_for()
        page.wait_for_load_state()  # with its style sheet
        if found := what_is_cut(page):
            wrong[name] = found
    assert not wrong, "\n".join(f"{address}: {found}" for address, found in wrong.items())


@pytest.mark.parametrize("who", ["visitor", "contractor", "inspector"])
def test_without_a_script_it_fits_too(open_phone, town, who):
    page, wrong = open_phone(who, "es-US", javascript=False), {}
    for address in seen_by(who, town[0], town[1])[:8]:
        page.goto(address)
        # Without a script nothing can be asked of the page: its width is told by a picture of all of it.
        wide = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]["width"]
        if wide > 320:
            wrong[address] = wide
    assert not wrong


PAPER = {"Letter": 720, "A4": 698}  # pixels between margins of half an inch


@pytest.mark.parametrize("paper", PAPER)
def test_the_printed_permit_fits_its_paper(open_phone, town, paper):
    page = open_phone("contractor", "es-US")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER[paper], "height": 960})
    page.goto(f"/permits/{town[0].house}/print")
    found = page.evaluate(CUT)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 320, "height": 640})
    assert found == []
