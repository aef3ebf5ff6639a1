"""What does not apply to a permit: Sam marks it with a reason, the contractor sees it, and Sam takes it back."""

from functools import partial

import pytest

from tests.actions.told import changes, version
from tests.cast import NOW, WEDNESDAY, ask, past
from tests.postgres.crowd import meanwhile
from tracker.actions.opened import CannotSave
from tracker.actions.permits import mark_not_applicable
from tracker.actions.requests import NotPossible, Wish
from tracker.models import Change, Inspection, Mail, NotApplicable, Permit, PermitContractor, Request
from tracker.queries.city import inspection_types

WHY = "All-electric house."


@pytest.fixture
def page(browse, sam, danas_house):
    """Sam has the page open on which he marks what does not apply to Dana's house."""
    browsing = browse(sam)
    browsing.get(f"/staff/permits/{danas_house.permit_num}")
    browsing.click("What does not apply")
    return browsing


FORM = "main form:has(#reason)"


def mark(page, code: str = "GAS", status: int = 303, reason: str = WHY):
    return page.submit(FORM, status, button="mark", inspection_type=code, reason=reason)


def take_back(page, code: str = "GAS", status: int = 303, follow: bool = True):
    answer = page.send(str(page.page.one(FORM)["action"]), status, action=f"take_back-{code}")
    return page.get(answer.headers["Location"]) if follow and status == 303 else answer


def marked() -> list[str]:
    return [row.inspection_type.code for row in NotApplicable.select()]


def passed(permit, company, *codes: str) -> None:
    for code in codes:
        past(permit, company, code, "passed")


def test_sam_marks_the_gas_test_and_what_waited_for_it_waits_no_more(page, browse, dana, danas_house):
    passed(danas_house, dana.company, "PLRGH", "FORM", "FOUND", "PLTOP")
    contractor, before = browse(dana), version(dana.company)
    url = f"/permits/{danas_house.permit_num}"
    assert "after Gas test" in contractor.get(url).text
    answer = mark(page)
    assert "Gas test does not apply to this permit now." in answer.words("[role=status]")
    assert "“All-electric house.” Sam Okafor, Tue May 26" in answer.words(".chosen li")[0]
    seen = contractor.get(url)
    assert "Not needed on this permit." in seen.words("li.na")[0] and WHY not in seen.body.decode()
    assert "after Gas test" not in seen.text
    assert version(dana.company) == before + 1
    ask(dana, danas_house, Wish("PLFIN", WEDNESDAY, "any"))


def test_it_is_on_record_with_its_reason_and_shown_on_the_permits_page(page, danas_house, sam):
    mark(page)
    assert changes() == [("mark_not_applicable", sam.by.actor, {}, {"inspection_type": "GAS"})]
    assert Change.get().reason == WHY
    shown = page.get(f"/staff/permits/{danas_house.permit_num}")
    assert "Not needed: “All-electric house.” Sam Okafor" in shown.words("li.na")[0]
    assert "Marked as not applicable" in shown.text and "Inspection Type Gas test" in shown.text


def test_sam_takes_it_back(page, dana, danas_house):
    mark(page)
    before = version(dana.company)
    answer = take_back(page)
    assert "Gas test applies to this permit again." in answer.words("[role=status]")
    assert "Everything on the list applies." in answer.text
    assert changes()[-1] == (
        "take_back_not_applicable", changes()[0][1], {"inspection_type": "GAS"}, {}
    )  # fmt: skip
    assert not marked() and version(dana.company) == before + 1


@pytest.mark.parametrize(
    ("code", "status", "says"),
    [
        ("WH", 409, "Water heater replacement is not part of this permit."),
        ("FINAL", 409, "Building final closes the permit: it always applies."),
        ("SEWER", 409, "Sewer / water yard line is requested for Wed May 27. Cancel it first."),
        ("PLRGH", 409, "Plumbing rough-in (under slab) has passed already."),
        ("NOPE", 422, "Choose an inspection type from the list."),
        ("", 422, "Choose an inspection type from the list."),
    ],
)
def test_what_cannot_be_marked_is_said_and_what_was_typed_is_kept(page, dana, danas_house, code, status, says):
    passed(danas_house, dana.company, "PLRGH")
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "any"))
    lines = len(changes())
    answer = mark(page, code, status)
    assert answer.words("#problems li") == [f"Inspection Type: {says}"]
    assert answer.words("#inspection_type-e") == [says]
    assert answer.value("reason") == WHY
    assert not marked() and len(changes()) == lines


def test_what_is_asked_for_is_not_offered_but_named_with_what_to_do(page, dana, danas_house):
    ask(dana, danas_house, Wish("SEWER", WEDNESDAY, "any"))
    answer = page.get(f"/staff/permits/{danas_house.permit_num}/not-applicable")
    offered = [str(one["value"]) for one in answer.select("option[value]") if one["value"]]
    assert "SEWER" not in offered and "FINAL" not in offered and "GAS" in offered
    assert answer.words("details li") == ["Sewer / water yard line is requested for Wed May 27. Cancel it first."]


def test_without_a_reason_nothing_is_marked(page):
    answer = mark(page, "GAS", 422, reason="  ")
    assert answer.words("#problems li") == ["Reason: Write the reason: it stays on record."]
    assert answer.value("inspection_type") == "GAS" and not marked()


def test_the_second_of_two_is_told(page, browse, olu, danas_house):
    other = browse(olu)
    other.get(f"/staff/permits/{danas_house.permit_num}/not-applicable")
    mark(other, reason="No gas line.")
    answer = mark(page, status=409)
    assert "Gas test is marked already." in answer.words("#problems li")[0]
    assert "No gas line." in answer.words(".chosen li")[0]
    take_back(other)
    assert "Gas test is not marked any more." in take_back(page, status=409).words("#problems h2")[0]
    assert len(changes()) == 2


@pytest.mark.parametrize("first_stays", [True, False])
def test_marked_and_asked_for_at_the_same_moment_one_of_the_two_is_told(sam, dana, danas_house, first_stays):
    types = inspection_types()
    mark_it = partial(
        mark_not_applicable, danas_house, types["SEWER"], reason=WHY, types=types, by=sam.by, now=NOW
    )  # fmt: skip
    ask_for_it = partial(ask, dana, danas_house, Wish("SEWER", WEDNESDAY, "any"))
    for first, second, told in ((mark_it, ask_for_it, NotPossible), (ask_for_it, mark_it, CannotSave)):
        answer = meanwhile(first, second, commit=first_stays)
        assert isinstance(answer, told) == first_stays
        assert len(marked()) + Inspection.select().count() == 1
        NotApplicable.delete().execute()
        for model in (Mail, Inspection, Request):
            model.delete().execute()


def test_a_mark_that_something_asked_for_counts_on_stays_until_that_is_cancelled(page, dana, danas_house):
    passed(danas_house, dana.company, "PLTOP")
    mark(page)
    ask(dana, danas_house, Wish("PLFIN", WEDNESDAY, "any"))
    answer = take_back(page, status=409)
    assert answer.words("#problems h2") == [
        "Plumbing final on Wed May 27 needs Gas test first. Cancel Plumbing final before you take this back."
    ]
    assert marked() == ["GAS"]


def test_what_failed_and_does_not_apply_is_not_to_be_requested_again(page, browse, dana, danas_house):
    past(danas_house, dana.company, "SEWER", "failed")
    contractor = browse(dana)
    again = "Request again Sewer / water yard line, 418 Larkspur Lane"
    assert again in contractor.get("/dashboard").words("main a")
    mark(page, "SEWER")
    assert again not in contractor.get("/dashboard").words("main a")
    take_back(page, "SEWER")
    assert again in contractor.get("/dashboard").words("main a")


def test_the_page_tells_an_odd_button(page, danas_house):
    url = f"/staff/permits/{danas_house.permit_num}/not-applicable"
    for odd in ({"action": "burn"}, {}):
        page.send(url, 400, **odd)
        page.get(url)
    assert "Choose an inspection type" in take_back(page, "NOPE", 422).text


def test_an_inspector_sees_it_but_marks_nothing(browse, iris, danas_house):
    NotApplicable.create(permit=danas_house, inspection_type=inspection_types()["GAS"].id)
    browsing = browse(iris)
    seen = browsing.get(f"/staff/permits/{danas_house.permit_num}")
    assert "Not needed on this permit." in seen.words("li.na")[0]
    assert not seen.select("a[href$=not-applicable], .steps a")
    browsing.get(f"/staff/permits/{danas_house.permit_num}/not-applicable", status=403)


def test_the_staffs_page_lists_what_is_needed_and_leads_to_who_may_ask(page, dana, eve, danas_house):
    PermitContractor.create(permit=danas_house, contractor=eve.company, trade="general")
    seen = page.get(f"/staff/permits/{danas_house.permit_num}")
    links = {a.get_text(" ", strip=True): str(a["href"]) for a in seen.select(".steps a")}
    sewer, form = (links[f"Request {name}"] for name in ("Sewer / water yard line", "Form survey"))
    assert f"company={dana.company.id}&" in sewer and f"company={eve.company.id}&" in form
    assert page.get(sewer).value("inspection_type") == "SEWER"
    assert "0 of 17 passed" in seen.text and "after Plumbing rough-in (under slab) and Form survey" in seen.text


def test_a_permit_without_a_type_lists_nothing_and_says_so(page, browse, dana, danas_house):
    Permit.update(permit_type=None).execute()
    for seen in (page.get("/staff/permits/BP-2026-01184"), browse(dana).get("/permits/BP-2026-01184")):
        assert "No inspection is listed for this permit." in seen.text


def test_a_reason_too_long_is_said_and_kept_whole(page):
    answer = mark(page, status=422, reason="x" * 1001)
    assert answer.words("#reason-e") == ["1,001 characters. There is room for 1,000: shorten the reason."]
    assert answer.value("reason") == "x" * 1001 and marked() == []
