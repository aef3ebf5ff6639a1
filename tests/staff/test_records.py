"""The record of changes on a permit's and an inspection's page: who, what, when, from where, before and after, why."""

import pytest

from tests.actions.a_day import asked, given, result, stops
from tests.cast import NOW, THURSDAY, WEDNESDAY, desk, permit_of
from tracker.actions.review import move_by_staff
from tracker.actions.seen import Seen
from tracker.models import Change, Inspection, Permit


@pytest.fixture
def desk_of_sam(browse, sam):
    return browse(sam)


def test_a_permit_shows_all_of_it(desk_of_sam, dana, ray, danas_permit):
    [stop] = stops(dana, ray, "77 Cedar Brake Drive")
    result(ray, stop)
    waiting = asked(dana, "9 Heron Bend", WEDNESDAY)
    here = {"permit": stop.permit_id, "open_type": None, "remarks": "Gate 4711"}
    Inspection.update(here).where(Inspection.id == waiting.id).execute()
    waiting.request.permit = stop.permit_id
    waiting.request.save()
    page = desk_of_sam.get(f"/staff/permits/{Permit.get_by_id(stop.permit_id).permit_num}")
    for words in ("Lone Star Plumbing", "Dana Whitfield", "512-555-0170", "Gate 4711", "Passed", "Record of changes",
                  "Assigned", "Result recorded", "Requested", "Issued"):  # fmt: skip
        assert words in page.text
    assert [tag["href"] for tag in page.select(".row .acts a")] == [
        f"/staff/inspections/{waiting.id}/move", f"/staff/inspections/{waiting.id}/cancel"
    ]  # fmt: skip


def test_an_inspection_shows_before_and_after_and_why(desk_of_sam, dana, sam, ray):
    row = given(ray, asked(dana, day=WEDNESDAY))[0]
    by = sam.by.__class__(sam.by.actor, sam.by.name, "192.0.2.7")
    move_by_staff([Seen.of(row)], day=THURSDAY, reason="Crane at two.", desk=desk(), by=by, now=NOW)
    page = desk_of_sam.get(f"/staff/inspections/{row.id}")
    newest = page.words("main li.f")[0]
    for words in ("Moved by the city", "Tue May 26, 10:00 AM", "Sam Okafor", "192.0.2.7", "before Wed May 27",
                  "Thu May 28", "“Crane at two.”"):  # fmt: skip
        assert words in newest
    assert "scheduled_at" not in page.text


def test_older_changes_are_on_the_next_page(desk_of_sam, dana, sam):
    row = asked(dana, day=WEDNESDAY)
    for day in (THURSDAY, WEDNESDAY) * 30:
        move_by_staff([Seen(row.id)], day=day, desk=desk(), by=sam.by, now=NOW)
    page = desk_of_sam.get(f"/staff/inspections/{row.id}")
    first = len(page.select("main li.f"))
    more = len(desk_of_sam.click("Older changes").select("main li.f"))
    assert (first, first + more) == (50, Change.select().where(Change.subject == "inspection").count())


def test_an_inspector_reads_it_and_changes_nothing(browse, iris, dana):
    row = asked(dana, day=WEDNESDAY)
    browsing = browse(iris)
    for path in (f"/staff/inspections/{row.id}", f"/staff/permits/{row.permit.permit_num}"):
        page = browsing.get(path)
        assert "Record of changes" in page.text
        assert not page.select("a[href$='/move'], a[href$='/cancel'], a[href*='/request'], a[href$='/correct']")
    browsing.get(f"/staff/inspections/{row.id}/cancel", status=403)


def test_what_is_not_there_is_not_found(desk_of_sam):
    for path in ("inspections/0", "inspections/77", "inspections/" + "9" * 30, "permits/nothing", "permits/a%00b"):
        desk_of_sam.get(f"/staff/{path}", status=404)


@pytest.mark.parametrize("many", [1, 12])
def test_a_permits_page_is_as_many_queries_for_much_as_for_little(desk_of_sam, dana, ray, counting, many):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(many)]
    first = rows[0].permit
    for row in rows[1:]:
        Inspection.update(permit=first, open_type=None).where(Inspection.id == row.id).execute()
        row.request.permit = first
        row.request.save()
    with counting() as queries:
        desk_of_sam.get(f"/staff/permits/{first.permit_num}")
    assert len(queries) <= 17, queries


@pytest.mark.parametrize(("page", "most"), [("contractors/{id}", 9), ("phone/found?q=R-77", 8)])
def test_a_list_of_permits_is_as_many_queries_for_twelve_as_for_one(desk_of_sam, dana, counting, page, most):
    for n in range(12):
        permit_of(dana.company, f"R-77{n:02}")
    with counting() as queries:
        found = desk_of_sam.get(f"/staff/{page.format(id=dana.company.id)}")
    assert found.text.count("R-77") >= 12 and len(queries) <= most, queries
