"""The server's clock is set back, or leaps ahead, while people work: what they see, and what is kept."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.cast import CHICAGO, NOW
from tracker import clock
from tracker.models import Change, Inspection, Mail, Request

HOUR = timedelta(hours=1)


@pytest.fixture
def set_to(at):
    """`set_to(moment)`: the clock of the machine, for the rules and for what signs the cookies."""
    travellers: list[time_machine.travel] = []

    def jump(moment: datetime) -> None:
        at(moment)
        if travellers:
            travellers.pop().stop()
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travellers.append(traveller)

    jump(NOW)
    yield jump
    travellers.pop().stop()


def press(browsing, address, fields, status=303):
    return browsing.post(address, fields, status)


def requested(browsing, address, code: str = "SEWER", key: str = "") -> list[str]:
    """A request from opening the page to what the dashboard says."""
    page = browsing.get(address)
    fields = {**page.fields(page.one("main form")), "contact_name": "Dana", "inspection_type": code, "action": "submit"}
    browsing.post(address, fields)
    return browsing.get("/dashboard").words(".said")


@pytest.mark.parametrize("back", [timedelta(seconds=1), HOUR, timedelta(hours=3)])
def test_set_back_nobody_is_signed_out_and_what_is_sent_counts_once(set_to, danas_form, back):
    browsing, address, fields = danas_form
    press(browsing, address, fields)
    set_to(NOW - back)
    assert press(browsing, address, fields).headers["Location"] == "/dashboard"
    assert browsing.get("/dashboard").words(".said"), "told nothing after the clock was set back"
    assert requested(browsing, address, "PLRGH")
    assert (Request.select().count(), Inspection.select().count()) == (2, 2)
    assert Change.select().where(Change.verb == "request_inspections").count() == 2
    assert Mail.select().where(Mail.kind == "requested").count() == 4


def test_set_back_a_wrong_pin_typed_before_locks_nobody_out(set_to, browse, dana):
    visitor = browse()
    for _ in range(8):
        visitor.sign_in(dana.company.company_name, "wrong", status=422)
    visitor.sign_in(dana.company.company_name, dana.pin, status=429)
    set_to(NOW - HOUR)
    visitor.sign_in(dana.company.company_name, dana.pin)


def test_a_session_signed_far_ahead_is_no_session(set_to, browse, dana):
    set_to(NOW + timedelta(days=400))
    browsing = browse(dana)
    set_to(NOW)
    assert browsing.get("/dashboard", status=303).headers["Location"].startswith("/?next=")


def test_a_leap_ahead_past_the_day_chosen_books_nothing_and_offers_other_days(set_to, danas_form):
    browsing, address, fields = danas_form
    set_to(NOW + timedelta(days=6))
    page = press(browsing, address, fields, status=422)
    assert page.words("#requested_date .err") and page.value("email") == fields["email"]
    assert not Request.select().exists()
    set_to(NOW)
    press(browsing, address, fields)
    assert Request.select().count() == 1


def test_a_leap_ahead_and_back_leaves_the_day_as_it_was(set_to, danas_form):
    browsing, address, fields = danas_form
    press(browsing, address, fields)
    booked = Inspection.get()
    set_to(NOW + timedelta(hours=23))
    for way in ("cancel", "move"):
        assert "512-555-0100" in browsing.get(f"/inspections/{booked.id}/{way}", status=409).text
    set_to(NOW)
    page = browsing.get(f"/inspections/{booked.id}/cancel")
    browsing.post(f"/inspections/{booked.id}/cancel", page.fields(page.one("main form[method=post]")))
    assert Inspection.get().status == "cancelled"


@pytest.mark.parametrize("change", [datetime(2026, 11, 1, 7, tzinfo=UTC), datetime(2027, 3, 14, 8, tzinfo=UTC)])
def test_in_the_night_the_clocks_change_requests_follow_each_other(set_to, browse, dana, danas_house, change):
    """Asked for in the last minute before and the first after: in winter the same hour is lived through twice."""
    danas_house.expires_on = danas_house.source_expires_on = change.date() + timedelta(days=90)
    danas_house.save()
    browsing, address = None, f"/permits/{danas_house.permit_num}/request"
    for code, moment in (("SEWER", change - timedelta(minutes=1)), ("PLRGH", change + timedelta(minutes=1))):
        set_to(moment)
        browsing = browsing or browse(dana)
        assert requested(browsing, address, code)
    days = {one.day for one in Inspection.select()}
    assert days == {(change.astimezone(CHICAGO) + timedelta(days=2)).date()}  # of a Sunday: Tuesday, Monday is too soon
    at = [row.at for row in Change.select().where(Change.verb == "request_inspections").order_by(Change.id)]
    assert at[1] - at[0] == timedelta(minutes=2) and clock.now() == change + timedelta(minutes=1)
