"""One's own page: everybody of the staff changes the own password and signs out of a lost phone."""

import pytest

from tests.cast import PASSWORD
from tests.supervisor.a_form import problems
from tracker.models import Change, Staff
from tracker.rules.throttle import MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT

GOOD = "seven herons by the quarry"
FORM = "form[action='/staff/me/password']"


def change(browsing, status=303, old=PASSWORD, password=GOOD, again=GOOD):
    browsing.get("/staff/me")
    return browsing.submit(FORM, status, old=old, password=password, again=again)


@pytest.mark.parametrize("who", ["sam", "iris", "olu"])
def test_it_is_one_step_from_every_page(browse, who, request):
    person = request.getfixturevalue(who)
    browsing = browse(person)
    browsing.get("/staff/queue")
    page = browsing.click(person.row.name, within="footer")
    assert page.words("h1") == [person.row.name] and person.row.email in page.text


def test_a_new_password_signs_the_other_devices_out_and_this_one_stays(browse, iris):
    truck, home = browse(iris), browse(iris)
    page = change(truck)
    assert "Your new password holds. Your other devices are signed out." in page.text
    truck.get("/staff/day")
    assert home.client.get("/staff/day").status_code == 303
    home.get("/staff")
    home.submit("main form", 422, email=iris.row.email, password=PASSWORD)
    home.submit("main form", follow=False, email=iris.row.email, password=GOOD)


def test_a_remembered_device_stays_remembered(browse, iris):
    truck = browse()
    truck.get("/staff")
    truck.submit("main form", follow=False, email=iris.row.email, password=PASSWORD, remember="1")
    before = truck.client.get_cookie("remember_token").value
    change(truck)
    kept = truck.client.get_cookie("remember_token").value
    assert kept != before
    truck.client.delete_cookie("session")
    truck.get("/staff/day")
    truck.client.set_cookie("remember_token", before)
    truck.client.delete_cookie("session")
    assert truck.client.get("/staff/day").status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"old": ""}, "Password you have now: Type the password you have now."),
        ({"old": "not this one, sorry"}, "Password you have now: That is not your password."),
        ({"again": "seven herons by"}, "New password again: The two are not the same. Type the new password twice."),
        ({"password": "short", "again": "short"},
         "New password: Use 15 characters or more. A short sentence is easy to keep in mind."),
        ({"password": "", "again": ""},
         "New password: Use 15 characters or more. A short sentence is easy to keep in mind."),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_and_nothing_changes(browse, iris, typed, said):
    browsing = browse(iris)
    page = change(browsing, 422, **typed)
    assert problems(page) == ["Your password is as it was.", said]
    assert not [field for field in page.select("input[type=password]") if field.get("value")]
    assert Staff.get_by_id(iris.row.id).password_hash == iris.row.password_hash and not Change.select().exists()
    browsing.get("/staff/day")


def test_tries_of_the_old_one_are_slowed(browse, iris):
    browsing = browse(iris)
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        change(browsing, 422, old="not this one, sorry")
    page = change(browsing, 429)
    assert "Too many tries" in problems(page)[0] or "wait" in problems(page)[0].lower()
    assert Staff.get_by_id(iris.row.id).password_hash == iris.row.password_hash


def test_signing_out_everywhere_ends_this_session_too(browse, iris):
    truck, home = browse(), browse(iris)
    truck.get("/staff")
    truck.submit("main form", follow=False, email=iris.row.email, password=PASSWORD, remember="1")
    truck.get("/staff/me")
    kept = truck.client.get_cookie("remember_token").value
    page = truck.submit("form[action='/staff/me/sign-out']")
    assert "You are signed out everywhere." in page.text and page.words("h1") == ["City staff"]
    assert truck.client.get_cookie("remember_token") is None
    truck.client.set_cookie("remember_token", kept)
    for browsing in (truck, home):
        assert browsing.client.get("/staff/day").status_code == 303
    assert [one.verb for one in Change.select()] == ["sign_in_new_device", "sign_out_everywhere"]


def test_no_password_stands_in_the_record(browse, iris):
    change(browse(iris))
    [line] = Change.select()
    assert (line.verb, line.actor, line.subject_id) == ("set_password", f"staff:{iris.row.id}", iris.row.id)
    assert GOOD not in f"{line.before}{line.after}{line.reason}" and line.after == ""
