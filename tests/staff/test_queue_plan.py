"""Assign all: the plan is shown, can be changed line by line, and moves nothing until it is confirmed."""

import pytest

from tests.actions.a_day import again, asked, given
from tests.actions.told import changes, mails
from tests.cast import NOW, THURSDAY, WEDNESDAY, desk
from tests.staff.a_queue import many
from tracker.actions.change_of_mind import cancel_inspection
from tracker.actions.seen import Seen
from tracker.models import Staff

PLAN = f"/staff/queue/plan?day={WEDNESDAY}"


@pytest.fixture
def plan(browse, sam):
    """Sam's browser."""
    return browse(sam)


def menus(page) -> dict[str, str]:
    """What each line's menu has chosen, by the address."""
    chosen = {}
    for row in page.select("table.plan tbody tr"):
        picked = row.select_one("option[selected]")
        chosen[row.select_one(".go2 b").get_text()] = picked.get_text() if picked else ""
    return chosen


def fields(page) -> dict[str, str]:
    return page.fields(page.one("form.work"))


def test_the_plan_shows_every_line_and_the_load_and_moves_nothing(plan, dana, ray, june):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY, zip_code="78664" if n < 3 else "78681") for n in range(6)]
    given(ray, rows[0])
    asked(dana, "9 Later Lane", THURSDAY)
    before = changes()
    page = plan.get(PLAN)
    assert set(menus(page)) == {f"{n} Quarry Hill" for n in range(1, 6)}
    assert set(menus(page).values()) == {"Ray Ortega", "June Tran"}
    assert menus(page)["1 Quarry Hill"] == menus(page)["2 Quarry Hill"] == "Ray Ortega"  # he is there anyway
    assert "1 to 3 of 14 stops" in page.words(".load li")[1]
    assert menus(plan.get(PLAN)) == menus(page)
    assert changes() == before


def test_confirmed_it_is_done_in_one_go_with_the_lines_that_were_changed(plan, dana, ray, june):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(3)]
    sent = fields(plan.get(PLAN))
    names = [name for name in sent if name.startswith("to-")]
    sent |= {names[0]: "", names[1]: str(june.row.id), names[2]: str(ray.row.id)}
    page = plan.get(plan.post(PLAN, sent).headers["Location"])
    assert page.words(".said") == ["2 requests are assigned."]
    assert sorted(again(row).status for row in rows) == ["requested", "scheduled", "scheduled"]
    assert [kind for kind, _to in mails()].count("assigned") == 2


def test_lines_that_cannot_be_are_told_and_the_others_done(plan, dana, ray, iris):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(3)]
    sent = fields(plan.get(PLAN))
    cancel_inspection(rows[0], desk=desk(), by=dana.by, now=NOW)
    name = next(name for name in sent if name.startswith(f"to-{rows[1].id}."))
    page = plan.post(PLAN, {**sent, name: str(iris.row.id)}, 409)
    assert page.words(".said") == ["1 request is assigned."]
    lines = " ".join(page.words("#problems li"))
    assert "0 Quarry Hill: cancelled by Lone Star Plumbing" in lines
    assert "1 Quarry Hill: Iris Vandermeer does not inspect this trade." in lines
    assert [again(row).status for row in rows] == ["cancelled", "requested", "scheduled"]
    assert list(menus(page)) == ["1 Quarry Hill"]


def test_what_nobody_has_room_for_says_so(plan, dana, ray):
    Staff.update(stops_a_day=1).execute()
    asked(dana, "1 Quarry Hill", WEDNESDAY)
    asked(dana, "2 Quarry Hill", WEDNESDAY)
    assert plan.get(PLAN).words("table .old") == ["Everybody of this trade is full."]


def test_the_filters_shown_are_kept(plan, dana, ray):
    asked(dana, "1 Quarry Hill", WEDNESDAY)
    asked(dana, "2 Quarry Hill", WEDNESDAY, zip_code="78681")
    plan.get(f"/staff/queue?day={WEDNESDAY}&q=78681")
    page = plan.click("Plan “Assign all”")
    assert list(menus(page)) == ["2 Quarry Hill"]
    assert plan.post(page.one("form.work")["action"], fields(page)).headers["Location"].endswith("&q=78681")


def test_nothing_to_assign_is_said(plan):
    assert "Nothing to assign on this day." in plan.get(PLAN).text


@pytest.mark.parametrize("sent", [{}, {"to-1": ""}])
def test_a_plan_without_anybody_is_said(plan, dana, ray, sent):
    asked(dana, "1 Quarry Hill", WEDNESDAY)
    plan.get(PLAN)
    assert "Nothing was assigned." in plan.send(PLAN, 422, **sent).text


@pytest.mark.parametrize(("sent", "status"), [({"to-x": "1"}, 400), ({"to-1": "77"}, 422), ({"to-1": "x"}, 422)])
def test_bad_lines_are_refused_plainly(plan, sent, status):
    plan.get(PLAN)
    plan.send(PLAN, status, **sent)


@pytest.mark.parametrize("count", [3, 60])
def test_as_many_queries_for_many_lines_as_for_few(plan, dana, ray, june, counting, count):
    many(dana, count)
    with counting() as queries:
        plan.get(PLAN)
    assert len(queries) <= 6


def test_what_was_chosen_by_hand_stays_when_a_line_is_refused(plan, dana, ray, june):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(3)]
    names = {row.id: f"to-{Seen.of(row).text}" for row in rows}
    proposed = menus(plan.get(PLAN))
    other = {"Ray Ortega": june, "June Tran": ray}[proposed["0 Quarry Hill"]]
    typed = {**fields(plan.page), names[rows[0].id]: str(other.row.id), names[rows[1].id]: "", names[rows[2].id]: "777"}
    page = plan.send(PLAN, 422, **typed)
    assert menus(page)["0 Quarry Hill"] == other.row.name != proposed["0 Quarry Hill"]
    assert menus(page)["1 Quarry Hill"] == ""
    loads = [line for line in page.words(".load .soft") if line.startswith("0 to 1 of")]
    assert len(loads) == 1, "the load is that of the choice"


def test_the_same_plan_sent_twice_is_one(plan, dana, ray, june):
    for n in range(3):
        asked(dana, f"{n} Quarry Hill", WEDNESDAY)
    plan.get(PLAN)
    typed = fields(plan.page)
    for _ in range(2):
        plan.send(PLAN, **typed)
        assert plan.get("/staff/queue").words(".said") == ["3 requests are assigned."]
    assert [kind for kind, _to in mails()].count("assigned") == 3
