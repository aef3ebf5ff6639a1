"""The queue as Sam sees it: what came in by day, filtered and sorted by its address, in pages, refreshing by itself."""

from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from tests.actions.a_day import asked, given, stops
from tests.cast import FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, ask, permit_of
from tests.cast import desk as the_desk
from tests.staff.a_queue import many, shown
from tracker.actions.requests import Wish
from tracker.actions.seen import Seen
from tracker.actions.stops import take_over
from tracker.models import Inspection, InspectionType, Staff

QUERIES, PAGE_BYTES = 8, 25 * 1024


@pytest.fixture
def desk_of_sam(browse, sam):
    return browse(sam)


def test_a_row_holds_what_sam_decides_by(desk_of_sam, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am", "Dog in yard, 512-555-0163"))
    page = desk_of_sam.get("/staff/queue")
    [row] = page.words("#rows tbody tr:not(.day)")
    for words in ("Water heater replacement", "AM", "418 Larkspur Lane", "PP-2026-00932", "78664", "Lone Star Plumbing",
                  "Requested", "Dog in yard", "today"):  # fmt: skip
        assert words in row
    assert page.one("#rows a[href^='tel:']").get_text() == "512-555-0163"
    assert page.words("#rows .day") == ["Wed May 27"]


def test_by_day_and_the_oldest_first(desk_of_sam, dana):
    late = asked(dana, "1 Late Lane", FRIDAY)
    for address, days in (("2 Young Lane", 1), ("3 Old Lane", 6)):
        row = asked(dana, address, WEDNESDAY)
        Inspection.update(requested_at=NOW - timedelta(days=days)).where(Inspection.id == row.id).execute()
    assert shown(desk_of_sam.get("/staff/queue")) == ["3 Old Lane", "2 Young Lane", late.request.site_address]


def test_days_gone_by_without_a_result_stay_in_front(desk_of_sam, dana, ray):
    [old] = stops(dana, ray, "1 Quarry Hill")
    asked(dana, "2 Quarry Hill", WEDNESDAY)
    Inspection.update(day=TODAY - timedelta(days=4)).where(Inspection.id == old.id).execute()
    page = desk_of_sam.get("/staff/queue")
    assert shown(page) == ["1 Quarry Hill", "2 Quarry Hill"]
    assert "past, without a result" in page.words("#rows .day")[0]
    page = desk_of_sam.get(f"/staff/queue?day={WEDNESDAY}")
    assert shown(page) == ["2 Quarry Hill"]
    assert shown(desk_of_sam.click("1 request of a past day has no result.")) == ["1 Quarry Hill"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("day=2026-05-28", ["3 Thursday Street"]),
        ("trade=irrigation", ["4 Green Street"]),
        ("inspector=none", ["2 Free Street", "4 Green Street", "3 Thursday Street"]),
        ("state=scheduled", ["1 Taken Street"]),
        ("state=cancelled", []),
        ("q=78681", ["2 Free Street"]),
        ("q=plumbing+78681", ["2 Free Street"]),
        ("q=thursday", ["3 Thursday Street"]),
        ("q=lone+star+taken", ["1 Taken Street"]),
        ("q=100%25", []),
        ("day=2026-05-27&trade=plumbing&inspector=none&q=78681", ["2 Free Street"]),
    ],
)
def test_filters_stand_in_the_address(desk_of_sam, dana, ray, query, found):
    given(ray, asked(dana, "1 Taken Street", WEDNESDAY))
    asked(dana, "2 Free Street", WEDNESDAY, zip_code="78681")
    green = permit_of(dana.company, "IR-00001", kind="IRRIGATION", trade="irrigation", address="4 Green Street")
    row = ask(dana, green, Wish("IRRIG", WEDNESDAY, "any", "Marco, 512-555-0163"), key="green").inspections.get()
    row.request.site_address = "4 Green Street"
    row.request.save()
    asked(dana, "3 Thursday Street", THURSDAY)
    assert shown(desk_of_sam.get(f"/staff/queue?{query}")) == found


def test_the_stops_of_one_inspector(desk_of_sam, dana, ray, june):
    stops(dana, ray, "1 Quarry Hill")
    stops(dana, june, "2 Quarry Hill")
    assert shown(desk_of_sam.get(f"/staff/queue?inspector={june.row.id}")) == ["2 Quarry Hill"]


def test_tomorrows_unassigned_plumbing_in_a_zip_code_in_three_actions(desk_of_sam, dana, ray):
    """The link above the list; words in Find; Enter."""
    given(ray, asked(dana, "1 Taken Street", WEDNESDAY))
    asked(dana, "2 Free Street", WEDNESDAY)
    asked(dana, "3 Far Street", WEDNESDAY, zip_code="78681")
    asked(dana, "4 Later Street", THURSDAY)
    desk_of_sam.get("/staff/queue")
    desk_of_sam.click("Wed May 27, not assigned")
    assert shown(desk_of_sam.submit(".filters", q="plumbing 78664")) == ["2 Free Street"]


@pytest.mark.parametrize("sort", ["day", "age", "type", "where", "contractor", "state"])
@pytest.mark.parametrize("back", ["", "-"])
def test_every_order_is_paged_without_loss(desk_of_sam, dana, sort, back):
    many(dana, 120)
    page = desk_of_sam.get(f"/staff/queue?sort={back}{sort}")
    seen = shown(page)
    assert page.one("th[aria-sort]")["aria-sort"] == ("descending" if back else "ascending")
    for count in (50, 20):
        more = shown(desk_of_sam.click("Next page"))
        assert len(more) == count
        seen += more
    assert len(set(seen)) == 120
    again = shown(desk_of_sam.get(f"/staff/queue?sort={'' if back else '-'}{sort}"))
    assert again == seen[::-1][:50]


def test_a_header_sorts_and_sorts_back(desk_of_sam, dana):
    asked(dana, "1 Quarry Hill", WEDNESDAY)
    desk_of_sam.get("/staff/queue?trade=plumbing")
    desk_of_sam.click("Age")
    page = desk_of_sam.click("Age ↑")
    assert page.one("th[aria-sort]")["aria-sort"] == "descending"
    assert page.one("select[name=trade] option[selected]")["value"] == "plumbing"


@pytest.mark.parametrize("count", [30, 3_000])
def test_as_many_queries_for_thousands_as_for_thirty(browse, sam, ray, june, dana, counting, count):
    many(dana, count)
    desk_of_sam = browse(sam)
    with counting() as queries:
        page = desk_of_sam.get("/staff/queue")
    assert len(queries) == (QUERIES if count > 50 else QUERIES - 1), queries  # a page that holds all needs no count
    assert page.bytes < PAGE_BYTES
    with counting() as queries:
        desk_of_sam.get(f"/staff/queue?day={WEDNESDAY}&trade=plumbing&inspector=none&q=78664")
    assert len(queries) <= QUERIES


def test_an_unchanged_list_is_two_queries_and_no_bytes(desk_of_sam, dana, sam, ray, counting):
    heater = asked(dana, day=WEDNESDAY)
    address = str(desk_of_sam.get("/staff/queue?trade=plumbing").one("#rows")["data-hx-get"])
    with counting() as queries:
        answer = desk_of_sam.get(address, status=204)
    assert (len(queries), answer.body) == (2, b"")
    given(ray, heater)
    page = desk_of_sam.get(address)
    assert not page.is_whole
    assert page.one("#rows .nw").get_text() == "R. Ortega"
    assert page.one("#rows input[name=back]")["value"] == "trade=plumbing"


def test_another_filter_is_swapped_in_and_shown_in_the_address(desk_of_sam, dana):
    asked(dana, day=WEDNESDAY)
    page = desk_of_sam.get("/staff/queue/rows?day=2026-05-27&q=", **{"HX-Request": "true"})
    assert page.headers["HX-Replace-Url"] == "/staff/queue?day=2026-05-27"


@pytest.mark.parametrize(
    ("days", "words", "is_old"),
    [
        (0, "today", False),
        (1, "1 day", False),
        (11, "11 days", False),
        (12, "Day 12 of 15", False),
        (14, "Day 14 of 15", False),
        (15, "15 days", True),
    ],
)
def test_from_the_fifteenth_day_the_age_is_marked(desk_of_sam, dana, days, words, is_old):
    row = asked(dana, day=WEDNESDAY)
    Inspection.update(requested_at=NOW - timedelta(days=days)).where(Inspection.id == row.id).execute()
    page = desk_of_sam.get("/staff/queue")
    assert page.words("#rows td.r") == [words]
    assert page.words("#rows td.r .old") == ([words] if is_old else [])
    assert ("LGC ch. 247" in page.text) == is_old


def test_the_load_is_told_against_the_day(desk_of_sam, dana, ray, june):
    given(ray, *(asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(3)))
    Staff.update(stops_a_day=2, minutes_a_day=60).where(Staff.id == ray.row.id).execute()
    page = desk_of_sam.get(f"/staff/queue?day={WEDNESDAY}")
    june_has, ray_has = page.words(".load li")
    assert "0 of 14 stops" in june_has
    assert "3 of 2 stops" in ray_has
    assert page.words(".load .old") == ["15 min over", "1 stop over"]


@pytest.mark.parametrize(
    "query",
    ["day=never", "day=2026-13-01", "trade=masonry", "inspector=x", "inspector=" + "9" * 30, "state=lost", "sort=id"],
)
def test_an_address_that_no_page_links_to_is_not_found(desk_of_sam, query):
    desk_of_sam.get(f"/staff/queue?{query}", status=404)


@pytest.mark.parametrize("after", ["x", "[]", "[1,2,3]", '["2026-05-27","2026-05-27",Infinity]', "[" * 900, '{"a":1}'])
def test_a_broken_key_begins_at_the_beginning(desk_of_sam, dana, after):
    asked(dana, day=WEDNESDAY)
    assert len(shown(desk_of_sam.get(f"/staff/queue?after={quote(after)}"))) == 1


def test_each_role_starts_from_its_own_page(browse, sam, olu, iris):
    for who, page in ((sam, "/staff/queue"), (olu, "/staff/queue"), (iris, "/staff/day")):
        assert browse(who).get("/staff/home", status=303).headers["Location"] == page


def test_an_inspector_looks_but_changes_nothing(browse, iris, dana):
    row = asked(dana, day=WEDNESDAY)
    browsing = browse(iris)
    page = browsing.get("/staff/queue")
    assert shown(page) == ["77 Cedar Brake Drive"]
    assert not page.select("[name=inspections], .selbar")
    browsing.send("/staff/queue", 403, action="decline", inspections=str(row.id), reason="No")
    browsing.get("/staff/queue/plan", status=403)
    browsing.get("/staff/phone", status=403)


def test_long_names_and_no_inspector_at_all(desk_of_sam, dana):
    InspectionType.update(name="N" * 100).execute()
    asked(dana, day=WEDNESDAY)
    assert "Nobody inspects here yet." in desk_of_sam.get("/staff/queue").text


@pytest.mark.parametrize("half_a_letter", ['["\\ud800","2026-01-01",1]', '["x\\udfff","2026-01-01",1]'])
def test_a_key_with_half_a_letter_is_no_key(browse, sam, dana, half_a_letter):
    many(dana, 3)
    page = browse(sam).get(f"/staff/queue?{urlencode({'sort': 'type', 'after': half_a_letter})}")
    assert len(shown(page)) == 3


def test_a_supervisor_with_stops_is_in_the_load_and_finds_her_day(browse, dana, olu, ray):
    [row] = stops(dana, ray, "1 Heron Bend", day=WEDNESDAY)
    desk = browse(olu)
    assert "Olu Adeyemi" not in desk.get("/staff/queue").words(".load b a")
    take_over([Seen.of(row)], person=olu.row, desk=the_desk(), by=olu.by, now=NOW)
    page = desk.get("/staff/queue")
    assert page.words(".load b a") == ["Olu Adeyemi", "Ray Ortega"]
    assert desk.click("My day", within=".foot").words("#day h2") == ["Olu Adeyemi"]
    assert desk.get("/staff/queue").one("a.jump")["href"] == "#load"


def test_a_tick_stands_at_the_head_of_each_day_for_those_who_may_tick(browse, sam, ray, dana):
    many(dana, 4)
    desk = browse(sam)

    def heads(path: str) -> list[str]:
        return [str(tag["aria-label"]) for tag in desk.get(path).select("label.all input")]

    assert heads("/staff/queue") == [f"Select all of {day}" for day in ("Wed May 27", "Thu May 28", "Fri May 29")]
    assert heads("/staff/queue?sort=age") == ["Select all on this page"]
    looks = browse(ray).get("/staff/queue")
    assert not looks.select("label.all") and looks.one("table.look")
