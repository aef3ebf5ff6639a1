"""The people of a company on its profile, and in the request form."""

import pytest

from tests.page import Browse, Page
from tracker.actions.people import MOST
from tracker.models import Change, Contractor, Mail, Person, Request
from tracker.views.contractor import people as pages

MARCO = {"name": "Marco Ruiz", "email": "Marco@LoneStar.example", "phone": "512.555.0163", "wants": "all"}


def add(browsing: Browse, status: int = 303, **typed: str) -> Page:
    browsing.get("/profile/people/new")
    return browsing.submit('form[action="/profile/people/new"]', status, **{**MARCO, **typed})


@pytest.fixture
def marco(dana) -> Person:
    facts = {"name": "Marco Ruiz", "email": "marco@lonestar.example", "phone": "512-555-0163", "wants": "own"}
    return Person.create(contractor=dana.company, **facts)


def test_somebody_is_added_with_what_he_wants_to_be_mailed(browse, dana):
    browsing = browse(dana)
    page = browsing.get("/profile")
    assert page.words(".blank b") == ["Nobody is listed yet."]
    page = add(browsing)
    assert page.words(".said") == ["Added: Marco Ruiz."]
    assert page.words(".chosen li") == [
        "Marco Ruiz marco@lonestar.example 512-555-0163 All inspections of the company Change Marco Ruiz"
    ]
    person = Person.get()
    assert (person.contractor, person.email, person.wants) == (dana.company, "marco@lonestar.example", "all")
    change = Change.get()
    assert (change.verb, change.subject, change.subject_id) == ("add_person", "contractor", dana.company.id)


def test_who_is_added_gets_the_own_mails_unless_somebody_says_otherwise(browse, dana):
    page = browse(dana).get("/profile/people/new")
    assert page.value("wants") == "own"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("name", " ", "Name: Type the name."),
        ("email", "marco", "Email Address: The @ is missing. An address looks like name@company.com."),
        ("email", "a@b.example, c@d.example", "Email Address: An address looks like name@company.com."),
        ("phone", "555", "Phone Number: A US number has 10 digits, this has 3. Type one such as 512-555-0163."),
        ("wants", "everything", "Mails: Choose which mails."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(browse, dana, field, text, said):
    page = add(browse(dana), 422, **{field: text})
    assert page.words("#problems li") == [said]
    assert (page.value("name") if field != "name" else "Marco Ruiz") == "Marco Ruiz" and not Person.select().exists()


def test_a_phone_is_optional(browse, dana):
    add(browse(dana), phone="")
    assert Person.get().phone == ""


def test_one_address_is_one_person_however_it_is_written(browse, dana, marco):
    page = add(browse(dana), 422, name="Somebody", email="MARCO@lonestar.EXAMPLE")
    assert page.words("#problems li") == ["Email Address: Marco Ruiz has this address already."]
    assert Person.select().count() == 1


def test_two_companies_may_have_the_same_person(browse, dana, eve, marco):
    add(browse(eve))
    assert Person.select().count() == 2


def test_there_is_an_end_to_whom_the_city_writes(browse, dana):
    for n in range(MOST):
        Person.create(contractor=dana.company, name=f"N {n}", email=f"n{n}@lonestar.example")
    page = add(browse(dana), 422)
    assert page.words("#problems h2") == [f"There is room for {MOST} people. Remove one first."]


def test_somebody_is_changed(browse, dana, marco):
    browsing = browse(dana)
    browsing.get("/profile")
    page = browsing.click("Change Marco Ruiz")
    assert (page.words("h1"), page.value("phone"), page.value("wants")) == (["Marco Ruiz"], "512-555-0163", "own")
    page = browsing.submit(f'form[action="/profile/people/{marco.id}"]', wants="none", phone="")
    assert "No mails" in page.words(".chosen li")[0] and "0163" not in page.text
    assert Change.get().verb == "change_person"


def test_the_second_of_two_reads_what_the_first_wrote(browse, dana, marco):
    form = f'form[action="/profile/people/{marco.id}"]'
    first, second = browse(dana), browse(dana)
    for browsing in (first, second):
        browsing.get(f"/profile/people/{marco.id}")
    first.submit(form, phone="512-555-0199")
    page = second.submit(form, 409, wants="all")
    assert page.words("#problems li") == [
        "Phone Number: It is “512-555-0199” now.",
        "Mails: It is “own” now.",
    ]
    assert Person.get().wants == "own" and page.value("wants") == "all"
    second.submit(form)
    assert Person.get().wants == "all"


def test_who_was_removed_meanwhile_is_not_changed(browse, dana, marco):
    browsing = browse(dana)
    browsing.get(f"/profile/people/{marco.id}")
    Person.delete().execute()
    browsing.submit(f'form[action="/profile/people/{marco.id}"]', 404)


def test_an_address_that_another_has_is_not_taken_by_a_change(browse, dana, marco):
    other = Person.create(contractor=dana.company, name="Lena Fox", email="lena@lonestar.example")
    browsing = browse(dana)
    browsing.get(f"/profile/people/{other.id}")
    page = browsing.submit(f'form[action="/profile/people/{other.id}"]', 422, email="marco@lonestar.example")
    assert page.words("#problems li") == ["Email Address: Marco Ruiz has this address already."]


def test_somebody_is_removed_and_can_be_added_again(browse, dana, marco):
    browsing = browse(dana)
    browsing.get(f"/profile/people/{marco.id}")
    page = browsing.submit(f'form[action="/profile/people/{marco.id}/remove"]')
    assert page.words(".said") == ["Removed: Marco Ruiz. To undo it, add the person again."]
    assert not Person.select().exists() and "0163" in Change.get().before
    add(browsing)
    assert Person.get().name == "Marco Ruiz"


def test_markup_in_a_name_is_text(browse, dana, danas_permit):
    browsing = browse(dana)
    add(browsing, name='<b>Marco</b> & "Co"')
    for path in ("/profile", f"/profile/people/{Person.get().id}", "/permits/PP-2026-00932/request"):
        assert '<b>Marco</b> & "Co"' in browsing.get(path).text


REQUEST = "/permits/PP-2026-00932/request"


def test_a_tap_on_a_name_fills_in_the_contact_and_keeps_the_rest(browse, dana, danas_permit, marco):
    browsing = browse(dana)
    browsing.get(REQUEST)
    typed = {
        "contact_name": "",
        "site_address": "77 Cedar Brake, rear",
        "inspection_type": "WH",
        "remarks": "Gate 4711",
    }
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}", time_frame="pm", **typed)
    contact = [page.value(name) for name in ("contact_name", "phone", "email")]
    assert contact == ["Marco Ruiz", "512-555-0163", "marco@lonestar.example"]
    kept = [page.value(name) for name in ("site_address", "inspection_type", "remarks", "time_frame")]
    assert kept == ["77 Cedar Brake, rear", "WH", "Gate 4711", "pm"] and not page.select("#problems")
    page = browsing.submit("main form", button="submit")
    assert "The confirmation goes to marco@lonestar.example." in page.text
    assert Request.get().contact_name == "Marco Ruiz"


def test_with_htmx_it_is_the_form_alone(browse, dana, danas_permit, marco):
    browsing = browse(dana)
    page = browsing.get(REQUEST)
    data = {**page.fields(page.one("main form")), "action": f"contact-{marco.id}"}
    answer = browsing.post(REQUEST, data, 200, HX_Request="true")
    assert not answer.is_whole and answer.value("contact_name") == "Marco Ruiz"


def test_what_is_on_the_list_stays_on_it(browse, dana, danas_house, marco):
    browsing = browse(dana)
    browsing.get(f"/permits/{danas_house.permit_num}/request")
    browsing.submit("main form", 200, button="add", inspection_type="SEWER")
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}")
    assert page.value("inspections-0-inspection_type") == "SEWER" and page.value("contact_name") == "Marco Ruiz"


def test_somebody_without_a_phone_gets_the_companys_and_the_page_says_so(browse, dana, danas_permit, marco):
    Person.update(phone="").execute()
    browsing = browse(dana)
    browsing.get(REQUEST)
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}", phone="512-555-0111")
    assert page.value("phone") == dana.company.phone and page.value("contact_name") == "Marco Ruiz"
    assert page.words("#phone-h") == ["The company’s number: Marco Ruiz has none here."]
    Person.update(phone="512-555-0163").execute()
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}")
    assert page.value("phone") == "512-555-0163" and not page.select("#phone-h")


@pytest.mark.parametrize("id", ["999999", "0", "-1", "²", "x", "", "1 OR 1", "9" * 400])
def test_nobody_of_that_number_changes_nothing(browse, dana, danas_permit, marco, id):
    browsing = browse(dana)
    browsing.get(REQUEST)
    page = browsing.submit("main form", 200, button=f"contact-{id}", contact_name="Dana")
    assert page.value("contact_name") == "Dana"


def test_another_companys_people_are_not_offered_and_not_filled_in(browse, eve, eves_permit, marco):
    browsing = browse(eve)
    page = browsing.get("/permits/PP-2026-00555/request")
    assert "Marco" not in page.text
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}")
    assert "marco" not in page.body.decode().lower()


def test_many_people_are_folded_away_and_the_page_stays_small(browse, dana, danas_house):
    for n in range(MOST):
        Person.create(contractor=dana.company, name=f"Bartholomew Montgomery {n}", email=f"bart{n}@lonestar.example")
    browsing = browse(dana)
    page = browsing.get(f"/permits/{danas_house.permit_num}/request")  # within 8 KB, or the page object complains
    assert page.words("details summary")[0] == f"Fill in one of {MOST} people"
    browsing.get("/profile")


def test_a_technician_on_the_phone_fills_in_the_same(browse, sam, dana, danas_permit, marco):
    browsing = browse(sam)
    page = browsing.get(f"/staff/permits/{danas_permit.permit_num}")
    link = next(str(one["href"]) for one in page.select("main a[href]") if "request" in str(one["href"]))
    browsing.get(link)
    page = browsing.submit("main form", 200, button=f"contact-{marco.id}")
    assert page.value("contact_name") == "Marco Ruiz"


def test_a_company_signed_out_meanwhile_does_not_remove_anybody(browse, dana, marco, monkeypatch):
    """Its session ends between the look at who asks and the act."""
    browsing = browse(dana)
    browsing.get(f"/profile/people/{marco.id}")
    real = pages.actions.remove_person

    def late(*args, **named):
        Contractor.update(session_token="another").execute()
        return real(*args, **named)

    monkeypatch.setattr(pages.actions, "remove_person", late)
    page = browsing.submit(f'form[action="/profile/people/{marco.id}/remove"]', 409)
    assert "The company was signed out meanwhile. Sign in again." in page.words("#problems")[0]
    assert Person.get().name == "Marco Ruiz"


@pytest.mark.parametrize("name", ["\u202e", "\u200b\u200b", "\u2060 \ufeff", "\u3164", "\u00ad"])
def test_a_name_that_nobody_sees_is_none(browse, dana, name):
    assert add(browse(dana), 422, name=name).words("#problems li") == ["Name: Type the name."]


def test_what_turns_the_letters_around_is_not_kept(browse, dana):
    add(browse(dana), name="Marco \u202eziuR\u200b")
    assert Person.get().name == "Marco ziuR"


def told() -> list[tuple[str, str]]:
    return [(mail.recipient, mail.text) for mail in Mail.select().where(Mail.kind == "gets_all_mails")]


def test_the_company_is_told_who_reads_all_its_mails_from_now_on(browse, dana):
    """Whoever found a phone cannot have the mails go elsewhere unseen."""
    add(browse(dana), name="Nobody Known", email="thief@elsewhere.example")
    [(recipient, text)] = told()
    assert recipient == "office@lonestar.example"
    assert "Nobody Known gets all mails about the inspections of Lone Star Plumbing from now on." in text
    assert "They go to thief@elsewhere.example" in text and "remove Nobody Known from your people" in text


@pytest.mark.parametrize("typed", [{"wants": "all"}, {"wants": "all", "email": "thief@elsewhere.example"}])
def test_also_of_somebody_who_was_there_already(browse, dana, marco, typed):
    browsing = browse(dana)
    browsing.get(f"/profile/people/{marco.id}")
    browsing.submit(f'form[action="/profile/people/{marco.id}"]', **typed)
    [(_, text)] = told()
    assert f"They go to {typed.get('email', 'marco@lonestar.example')}" in text


def test_another_address_of_somebody_who_reads_all_is_told(browse, dana, marco):
    Person.update(wants="all").execute()
    browsing = browse(dana)
    browsing.get(f"/profile/people/{marco.id}")
    browsing.submit(f'form[action="/profile/people/{marco.id}"]', email="thief@elsewhere.example")
    assert len(told()) == 1


def test_what_gives_nobody_more_mails_is_not_told(browse, dana, marco):
    browsing = browse(dana)
    for wants in ("own", "none"):
        add(browsing, email=f"{wants}@lonestar.example", wants=wants)
    Person.update(wants="all").where(Person.id == marco.id).execute()
    for typed in ({"phone": ""}, {"name": "Marco R."}, {"wants": "own"}):
        browsing.get(f"/profile/people/{marco.id}")
        browsing.submit(f'form[action="/profile/people/{marco.id}"]', **typed)
    add(browsing, email="OFFICE@lonestar.example")  # the company's own
    assert told() == []
