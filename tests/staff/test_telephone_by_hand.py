"""Permits and companies by hand: added, corrected so that no import changes it back, companies put on and taken off."""

from datetime import date, timedelta

import pytest

from tests.actions.told import version
from tests.cast import TODAY, WEDNESDAY, Wish, ask, past
from tests.staff.a_queue import many
from tracker.models import Change, Contractor, Permit, PermitContractor

NEW = {
    "permit_num": "BP-2026-09001",
    "permit_type": "NEW",
    "original_address1": "12 Pecan Bottom",
    "original_city": "Bluebonnet",
    "original_zip": "78664",
    "description": "New house",
    "status": "issued",
    "issued_on": "2026-05-20",
    "source_expires_on": "",
}


@pytest.fixture
def phone(browse, sam):
    return browse(sam)


def correct(browsing, permit, code=303, again=None, **fields):
    url = f"/staff/permits/{permit.permit_num}/correct"
    page = again or browsing.get(url)
    return browsing.post(url, {**page.fields(page.one("main form")), **fields}, code)


def add(browsing, code=303, **fields):
    return browsing.post("/staff/permits/new", {"csrf_token": browsing.token, **NEW, **fields}, code)


def test_a_permit_is_added_and_its_companies_put_on(phone, dana):
    phone.get("/staff/permits/new")
    page = phone.get(add(phone).headers["Location"])
    made = Permit.get(Permit.permit_num == "BP-2026-09001")
    assert (made.expires_on, made.source_digest, made.corrected) == (date(2026, 11, 16), "", "")
    page = phone.submit("main form", 422, button="put_on", company="lone", trade="plumbing")
    assert "Pick the company from the list." in page.text
    page = phone.submit("main form", button="put_on", company="lone", company_id=str(dana.company.id), trade="plumbing")
    [link] = made.contractors
    assert (link.contractor, link.trade, link.origin) == (dana.company, "plumbing", "hand")
    assert [line.verb for line in Change.select().order_by(Change.id)] == ["add_permit", "put_on_permit"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("permit_num", "", "Type the number"),
        ("permit_num", "A/B", "no slash"),
        ("permit_num", "n" * 41, "There is room for 40."),
        ("permit_type", "CASTLE", "Choose the permit type."),
        ("permit_type", "", "Choose the permit type."),
        ("original_address1", " ", "Type the address"),
        ("original_zip", "7866", "A ZIP code has 5 digits."),
        ("status", "burnt", "Choose a status."),
        ("issued_on", "yesterday", "A date looks like"),
        ("issued_on", "0001-01-01", "A date looks like"),
        ("source_expires_on", "2026-05-01", "It cannot expire before it is issued."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(phone, field, value, says):
    phone.get("/staff/permits/new")
    page = add(phone, 422, **{field: value})
    assert says in page.words(".bad .err")[0]
    assert not Permit.select().exists()


def test_a_number_is_added_once(phone):
    phone.get("/staff/permits/new")
    add(phone)
    phone.get("/staff/permits/new")
    assert "BP-2026-09001 is there already." in add(phone, 422, original_address1="2 Heron Bend").text
    assert Change.select().count() == 1


def test_the_same_permit_sent_twice_leads_to_the_one_that_was_made(phone, browse, olu):
    phone.get("/staff/permits/new")
    there = [add(phone).headers["Location"] for _ in range(3)]
    assert there == ["/staff/permits/BP-2026-09001/contractors"] * 3
    assert (Permit.select().count(), Change.select().count()) == (1, 1)
    other = browse(olu)
    other.get("/staff/permits/new")
    assert "BP-2026-09001 is there already." in add(other, 422).text


def test_who_has_asked_for_something_is_taken_off_knowingly(phone, dana, danas_permit):
    ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any"))
    url = f"/staff/permits/{danas_permit.permit_num}/contractors"
    phone.get(url)
    link = PermitContractor.get(PermitContractor.permit == danas_permit)
    page = phone.send(url, 200, action=f"take_off-{link.id}")
    assert "Lone Star Plumbing has asked for an inspection on this permit:" in page.words("#ask b")
    assert page.words("#ask li") == ["Water heater replacement, Wed May 27"]
    assert PermitContractor.select().count() == 1
    assert page.select("main form button")[0]["value"] == "put_on", "Enter takes nobody off"
    phone.submit("main form", button=f"take_off-{link.id}")
    assert not PermitContractor.select().exists()


def test_a_company_page_begins_with_its_permits_and_says_where_the_rest_is(phone, dana):
    many(dana, 51)
    page = phone.get(f"/staff/contractors/{dana.company.id}")
    assert page.words("main h2")[:2] == ["Permits", "Open inspections"]
    phone.click("More than 50: all in the queue")
    assert "51 requests" in phone.page.text


def test_the_same_company_sent_twice_is_one(phone):
    phone.get("/staff/contractors/new")
    typed = {"company_name": "Granite Shoals Electric", "phone": "512-555-0177"}
    there = []
    for _ in range(2):
        phone.get("/staff/contractors/new")
        there.append(phone.send("/staff/contractors/new", **typed).headers["Location"])
    assert there[0] == there[1] and Contractor.select().count() == 1
    phone.get("/staff/contractors/new")
    assert "is there already" in phone.send("/staff/contractors/new", 422, company_name=typed["company_name"]).text


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (".", "A number has letters or digits in it."),
        ("..", "A number has letters or digits in it."),
        ("- -", "A number has letters or digits in it."),
        ("BP\u202e100", "There is a letter in it that nobody can see. Type the number anew."),
        ("BP\u200b100", "There is a letter in it that nobody can see. Type the number anew."),
    ],
)
def test_a_number_that_no_address_could_carry_is_refused(phone, number, says):
    phone.get("/staff/permits/new")
    assert says in add(phone, 422, permit_num=number).words(".bad .err")[0]
    assert not Permit.select().exists()


def test_a_correction_is_kept_from_the_import_and_on_record(phone, dana, danas_permit):
    before = version(dana.company)
    correct(phone, danas_permit, original_address1="79 Cedar Brake Drive", status="on_hold", reason="Misread.")
    now = Permit.get_by_id(danas_permit.id)
    assert (now.original_address1, now.status, now.status_current) == ("79 Cedar Brake Drive", "on_hold", "On hold")
    assert now.corrected.split() == ["original_address1", "status", "status_current", "status_on"]
    assert version(dana.company) > before
    page = phone.get(f"/staff/permits/{danas_permit.permit_num}")
    assert "77 Cedar Brake Drive" in page.words(".was")[0]
    assert "Misread." in page.text


def test_an_expiry_that_is_corrected_still_follows_the_inspections(phone, dana, danas_permit):
    past(danas_permit, dana.company, "WH", "failed", TODAY)
    correct(phone, danas_permit, source_expires_on="2026-07-01")
    now = Permit.get_by_id(danas_permit.id)
    assert (now.source_expires_on, now.expires_on) == (date(2026, 7, 1), TODAY + timedelta(days=180))
    assert now.corrected.split() == ["source_expires_on", "expires_on"]


def test_nothing_changed_is_nothing_on_record(phone, danas_permit):
    correct(phone, danas_permit)
    assert not Change.select().exists()


def test_the_second_of_two_is_told_and_keeps_what_was_typed(phone, browse, olu, danas_permit):
    url = f"/staff/permits/{danas_permit.permit_num}/correct"
    page = phone.get(url)
    correct(browse(olu), danas_permit, original_city="Round Rock")
    answer = correct(phone, danas_permit, 409, again=page, original_address1="1 Sam Street")
    assert "Olu Adeyemi changed this permit meanwhile." in answer.words("#problems")[0]
    assert answer.value("original_address1") == "1 Sam Street"
    assert Permit.get_by_id(danas_permit.id).original_address1 == "77 Cedar Brake Drive"


def test_a_company_of_the_source_that_is_taken_off_stays_off(phone, dana, eve, danas_permit):
    url = f"/staff/permits/{danas_permit.permit_num}/contractors"
    link = PermitContractor.get(PermitContractor.permit == danas_permit)
    before = version(dana.company)
    phone.get(url)
    phone.send(url, action=f"take_off-{link.id}")
    assert not danas_permit.contractors.count()
    assert Permit.get_by_id(danas_permit.id).corrected == "contractors"
    assert version(dana.company) > before
    assert "off the permit already" in phone.send(url, 409, action=f"take_off-{link.id}").text


@pytest.mark.parametrize(
    ("fields", "status", "says"),
    [
        ({"action": "put_on", "company": "Nobody Knows", "trade": "plumbing"}, 422, "No company begins like this."),
        ({"action": "put_on", "company": "Lone Star Plumbing", "trade": "masonry"}, 422, "Choose the trade."),
        ({"action": "put_on", "company": "Lone Star Plumbing", "trade": "plumbing"}, 409, "for that trade already"),
        ({"action": "take_off-x"}, 400, "That did not arrive whole."),
        ({"action": "burn"}, 400, "That did not arrive whole."),
    ],
)
def test_what_cannot_be_put_on_is_said(phone, danas_permit, fields, status, says):
    url = f"/staff/permits/{danas_permit.permit_num}/contractors"
    phone.get(url)
    assert says in phone.send(url, status, **fields).text
    assert danas_permit.contractors.count() == 1


def test_a_company_is_added_with_a_code_of_its_own(phone):
    page = phone.get("/staff/contractors/new?name=Stonebridge+Concrete")
    assert page.value("company_name") == "Stonebridge Concrete"
    page = phone.submit("main form", phone="(512) 555-0177", email="desk@stonebridge.example", zip="78664")
    made = Contractor.get()
    assert (made.company_name, made.phone) == ("Stonebridge Concrete", "512-555-0177")
    assert made.registration_code not in page.text
    assert "Company added by hand" in page.text


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("company_name", "", "Type the name of the company."),
        ("company_name", "!!!", "Type a name with letters or digits in it."),
        ("company_name", "LONE STAR plumbing", "Lone Star Plumbing is there already"),
        ("phone", "12", "A US number has 10 digits"),
        ("email", "desk", "The @ is missing."),
        ("zip", "x", "A ZIP code has 5 digits."),
    ],
)
def test_a_company_that_cannot_be_is_said(phone, dana, field, value, says):
    phone.get("/staff/contractors/new")
    page = phone.submit("main form", 422, **{"company_name": "Stonebridge", field: value})
    assert says in page.words(".bad .err")[0]
    assert Contractor.select().count() == 1


def test_inspectors_add_and_correct_nothing(browse, iris, danas_permit):
    browsing = browse(iris)
    for path in ("permits/new", "contractors/new", f"permits/{danas_permit.permit_num}/correct",
                 f"permits/{danas_permit.permit_num}/contractors"):  # fmt: skip
        browsing.get(f"/staff/{path}", status=403)
