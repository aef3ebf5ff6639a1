"""The permit's own page: where it stands, what is still needed and why not yet, and who did what."""

from datetime import timedelta
from decimal import Decimal

import pytest
from segno import make

from tests.cast import NOW, TODAY, WEDNESDAY, ask, past
from tests.page import Browse
from tracker.actions.requests import Wish
from tracker.models import Fee, Inspection, NotApplicable, Permit, PermitContractor
from tracker.queries.city import inspection_types
from tracker.views.contractor import permits

SECRETS = ("4711", "555-0199", "555-0170", "dana@lonestar.example", "Dana Whitfield")


@pytest.mark.parametrize(("left", "said"), [(9, True), (31, False), (-1, False)])
def test_what_keeps_it_alive_is_said_while_it_can_be_kept(browse, dana, danas_permit, left, said):
    Permit.update(expires_on=TODAY + timedelta(days=left)).execute()
    page = browse(dana).get("/permits/PP-2026-00932")
    assert ("A scheduled inspection extends it." in page.text) == said


@pytest.fixture
def shared(hill, dana, danas_house):
    """Hill Country Homes is the general contractor of the house on which Dana is the plumber."""
    builder = hill(1)
    PermitContractor.create(permit=danas_house, contractor=builder.company, trade="general")
    return builder


def step(page, name: str) -> str:
    """What the page says of this step."""
    found = [words for words in page.words(".steps > li") if words.startswith(name)]
    assert len(found) == 1, f"{name} in {page.words('.steps > li')}"
    return found[0].removeprefix(name).strip()


def test_it_says_what_where_and_until_when(browse, dana, danas_permit):
    page = browse(dana).get("/permits/PP-2026-00932")
    assert page.words("h1") == ["77 Cedar Brake Drive"]
    for said in ("PP-2026-00932", "Bluebonnet, 78664", "Issued", "Apr 26, 2026", "Expires Oct 23", "Plumbing"):
        assert said in page.text
    assert "Lone Star Plumbing (you)" in page.text


def test_steps_stand_in_the_citys_order_with_the_reason_why_not_yet(browse, dana, danas_house):
    page = browse(dana).get("/permits/BP-2026-01184")
    assert step(page, "Foundation / slab") == "after Plumbing rough-in (under slab) and Form survey"
    assert step(page, "Plumbing top-out") == "after Foundation / slab"
    assert step(page, "Form survey") == "Form survey is for the general contractor or that trade to request."
    assert "You can request it now." in step(page, "Sewer / water yard line")
    names = page.words(".steps > li b")
    assert names.index("Foundation / slab") < names.index("Framing") < names.index("Building final")


def test_what_has_passed_folds_into_one_line(browse, dana, danas_house):
    past(danas_house, dana.company, "PLRGH", "passed")
    past(danas_house, dana.company, "SEWER", "waived")
    page = browse(dana).get("/permits/BP-2026-01184")
    assert page.words(".steps .done summary") == ["2 passed, May 19"] and "2 of 17 passed" in page.text
    assert "Plumbing rough-in (under slab), Sewer / water yard line" in page.words(".steps .done p")


def test_what_does_not_apply_is_named_as_such(browse, dana, danas_house):
    NotApplicable.create(permit=danas_house, inspection_type=inspection_types()["GAS"].id)
    page = browse(dana).get("/permits/BP-2026-01184")
    assert "Not needed on this permit." in step(page, "Gas test") and "0 of 16 passed" in page.text


def test_what_failed_can_be_requested_again_and_stays_in_the_history(browse, dana, danas_house):
    past(danas_house, dana.company, "SEWER", "failed")
    page = browse(dana).get("/permits/BP-2026-01184")
    assert step(page, "Sewer / water yard line").startswith("Failed on Tue May 19. You can request it again. Request")
    assert page.words(".row .tag") == ["Failed"]


def test_a_fee_that_is_due_is_said_at_the_final_with_whom_to_call(browse, shared, dana, danas_house):
    types = inspection_types()
    for code, attempt in (("MERGH", 3), ("MERGH", 4), ("GAS", 3)):
        Fee.create(permit=danas_house, inspection_type=types[code].id, attempt=attempt, amount=Decimal(75), due_at=NOW)
    Fee.create(permit=danas_house, inspection_type=types["SEWER"].id, attempt=3, amount=75, due_at=NOW, paid_at=NOW)
    said = step(browse(shared).get("/permits/BP-2026-01184"), "Building final")
    assert said.startswith("After Plumbing final, Electrical final,") and said.endswith(
        "First pay the re-inspection fee, $225.00: Mechanical rough took 4 visits and Gas test took 3 visits. "
        "Call 512-555-0100."
    )


def test_of_all_that_can_be_requested_one_button_is_the_main_one(browse, shared, danas_house):
    page = browse(shared).get("/permits/BP-2026-01184")
    looks = [" ".join(link["class"]) for link in page.select(".steps a")]
    assert len(looks) > 2 and looks[0] == "btn sm" and set(looks[1:]) == {"btn sm quiet"}


def test_an_open_one_shows_its_half_and_the_steps_that_wait_for_it(browse, dana, danas_house):
    for code in ("PLRGH", "FORM", "FOUND"):
        past(danas_house, dana.company, code, "passed")
    ask(dana, danas_house, Wish("PLTOP", WEDNESDAY, "pm"))
    page = browse(dana).get("/permits/BP-2026-01184")
    assert step(page, "Plumbing top-out") == "Wed May 27, PM Requested"
    assert step(page, "Gas test") == "after Plumbing top-out"


def test_the_request_link_of_a_step_chooses_its_type(browse, dana, danas_house):
    browsing = browse(dana)
    browsing.get("/permits/BP-2026-01184")
    assert browsing.click("Request Sewer / water yard line").value("inspection_type") == "SEWER"


def test_what_a_company_on_the_permit_asked_for_shows_without_its_contact(browse, shared, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "am", "Gate code 4711, 512-555-0199"))
    page = browse(shared).get("/permits/BP-2026-01184")
    assert "Lone Star Plumbing · Wed May 27" in step(page, "Sewer / water yard line")
    assert not [secret for secret in SECRETS if secret in page.body.decode()]


def test_outcomes_of_others_show_their_comment_but_nothing_for_the_city_alone(browse, shared, dana, danas_house):
    row = past(danas_house, dana.company, "SEWER", "failed")
    Inspection.update(comment="Slope is good.", staff_comment="Rude.", remarks="4711").where(
        Inspection.id == row.id
    ).execute()
    page = browse(shared).get("/permits/BP-2026-01184")
    assert "“Slope is good.”" in page.text and "Ray Ortega" in page.text
    assert not [secret for secret in (*SECRETS, "Rude") if secret in page.body.decode()]


@pytest.mark.parametrize(
    "status, words",
    [
        ("finaled", "This permit is final. Nothing more can be requested on it."),
        ("cancelled", "This permit is void. Questions: 512-555-0100."),
        ("on_hold", "This permit is on hold. Questions: 512-555-0100."),
        ("in_review", "This permit is not issued yet. Questions: 512-555-0100."),
        ("expired", "This permit has expired. To renew it, call 512-555-0100."),
    ],
)
def test_a_permit_that_is_not_active_says_why_and_offers_no_request(browse, dana, danas_permit, status, words):
    Permit.update(status=status).execute()
    page = browse(dana).get("/permits/PP-2026-00932")
    assert words in page.words("p.sub") and not page.select("a[href*='/request']")


def test_a_permit_past_its_last_day_has_expired(browse, dana, danas_permit):
    Permit.update(expires_on=TODAY - timedelta(days=1)).execute()
    assert "This permit has expired." in browse(dana).get("/permits/PP-2026-00932").text


def test_a_strangers_permit_is_not_found(browse, eve, danas_permit):
    for page in ("", "/print", "/request"):
        browse(eve).get(f"/permits/PP-2026-00932{page}", status=404)


def test_the_print_version_marks_number_and_code(browse, dana, danas_permit):
    page = browse(dana).get("/permits/PP-2026-00932/print")
    assert page.words("mark") == ["PP-2026-00932", dana.pin]
    assert page.words("h1")[0].startswith("PP-2026-00932") and page.words("th") == [
        "Inspection", "Result", "Date and inspector",
    ]  # fmt: skip


def test_the_print_version_has_the_code_of_the_company_that_prints_it_alone(browse, shared, dana, danas_house):
    page = browse(shared).get("/permits/BP-2026-01184/print")
    assert shared.pin in page.text and dana.pin not in page.body.decode()


def test_the_square_code_opens_the_permits_page_at_the_public_address(app_with, dana, danas_permit, monkeypatch):
    made = []
    monkeypatch.setattr(permits.segno, "make", lambda text, **how: made.append(text) or make(text, **how))
    browsing = Browse(app_with(PUBLIC_URL="https://permits.city.example/"))
    browsing.sign_in("Lone Star Plumbing", dana.pin)
    page = browsing.get("/permits/PP-2026-00932/print")
    assert made == ["https://permits.city.example/permits/PP-2026-00932"]
    assert page.one(".qr svg path") and "permits.city.example" in page.text


def test_a_page_costs_the_same_queries_with_more_history(browse, dana, danas_house, counting):
    browsing = browse(dana)
    browsing.get("/permits/BP-2026-01184")  # the first page of all reads the types, and keeps them
    with counting() as few:
        browsing.get("/permits/BP-2026-01184")
    for day in range(30):
        past(danas_house, dana.company, "FLAT", "failed", day=TODAY - timedelta(days=day + 1))
    with counting() as many:
        browsing.get("/permits/BP-2026-01184")
    assert len(many) == len(few) <= 12
