"""Each page of a contractor, in the heaviest city, in each state and language, as the server sends it.

The budgets: 8 KB of compressed HTML, 10 for the dashboard, 14 with the style sheet; and the statements each may cost.
"""

from collections.abc import Callable

import pytest

from tests.page import DASHBOARD_BYTES, PAGE_BYTES
from tests.weight.a_full_city import LONGEST, Writer
from tests.weight.conftest import Phone
from tests.weight.wire import Answer
from tracker import create_app
from tracker.views.site import error_page

WITH_STYLE = 14 * 1024
STATEMENTS = {"dashboard": 8, "request": 20, "permit": 14, "refused": 14, "too many": 14}  # others: 8


@pytest.fixture
def weigh(visitor: Phone, style_bytes: int) -> Callable[..., None]:
    """`weigh("permit", answer)`: it is what was asked for, and within the budgets."""

    def check(name: str, answer: Answer, status: int = 200) -> None:
        assert answer.status_code == status, f"{name} answers {answer.status_code}"
        limit = DASHBOARD_BYTES if name.startswith("dashboard") else PAGE_BYTES
        assert answer.content_encoding == "gzip" and len(answer.data) <= limit, f"{name}: {len(answer.data)} bytes"
        whole = len(answer.data) + style_bytes
        assert whole <= WITH_STYLE, f"{name}: {whole} bytes with the style sheet"
        most = next((most for begin, most in STATEMENTS.items() if name.startswith(begin)), 8)
        assert answer.queries <= most, f"{name}: {answer.queries} statements"

    return check


def test_what_a_visitor_sees(visitor, weigh):
    for path in ("/", "/how-to", "/offline"):
        weigh(path, visitor.get(path))
    many = visitor.submit(visitor.page("/"), company="Lonesome", pin="RR-0000-0000")
    weigh("eight companies to pick from", many, 422)
    wrong = visitor.submit(visitor.page("/"), company="Nobody at all", pin="RR-0000-0000")
    weigh("refused", wrong, 422)


def test_the_lists(builder, weigh):
    weigh("dashboard", builder.get("/dashboard"))
    weigh("dashboard, found", builder.get("/dashboard?q=BP-2026"))
    weigh("dashboard, nothing found", builder.get("/dashboard?q=nowhere"))
    page = builder.page("/dashboard")
    weigh("dashboard, further permits", builder.get(str(page.one("#more a")["href"])))


def test_a_permit_with_forty_results_is_shown_whole_by_pages(builder, city, weigh):
    path, seen = f"/permits/{city.house}", []
    while path:
        weigh("permit", builder.get(path))
        page = builder.page(path)
        seen += page.words("#history ~ ul .row .note > p")
        after = [link for link in page.select("main .acts a") if "after=" in str(link["href"])]
        path = str(after[-1]["href"]) if after else ""
    assert len(seen) == len(set(seen)) == 40 and all(len(comment) >= LONGEST["comment"] for comment in seen)


def test_the_other_pages_of_a_permit(builder, city, weigh):
    house, fresh = f"/permits/{city.house}", f"/permits/{city.fresh}"
    weigh("permit, print", builder.get(f"{house}/print"))
    weigh("permit, fresh", builder.get(fresh))
    for path in (f"{house}/request", f"{fresh}/request", f"{house}/request?repeat={city.failed}"):
        weigh("request", builder.get(path))


def test_a_change_of_mind(builder, city, weigh):
    for verb in ("cancel", "move"):
        weigh("request, " + verb, builder.get(f"/inspections/{city.requested}/{verb}"))
        weigh("request, too late to " + verb, builder.get(f"/inspections/{city.under_way}/{verb}"), 409)


def test_the_profile_and_its_forms_refused(builder, city, weigh):
    writer = Writer()
    for path in ("/profile", "/profile/pin", "/profile/company", "/profile/people/new"):
        weigh(path, builder.get(path))
    weigh("person", builder.get(f"/profile/people/{city.person}"))
    pin = builder.submit(builder.page("/profile/pin"), "main form", pin="x" * 250, new_pin="y" * 250, new_pin_again="z")
    weigh("own PIN, refused", pin, 422)
    typed = {"address": writer.prose(500), "city": writer.prose(300), "state": writer.prose(100), "zip": "x" * 90,
             "phone": writer.prose(300), "email": writer.prose(400), "pin": "no"}  # fmt: skip
    weigh("company, refused", builder.submit(builder.page("/profile/company"), "main form", **typed), 422)
    person = {"name": writer.prose(300), "email": writer.prose(400), "phone": writer.prose(300), "wants": "x"}
    weigh("person, refused", builder.submit(builder.page("/profile/people/new"), "main form", **person), 422)


def listed(writer: Writer, types: list[str], remarks: int, day: str = "2026-05-28") -> dict[str, str]:
    found = {}
    for place, code in enumerate(types):
        item = {"inspection_type": code, "requested_date": day, "time_frame": "am", "remarks": writer.prose(remarks)}
        found |= {f"inspections__{place}__{name}": value for name, value in item.items()}
    return found


TOO_LONG = {"contact_name": 150, "phone": 120, "site_address": 300, "email": 300, "remarks": 1200}


def test_a_request_refused_at_every_field(builder, city, weigh):
    page, writer = builder.page(f"/permits/{city.fresh}/request"), Writer()
    typed = {name: writer.prose(length) for name, length in TOO_LONG.items()}
    wrong = {"inspection_type": "FINAL", "requested_date": "never", "time_frame": "soon"}
    weigh("request, refused", builder.submit(page, button="submit", **typed, **wrong), 422)


def test_a_request_with_several_on_the_list(builder, city, weigh):
    page, writer = builder.page(f"/permits/{city.fresh}/request"), Writer()
    five = listed(writer, ["TPOLE", "PLRGH", "FORM", "SEWER", "FLAT"], 200)
    weigh("request, five listed", builder.submit(page, button="add", inspection_type="FLAT", **five))
    wrong = listed(writer, ["FINAL", "WALL", "BRICK", "ENERGY", "FRAME"], 200, day="2026-05-30")
    refused = builder.submit(page, button="submit", email="nobody", **wrong)
    weigh("request, five listed and refused", refused, 422)


def test_the_confirmation(builder, city, weigh):
    path = f"/permits/{city.fresh}/request"
    page, code = builder.page(path), "SEWER" if builder.client.language == "en-US" else "FORM"
    typed = {"contact_name": "Dana Whitfield", "phone": "512-555-0170", "email": "dana@lonestar.example",
             "inspection_type": code}  # fmt: skip
    assert builder.submit(page, button="submit", **typed).status_code == 303
    weigh("dashboard, confirmed", builder.get("/dashboard"))
    weigh("request, sent before", builder.submit(page, button="submit", **typed, remarks="Another"), 409)


def test_errors(builder, visitor, city, weigh):
    weigh("no such page", builder.get("/permits/nothing"), 404)
    weigh("no token", builder.client.post("/sign-out", {}), 400)
    weigh("cannot be done here", builder.get("/sign-out"), 405)
    weigh("too long", builder.client.post("/sign-out", {"x": "y" * 300_000}), 413)
    page, said = visitor.page("/"), None
    for _ in range(60):
        typed = {"csrf_token": page.value("csrf_token"), "company": city.other, "pin": "wrong"}
        said = visitor.client.post("/", typed, {"X-Forwarded-For": "203.0.113.9"})
        if said.status_code == 429:
            break
    weigh("too many tries", said, 429)


@pytest.mark.parametrize("code", [403, 500, 503])
def test_errors_that_are_nobodys_fault(code):
    app = create_app({"SECRET_KEY": "for this page alone, for no other"})
    with app.test_request_context(headers={"Accept-Encoding": "gzip", "Accept-Language": "es"}):
        answer = app.process_response(error_page(code))
    assert answer.content_encoding == "gzip" and len(answer.get_data()) <= PAGE_BYTES
