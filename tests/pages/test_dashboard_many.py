"""A builder with 400 permits: search, Show more, and a page that costs no more than Dana's."""

from datetime import timedelta

import pytest

from tests.cast import TODAY, permit_of
from tests.page import FRAGMENT_BYTES
from tracker.actions.changes import tell_companies
from tracker.models import Permit


def numbers(page) -> list[str]:
    return page.words(".permit .num")


def test_the_first_page_shows_25_of_400_the_last_issued_first(browse, hill):
    browsing = browse(hill(400))
    page = browsing.get("/dashboard")
    assert len(numbers(page)) == 25 and "25 of 400 permits" in page.words("#permits [data-say]")
    assert numbers(page)[0] == "BP-2026-02399"


def test_show_more_without_javascript_goes_through_all_of_them_once(browse, hill):
    browsing = browse(hill(60))
    seen = numbers(browsing.get("/dashboard"))
    while browsing.page.select("#more a"):
        seen += numbers(browsing.click("Show more"))
    assert len(seen) == len(set(seen)) == 60


def test_show_more_goes_on_from_what_is_near_its_end_to_the_others(browse, hill):
    builder = hill(80)
    browsing = browse(builder)
    for n, permit in enumerate(Permit.select().order_by(Permit.id)):
        if n % 2:
            Permit.update(expires_on=TODAY + timedelta(days=n % 3)).where(Permit.id == permit.id).execute()
    tell_companies([builder.company.id])
    seen = numbers(browsing.get("/dashboard"))
    while browsing.page.select("#more a"):
        seen += numbers(browsing.click("Show more"))
    assert len(seen) == len(set(seen)) == 80
    soon = {number for number in seen if int(number[-2:]) % 2}
    assert set(seen[:40]) == soon and seen[40:] == sorted(seen[40:], reverse=True)


def test_show_more_as_a_fragment_brings_the_next_rows_alone(browse, hill):
    browsing = browse(hill(60))
    page, seen = browsing.get("/dashboard"), []
    seen += numbers(page)
    while more := page.select("#more a"):
        page = browsing.get(more[0]["data-hx-get"], HX_Request="true")
        assert not page.is_whole and page.bytes <= FRAGMENT_BYTES
        seen += numbers(page)
    assert len(seen) == len(set(seen)) == 60


def test_show_more_keeps_its_place_when_a_permit_comes_in_between(browse, hill):
    builder = hill(40)
    browsing = browse(builder)
    seen = numbers(browsing.get("/dashboard"))
    permit_of(builder.company, "BP-2026-09999")
    seen += numbers(browsing.click("Show more"))
    assert len(seen) == len(set(seen)) == 40


def test_the_refreshed_list_is_as_long_as_it_was_opened(browse, hill):
    browsing = browse(hill(60))
    browsing.get("/dashboard")
    more = browsing.get(browsing.page.one("#more a")["data-hx-get"], HX_Request="true")
    page = browsing.get(f"/dashboard/permits?until={more.value('until')}", HX_Request="true")
    assert len(numbers(page)) == 50 and page.select("#more a")


@pytest.mark.parametrize(
    "typed, found",
    [("BP-2026-02007", 1), ("2007", 1), ("149 mock", 1), ("MOCKINGBIRD 149", 1), ("nowhere", 0), ("%", 0), ("_", 0)],
)
def test_search_finds_by_number_or_address(browse, hill, typed, found):
    browsing = browse(hill(40))
    browsing.get("/dashboard")
    page = browsing.submit("form.find", q=typed)
    assert len(numbers(page)) == found and page.value("q") == typed
    assert found or page.words("#permits .blank b") == ["No permit with that in its number or address."]


def test_what_was_found_can_be_shown_further_and_left_again(browse, hill):
    browsing = browse(hill(60))
    browsing.get("/dashboard")
    browsing.submit("form.find", q="BP-2026-020")
    assert len(numbers(browsing.click("Show more"))) == 25
    assert len(numbers(browsing.click("Show all permits"))) == 25


def test_search_as_a_fragment_is_the_list_alone(browse, hill):
    page = browse(hill(40)).get("/dashboard/permits?q=2007", HX_Request="true")
    assert not page.is_whole and numbers(page) == ["BP-2026-02007"]


def test_the_first_page_of_400_costs_as_many_queries_as_one_of_three(browse, hill, counting):
    builder = hill(3)
    browsing = browse(builder)
    tell_companies([builder.company.id])
    with counting() as few:
        browsing.get("/dashboard")
    row = Permit.get()
    kept = {name: value for name, value in row.__data__.items() if name != "id"}
    Permit.insert_many([{**kept, "permit_num": f"X-{n}"} for n in range(397)]).execute()
    on_it = [{"permit": permit, "contractor": builder.company, "trade": "general"} for permit in Permit.select()]
    for at in range(0, len(on_it), 100):
        type(row.contractors.get()).insert_many(on_it[at : at + 100]).on_conflict_ignore().execute()
    tell_companies([builder.company.id])
    with counting() as many:
        page = browsing.get("/dashboard")
    assert (
        "of 400" in page.text and len(many) <= 6 and len(many) - len(few) <= 1
    )  # the count of all, once there are more


def test_the_first_page_of_400_is_within_ten_kilobytes(browse, hill):
    assert browse(hill(400)).get("/dashboard").bytes <= 10 * 1024


@pytest.mark.parametrize(
    "query",
    [
        "after=x", "after=99990101-20260502--99999999999999999999", "after=99990101-20260502-99999999999999999999",
        "after=99999999-1", "after=99990101-1", "after=99990101-99999999-1", "after=00010101-00010101-1",
        "until=99990101-20260502--99999999999999999999", "until=20260529-20260101-1",
        "after=20260529-99990101-0", "shown=99999999999999999999", "shown=-5", "shown=x",
        "q=%00", "q=%ff", "q=%27%22%3B--", "q=" + "x" * 3000, "q=" + "x+" * 600, "after=99990101-20260502-²", "q=\\",
    ],
)  # fmt: skip
def test_odd_addresses_of_the_dashboard_are_answered(browse, hill, query):
    browsing = browse(hill(3))
    for path in ("/dashboard", "/dashboard/permits", "/dashboard/permits/more", "/dashboard/inspections"):
        browsing.get(f"{path}?{query}")
