"""Two companies with names alike: two for good, or made one with everything that belonged to either."""

from datetime import timedelta
from functools import partial

import pytest

from tests.actions.a_day import asked
from tests.actions.told import version, wish
from tests.cast import CLERK, LETTERHEAD, NOW, TODAY, WEDNESDAY, ask, permit_of, signer
from tests.importing.conftest import austin_row, connected, load
from tests.postgres.crowd import at_once, meanwhile
from tracker.actions.by_hand import put_on
from tracker.actions.companies import block_company, make_company
from tracker.actions.merging import keep_apart, merge_companies
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.people import add_person, change_person, remove_person
from tracker.actions.requests import NotPossible
from tracker.models import (
    Change,
    CompanyName,
    CompanyStart,
    Contractor,
    ExpiryNotice,
    Inspection,
    Permit,
    PermitContractor,
    Person,
    PossibleMatch,
    Request,
    SignIn,
)
from tracker.queries.companies import companies_beginning
from tracker.queries.spellings import merge_facts
from tracker.rules.reasons import put
from tracker.views.supervisor import spellings as pages

__all__ = ["connected", "load"]


@pytest.fixture
def city(browse, olu):
    return browse(olu)


@pytest.fixture
def twin(app):
    """Lone Star Plumbing, as another export writes it."""
    return signer("Lone Star Plumbing Inc", "inc@lonestar.example")


@pytest.fixture
def match(dana, twin):
    return PossibleMatch.create(contractor=dana.company, other=twin.company)


def seen(*companies: Contractor) -> str:
    return opened_with(merge_facts([Contractor.get_by_id(one.id) for one in companies]))


def merge(goes, stays, olu, **more):
    more.setdefault("seen", seen(goes.company, stays.company))
    return merge_companies(goes.company, stays.company, by=olu.by, now=NOW, **more)


def again(company: Contractor) -> Contractor:
    return Contractor.get_by_id(company.id)


# ---- What moves


def test_whatever_belonged_to_the_one_belongs_to_the_other(dana, twin, olu):
    row = asked(twin, "9 Heron Bend", WEDNESDAY)
    before = version(dana.company)
    merge(twin, dana, olu)
    assert {link.contractor_id for link in PermitContractor.select()} == {dana.company.id}
    assert Request.get().contractor_id == Inspection.get_by_id(row.id).contractor_id == dana.company.id
    assert {name.name for name in dana.company.names} == {"Lone Star Plumbing", "Lone Star Plumbing Inc"}
    gone = again(twin.company)
    assert gone.merged_into_id == dana.company.id and gone.session_token != twin.company.session_token
    assert version(dana.company) > before


def test_every_table_that_names_a_company_is_thought_of():
    """Whoever adds one decides what a merge does with it, in `actions/merging.py`, and says so here."""
    moved = {CompanyName, CompanyStart, PossibleMatch, Person, PermitContractor, Request, Inspection, ExpiryNotice}
    stay_behind = {SignIn}  # over, and the phones are new to the company that stays
    assert set(Contractor._meta.backrefs.values()) == moved | stay_behind | {Contractor}


def test_both_on_one_permit_for_one_trade_are_one_and_by_hand_if_either_was(dana, twin, olu, danas_permit):
    PermitContractor.create(permit=danas_permit, contractor=twin.company, trade="plumbing", origin="hand")
    PermitContractor.create(permit=danas_permit, contractor=twin.company, trade="general")
    merge(twin, dana, olu)
    links = PermitContractor.select(PermitContractor.contractor, PermitContractor.trade, PermitContractor.origin)
    assert sorted(links.tuples()) == [(dana.company.id, "general", "source"), (dana.company.id, "plumbing", "hand")]


def test_people_and_notices_of_both_are_there_once(dana, twin, olu, danas_permit):
    for company in (dana.company, twin.company):
        Person.create(contractor=company, name=f"Ana of {company.id}", email="ana@lonestar.example")
        ExpiryNotice.create(permit=danas_permit, contractor=company, expires_on=TODAY, days=30)
    Person.create(contractor=twin.company, name="Beto", email="beto@lonestar.example")
    ExpiryNotice.create(permit=danas_permit, contractor=twin.company, expires_on=TODAY, days=7)
    merge(twin, dana, olu)
    people = {person.email: person.name for person in dana.company.people}
    assert people["ana@lonestar.example"] == f"Ana of {dana.company.id}" and people["beto@lonestar.example"] == "Beto"
    assert sorted(one.days for one in ExpiryNotice.select()) == [7, 30]
    assert {one.contractor_id for one in [*Person.select(), *ExpiryNotice.select()]} == {dana.company.id}


def test_the_address_that_mail_went_to_still_gets_it(dana, twin, olu):
    merge(twin, dana, olu)
    person = Person.get()
    assert (person.contractor_id, person.email, person.wants) == (dana.company.id, "inc@lonestar.example", "all")


def test_what_the_one_did_not_know_of_itself_is_filled_in(dana, twin, olu):
    Contractor.update(lic_num="M-40", address="12 Main St", zip="78664").where(Contractor.id == twin.company).execute()
    Contractor.update(phone="").where(Contractor.id == dana.company).execute()
    merge(twin, dana, olu)
    now = again(dana.company)
    assert (now.lic_num, now.address, now.zip, now.phone) == ("M-40", "12 Main St", "78664", "512-555-0170")
    assert now.email == "office@lonestar.example" and again(twin.company).lic_num is None


def test_who_was_like_the_one_is_like_the_other_once(dana, twin, eve, olu, match):
    PossibleMatch.create(contractor=twin.company, other=eve.company) if twin.company.id < eve.company.id else (
        PossibleMatch.create(contractor=eve.company, other=twin.company)
    )
    merge(twin, dana, olu)
    [left] = PossibleMatch.select()
    assert {left.contractor_id, left.other_id} == {dana.company.id, eve.company.id}


def test_a_merged_one_of_the_one_that_goes_leads_on(dana, twin, eve, olu):
    merge(eve, twin, olu)
    merge(twin, dana, olu)
    assert again(eve.company).merged_into_id == dana.company.id


@pytest.mark.parametrize("many", [3, 400])
def test_four_hundred_permits_move_in_as_few_statements_as_three(dana, twin, olu, counting, many):
    model = permit_of(twin.company, "BP-1")
    kept = {name: value for name, value in model.__data__.items() if name != "id"}
    rows = [{**kept, "permit_num": f"BP-{n}"} for n in range(2, many + 1)]
    ids = [id for (id,) in Permit.insert_many(rows).returning(Permit.id).tuples().execute()]
    links = [{"permit": id, "contractor": twin.company, "trade": "general"} for id in ids]
    PermitContractor.insert_many(links).execute()
    look = seen(twin.company, dana.company)
    with counting() as queries:
        merge(twin, dana, olu, seen=look)
    assert dana.company.permits.count() == many
    assert len(queries) <= 38, len(queries)


# ---- Signing in, importing, the record of changes


def test_the_merged_companys_phones_are_signed_out_and_its_pin_is_worth_nothing(browse, dana, twin, olu):
    phone = browse(twin)
    merge(twin, dana, olu)
    assert phone.get("/dashboard", 303).headers["Location"].startswith("/?next=")
    browse().sign_in("Lone Star Plumbing Inc", twin.pin, 422)
    browse().sign_in(twin.pin, twin.pin, 422)


@pytest.mark.parametrize("typed", ["Lone Star Plumbing Inc", "its old code"])
def test_its_name_and_its_code_lead_to_the_company_that_stays(browse, dana, twin, olu, typed):
    merge(twin, dana, olu)
    browsing = browse()
    browsing.sign_in(twin.pin if typed == "its old code" else typed, dana.pin)
    assert browsing.get("/dashboard").words("h1")
    assert companies_beginning("lone star plumbing in") == [(dana.company.id, "Lone Star Plumbing")]


def test_an_import_brings_permits_of_either_spelling_to_the_company_that_stays(load, dana, twin, olu):
    Contractor.update(lic_num="M-40").where(Contractor.id == twin.company).execute()
    Contractor.update(lic_num="M-41").where(Contractor.id == dana.company).execute()
    merge(twin, dana, olu, despite_licences=True)
    load(austin_row("1 PP", contractor="LONE STAR PLUMBING, INC."), austin_row("2 PP", contractor="Lone Star Plumbing"))
    head = "PermitNum,StatusCurrent,IssuedDate,OriginalAddress1,ContractorCompanyName,ContractorLicNum\n"
    load(head + "3,Issued,2026-05-04,1 Main St,L S Plumbers,M-40\n", profile="blds")
    assert dana.company.permits.count() == 3 and Contractor.select().count() == 2
    assert not PossibleMatch.select().exists()


def test_the_record_of_both_is_read_on_the_page_of_the_one_that_stays(city, dana, twin, olu):
    block_company(twin.company, reason="Wrong one.", by=olu.by, now=NOW - timedelta(days=1))
    Contractor.update(blocked_at=None).execute()
    merge(twin, dana, olu)
    page = city.get(city.get(f"/staff/contractors/{twin.company.id}", 303).headers["Location"])
    assert page.words("h1") == ["Lone Star Plumbing"]
    for words in (
        "Another company merged in",
        "Merged into Lone Star Plumbing",
        "“Wrong one.”",
        "Also written Lone Star Plumbing Inc",
    ):
        assert words in page.text
    assert twin.pin not in str(list(Change.select().dicts()))


# ---- What is refused


def said(no: CannotSave) -> str:
    return put(no.reason, gettext=str)


def test_nonsense_is_refused(dana, twin, eve, olu):
    with pytest.raises(CannotSave, match="with itself"):
        merge(dana, dana, olu)
    merge(twin, dana, olu)
    with pytest.raises(CannotSave, match="merged already"):
        merge(twin, eve, olu)
    for pair in ((eve, twin), (twin, eve)):
        with pytest.raises(CannotSave):
            merge_companies(again(pair[0].company), again(pair[1].company), seen="", by=olu.by, now=NOW)
    block_company(eve.company, reason="Unpaid.", by=olu.by, now=NOW)
    for goes, stays in ((eve, dana), (dana, eve)):
        with pytest.raises(CannotSave, match="blocked"):
            merge(goes, stays, olu)
    assert again(dana.company).merged_into_id is again(eve.company).merged_into_id is None


@pytest.mark.parametrize(
    "change",
    [{"phone": "512-555-0199"}, {"lic_num": "M-77"}, {"address": "1 New St"}, {"company_name": "Lone Star Pools"}],
)
@pytest.mark.parametrize("which", ["goes", "stays"])
def test_either_changed_meanwhile_nothing_moves(dana, twin, olu, danas_permit, change, which):
    asked(twin, "9 Heron Bend", WEDNESDAY)
    look = seen(twin.company, dana.company)
    Contractor.update(change).where(Contractor.id == (twin if which == "goes" else dana).company.id).execute()
    with pytest.raises(CannotSave) as no:
        merge(twin, dana, olu, seen=look)
    assert "Look them over again." in said(no.value)
    assert twin.company.permits.count() == twin.company.requests.count() == twin.company.names.count() == 1
    assert not Change.select().where(Change.verb == "take_in").exists()


def test_a_spelling_that_came_meanwhile_is_a_change_too(dana, twin, olu):
    look = seen(twin.company, dana.company)
    CompanyName.create(contractor=twin.company, name="L S", key="ls", stem="ls")
    with pytest.raises(CannotSave):
        merge(twin, dana, olu, seen=look)


def test_two_licences_are_two_companies_unless_a_supervisor_says_so(city, dana, twin):
    for who, number in ((dana, "M-40"), (twin, "M-41")):
        Contractor.update(lic_num=number).where(Contractor.id == who.company).execute()
    url = f"/staff/contractors/{dana.company.id}/merge"
    page = city.get(f"{url}?other={twin.company.id}&keep={dana.company.id}")
    assert "The license numbers differ: M-40 and M-41." in page.words(".fail-bar")[0]
    page = city.submit("main form", 422)
    assert "The license numbers differ" in page.words("#problems h2")[0]
    assert again(twin.company).merged_into_id is None
    assert "Lone Star Plumbing Inc is Lone Star Plumbing now." in city.submit("main form", despite_licences="y").text
    assert again(twin.company).merged_into_id == dana.company.id


# ---- The pages


def test_a_pair_side_by_side_and_what_would_move_before_anything_does(city, dana, twin, match, danas_permit):
    asked(twin, "9 Heron Bend", WEDNESDAY)
    page = city.get("/staff/spellings")
    assert page.words(".pair h2") == ["Lone Star Plumbing", "Lone Star Plumbing Inc"]
    assert [words for words in page.words(".pair dd") if words.startswith("1")] == ["1", "1, 1 open inspection"]
    page = city.click("One company: merge Lone Star Plumbing, Lone Star Plumbing Inc")
    assert again(twin.company).merged_into_id is None and twin.company.permits.count() == 1
    assert page.words("h3") == ["Lone Star Plumbing", "Lone Star Plumbing Inc"]
    page = city.click("The other way round")
    assert page.words("h3") == ["Lone Star Plumbing Inc", "Lone Star Plumbing"]
    page = city.submit("main form")
    assert page.words("h1") == ["Lone Star Plumbing Inc"] and twin.company.permits.count() == 2
    assert "Nothing to decide." in city.get("/staff/spellings").text


def test_the_one_with_more_permits_stays_unless_told_otherwise(city, dana, twin):
    asked(twin, "9 Heron Bend", WEDNESDAY)
    page = city.get(f"/staff/contractors/{dana.company.id}/merge?other={twin.company.id}")
    assert page.words("h3") == ["Lone Star Plumbing Inc", "Lone Star Plumbing"]


def test_two_that_are_not_the_same_are_asked_about_no_more(city, dana, twin, match, olu):
    city.get("/staff/spellings")
    page = city.submit(".pair form")
    assert "stay two companies" in page.text and not page.select(".pair")
    assert [line.verb for line in Change.select()] == ["keep_apart", "keep_apart"]
    with pytest.raises(CannotSave):
        keep_apart(match, by=olu.by, now=NOW)
    assert "Somebody decided" in city.send(f"/staff/spellings/{match.id}/apart", 409).text


def test_any_two_are_found_by_hand(city, dana, eve):
    city.get(f"/staff/contractors/{dana.company.id}")
    city.click("Merge with another company")
    assert "No other company begins like this." in city.submit("main form", q="lone").text
    city.submit("main form", q="drain")
    page = city.click("This one Evergreen Drains")
    assert page.words("h1") == ["Merge two companies"]
    assert city.get(f"/staff/contractors/{dana.company.id}/merge?q={eve.pin}").words("h2") == ["Evergreen Drains"]


def test_who_comes_second_is_led_to_the_company_that_stays(city, dana, twin, olu):
    url = f"/staff/contractors/{dana.company.id}/merge"
    city.get(f"{url}?other={twin.company.id}&keep={dana.company.id}")
    merge(twin, dana, olu)
    page = city.submit("main form")
    assert page.words("h1") == ["Lone Star Plumbing"] and "Lone Star Plumbing Inc was merged already." in page.text


def test_a_preview_that_is_stale_is_shown_anew(city, dana, twin):
    city.get(f"/staff/contractors/{dana.company.id}/merge?other={twin.company.id}&keep={dana.company.id}")
    Contractor.update(phone="512-555-0199").where(Contractor.id == twin.company).execute()
    page = city.submit("main form", 409)
    assert "Look them over again." in page.words("#problems h2")[0] and "512-555-0199" in page.text
    assert city.submit("main form").words("h1") == ["Lone Star Plumbing"]


@pytest.mark.parametrize("query", ["other=77", "other=0", "other=99999999999"])
def test_what_is_not_there_is_not_found(city, dana, query):
    city.get(f"/staff/contractors/{dana.company.id}/merge?{query}", 404 if "999" not in query else 200)


def test_with_itself_is_said_on_the_page_too(city, dana):
    id = dana.company.id
    page = city.get(f"/staff/contractors/{id}/merge?other={id}")
    assert "with itself" in page.words("#problems h2")[0] and not page.select("main form")


def test_pairs_are_read_in_as_few_queries_for_many_as_for_one(city, counting):
    found = []
    for many in (1, 30):
        while PossibleMatch.select().count() < many:
            n = PossibleMatch.select().count()
            one, other = make_company(f"Fox {n} Service Co"), make_company(f"Fox {n} Service Inc")
            PossibleMatch.create(contractor=one, other=other)
        with counting() as queries:
            page = city.get("/staff/spellings")
        found.append(len(queries))
    assert found[0] == found[1] <= 8
    assert len(page.select(".pair")) == 20 and len(city.click("More pairs").select(".pair")) == 10


# ---- At once


def test_of_two_merges_at_once_one_counts(dana, twin, eve, olu):
    answers = at_once([partial(merge, twin, dana, olu), partial(merge, twin, eve, olu)])
    assert sorted(type(one).__name__ for one in answers) == ["CannotSave", "Contractor"]
    assert twin.company.names.count() == 0


def test_a_request_waits_for_a_merge_and_is_not_left_behind(dana, twin, olu):
    permit = permit_of(twin.company, "PP-1", kind="WATER_HEATER", trade="plumbing")
    request = partial(ask, twin, permit, wish("WH"))
    answer = meanwhile(partial(merge, twin, dana, olu), request, commit=True)
    assert isinstance(answer, NotPossible)  # that company is on no permit any more
    assert not Request.select().where(Request.contractor == twin.company).exists()


def test_a_merge_waits_for_a_request_and_takes_it_along(dana, twin, olu):
    permit = permit_of(twin.company, "PP-1", kind="WATER_HEATER", trade="plumbing")
    look = seen(twin.company, dana.company)
    meanwhile(partial(ask, twin, permit, wish("WH")), partial(merge, twin, dana, olu, seen=look), commit=True)
    assert Request.get().contractor_id == Inspection.get().contractor_id == dana.company.id


def test_a_company_put_on_a_permit_meanwhile_is_the_one_that_stays(dana, twin, olu, eves_permit):
    put = partial(put_on, eves_permit, twin.company, trade="plumbing", by=CLERK, now=NOW)
    meanwhile(partial(merge, twin, dana, olu), put, commit=True)
    assert twin.company.permits.count() == 0 and dana.company.permits.count() == 1


def known_to(company: Contractor) -> list[str]:
    return [person.name for person in Person.select().where(Person.contractor == company).order_by(Person.name)]


BETO = {"name": "Beto Cruz", "email": "beto@lonestar.example", "phone": "", "wants": "own"}


def test_who_is_added_while_the_company_goes_is_not_lost(dana, twin, olu):
    """Whichever of the two is first: the form is refused, or the person moves along."""
    add = partial(add_person, twin.company, BETO, letterhead=LETTERHEAD, by=twin.by, now=NOW)
    no = meanwhile(partial(merge, twin, dana, olu), add, commit=True)
    assert isinstance(no, CannotSave) and "signed out meanwhile" in said(no)
    assert known_to(twin.company) == [] and "Beto Cruz" not in known_to(dana.company)


def test_who_was_added_just_before_moves_along(dana, twin, olu):
    look = seen(twin.company, dana.company)
    add = partial(add_person, twin.company, BETO, letterhead=LETTERHEAD, by=twin.by, now=NOW)
    answer = meanwhile(add, partial(merge, twin, dana, olu, seen=look), commit=True)
    assert isinstance(answer, Contractor), answer
    assert known_to(twin.company) == [] and "Beto Cruz" in known_to(dana.company)


@pytest.mark.parametrize("does", ["change", "remove"])
def test_a_person_is_not_changed_by_a_company_that_goes(dana, twin, olu, does):
    beto = Person.create(contractor=twin.company, **BETO)
    assert beto.contractor == twin.company  # as the page has loaded it
    act = {
        "change": partial(
            change_person, beto, {**BETO, "wants": "all"}, version=opened_with(BETO), letterhead=LETTERHEAD
        ),
        "remove": partial(remove_person, beto),
    }[does]
    no = meanwhile(partial(merge, twin, dana, olu), partial(act, by=twin.by, now=NOW), commit=True)
    assert isinstance(no, CannotSave) and "signed out meanwhile" in said(no)
    assert Person.get_by_id(beto.id).wants == "own" and "Beto Cruz" in known_to(dana.company)


def test_of_two_merges_into_each_other_the_second_is_led_on(city, dana, twin, olu, monkeypatch):
    """Both had looked before either was done."""
    url = f"/staff/contractors/{dana.company.id}/merge"
    city.get(f"{url}?other={twin.company.id}&keep={dana.company.id}")
    real = pages.merge_companies

    def second(*args, **named):
        merge(dana, twin, olu)
        return real(*args, **named)

    monkeypatch.setattr(pages, "merge_companies", second)
    page = city.submit("main form")
    assert page.words("h1") == ["Lone Star Plumbing Inc"] and "Lone Star Plumbing was merged already." in page.text
