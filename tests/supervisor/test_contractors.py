"""A company's page for a supervisor: everybody signed out, blocked, let in again; names alike when one is added."""

from datetime import timedelta
from functools import partial

import pytest

from tests.cast import NOW, TODAY, signer
from tests.postgres.crowd import at_once
from tracker.actions.companies import NamesAlike, add_company, block_company
from tracker.actions.opened import CannotSave
from tracker.models import Change, Contractor, Permit, PossibleMatch


@pytest.fixture
def city(browse, olu):
    return browse(olu)


def press(browsing, company, action, status=303, **typed):
    browsing.get(f"/staff/contractors/{company.id}")
    answer = browsing.send(f"/staff/contractors/{company.id}/access", status, action=action, **typed)
    return browsing.get(answer.headers["Location"]) if status == 303 else answer


def test_an_expired_permit_reads_as_its_company_reads_it(city, dana, danas_permit):
    Permit.update(expires_on=TODAY - timedelta(days=1)).execute()
    [line] = city.get(f"/staff/contractors/{dana.company.id}").words("main li.permit")
    assert "Expired May 25" in line and "Issued" not in line


def test_signed_out_everywhere_every_phone_has_to_sign_in_again_with_the_same_pin(city, browse, dana):
    phones = [browse(dana), browse(dana)]
    assert "Everybody of Lone Star Plumbing is signed out." in press(city, dana.company, "sign_out").text
    for phone in phones:
        assert phone.get("/dashboard", 303).headers["Location"].startswith("/?next=")
    browse(dana).get("/dashboard")
    assert "Company signed out everywhere" in city.page.text


def test_a_blocked_company_is_out_and_reads_what_a_wrong_pin_reads(city, browse, dana, eve):
    phone = browse(dana)
    page = press(city, dana.company, "block", reason="License revoked on May 20.")
    assert "blocked and cannot sign in. Tue May 26, 10:00 AM · Olu Adeyemi. “License revoked on May 20.”" in page.text
    phone.get("/dashboard", 303)
    right = browse().sign_in("Lone Star Plumbing", dana.pin, 422).words("#problems h2")
    assert right == browse().sign_in("Evergreen Drains", "RR-AAAA-AAAA", 422).words("#problems h2") != []
    browse(eve).get("/dashboard")


def test_a_blocked_companys_pin_is_looked_at_all_the_same(dana, browse, monkeypatch):
    """Or the answer would come sooner than a wrong PIN's."""
    looked = []
    monkeypatch.setattr("tracker.actions.hashes.matches", lambda *given: looked.append(given) or True)
    Contractor.update(blocked_at=NOW).execute()
    browse().sign_in("Lone Star Plumbing", dana.pin, 422)
    assert len(looked) == 1


def test_unblocked_it_signs_in_as_before(city, browse, dana):
    phone = browse(dana)
    press(city, dana.company, "block", reason="Mixed up.")
    assert "Lone Star Plumbing can sign in again." in press(city, dana.company, "unblock").text
    phone.get("/dashboard", 303)  # what was signed in before stays out
    browse(dana).get("/dashboard")
    verbs = [verb for (verb,) in Change.select(Change.verb).order_by(Change.id).tuples()]
    assert verbs == ["block_company", "unblock_company", "sign_in_new_device"]


def test_without_a_reason_nobody_is_blocked(city, dana):
    page = press(city, dana.company, "block", 422, reason="  ")
    assert "Say why." in page.words("#problems h2")[0] and page.words("h1") == ["Lone Star Plumbing"]
    assert Contractor.get().blocked_at is None and not Change.select().exists()


def test_too_long_a_reason_is_given_back(city, dana):
    page = press(city, dana.company, "block", 422, reason="x" * 1001)
    assert "There is room for 1,000." in page.text and page.value("reason") == "x" * 1001


def test_of_two_who_block_at_once_one_is_told(dana, olu):
    block = partial(block_company, dana.company, by=olu.by, now=NOW)
    answers = at_once([partial(block, reason="One."), partial(block, reason="Other.")])
    assert sorted(type(one).__name__ for one in answers) == ["CannotSave", "NoneType"]
    assert Change.select().count() == 1


def test_who_comes_second_reads_so_and_what_was_typed_stays(city, dana, olu):
    city.get(f"/staff/contractors/{dana.company.id}")
    block_company(dana.company, reason="First.", by=olu.by, now=NOW)
    page = city.send(f"/staff/contractors/{dana.company.id}/access", 409, action="block", reason="Second.")
    assert "blocked or merged already" in page.words("#problems h2")[0]
    assert Change.select().count() == 1


def test_a_technician_renews_codes_and_does_no_more(browse, sam, dana):
    page = browse(sam).get(f"/staff/contractors/{dana.company.id}")
    assert [str(button["value"]) for button in page.select("button[name=action]")] == ["show", "renew"]
    assert not page.select("a[href$='/merge']")


def test_nonsense_is_refused(city, dana):
    press(city, dana.company, "burn", 400)
    city.get("/staff/spellings")  # a page with a token
    city.get("/staff/contractors/77", 404)


# ---- A company by hand, of nearly the name of another


@pytest.fixture
def desk(browse, sam):
    browsing = browse(sam)
    browsing.get("/staff/contractors/new")
    return browsing


def test_names_alike_are_shown_first_and_one_can_be_used(desk, dana):
    page = desk.submit("main form", 409, company_name="Lone Star Plumbing Inc", phone="512-555-0177")
    assert page.words("#problems h2") == ["A company of nearly this name is there already. Is it the same?"]
    assert page.value("phone") == "512-555-0177" and Contractor.select().count() == 1
    assert desk.click("Use this one Lone Star Plumbing").words("h1") == ["Lone Star Plumbing"]


def test_added_all_the_same_a_supervisor_is_asked_whether_they_are_one(desk, dana):
    desk.submit("main form", 409, company_name="Lone Star Plumbing Inc")
    assert "Lone Star Plumbing Inc is added." in desk.submit("main form").text
    match = PossibleMatch.get()
    assert {match.contractor.company_name, match.other.company_name} == {"Lone Star Plumbing", "Lone Star Plumbing Inc"}


def test_another_name_typed_since_is_looked_up_anew(desk, dana):
    signer("Fox Service Co.", "fox@fox.example")
    desk.submit("main form", 409, company_name="Lone Star Plumbing Inc")
    assert "Fox Service Co." in desk.submit("main form", 409, company_name="Fox Service LLC").text
    assert not PossibleMatch.select().exists()


def test_a_company_that_came_meanwhile_is_shown_too(dana, sam):
    known = {dana.company.id}
    signer("Lone Star Plumbing LLC", "llc@lonestar.example")
    with pytest.raises(NamesAlike) as no:
        add_company("Lone Star Plumbing Inc", despite=known, by=sam.by, now=NOW)
    assert len(no.value.companies) == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"company_name": "LONE-STAR plumbing"}, "Lone Star Plumbing is there already, with the same letters"),
        ({"company_name": "Stonebridge", "lic_num": "m-40"}, "Lone Star Plumbing has this license number."),
    ],
)
def test_what_is_taken_is_said_beside_its_field_with_a_way_to_it(desk, dana, typed, says):
    Contractor.update(lic_num="M-40").execute()
    page = desk.submit("main form", 422, **typed)
    assert says in page.words(".bad .err")[0]
    assert desk.click("Use this one Lone Star Plumbing").words("h1") == ["Lone Star Plumbing"]


def test_two_at_once_of_one_name_are_one_company(sam, olu):
    answers = at_once([partial(add_company, "Stonebridge", by=who.by, now=NOW) for who in (sam, olu)])
    assert sorted(type(one).__name__ for one in answers) == ["CannotSave", "Contractor"]
    assert [one.field for one in answers if isinstance(one, CannotSave)] == ["company_name"]
