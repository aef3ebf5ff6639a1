"""A session ends on the server: a cookie that was copied before opens nothing after."""

from datetime import timedelta

import pytest

from tests.cast import CLERK, NOW, PASSWORD, desk
from tests.page import Browse
from tracker.actions.companies import block_company, renew_code, sign_out_company
from tracker.actions.sign_ins import MOST
from tracker.actions.staff import leave, set_password, sign_out_everywhere
from tracker.models import Contractor, SignIn
from tracker.models.people import SESSION_LASTS
from tracker.views import sessions

NEW_PASSWORD = "seven herons by the quarry"


@pytest.fixture
def thief(app):
    """`thief(browsing)` → a browser with a copy of all its cookies; `only` names those that were stolen."""

    def copy(browsing: Browse, *only: str) -> Browse:
        other = Browse(app)
        for name in only or ("session", "remember_token", "device"):
            if cookie := browsing.client.get_cookie(name):
                other.client.set_cookie(name, cookie.value)
        return other

    return copy


@pytest.fixture
def phone(browse, dana) -> Browse:
    """Dana's, remembered."""
    browsing = browse()
    browsing.sign_in("Lone Star Plumbing", dana.pin, remember="1")
    browsing.get("/dashboard")
    return browsing


@pytest.fixture
def truck(browse, iris) -> Browse:
    """Iris's phone, remembered."""
    browsing = browse()
    browsing.get("/staff")
    browsing.submit("main form", follow=False, email=iris.row.email, password=PASSWORD, remember="1")
    browsing.get("/staff/me")
    return browsing


STOLEN = pytest.mark.parametrize("only", [("session",), ("remember_token",), ()], ids=["session", "remember", "all"])


@STOLEN
def test_signing_out_ends_what_was_copied_from_this_phone(phone, thief, only):
    copied = thief(phone, *only)
    copied.get("/dashboard")
    phone.submit("header form")
    copied.get("/dashboard", status=303)


@STOLEN
def test_signing_out_of_the_citys_pages_does_too(truck, thief, only):
    copied = thief(truck, *only)
    truck.submit("form[action='/staff/sign-out']")
    copied.get("/staff/me", status=303)


@STOLEN
@pytest.mark.parametrize("end", [renew_code, sign_out_company, block_company])
def test_a_copy_ends_with_the_code_with_sign_out_everywhere_and_with_the_block(phone, dana, thief, only, end):
    copied = thief(phone, *only)
    end(dana.company, by=CLERK, now=NOW, **({"reason": "Unpaid."} if end is block_company else {}))
    for browsing in (copied, phone):
        browsing.get("/dashboard", status=303)


@STOLEN
def test_a_copy_ends_with_a_new_pin_and_the_phone_it_was_set_on_goes_on(phone, dana, thief, only):
    copied = thief(phone, *only)
    phone.get("/profile/pin")
    phone.submit("main form", pin=dana.pin, new_pin="copper elbow 9", new_pin_again="copper elbow 9")
    copied.get("/dashboard", status=303)
    phone.get("/dashboard")
    phone.client.delete_cookie("session")
    phone.get("/dashboard")


@STOLEN
@pytest.mark.parametrize("end", ["set_password", "sign_out_everywhere", "leave"])
def test_a_copy_of_the_staffs_ends_with_the_password_and_with_the_person(truck, iris, olu, thief, only, end):
    copied = thief(truck, *only)
    if end == "set_password":
        set_password(iris.row, NEW_PASSWORD, by=olu.by, now=NOW)
    elif end == "leave":
        leave(iris.row, desk=desk(), by=olu.by, now=NOW)
    else:
        sign_out_everywhere(iris.row, by=olu.by, now=NOW)
    for browsing in (copied, truck):
        browsing.get("/staff/me", status=303)


@STOLEN
def test_thirty_days_after_the_pin_was_typed_the_server_asks_for_it_again(phone, at, only, thief):
    copied = thief(phone, *only)
    at(NOW + SESSION_LASTS - timedelta(seconds=1))
    copied.get("/dashboard")
    at(NOW + SESSION_LASTS)
    copied.get("/dashboard", status=303)


def test_a_browser_that_never_closes_is_asked_after_thirty_days_too(browse, dana, at):
    browsing = browse(dana)
    at(NOW + SESSION_LASTS)
    browsing.get("/dashboard", status=303)


def test_a_new_pin_typed_begins_the_thirty_days_anew(phone, dana, at):
    at(NOW + timedelta(days=20))
    phone.get("/profile/pin")
    phone.submit("main form", pin=dana.pin, new_pin="copper elbow 9", new_pin_again="copper elbow 9")
    at(NOW + timedelta(days=45))
    phone.get("/dashboard")


def test_signing_out_on_one_phone_leaves_the_others(phone, browse, dana):
    other = browse(dana)
    phone.submit("header form")
    other.get("/dashboard")


def test_a_button_pressed_twice_signs_in_once_or_twice_but_never_out(browse, dana):
    """The second goes out before the first is answered: whichever answer comes last, the phone is signed in."""
    browsing = browse()
    browsing.get("/")
    kept = browsing.client.get_cookie("session").value
    answers = []
    for _ in range(2):
        browsing.client.set_cookie("session", kept)
        browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin)
        answers.append(browsing.client.get_cookie("session").value)
    for cookie in answers:
        browsing.client.set_cookie("session", cookie)
        browsing.get("/dashboard")


def test_signing_in_again_ends_the_session_that_was_open_here(phone, dana, eve, thief):
    copied = thief(phone)
    phone.get("/how-to")
    phone.send("/", company="Evergreen Drains", pin=eve.pin)
    assert phone.get("/dashboard").words("h1") == ["Evergreen Drains"]
    copied.get("/dashboard", status=303)


def test_signing_in_without_remember_me_forgets_whom_the_phone_remembered(phone, eve):
    phone.get("/how-to")
    phone.send("/", company="Evergreen Drains", pin=eve.pin)
    assert phone.client.get_cookie("remember_token") is None
    phone.client.delete_cookie("session")
    phone.get("/dashboard", status=303)


def test_a_company_on_whose_phone_somebody_of_the_staff_signs_in_is_signed_out_there(phone, iris, thief):
    copied = thief(phone)
    phone.get("/how-to")
    phone.send("/staff", email=iris.row.email, password=PASSWORD)
    phone.get("/staff/me")
    copied.get("/dashboard", status=303)


def test_a_session_of_a_company_is_none_of_the_staffs_with_the_same_number(phone, iris, app):
    row = SignIn.get()
    with phone.client.session_transaction() as session:
        session["_user_id"] = f"staff:{row.session}"
    phone.client.delete_cookie("remember_token")
    phone.get("/staff/me", status=303)


@pytest.mark.parametrize("name", ["contractor:", "staff:", "contractor", ":", "contractor:None", "contractor:\0", "x"])
def test_a_session_without_a_row_is_none(browse, dana, name):
    browsing = browse(dana)
    browsing.get("/dashboard")
    browsing.submit("header form")  # a row whose session is over
    with browsing.client.session_transaction() as session:
        session["_user_id"] = name
    browsing.get("/dashboard", status=303)


def test_signed_in_costs_one_query(phone, counting):
    with counting() as queries:
        phone.get("/profile/company")
    assert len(queries) == 1


def test_an_account_keeps_its_latest_sign_ins_and_the_table_an_end(browse, dana, eve):
    rows = [{"contractor": dana.company, "device": f"d{n}", "session": f"s{n}", "token": "t", "at": NOW}
            for n in range(MOST + 5)]  # fmt: skip
    SignIn.insert_many([*rows, {**rows[0], "contractor": eve.company, "session": "eves"}]).execute()
    browse(dana)
    assert SignIn.select().where(SignIn.contractor == dana.company).count() == MOST
    assert not SignIn.select().where(SignIn.session == "s0").exists()
    assert SignIn.select().where(SignIn.session == "eves").exists()


def test_one_phone_that_signs_in_and_out_all_day_is_one_row(phone, dana):
    for _ in range(5):
        phone.submit("header form")
        phone.sign_in("Lone Star Plumbing", dana.pin)
        phone.get("/dashboard")
    assert SignIn.select().count() == 1


def test_a_code_renewed_while_somebody_signs_in_ends_that_session_too(browse, dana, monkeypatch):
    real = sessions.begin_session

    def late(company, **named):
        Contractor.update(session_token="another").execute()
        return real(company, **named)

    monkeypatch.setattr(sessions, "begin_session", late)
    browsing = browse()
    browsing.get("/")
    browsing.submit("main form", follow=False, company="Lone Star Plumbing", pin=dana.pin)
    browsing.get("/dashboard", status=303)
