"""Olu writes inspection types: their words, their order, what comes first, corrections."""

from functools import partial

import pytest

from tests.actions.told import changes
from tests.cast import NOW, TODAY, WEDNESDAY, ask, member
from tests.postgres.crowd import at_once, meanwhile
from tests.supervisor.a_form import problems, save, send
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.requests import Wish
from tracker.actions.types import change_type, remove_type, take_off_permit_types
from tracker.db import database
from tracker.models import Contractor, Correction, Inspection, InspectionType, PermitTypeInspection
from tracker.queries.city import inspection_types
from tracker.queries.types import type_facts
from tracker.rules.reasons import put
from tracker.views.supervisor import inspection_types as pages

FRAME = "/staff/inspection-types/FRAME"


@pytest.fixture
def desk_of_olu(browse, olu):
    return browse(olu)


def a_type(code: str) -> InspectionType:
    return InspectionType.get(InspectionType.code == code)


def needs(code: str) -> list[tuple[str, bool]]:
    return sorted((need.code, need.by_request) for need in inspection_types()[code].needs)


def change(code: str, who, **facts):
    """As a form does that is opened now."""
    was = type_facts(a_type(code))
    at = {"place": None, "today": TODAY, "by": who.by, "now": NOW}
    return partial(change_type, a_type(code), {**was, **facts}, version=opened_with(was), **at)


def test_the_list_has_them_in_order_with_what_comes_first(desk_of_olu):
    desk_of_olu.get("/staff/city")
    page = desk_of_olu.click("Inspection types")
    codes = page.words("main li .num")
    assert codes == list(inspection_types()) and codes[0] == "TPOLE"
    [frame] = [line for line in page.words("main li") if "FRAME" in line]
    assert "Building · 45 minutes · after Electrical rough, Plumbing top-out, Mechanical rough" in frame


@pytest.mark.parametrize("more", [0, 100])
def test_the_list_is_as_many_queries_for_many_as_for_few(desk_of_olu, counting, more):
    for n in range(more):
        InspectionType.create(code=f"T{n}", name=f"Type {n}", trade="building", position=30 + n)
    with counting() as queries:
        page = desk_of_olu.get("/staff/inspection-types")
    assert len(page.select("main li")) == 24 + more and len(queries) <= 4, queries


def test_all_of_a_type_can_be_changed_but_its_code(desk_of_olu):
    page = save(
        desk_of_olu, FRAME, code="OTHER", name="Framing and fire stops", name_es="Estructura y sellos", minutes="50",
        note="Trusses’ papers on site.", note_es="Papeles en el sitio.", may_repeat="1", needs__0__code="",
    )  # fmt: skip
    frame = a_type("FRAME")
    assert "Saved." in page.text and page.words("h1") == ["Framing and fire stops"]
    assert (frame.minutes, frame.note, frame.may_repeat, frame.is_final) == (
        50,
        "Trusses’ papers on site.",
        True,
        False,
    )
    assert needs("FRAME") == [("MERGH", True), ("PLTOP", True)]
    [(verb, _who, before, after)] = changes()
    assert verb == "change_inspection_type" and set(before) == set(after) >= {"name", "minutes", "needs"}
    assert (before["minutes"], after["minutes"], "trade" in after) == (45, 50, False)
    assert "Electrical rough" not in page.words("#needs option[selected]")
    assert (
        "50" in page.words("main dl.facts")[0]
        and "Needs first removed Electrical rough (asking is enough)" in page.words("main dl.facts")[0]
    )


def test_what_was_not_changed_leaves_no_line(desk_of_olu):
    save(desk_of_olu, FRAME)
    assert changes() == []


def test_one_is_added_with_its_lines_without_a_script(desk_of_olu):
    new = "/staff/inspection-types/new"
    desk_of_olu.get(new)
    send(desk_of_olu, new, 200, code="sprk", name="Fire sprinklers", trade="plumbing", action="add-needs")
    page = send(desk_of_olu, new, 200, needs__0__code="FRAME", needs__0__by_request="1", action="add-corrections")
    assert page.value("name") == "Fire sprinklers" and page.value("code") == "SPRK"
    page = send(desk_of_olu, new, 200, corrections__0__text="Head painted over", action="add-corrections")
    assert page.one("#corrections button[value=add-corrections]")["formaction"] == f"{new}#corrections-2-text"
    page = send(desk_of_olu, new, 303, place="3", corrections__1__text="Valve closed", action="save")
    assert "Permits offer it once their permit type lists it." in page.text and "No permit type lists it." in page.text
    assert list(inspection_types())[:4] == ["TPOLE", "PLRGH", "SPRK", "FORM"]
    assert needs("SPRK") == [("FRAME", True)]
    assert [one.text for one in a_type("SPRK").corrections] == ["Head painted over", "Valve closed"]


def test_lines_are_taken_away_without_a_script(desk_of_olu):
    desk_of_olu.get(FRAME)
    send(desk_of_olu, FRAME, 200, action="remove-corrections-1")
    send(desk_of_olu, FRAME, 200, action="remove-needs-0")
    assert len(a_type("FRAME").corrections) == 3 and len(needs("FRAME")) == 3
    send(desk_of_olu, FRAME, 303, action="save")
    assert [one.text for one in a_type("FRAME").corrections] == [
        "Not built as on the approved plans",
        "Plans not on site",
    ]
    assert [code for code, _by_request in needs("FRAME")] == ["MERGH", "PLTOP"]


@pytest.mark.parametrize("action", ["remove-needs-99", "remove-needs-x", "add-nothing", "dance", "add-needs-²"])
def test_a_button_that_no_page_has_is_refused(desk_of_olu, action):
    desk_of_olu.get(FRAME)
    send(desk_of_olu, FRAME, 400, action=action)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Name: Type the name."),
        ({"name": "x" * 101}, "Name: 101 characters. There is room for 100."),
        ({"minutes": "0"}, "Minutes: Type a whole number from 1 to 480."),
        ({"minutes": "²"}, "Minutes: Type a whole number from 1 to 480."),
        ({"trade": "magic"}, "Trade: Choose the trade."),
        ({"needs__0__code": "PLTOP"}, "Needs first: PLTOP is there twice. Remove one."),
        ({"needs__0__code": "NOPE"}, "Needs first: There is no inspection type NOPE."),
        ({"needs__0__code": "FRAME"}, "Needs first: Framing cannot need itself."),
        ({"corrections__0__text": "Plans not on site"}, "Corrections: “Plans not on site” is there twice. Remove one."),
        ({"corrections__0__text": "", "corrections__0__text_es": "Faltan planos"},
         "Corrections: A correction needs its English words too."),
        ({"corrections__0__text": "y" * 201}, "Corrections: 201 characters. There is room for 200."),
        ({"trade": "plumbing"}, "Trade: Take it off every permit type first."),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_by_the_field_and_nothing_is_lost(desk_of_olu, typed, said):
    before = type_facts(a_type("FRAME"))
    page = save(desk_of_olu, FRAME, 422, note_es="Quédese", **typed)
    assert problems(page) == ["Nothing was saved yet.", said]
    assert page.value("note_es") == "Quédese" and page.one("title").get_text().startswith("Error: ")
    assert type_facts(a_type("FRAME")) == before and changes() == []


def test_a_circle_is_named(desk_of_olu):
    page = save(desk_of_olu, "/staff/inspection-types/PLTOP", 422, needs__0__code="FRAME")
    assert problems(page)[1] == ("Needs first: Plumbing top-out needs Framing, which needs Plumbing top-out.")
    assert needs("PLTOP") == [("FOUND", False)]


def test_only_the_line_that_leads_back_is_marked(desk_of_olu):
    page = save(desk_of_olu, "/staff/inspection-types/PLTOP", 422, needs__1__code="FRAME", needs__0__code="FOUND")
    [marked] = page.select("#needs li.bad")
    assert marked.select_one("option[selected]")["value"] == "FRAME" and not page.select("#needs.bad")


def test_a_new_type_comes_before_the_finals(desk_of_olu):
    page = save(
        desk_of_olu, "/staff/inspection-types/new", code="LAST", name="Last look", trade="building", minutes="5"
    )
    codes = list(inspection_types())
    assert codes.index("LAST") == codes.index("FINAL") - 1
    assert [str(link["href"]) for link in page.select(".said a")] == ["/staff/permit-types"]


@pytest.mark.parametrize("code", ["", "GAS", "A B", "N/W", "x" * 21, "Ñ"])
def test_a_code_is_short_plain_and_its_own(desk_of_olu, code):
    save(desk_of_olu, "/staff/inspection-types/new", 422, code=code, name="One more", trade="building", minutes="5")
    assert InspectionType.select().count() == 24


def test_a_place_in_the_list_moves_the_others(desk_of_olu):
    save(desk_of_olu, FRAME, place="1")
    save(desk_of_olu, "/staff/inspection-types/TPOLE", place="999")
    order = list(inspection_types())
    assert (order[0], order[-1], len(order)) == ("FRAME", "TPOLE", 24)
    assert changes()[0][2:] == ({"place": 8}, {"place": 1})


def test_a_place_in_the_list_is_its_place_where_it_is_asked_for(desk_of_olu, browse, dana, danas_house):
    def asked_for():
        return browse(dana).get("/permits/BP-2026-01184/request").words("#inspection_type option")

    asked_for()
    save(desk_of_olu, "/staff/inspection-types/SEWER", place="1")
    assert asked_for()[1] == "Sewer / water yard line"


def test_saying_who_was_quicker(desk_of_olu, browse, app):
    ana = browse(member("Ana Ruiz", "supervisor"))
    for browsing in (desk_of_olu, ana):
        browsing.get(FRAME)
    send(ana, FRAME, name="Ana’s framing")
    page = send(desk_of_olu, FRAME, 409, name="Olu’s framing")
    assert problems(page) == ["Ana Ruiz changed this meanwhile. Look it over: saving again puts yours in its place."]
    assert page.value("name") == "Olu’s framing" and a_type("FRAME").name == "Ana’s framing"
    send(desk_of_olu, FRAME)  # pressing again is a decision
    assert a_type("FRAME").name == "Olu’s framing"


def test_a_place_that_others_shifted_is_no_change_of_it(desk_of_olu, browse):
    ana = browse(member("Ana Ruiz", "supervisor"))
    desk_of_olu.get(FRAME)
    save(ana, "/staff/inspection-types/TPOLE", place="24")
    send(desk_of_olu, FRAME, minutes="60")
    assert list(inspection_types()).index("FRAME") == 6 and a_type("FRAME").minutes == 60


def test_the_page_says_what_counts_on_it_and_open_pages_hear_of_it(desk_of_olu, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"))
    page = desk_of_olu.get("/staff/inspection-types/WH")
    assert "1 inspection of it is open. What is asked for keeps its day" in page.text
    assert "1 permit type lists it: Water heater." in page.text
    seen = Contractor.get_by_id(dana.company.id).version
    save(desk_of_olu, "/staff/inspection-types/WH", note="Bring a bucket.")
    assert Contractor.get_by_id(dana.company.id).version == seen
    save(desk_of_olu, "/staff/inspection-types/WH", name="Water heater, new")
    assert Contractor.get_by_id(dana.company.id).version > seen


def test_the_trade_stays_once_it_was_asked_for(desk_of_olu, dana, danas_permit, olu):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"))
    take_off_permit_types(a_type("WH"), by=olu.by, now=NOW)
    page = save(desk_of_olu, "/staff/inspection-types/WH", 422, trade="mechanical")
    assert problems(page)[1].startswith("Trade: It has been asked for.")
    save(desk_of_olu, "/staff/inspection-types/HVAC", 422, trade="plumbing")
    take_off_permit_types(a_type("HVAC"), by=olu.by, now=NOW)
    save(desk_of_olu, "/staff/inspection-types/HVAC", trade="plumbing")
    assert a_type("HVAC").trade == "plumbing"


def test_a_type_in_use_is_taken_off_and_stays(desk_of_olu, dana, danas_permit):
    made = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"))
    heater = "/staff/inspection-types/WH"
    desk_of_olu.get(heater)
    desk_of_olu.send(f"{heater}/remove", 409)
    assert "Water heater replacement is in use." in desk_of_olu.page.text
    desk_of_olu.send(f"{heater}/off")
    page = desk_of_olu.get(heater)
    assert "Taken off 1 permit type." in page.text and "It stays, since it was used." in page.text
    assert made.inspections.get().status == "requested"
    assert not PermitTypeInspection.select().where(PermitTypeInspection.inspection_type == a_type("WH")).exists()
    assert [verb for verb, *_ in changes()][1:] == ["change_permit_type", "take_off_permit_types"]
    desk_of_olu.send(f"{heater}/off", 409)
    desk_of_olu.get(heater)
    desk_of_olu.send(f"{heater}/remove", 409)
    assert a_type("WH")


def test_one_that_nothing_counts_on_goes_for_good(desk_of_olu):
    new = "/staff/inspection-types/new"
    save(desk_of_olu, new, code="OOPS", name="A slip", trade="building", corrections__0__text="None")
    desk_of_olu.send("/staff/inspection-types/OOPS/remove")
    assert "OOPS" not in inspection_types() and "A slip is removed." in desk_of_olu.get(new).text
    assert not Correction.select().where(Correction.text == "None").exists()
    desk_of_olu.get("/staff/inspection-types/OOPS", status=404)


def test_two_halves_of_a_circle_at_once(app, olu):
    """Each alone would do; with two open transactions the second sees the first's half, and is told."""
    ana = member("Ana Ruiz", "supervisor")
    first = change("SEWER", olu, needs=[["TPOLE", False]])
    second = change("TPOLE", ana, needs=[["SEWER", False]])
    no = meanwhile(first, second, commit=True)
    assert isinstance(no, CannotSave) and no.field == "needs"
    assert put(no.reason, gettext=str) == (
        "Temporary power pole needs Sewer / water yard line, which needs Temporary power pole."
    )
    assert (needs("SEWER"), needs("TPOLE")) == ([("TPOLE", False)], [])


def test_half_a_circle_that_was_given_up_is_none(app, olu):
    first = change("SEWER", olu, needs=[["TPOLE", False]])
    assert meanwhile(first, change("TPOLE", olu, needs=[["SEWER", False]]), commit=False) is None
    assert (needs("SEWER"), needs("TPOLE")) == ([], [("SEWER", False)])


def test_two_changes_of_one_type_at_once(app, olu):
    answers = at_once([change("GAS", olu, name=name) for name in ("Gas one", "Gas two")])
    assert sorted(type(one).__name__ for one in answers) == ["CannotSave", "NoneType"]
    assert len(changes()) == 1


def test_removed_while_it_becomes_needed(app, olu):
    lone = InspectionType.create(code="LONE", name="Lone", trade="building", position=99)
    first = change("TPOLE", olu, needs=[["LONE", False]])
    no = meanwhile(first, partial(remove_type, lone, by=olu.by, now=NOW), commit=True)
    assert isinstance(no, CannotSave) and needs("TPOLE") == [("LONE", False)]


@pytest.mark.parametrize("code", ["NOPE", "frame", "x" * 30])
def test_what_is_not_there_is_not_found(desk_of_olu, code):
    for path in ("", "/off", "/remove"):
        desk_of_olu.get("/staff/inspection-types")
        desk_of_olu.post(f"/staff/inspection-types/{code}{path}", {"csrf_token": desk_of_olu.token}, status=404)


@pytest.mark.parametrize("who", ["sam", "iris"])
def test_others_of_the_staff_are_told_it_is_not_theirs(browse, who, request):
    browsing = browse(request.getfixturevalue(who))
    for path in ("inspection-types", "inspection-types/new", "inspection-types/GAS", "permit-types", "people"):
        browsing.get(f"/staff/{path}", status=403)


def test_the_database_is_not_left_open(app, olu):
    change("GAS", olu, name="Gas")()
    assert not database.in_transaction()


@pytest.mark.parametrize("button", ["remove", "off"])
def test_one_that_was_removed_at_this_moment_is_said_to_be_gone(desk_of_olu, olu, monkeypatch, button):
    InspectionType.create(code="OOPS", name="A slip", trade="building", position=99)
    name = {"remove": "remove_type", "off": "take_off_permit_types"}[button]
    real = getattr(pages, name)

    def late(row, **named):
        remove_type(row, by=olu.by, now=NOW)
        return real(row, **named)

    monkeypatch.setattr(pages, name, late)
    desk_of_olu.get("/staff/inspection-types")
    page = desk_of_olu.send(f"/staff/inspection-types/OOPS/{button}", 409)
    assert page.words("h1") == ["A slip was removed meanwhile."]


WH = "/staff/inspection-types/WH"


def open_types(permit) -> list[int | None]:
    rows = Inspection.select(Inspection.open_type).where(Inspection.permit == permit).order_by(Inspection.id)
    return [one for (one,) in rows.tuples()]


def test_what_may_repeat_from_now_on_can_be_asked_for_beside_what_is_open(desk_of_olu, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"))
    save(desk_of_olu, WH, may_repeat="1")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "pm"), key="another-form")
    assert open_types(danas_permit) == [None, None]


def test_what_may_not_repeat_any_more_must_be_open_once(desk_of_olu, dana, danas_permit):
    save(desk_of_olu, WH, may_repeat="1")
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "am"), Wish("WH", WEDNESDAY, "pm"))
    page = save(desk_of_olu, WH, 422, may_repeat=None, name="Heater")
    assert problems(page)[1].startswith("May repeat: Permits with several of it open: 1. Deal with those first.")
    assert a_type("WH").may_repeat and page.value("name") == "Heater" and open_types(danas_permit) == [None, None]
    Inspection.update(status="cancelled").where(Inspection.time_frame == "pm").execute()
    save(desk_of_olu, WH, may_repeat=None)
    assert open_types(danas_permit) == [a_type("WH").id, None]


def test_asked_for_while_it_becomes_what_may_not_repeat(app, olu, dana, danas_permit):
    """The desk had read the type before; what is booked has the mark of what counts now."""
    a_type("WH").update(may_repeat=True).where(InspectionType.code == "WH").execute()
    book = partial(ask, dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    answer = meanwhile(change("WH", olu, may_repeat=False), book, commit=True)
    assert not isinstance(answer, Exception), answer
    assert open_types(danas_permit) == [a_type("WH").id]


def test_it_becomes_what_may_not_repeat_while_it_is_asked_for(app, olu, dana, danas_permit):
    a_type("WH").update(may_repeat=True).where(InspectionType.code == "WH").execute()
    book = partial(ask, dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    assert meanwhile(book, change("WH", olu, may_repeat=False), commit=True) is None
    assert open_types(danas_permit) == [a_type("WH").id]
