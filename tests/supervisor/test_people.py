"""Olu looks after the staff: who is new, who changes, who leaves, who lost a phone."""

from functools import partial

import pytest

from tests.actions.a_day import again, asked, given, stops
from tests.actions.told import changes, mails
from tests.cast import NOW, PASSWORD, TODAY, WEDNESDAY, desk, member
from tests.postgres.crowd import at_once, meanwhile
from tests.supervisor.a_form import problems, save, send
from tracker.actions.accounts import WrongPin, sign_in_staff
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.review import assign
from tracker.actions.seen import Refused, Seen
from tracker.actions.staff import change_staff, leave
from tracker.actions.stops import take_over
from tracker.models import Change, Contractor, Inspection, Staff
from tracker.queries.staff import person_facts
from tracker.rules.reasons import put

NEW = "/staff/people/new"
GOOD = "seven herons by the quarry"
PERSON = {"name": "Nell Byrd", "email": "Nell@bluebonnet.example", "role": "inspector", "phone": "(512) 555-0147",
          "trades": ["plumbing", "irrigation"], "stops_a_day": "9", "minutes_a_day": "300",
          "password": GOOD, "own": PASSWORD}  # fmt: skip


@pytest.fixture
def desk_of_olu(browse, olu):
    return browse(olu)


def page_of(who) -> str:
    return f"/staff/people/{who.row.id}"


def now(who) -> Staff:
    return Staff.get_by_id(who.row.id)


def change(who, by, **facts):
    was = person_facts(now(who))
    return partial(change_staff, who.row, {**was, **facts}, version=opened_with(was), today=TODAY, by=by.by, now=NOW)


def sign_in(email: str, password: str) -> Staff:
    return sign_in_staff(email, password, address="203.0.113.9", phone="512-555-0100", now=NOW)


def test_the_list_has_who_works_here_and_who_has_left(desk_of_olu, sam, iris):
    Staff.update(left_at=NOW).where(Staff.id == sam.row.id).execute()
    desk_of_olu.get("/staff/city")
    page = desk_of_olu.click("Staff")
    lines = page.words("main li")
    assert lines[0] == "Iris Vandermeer Inspector iris@bluebonnet.example · Building, Electrical"
    assert lines[-1] == "Sam Okafor Permit technician sam@bluebonnet.example · left Tue May 26, 10:00 AM"
    assert page.words("summary") == ["1 has left"]


@pytest.mark.parametrize("many", [1, 40])
def test_the_list_is_as_many_queries_for_many_as_for_few(desk_of_olu, counting, many):
    for n in range(many):
        member(f"Inspector{n} Nobody", "inspector", "building plumbing")
    with counting() as queries:
        page = desk_of_olu.get("/staff/people")
    assert len(page.select("main li")) == many + 1 and len(queries) <= 4, queries


def test_nell_is_added_and_can_sign_in_at_once(desk_of_olu):
    page = save(desk_of_olu, NEW, **PERSON)
    assert "Nell Byrd can sign in now, with that address and password." in page.text and GOOD not in page.text
    nell = sign_in("nell@bluebonnet.example", GOOD)
    assert person_facts(nell) == {
        "email": "nell@bluebonnet.example", "name": "Nell Byrd", "role": "inspector", "phone": "512-555-0147",
        "stops_a_day": 9, "minutes_a_day": 300, "trades": ["irrigation", "plumbing"],
    }  # fmt: skip
    assert changes()[0][0] == "add_staff" and changes()[0][3]["trades"] == ["irrigation", "plumbing"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Name: Type the name."),
        ({"email": "nell"}, "Email: The @ is missing. An address looks like name@company.com."),
        ({"email": "OLU@bluebonnet.example"}, "Email: olu@bluebonnet.example is there already."),
        ({"role": "mayor"}, "Role: Choose the role."),
        ({"phone": "555"}, "Phone: A US number has 10 digits, this has 3. Type one such as 512-555-0163."),
        ({"trades": None}, "Trades: Tick what this inspector inspects."),
        ({"trades": ["magic"]}, "Trades: Tick trades from the list."),
        ({"stops_a_day": "-1"}, "Stops a day: Type a whole number from 0 to 99."),
        ({"minutes_a_day": "lots"}, "Minutes a day: Type a whole number from 0 to 1440."),
        ({"password": "too short"},
         "Password: Use 15 characters or more. A short sentence is easy to keep in mind."),
        ({"password": "Nell Byrd Bluebonnet 1"},
         "Password: Too many people use a password like that. Use words that do not belong together."),
    ],
)  # fmt: skip
def test_what_will_not_do_is_said_and_the_password_is_not_printed_back(desk_of_olu, typed, said):
    page = save(desk_of_olu, NEW, 422, **{**PERSON, **typed})
    assert problems(page) == ["Nothing was saved yet.", said]
    assert page.value("password") == "" and page.value("minutes_a_day") in ("300", "lots")
    assert Staff.select().count() == 1 and changes() == []


def test_what_only_inspectors_have_is_folded_away_for_a_technician(desk_of_olu, sam, iris):
    assert "For inspectors: trades, stops and minutes" in desk_of_olu.get(page_of(sam)).words("summary")
    assert not desk_of_olu.get(page_of(iris)).select("details #trades")
    page = send(desk_of_olu, page_of(iris), role="technician", own=PASSWORD)
    assert page.value("stops_a_day") and page.select("details #trades")
    page = save(desk_of_olu, page_of(sam), 422, role="inspector", own=PASSWORD)
    assert page.one("#trades.bad") and not page.select("details #trades")


def test_a_password_is_said_together_with_the_rest_and_what_one_looks_like_stays(desk_of_olu):
    page = save(desk_of_olu, NEW, 422, **{**PERSON, "name": "", "password": "too short"})
    assert [line.partition(":")[0] for line in problems(page)[1:]] == ["Name", "Password"]
    page = save(desk_of_olu, NEW, 422, **{**PERSON, "name": ""})
    assert page.words("#password-h") == [
        "15 characters or more, handed over in person. They change it on their own page. "
        "Type it again: it is not printed back."
    ]


def test_iris_is_changed_and_contractors_hear_of_it(desk_of_olu, iris, dana):
    [stop] = given(iris, asked_frame(dana))
    seen = Contractor.get_by_id(dana.company.id).version
    page = save(desk_of_olu, page_of(iris), name="Iris Vander", phone="512-555-0199", trades=["electrical"])
    assert page.words("h1") == ["Iris Vander"]
    assert Contractor.get_by_id(dana.company.id).version > seen
    assert "not one of the trades" in page.text and again(stop).inspector == iris.row
    _verb, _who, before, after = changes()[-1]
    assert before == {"name": "Iris Vandermeer", "phone": "512-555-0141", "trades": ["building", "electrical"]}
    assert after == {"name": "Iris Vander", "phone": "512-555-0199", "trades": ["electrical"]}
    assert "Trades removed Building" in page.words("main dl.facts")[0]


def asked_frame(dana) -> Inspection:
    """A framing inspection, as if asked for."""
    row = asked(dana, day=WEDNESDAY)
    frame = {"inspection_type": 8, "open_type": 8}
    Inspection.update(frame).where(Inspection.id == row.id).execute()
    return again(row)


def test_saying_who_was_quicker(desk_of_olu, browse, iris):
    ana = browse(member("Ana Ruiz", "supervisor"))
    for browsing in (desk_of_olu, ana):
        browsing.get(page_of(iris))
    send(ana, page_of(iris), stops_a_day="5")
    page = send(desk_of_olu, page_of(iris), 409, stops_a_day="6")
    assert problems(page) == ["Ana Ruiz changed this meanwhile. Look it over: saving again puts yours in its place."]
    assert now(iris).stops_a_day == 5
    send(desk_of_olu, page_of(iris))
    assert now(iris).stops_a_day == 6


def test_an_inspector_with_stops_becomes_no_technician(desk_of_olu, ray, dana):
    stops(dana, ray, "77 Cedar Brake Drive", "78 Cedar Brake Drive")
    page = save(desk_of_olu, page_of(ray), 422, role="technician", own=PASSWORD)
    assert problems(page)[1] == "Role: Ray Ortega still has stops: 2. Give them to others first."
    assert now(ray).role == "inspector"
    desk_of_olu.click("Give 2 stops to others")
    assert len(desk_of_olu.page.select("#rows .ty")) == 2


def test_ray_leaves_and_his_stops_are_back_in_the_queue(desk_of_olu, browse, ray, dana):
    phone = browse(ray)
    phone.get("/staff/day")
    first, second = stops(dana, ray, "77 Cedar Brake Drive", "78 Cedar Brake Drive")
    Inspection.update(status="on_the_way", on_the_way_at=NOW).where(Inspection.id == first.id).execute()
    sent_before = mails()
    page = desk_of_olu.get(page_of(ray))
    assert "2 open stops go back to the queue." in page.text
    desk_of_olu.send(f"{page_of(ray)}/leave")
    page = desk_of_olu.get(page_of(ray))
    assert "Ray Ortega has left and is signed out. 2 stops are back in the queue." in page.text
    assert [str(link["href"]) for link in page.select(".said a")] == ["/staff/queue?inspector=none"]
    for stop in (first, second):
        row = again(stop)
        assert (row.status, row.inspector_id, row.day, row.on_the_way_at) == ("requested", None, TODAY, None)
    assert mails() == sent_before
    assert [verb for verb, *_ in changes()].count("unassign") == 2
    assert phone.client.get("/staff/day").status_code == 303
    with pytest.raises(WrongPin):
        sign_in(ray.row.email, PASSWORD)
    desk_of_olu.send(f"{page_of(ray)}/leave", 409)


def test_ray_is_back_again_with_his_password(desk_of_olu, ray):
    desk_of_olu.get(page_of(ray))
    desk_of_olu.send(f"{page_of(ray)}/leave")
    desk_of_olu.get(page_of(ray))
    desk_of_olu.send(f"{page_of(ray)}/back")
    assert sign_in(ray.row.email, PASSWORD).id == ray.row.id
    assert [verb for verb, *_ in changes()] == ["leave", "come_back"]
    desk_of_olu.get(page_of(ray))
    desk_of_olu.send(f"{page_of(ray)}/back", 409)


def test_a_new_password_ends_what_was_signed_in_and_stands_nowhere(desk_of_olu, browse, sam):
    phone = browse(sam)
    desk_of_olu.get(page_of(sam))
    page = desk_of_olu.send(f"{page_of(sam)}/password", 422, password="short", proof=PASSWORD)
    assert problems(page)[1].startswith("Password: Use 15 characters or more.")
    desk_of_olu.send(f"{page_of(sam)}/password", password=GOOD, proof=PASSWORD)
    assert phone.client.get("/staff/queue").status_code == 303
    assert sign_in(sam.row.email, GOOD) and GOOD not in desk_of_olu.get(page_of(sam)).text
    [line] = Change.select().where(Change.verb == "set_password")
    assert GOOD not in f"{line.before}{line.after}{line.reason}" and now(sam).password_hash not in line.after


OWN = [("", "Type the password you have now."), ("not hers at all", "That is not your password.")]


@pytest.mark.parametrize(("own", "said"), OWN)
def test_a_phone_left_lying_changes_nobodys_sign_in(desk_of_olu, sam, own, said):
    """Neither the password nor the role or address of a colleague, and nobody is added; a name or a number is."""
    was, hashed = person_facts(now(sam)), now(sam).password_hash
    desk_of_olu.get(page_of(sam))
    page = desk_of_olu.send(f"{page_of(sam)}/password", 422, password=GOOD, proof=own)
    assert problems(page)[1:] == [f"Your own password: {said}"] and page.select("details[open] #proof")
    for typed in ({"role": "supervisor"}, {"email": "ana@bluebonnet.example"}):
        page = save(desk_of_olu, page_of(sam), 422, **typed, own=own)
        assert problems(page)[1:] == [f"Your own password: {said}"] and page.value("own") == ""
    page = save(desk_of_olu, NEW, 422, **{**PERSON, "own": own})
    assert problems(page)[1:] == [f"Your own password: {said}"] and page.value("password") == ""
    assert (person_facts(now(sam)), now(sam).password_hash) == (was, hashed) and Staff.select().count() == 2
    save(desk_of_olu, page_of(sam), phone="512-555-0188", own=own)
    assert now(sam).phone == "512-555-0188"


def test_tries_of_the_own_password_there_are_slowed(desk_of_olu, sam):
    desk_of_olu.get(page_of(sam))
    for _ in range(8):
        desk_of_olu.send(f"{page_of(sam)}/password", 422, password=GOOD, proof="not hers at all")
    page = desk_of_olu.send(f"{page_of(sam)}/password", 422, password=GOOD, proof=PASSWORD)
    assert "Too many tries." in problems(page)[1]
    with pytest.raises(WrongPin):
        sign_in(sam.row.email, GOOD)


def test_a_lost_phone_is_signed_out(desk_of_olu, browse, sam):
    phone = browse(sam)
    desk_of_olu.get(page_of(sam))
    desk_of_olu.send(f"{page_of(sam)}/sign-out")
    assert phone.client.get("/staff/queue").status_code == 303
    assert sign_in(sam.row.email, PASSWORD)


def test_the_only_supervisor_stays_one(desk_of_olu, olu):
    page = save(desk_of_olu, page_of(olu), 422, role="technician", own=PASSWORD)
    assert problems(page)[1] == "Role: Olu Adeyemi is the only supervisor. Make somebody else one first."
    desk_of_olu.send(f"{page_of(olu)}/leave", 409)
    assert (now(olu).role, now(olu).left_at) == ("supervisor", None)
    gone = member("Ana Ruiz", "supervisor", left_at=NOW)
    desk_of_olu.send(f"{page_of(olu)}/leave", 409)
    Staff.update(left_at=None).where(Staff.id == gone.row.id).execute()
    desk_of_olu.send(f"{page_of(olu)}/leave")
    assert now(olu).left_at is not None


@pytest.mark.parametrize("first_stays", [True, False])
def test_two_supervisors_each_take_the_other_away(app, olu, first_stays):
    ana = member("Ana Ruiz", "supervisor")
    second = change(ana, olu, role="technician")
    no = meanwhile(partial(leave, olu.row, desk=desk(), by=ana.by, now=NOW), second, commit=first_stays)
    assert isinstance(no, CannotSave) == first_stays
    assert Staff.select().where(Staff.role == "supervisor", Staff.left_at.is_null()).count() == 1


@pytest.mark.parametrize("first_stays", [True, False])
def test_who_is_assigned_while_leaving(app, ray, sam, dana, olu, first_stays):
    """The assignment waits for the end of it, and is told."""
    heater = asked(dana, day=WEDNESDAY)
    first = partial(leave, ray.row, desk=desk(), by=olu.by, now=NOW)
    give = partial(assign, [Seen.of(heater)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    no = meanwhile(first, give, commit=first_stays)
    if first_stays:
        assert isinstance(no, Refused) and put(no.reason, gettext=str) == "Ray Ortega has left the city."
    assert again(heater).inspector_id == (None if first_stays else ray.row.id)


def test_leaving_waits_for_an_assignment_and_hands_it_back(app, ray, sam, dana, olu):
    heater = asked(dana, day=WEDNESDAY)
    give = partial(assign, [Seen.of(heater)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    assert meanwhile(give, partial(leave, ray.row, desk=desk(), by=olu.by, now=NOW), commit=True) == 1
    assert (again(heater).status, again(heater).inspector_id) == ("requested", None)


def test_who_leaves_takes_nothing_over(app, ray, june, dana, olu):
    [stop] = stops(dana, june, "77 Cedar Brake Drive")
    first = partial(leave, ray.row, desk=desk(), by=olu.by, now=NOW)
    take = partial(take_over, [Seen.of(stop)], person=ray.row, desk=desk(), by=ray.by, now=NOW)
    assert isinstance(meanwhile(first, take, commit=True), Refused)
    assert again(stop).inspector == june.row


def test_a_stop_is_not_given_to_who_becomes_a_technician(app, ray, sam, dana, olu):
    heater = asked(dana, day=WEDNESDAY)
    give = partial(assign, [Seen.of(heater)], inspector=ray.row, desk=desk(), by=sam.by, now=NOW)
    no = meanwhile(change(ray, olu, role="technician"), give, commit=True)
    assert isinstance(no, Refused) and put(no.reason, gettext=str) == "Ray Ortega is not an inspector."
    assert again(heater).inspector_id is None


def test_leaving_and_assigning_never_wait_forever(app, ray, june, sam, dana, olu):
    rows = [asked(dana, f"{n} Quarry Hill", WEDNESDAY) for n in range(4)]
    given(ray, *rows[:2])
    works = [
        partial(leave, ray.row, desk=desk(), by=olu.by, now=NOW),
        partial(assign, [Seen(row.id) for row in rows[::-1]], inspector=june.row, desk=desk(), by=sam.by, now=NOW),
        partial(assign, [Seen.of(rows[3])], inspector=ray.row, desk=desk(), by=sam.by, now=NOW),
    ]
    for answer in at_once(works):
        assert not isinstance(answer, Exception) or isinstance(answer, Refused), answer
    assert not Inspection.select().where(Inspection.inspector == ray.row).exists()


def test_who_is_not_there_is_not_found(desk_of_olu):
    for id in ("0", "77", "9" * 30):
        desk_of_olu.get(f"/staff/people/{id}", status=404)


@pytest.mark.parametrize("who", ["sam", "iris"])
def test_nobody_else_changes_the_staff(browse, who, request, olu):
    browsing = browse(request.getfixturevalue(who))
    for path in ("new", olu.row.id, *(f"{olu.row.id}/{verb}" for verb in ("leave", "back", "password", "sign-out"))):
        browsing.get("/staff/me")
        browsing.send(f"/staff/people/{path}", 403, **PERSON)
    assert changes() == [] and now(olu).left_at is None
