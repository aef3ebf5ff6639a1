"""Olu says which inspections a permit type lists."""

from functools import partial

import pytest

from tests.actions.told import changes
from tests.cast import NOW, permit_of
from tests.postgres.crowd import meanwhile
from tests.supervisor.a_form import problems, save, send, sent
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.permit_types import change_permit_type
from tracker.actions.types import take_off_permit_types
from tracker.models import InspectionType, PermitType
from tracker.queries.types import permit_type_facts
from tracker.rules.reasons import put

HEATER = "/staff/permit-types/WATER_HEATER"


@pytest.fixture
def desk_of_olu(browse, olu):
    return browse(olu)


def a_type(code: str) -> PermitType:
    return PermitType.get(PermitType.code == code)


def lists(code: str) -> list[str]:
    return permit_type_facts(a_type(code))["lists"]


def test_the_list_says_how_much_is_on_each(desk_of_olu, danas_permit):
    desk_of_olu.get("/staff/city")
    page = desk_of_olu.click("Permit types")
    assert "Water heater WATER_HEATER 2 inspection types · 1 permit · Plumbing" in page.words("main li")


def test_names_standard_and_ticks_are_changed(desk_of_olu):
    page = save(desk_of_olu, HEATER, name="Heaters", name_es="Calentadores", mapped="Mechanical", lists=["WH", "HVAC"])
    assert page.words("h1") == ["Heaters"] and "Saved." in page.text
    assert page.words(".said") == ["Saved. Listed from now on: HVAC replacement. Not listed any more: Gas test."]
    assert lists("WATER_HEATER") == ["WH", "HVAC"]
    [(verb, _who, before, after)] = changes()
    assert (verb, before["lists"], after["lists"]) == ("change_permit_type", ["GAS", "WH"], ["WH", "HVAC"])
    assert (before["mapped"], after["mapped"]) == ("Plumbing", "Mechanical")
    save(desk_of_olu, HEATER)
    assert len(changes()) == 1


def test_how_many_permits_it_holds_for_is_said(desk_of_olu, danas_permit):
    page = save(desk_of_olu, HEATER, lists=["WH"])
    assert page.words(".said") == ["Saved. Not listed any more: Gas test. That holds for 1 permit."]


def test_what_a_listed_type_needs_beyond_the_list_is_said(desk_of_olu):
    page = desk_of_olu.get(HEATER)
    assert page.words(".aside .sub") == [
        "Gas test needs Plumbing top-out first. That is not on this list, so here it is not needed."
    ]
    page = save(desk_of_olu, HEATER, lists=["WH"])
    assert not page.select(".aside .sub")


def test_one_is_added(desk_of_olu):
    new = "/staff/permit-types/new"
    page = save(desk_of_olu, new, code="fence", name="Fence", mapped="Fence", lists=["FINAL"])
    assert page.words("h1") == ["Fence"] and lists("FENCE") == ["FINAL"]
    assert "No permit is of this type." in page.text
    desk_of_olu.send("/staff/permit-types/FENCE/remove")
    assert not PermitType.select().where(PermitType.code == "FENCE").exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Name: Type the name."),
        ({"mapped": "Castle"}, "In the open standard: Choose what it is in the open standard."),
        ({"lists": ["WH", "NOPE"]}, "Inspections: There is no inspection type NOPE."),
        ({"code": "NEW"}, "Code: NEW is there already."),
        ({"code": "a b"}, "Code: Up to 20 letters A to Z, digits, - and _, such as GAS or WATER_HEATER."),
    ],
)
def test_what_will_not_do_is_said_and_the_ticks_stay(desk_of_olu, typed, said):
    right = {"code": "FENCE", "name": "Fence", "mapped": "Fence", "lists": ["WH", "FLAT"]}
    page = save(desk_of_olu, "/staff/permit-types/new", 422, **{**right, **typed})
    assert problems(page) == ["Nothing was saved yet.", said]
    assert "WH" in sent(page)["lists"] and PermitType.select().count() == 12 and changes() == []


def test_it_stays_while_permits_are_of_it(desk_of_olu, danas_permit):
    page = desk_of_olu.get(HEATER)
    assert "1 permit is of this type." in page.text and "Remove the type" not in page.text
    desk_of_olu.send(f"{HEATER}/remove", 409)
    assert "There are permits of this type. It stays." in desk_of_olu.page.text
    assert lists("WATER_HEATER") == ["GAS", "WH"] and changes() == []


def test_a_type_taken_off_meanwhile_is_not_put_back(desk_of_olu, olu):
    desk_of_olu.get(HEATER)
    take_off_permit_types(InspectionType.get(InspectionType.code == "GAS"), by=olu.by, now=NOW)
    page = send(desk_of_olu, HEATER, 409, name="Heaters")
    assert problems(page) == ["Olu Adeyemi changed this meanwhile. Look it over: saving again puts yours in its place."]
    assert lists("WATER_HEATER") == ["WH"] and a_type("WATER_HEATER").name == "Water heater"


def test_two_at_once(app, olu):
    row = a_type("FLATWORK")
    was = permit_type_facts(row)

    def change(*listed: str):
        facts = {**was, "lists": list(listed)}
        return partial(change_permit_type, row, facts, version=opened_with(was), by=olu.by, now=NOW)

    no = meanwhile(change("FLAT", "FINAL"), change("FLAT", "GAS"), commit=True)
    assert isinstance(no, CannotSave) and "changed this meanwhile" in put(no.reason, gettext=str)
    assert lists("FLATWORK") == ["FLAT", "FINAL"]


@pytest.mark.parametrize("code", ["NOPE", "water_heater", "x" * 30])
def test_what_is_not_there_is_not_found(desk_of_olu, code):
    for path in ("", "/remove"):
        desk_of_olu.get(HEATER)
        desk_of_olu.send(f"/staff/permit-types/{code}{path}", 404)
    desk_of_olu.get(f"/staff/permit-types/{code}", status=404)


@pytest.mark.parametrize("who", ["sam", "iris"])
def test_others_of_the_staff_are_told_it_is_not_theirs(browse, who, request, danas_permit):
    browsing = browse(request.getfixturevalue(who))
    for path in ("permit-types", "permit-types/new", "permit-types/NEW"):
        browsing.get(f"/staff/{path}", status=403)
    browsing.get("/staff/queue")
    browsing.send(HEATER, 403, name="Mine")


def test_a_new_permit_of_it_offers_what_is_ticked(desk_of_olu, browse, dana):
    save(desk_of_olu, "/staff/permit-types/FLATWORK", lists=["FLAT", "SEWER"])
    permit_of(dana.company, "DS-2026-00001", kind="FLATWORK")
    offered = browse(dana).get("/permits/DS-2026-00001/request").words("#inspection_type option")
    assert any("Sewer" in one for one in offered) and not any("Framing" in one for one in offered)
