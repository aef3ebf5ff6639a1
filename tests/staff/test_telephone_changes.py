"""By telephone: cancelled and moved for the contractor, on the day itself with a reason; a code shown or renewed."""

from datetime import timedelta

import pytest

from tests.actions.a_day import again, asked, given
from tests.actions.told import changes, mails
from tests.cast import FRIDAY, NOW, THURSDAY, TODAY, WEDNESDAY, Wish, ask, desk, permit_of
from tracker.actions.results import set_arrived, set_on_the_way
from tracker.actions.seen import Seen
from tracker.models import Change, Contractor, DayLoad, Mail


@pytest.fixture
def phone(browse, sam):
    return browse(sam)


def send(browsing, row, verb, status=303, **fields):
    page = browsing.get(f"/staff/inspections/{row.id}/{verb}")
    form = page.fields(page.one("main form"))
    return browsing.send(f"/staff/inspections/{row.id}/{verb}", status, **{**form, **fields})


def test_cancelled_the_day_before_without_a_reason(phone, dana):
    row = asked(dana, day=WEDNESDAY)
    send(phone, row, "cancel")
    assert (again(row).status, again(row).closed_by, again(row).open_type) == ("cancelled", "", None)
    assert DayLoad.get(DayLoad.day == WEDNESDAY, DayLoad.trade == "").booked == 0
    assert [kind for kind, _to in mails()].count("cancelled") == 1


def test_cancelled_on_the_day_itself_with_a_reason(phone, dana, ray):
    [row] = given(ray, asked(dana, day=TODAY))
    page = send(phone, row, "cancel", 422)
    assert "It is today. Give a reason to do it all the same." in page.words("#problems")[0]
    assert again(row).status == "scheduled"
    form = page.fields(page.one("main form"))
    phone.send(f"/staff/inspections/{row.id}/cancel", **{**form, "reason": "Rained out."})
    assert again(row).status == "cancelled"
    assert Change.get(Change.verb == "cancel_inspection").reason == "Rained out."


def test_who_stands_at_the_door_is_not_called_off(phone, dana, ray):
    [row] = given(ray, asked(dana, day=TODAY))
    at = {"person": ray.row, "desk": desk(), "by": ray.by, "now": NOW}
    page = phone.get(f"/staff/inspections/{row.id}/cancel")
    form = page.fields(page.one("main form"))
    set_on_the_way(Seen.of(row), **at)
    set_arrived(Seen(row.id), **at)
    answer = phone.send(f"/staff/inspections/{row.id}/cancel", 409, **{**form, "reason": "Rained out."})
    assert "Ray Ortega arrived" in answer.words("#problems")[0]


def test_moved_within_the_rules_without_a_reason(phone, dana):
    row = asked(dana, day=WEDNESDAY)
    send(phone, row, "move", requested_date=str(THURSDAY), time_frame="pm")
    assert (again(row).day, again(row).time_frame) == (THURSDAY, "pm")
    assert [kind for kind, _to in mails()].count("moved") == 1


@pytest.mark.parametrize(
    ("was_on", "to", "hours", "says"),
    [
        (TODAY, FRIDAY, 0, "It is today."),
        (WEDNESDAY, TODAY, 0, "Tue May 26 is too soon."),
        (FRIDAY, WEDNESDAY, 7, "It is past 4:00 PM"),
    ],
)
def test_moved_past_the_rules_with_a_reason(phone, dana, at, was_on, to, hours, says):
    row = asked(dana, day=was_on)
    at(NOW + timedelta(hours=hours))
    page = send(phone, row, "move", 422, requested_date=str(to), time_frame="any")
    assert says in page.words("#problems")[0]
    assert again(row).day == was_on
    form = page.fields(page.one("main form"))
    moved = {**form, "requested_date": str(to), "time_frame": "any", "reason": "Crane at two."}
    phone.send(f"/staff/inspections/{row.id}/move", **moved)
    assert again(row).day == to
    assert Change.get(Change.verb == "move_by_staff").reason == "Crane at two."


@pytest.mark.parametrize("fields", [{"requested_date": "x"}, {"requested_date": "9999-12-31"}, {"time_frame": "night"}])
def test_a_bad_day_or_half_gets_a_sentence(phone, dana, fields):
    row = asked(dana, day=WEDNESDAY)
    assert "Choose a day and a half" in send(phone, row, "move", 422, **fields).text
    assert again(row).day == WEDNESDAY


@pytest.mark.parametrize("seen", ["", "x", "1.burnt.20260527.0", "99.requested.20260527.0"])
def test_a_form_about_nothing_is_refused(phone, dana, seen):
    row = asked(dana, day=WEDNESDAY)
    send(phone, row, "cancel", 400, seen=seen)
    assert again(row).status == "requested"


def test_a_code_is_shown_to_a_caller_and_that_is_on_record(phone, dana, sam):
    page = phone.get(f"/staff/contractors/{dana.company.id}")
    assert dana.pin not in page.text
    page = phone.send(f"/staff/contractors/{dana.company.id}/code", 200, action="show")
    assert page.words("mark") == [dana.pin]
    assert "Registration code shown" in page.text
    line = Change.get(Change.verb == "showed the registration code")
    assert (line.actor_name, dana.pin in line.after + line.before + line.reason) == ("Sam Okafor", False)


def test_a_code_is_renewed_and_the_sessions_end(phone, browse, dana):
    danas = browse(dana)
    address = f"/staff/contractors/{dana.company.id}"
    seen = phone.get(address).value("seen")
    for _ in range(2):  # pressed twice: the second is told, and changes nothing
        token = phone.token
        code = 303 if not Change.select().exists() else 409
        page = phone.post(f"{address}/code", {"csrf_token": token, "action": "renew", "seen": seen}, code)
    assert "Sam Okafor has renewed the code just now." in page.words("#problems")[0]
    page = phone.get(address)
    new = Contractor.get_by_id(dana.company.id).registration_code
    assert page.words("mark") == [new] != [dana.pin]
    assert not phone.get(address).select("mark"), "loaded again it shows nothing and renews nothing"
    assert Change.select().where(Change.verb == "renew_code").count() == 1
    danas.get("/dashboard", status=303)
    before = changes()
    phone.send(f"/staff/contractors/{dana.company.id}/code", 400, action="print")
    assert changes() == before


def test_companies_and_permits_are_found_by_their_beginning(phone, dana, danas_permit, danas_house):
    page = phone.get("/staff/phone?q=lone")
    assert page.words("#found a b") == ["Lone Star Plumbing"]
    for typed in ("pp-2026", "77 cedar"):
        page = phone.get(f"/staff/phone?q={typed}")
        assert page.words("#found .num") == ["PP-2026-00932"]
    assert phone.get(f"/staff/phone?q={dana.pin}").words("#found a b") == ["Lone Star Plumbing"]
    fragment = phone.get("/staff/phone/found?q=418")
    assert (fragment.is_whole, fragment.words("#found .num")) == (False, ["BP-2026-01184"])
    assert "Nothing begins like this." in phone.get("/staff/phone?q=zzz").text
    for odd in ("", "%", "_", "a%00b", "%25%25", "x" * 3000):
        phone.get(f"/staff/phone?q={odd}")


def test_an_address_in_capitals_with_accents_is_found(phone, dana):
    permit_of(dana.company, "PP-2026-00777", address="12 CAÑÓN STREET")
    for typed in ("12 CAÑ", "12 ca", "12 CAÑÓN street"):
        assert phone.get(f"/staff/phone?q={typed}").words("#found .num") == ["PP-2026-00777"], typed


def test_a_companys_page_leads_to_its_requests(phone, dana, danas_permit):
    asked(dana, "1 Quarry Hill", WEDNESDAY)
    page = phone.get(f"/staff/contractors/{dana.company.id}?q=cedar")
    assert "1 Quarry Hill" in page.text
    assert page.words(".permit .btn") == ["Request an inspection on PP-2026-00932"]
    for wrong in ("0", "99", "9" * 40):
        phone.get(f"/staff/contractors/{wrong}", status=404)


def test_the_contractor_reads_that_it_was_cancelled_at_their_request(phone, browse, dana, danas_permit):
    row = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any")).inspections.get()
    phone.get(f"/staff/inspections/{row.id}/cancel")
    page = phone.submit("main form")
    assert "Lone Star Plumbing · cancelled by telephone" in page.text
    mail = Mail.get(Mail.kind == "cancelled")
    assert "It was cancelled by telephone, at your request." in mail.text
    assert "at your request" in mail.html and "\n\n\n" not in mail.text
    for address in ("/dashboard", f"/permits/{danas_permit.permit_num}"):
        shown = browse(dana).get(address).text
        assert "by telephone, at your request" in shown and "Sam Okafor" not in shown


def test_moved_to_the_day_it_has_says_that_nothing_changed(phone, dana, danas_permit):
    row = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any")).inspections.get()
    phone.get(f"/staff/inspections/{row.id}/move")
    before = changes()
    page = phone.submit("main form")
    assert page.words(".said") == [
        "Nothing was changed: Water heater replacement, 418 Larkspur Lane is on Wed May 27 already."
    ]
    assert changes() == before


def test_a_reason_too_long_is_refused_with_words(phone, dana, danas_permit):
    row = ask(dana, danas_permit, Wish("WH", WEDNESDAY, "any")).inspections.get()
    phone.get(f"/staff/inspections/{row.id}/cancel")
    page = phone.submit("main form", 422, reason="x" * 1001)
    assert "There is room for 1,000: shorten the reason." in page.words("#problems")[0]
    assert page.one("#problems a")["href"] == "#reason" and again(row).status == "requested"
