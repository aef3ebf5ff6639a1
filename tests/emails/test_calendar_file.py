"""The calendar file of a mail: read back as a calendar program would."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from icalendar import Calendar

from tests.emails.given import CITY, NOW, WEDNESDAY, dana_requests, mails
from tracker import emails

pytestmark = pytest.mark.usefixtures("db")


def events(mail):
    calendar = Calendar.from_ical(mail.calendar)
    assert calendar["METHOD"] == mail.calendar_method
    return calendar.walk("VEVENT")


def test_one_inspection_is_an_invitation_that_asks_for_no_answer():
    request, [gas] = dana_requests("GAS")
    emails.requested(request, [gas], letterhead=CITY, now=NOW)
    [mail] = mails()
    [event] = events(mail)
    assert mail.calendar_method == "REQUEST"
    assert event["UID"] == f"inspection-{gas.id}@permits.bluebonnet.example"
    assert (event["SEQUENCE"], event.decoded("DTSTAMP"), event["STATUS"]) == (0, NOW, "TENTATIVE")
    assert event["SUMMARY"] == "Gas test, 418 Larkspur Lane"
    assert event["LOCATION"] == "418 Larkspur Lane"
    assert event["URL"] == "https://permits.bluebonnet.example/permits/BP-2026-00418"
    assert event["ORGANIZER"] == "mailto:permits@bluebonnet.example"
    assert event["ATTENDEE"] == "mailto:dana@lonestar.example"
    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["TRANSP"] == "TRANSPARENT"
    assert "is a wish" in event["DESCRIPTION"]


def test_several_inspections_are_one_file_with_an_event_each():
    request, inspections = dana_requests("GAS", "WH")
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [mail] = mails()
    assert mail.calendar_method == "PUBLISH"
    uids = [f"inspection-{one.id}@permits.bluebonnet.example" for one in inspections]
    assert [event["UID"] for event in events(mail)] == uids
    assert all("ATTENDEE" not in event for event in events(mail))


def test_a_moved_and_a_cancelled_inspection_follow_the_first_entry():
    request, [gas] = dana_requests("GAS")
    emails.requested(request, [gas], letterhead=CITY, now=NOW)
    gas.day, gas.calendar_sequence, gas.status = date(2026, 5, 28), 1, "scheduled"
    emails.moved(gas, was_on=WEDNESDAY, letterhead=CITY, now=NOW)
    gas.calendar_sequence, gas.status = 2, "cancelled"
    emails.cancelled(gas, letterhead=CITY, now=NOW)
    told = [(mail.calendar_method, event) for mail in mails() for event in events(mail)]
    assert [(method, event["SEQUENCE"], event["STATUS"]) for method, event in told] == [
        ("REQUEST", 0, "TENTATIVE"), ("REQUEST", 1, "CONFIRMED"), ("CANCEL", 2, "CANCELLED"),
    ]  # fmt: skip
    assert len({(event["UID"], event["ORGANIZER"]) for _, event in told}) == 1


@pytest.mark.parametrize("day", [date(2026, 3, 6), date(2026, 3, 9), date(2026, 10, 30), date(2026, 11, 2)])
@pytest.mark.parametrize(("time_frame", "begins", "ends"), [("am", 8, 12), ("pm", 12, 17), ("any", 8, 17)])
def test_the_half_is_on_the_citys_clock_on_both_sides_of_a_change(day, time_frame, begins, ends):
    request, inspections = dana_requests("GAS", day=day, time_frame=time_frame)
    emails.requested(request, inspections, letterhead=CITY, now=NOW)
    [event] = events(mails()[0])
    begin, end = event.decoded("DTSTART"), event.decoded("DTEND")
    assert begin.utcoffset() == end.utcoffset() == timedelta(0)
    assert begin.astimezone(CITY.zone) == datetime.combine(day, time(begins), CITY.zone)
    assert end.astimezone(CITY.zone) == datetime.combine(day, time(ends), CITY.zone)
    winter = day.month == 11 or day.day == 6
    assert begin.hour - begins == (6 if winter else 5)


def test_the_map_is_told_the_city_unless_it_was_typed():
    request, [gas] = dana_requests("GAS")
    permit = request.permit
    permit.original_city, permit.original_state, permit.original_zip = "Bluebonnet", "TX", "78699"
    emails.requested(request, [gas], letterhead=CITY, now=NOW)
    request.site_address = "418 Larkspur Lane, BLUEBONNET"
    emails.requested(request, [gas], letterhead=CITY, now=NOW)
    assert [event["LOCATION"] for mail in mails() for event in events(mail)] == [
        "418 Larkspur Lane, Bluebonnet, TX 78699",
        "418 Larkspur Lane, BLUEBONNET",
    ]


def test_an_odd_city_and_number_stay_inside_their_line():
    request, [gas] = dana_requests("GAS", site_address='1; Main, "B"\\n')
    request.permit.permit_num = "A/1 ?#"
    letterhead = replace(CITY, name='Bluebonnet: "the" city', sender="permits@bluebonnet.example")
    emails.requested(request, [gas], letterhead=letterhead, now=NOW)
    [event] = events(mails()[0])
    assert event["LOCATION"] == '1; Main, "B"\\n'
    assert event["URL"] == "https://permits.bluebonnet.example/permits/A%2F1%20%3F%23"
    assert event["ORGANIZER"] == "mailto:permits@bluebonnet.example"
