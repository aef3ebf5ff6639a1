"""The company's profile: its own PIN, its address, its language, and the end of all sessions."""

import re

import pytest

from tests.cast import NOW
from tests.page import Browse
from tracker.actions.accounts import hash_pin
from tracker.actions.companies import renew_code
from tracker.models import Attempt, Change, Contractor, Mail

PIN = "copper elbow 9"
DETAILS = {
    "address": "200 Depot Street",
    "city": "Bluebonnet",
    "state": "TX",
    "zip": "78664",
    "phone": "(512) 555-0170",
    "email": "office@lonestar.example",
}


def set_pin(browsing: Browse, pin: str, status: int = 303, new: str = PIN, again: str | None = None):
    browsing.get("/profile/pin")
    again = new if again is None else again
    return browsing.submit('form[action="/profile/pin"]', status, pin=pin, new_pin=new, new_pin_again=again)


def change(browsing: Browse, proof: str, status: int = 303, **typed: str):
    browsing.get("/profile/company")
    return browsing.submit('form[action="/profile/company"]', status, **{**DETAILS, "pin": proof, **typed})


def with_the_code(browsing: Browse, company: str, pin: str):
    """Signed in with the registration code, and where that leads in the end."""
    browsing.get("/")
    start = browsing.submit("main form", follow=False, company=company, pin=pin).headers["Location"]
    return browsing.get(browsing.get(start, status=303).headers["Location"])


def now_of(company: Contractor) -> Contractor:
    return Contractor.get_by_id(company.id)


def test_the_profile_is_one_of_three_links_in_the_header(browse, dana):
    browsing = browse(dana)
    page = browsing.get("/dashboard")
    assert page.words("header nav a, header nav button") == ["Help", "Profile", "Sign out"]
    page = browsing.click("Profile", within="header")
    assert page.words("h1") == ["Profile"] and "Your company signs in with its registration code." in page.text


def test_the_own_pin_takes_the_place_of_the_code(browse, dana):
    browsing = browse(dana)
    page = set_pin(browsing, dana.pin)
    assert page.words(".said") == ["Your PIN is changed. Every other phone and computer was signed out."]
    assert "signs in with a PIN of its own" in page.text
    assert browse().sign_in("Lone Star Plumbing", PIN).words("h1") == ["Lone Star Plumbing"]
    browse().sign_in("Lone Star Plumbing", dana.pin, status=422)


def test_a_changed_pin_ends_all_other_sessions_and_this_one_stays(browse, dana):
    here, phone = browse(dana), browse()
    phone.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    set_pin(here, dana.pin)
    here.get("/dashboard")
    phone.get("/dashboard", status=303)
    phone.client.delete_cookie("session")  # what Remember Me kept is no way in either
    phone.get("/dashboard", status=303)


def test_on_a_remembered_phone_the_new_session_is_remembered_too(browse, dana):
    phone = browse()
    phone.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    set_pin(phone, dana.pin)
    phone.client.delete_cookie("session")
    assert phone.get("/dashboard").words("h1") == ["Lone Star Plumbing"]


def test_a_computer_that_is_not_remembered_gets_no_cookie_that_stays(browse, dana):
    browsing = browse(dana)
    set_pin(browsing, dana.pin)
    assert browsing.client.get_cookie("remember_token") is None


def test_a_form_open_before_the_change_can_still_be_sent(browse, dana):
    browsing = browse(dana)
    browsing.get("/dashboard")
    token = browsing.token
    set_pin(browsing, dana.pin)
    browsing.post("/sign-out", {"csrf_token": token})


@pytest.mark.parametrize("path", ["pin", "company"])
def test_a_found_phone_changes_nothing_without_the_pin(browse, dana, path):
    browsing = browse(dana)
    page = set_pin(browsing, "RR-2222-2222", 422) if path == "pin" else change(browsing, "wrong", 422, phone="x")
    if path == "company":
        page = change(browsing, "wrong", 422)
    assert page.words("#problems li") == [
        "Current PIN: This is not the PIN of your company. Forgot it? Call 512-555-0100."
    ]
    company = now_of(dana.company)
    assert company.own_pin_hash is None and company.address == "" and not Mail.select().exists()


def test_guessing_the_pin_on_the_profile_counts_as_trying_to_sign_in(browse, dana):
    browsing = browse(dana)
    for _ in range(8):
        set_pin(browsing, "wrong", 422)
    page = set_pin(browsing, dana.pin, 429)
    assert page.words("#problems li") == ["Current PIN: Too many tries. Wait 15 minutes, or call 512-555-0100."]
    change(browsing, dana.pin, 429)
    browsing.submit("header form")
    browsing.sign_in("Lone Star Plumbing", dana.pin, status=429)
    assert now_of(dana.company).own_pin_hash is None


def test_a_right_pin_was_no_wrong_try(browse, dana):
    browsing = browse(dana)
    for _ in range(10):
        change(browsing, dana.pin)
    assert {one.key: one.count for one in Attempt.select()}["all"] == 0


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "New PIN: Use 8 characters or more: letters, digits or both."),
        ("12345678", "12345678", "New PIN: That is too easy to guess. Do not repeat or count."),
        (PIN, "copper elbow", "New PIN again: This is not the same as above. Type the new PIN twice."),
        ("", "", "New PIN: Type the new PIN."),
    ],
)
def test_a_pin_that_is_no_good_is_said_why_and_not_shown_again(browse, dana, new, again, said):
    page = set_pin(browse(dana), dana.pin, 422, new, again)
    assert page.words("#problems li") == [said] and page.one("title").get_text().startswith("Error: ")
    assert [page.value(name) for name in ("pin", "new_pin", "new_pin_again")] == ["", "", ""]
    assert now_of(dana.company).own_pin_hash is None


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: f" {code.replace('-', '')} "])
def test_the_registration_code_is_no_pin_of_ones_own(browse, dana, typed):
    page = set_pin(browse(dana), dana.pin, 422, typed(dana.pin))
    assert "The registration code stands on every permit." in page.text


@pytest.mark.usefixtures("with_real_hashes")
def test_the_pin_is_kept_as_a_hash_and_stands_in_no_record_and_no_mail(browse, dana):
    set_pin(browse(dana), dana.pin)
    assert now_of(dana.company).own_pin_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    change = Change.get()
    assert (change.verb, change.actor_name, change.subject_id) == ("set_own_pin", "Lone Star Plumbing", dana.company.id)
    mail = Mail.get()
    assert (mail.recipient, mail.subject) == ("office@lonestar.example", "Your PIN was changed")
    assert "The PIN of Lone Star Plumbing was changed." in mail.text and "call 512-555-0100" in mail.text
    assert not re.search(f"{PIN}|{dana.pin}", f"{mail.text}{mail.html}{change.before}{change.after}")


def test_a_renewed_code_removes_the_own_pin_and_ends_all_sessions(browse, dana, sam):
    browsing = browse(dana)
    set_pin(browsing, dana.pin)
    code = renew_code(dana.company, by=sam.by, now=NOW)
    browsing.get("/dashboard", status=303)
    browse().sign_in("Lone Star Plumbing", PIN, status=422)
    assert browse().sign_in("Lone Star Plumbing", code).words("h1") == ["Lone Star Plumbing"]


def test_the_address_is_changed_with_the_pin_and_mailed_to_the_old_and_the_new(browse, dana):
    browsing = browse(dana)
    page = change(browsing, dana.pin, email="Office@NewPlace.example", phone="512.555.0199")
    assert page.words(".said") == ["Saved. A mail about it goes to the company."]
    assert page.words("dl.facts dd") == [
        "200 Depot Street Bluebonnet, TX 78664",
        "512-555-0199",
        "Office@newplace.example",
    ]
    mails = {mail.recipient: mail.text for mail in Mail.select()}
    assert set(mails) == {"office@lonestar.example", "Office@newplace.example"}
    assert "200 Depot Street, Bluebonnet TX 78664\n512-555-0199\nOffice@newplace.example\n" in set(mails.values()).pop()
    made = Change.get()
    assert made.verb == "change_company" and "Depot" in made.after and "lonestar" in made.before
    browsing.get("/dashboard")  # nobody is signed out by it


def test_nothing_changed_is_neither_mailed_nor_recorded(browse, dana):
    browsing = browse(dana)
    change(browsing, dana.pin, phone="512-555-0170")
    Mail.delete().execute()
    before = Change.select().count()
    page = change(browsing, dana.pin, phone="512 555 0170")
    assert page.words(".said") == ["Nothing was changed."]
    assert not Mail.select().exists() and Change.select().count() == before


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("email", "", "Email Address: Type the address that the company reads."),
        ("email", "office", "Email Address: The @ is missing. An address looks like name@company.com."),
        ("phone", "555", "Phone Number: A US number has 10 digits, this has 3. Type one such as 512-555-0163."),
        ("zip", "7866", "ZIP: A ZIP code has 5 digits."),
        ("address", "x" * 201, "Address: 201 characters. There is room for 200."),
        ("pin", "", "Current PIN: Type the PIN you signed in with."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(browse, dana, field, text, said):
    page = change(browse(dana), dana.pin, 422, **{field: text})
    assert page.words("#problems li") == [said]
    assert page.value("city") == "Bluebonnet" and page.value("pin") == ""
    assert now_of(dana.company).city == "" and not Attempt.select().where(Attempt.count > 0).exists()


def test_two_at_once_the_second_reads_what_the_first_wrote(browse, dana):
    first, second = browse(dana), browse(dana)
    second.get("/profile/company")
    change(first, dana.pin, address="1 First Street")
    form = 'form[action="/profile/company"]'
    page = second.submit(form, 409, **{**DETAILS, "address": "2 Second Street", "pin": dana.pin})
    assert page.words("#problems h2") == [
        "Lone Star Plumbing changed this meanwhile. Look it over: saving again puts yours in its place."
    ]
    assert page.words("#problems li") == ["Address: It is “1 First Street” now."]
    assert page.value("address") == "2 Second Street" and now_of(dana.company).address == "1 First Street"
    second.submit(form, pin=dana.pin)
    assert now_of(dana.company).address == "2 Second Street"


def test_sign_out_everywhere_ends_every_session_this_one_too(browse, dana):
    here, phone = browse(dana), browse()
    phone.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    here.get("/profile")
    page = here.submit('form[action="/profile/sign-out-everywhere"]')
    assert page.words("h1") == ["Sign in"] and "Every phone and computer of your company is signed out." in page.text
    for browsing in (here, phone):
        browsing.get("/dashboard", status=303)
    assert [one.verb for one in Change.select()] == ["sign_in_new_device", "sign_out_company"]
    browse().sign_in("Lone Star Plumbing", dana.pin)


def test_another_company_stays_signed_in(browse, dana, eve):
    hers = browse(eve)
    browsing = browse(dana)
    browsing.get("/profile")
    browsing.submit('form[action="/profile/sign-out-everywhere"]')
    assert hers.get("/dashboard").words("h1") == ["Evergreen Drains"]


def test_the_language_is_only_asked_for_where_there_is_a_choice(app, browse, dana):
    app.config["LANGUAGES"] = ("en",)
    assert not browse(dana).get("/profile").select("#language")


def test_the_language_of_the_company_goes_before_the_browsers(app, browse, dana, counting):
    app.config["LANGUAGES"] = ("en", "es")
    browsing = browse(dana, Accept_Language="en")
    page = browsing.get("/profile")
    assert page.words("#language option") == ["English", "Español"] and page.value("language") == "en"
    with counting() as queries:
        browsing.get("/profile/company")
    browsing.get("/profile")
    page = browsing.submit('form[action="/profile/language"]', language="es")
    assert page.one("html")["lang"] == "es" and now_of(dana.company).language == "es"
    with counting() as after:
        assert browsing.get("/profile/company").one("html")["lang"] == "es"
    assert len(after) == len(queries) == 1  # the one that loads the company
    browsing.send("/profile/language", language="tlh")
    assert now_of(dana.company).language == "es"


@pytest.fixture
def asks_for_own_pin(app):
    app.config["REQUIRE_OWN_PIN"] = True


@pytest.mark.usefixtures("asks_for_own_pin")
def test_where_the_city_asks_for_it_a_company_with_its_code_sets_a_pin_first(browse, dana, danas_permit):
    browsing = browse()
    page = with_the_code(browsing, "Lone Star Plumbing", dana.pin)
    assert page.one("main input[name=next]")["value"] == "/dashboard"
    assert page.words("h1") == ["Set your own PIN"] and "The city asks every company for a PIN of its own" in page.text
    for path in (
        "/dashboard",
        "/profile",
        "/permits/PP-2026-00932",
        "/permits/PP-2026-00932/request",
        "/profile/company",
    ):
        assert browsing.get(path, status=303).headers["Location"].startswith("/profile/pin?next=")
    refreshed = browsing.get("/dashboard/inspections", HX_Request="true")
    assert refreshed.headers["HX-Redirect"] == "/profile/pin"
    browsing.get("/profile/pin")
    assert browsing.send("/permits/PP-2026-00932/request", action="submit").headers["Location"] == "/profile/pin"
    browsing.get("/profile/pin?next=/permits/PP-2026-00932")
    page = browsing.submit("main form", pin=dana.pin, new_pin=PIN, new_pin_again=PIN)
    assert page.words("h1") == ["77 Cedar Brake Drive"]
    browsing.get("/dashboard")


@pytest.mark.usefixtures("asks_for_own_pin")
def test_a_form_from_an_old_page_is_no_way_around_it(browse, dana, danas_permit):
    browsing = browse()
    with_the_code(browsing, "Lone Star Plumbing", dana.pin)
    url = "/permits/PP-2026-00932/request"
    answer = browsing.post(url, {"csrf_token": "stale", "remarks": "Gate 4"}, 303)
    assert answer.headers["Location"].startswith("/profile/pin") and "Cedar" not in answer.text


@pytest.mark.usefixtures("asks_for_own_pin")
def test_nor_is_what_was_kept_while_signing_in(browse, dana, danas_permit):
    browsing = browse()
    browsing.get("/")
    kept = '{"number": "PP-2026-00932", "typed": {"remarks": "Gate 4"}}'
    typed = {"company": "Lone Star Plumbing", "pin": dana.pin, "kept": kept}
    answer = browsing.submit("main form", follow=False, **typed)
    assert answer.headers["Location"] == "/profile/pin?next=/permits/PP-2026-00932/request"


@pytest.mark.usefixtures("asks_for_own_pin")
@pytest.mark.parametrize("part", ["inspections", "permits", "permits/more"])
def test_a_part_of_a_page_is_no_place_to_go_on(browse, dana, part):
    visitor, browsing = browse(), browse()
    assert visitor.get(f"/dashboard/{part}", status=303).headers["Location"] == "/"
    with_the_code(browsing, "Lone Star Plumbing", dana.pin)
    assert browsing.get(f"/dashboard/{part}", status=303).headers["Location"] == "/profile/pin"


@pytest.mark.usefixtures("asks_for_own_pin")
def test_whoever_has_a_pin_of_its_own_or_wants_to_leave_is_not_held_up(browse, dana, eve, sam):
    Contractor.update(own_pin_hash=hash_pin(PIN)).where(Contractor.id == dana.company.id).execute()
    assert browse().sign_in("Lone Star Plumbing", PIN).words("h1") == ["Lone Star Plumbing"]
    browsing = browse()
    with_the_code(browsing, "Evergreen Drains", eve.pin)
    browsing.get("/how-to")
    assert browsing.submit('form[action="/sign-out"]').words("h1") == ["Sign in"]
    browse(sam).get("/staff/queue")


@pytest.mark.usefixtures("asks_for_own_pin")
def test_where_to_go_on_is_never_somewhere_else(browse, dana):
    browsing = browse()
    with_the_code(browsing, "Lone Star Plumbing", dana.pin)
    page = browsing.get("/profile/pin?next=https://evil.example/")
    assert page.one("main input[name=next]")["value"] == ""
    page = browsing.submit("main form", next="//evil.example", pin=dana.pin, new_pin=PIN, new_pin_again=PIN)
    assert page.words("h1") == ["Profile"]


def test_the_sign_in_page_speaks_of_both(browse):
    hint = "The registration code on your printed permit, or the PIN your company set."
    assert hint in browse().get("/").words("#pin-h")
