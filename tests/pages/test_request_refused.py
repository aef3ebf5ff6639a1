"""A refused request says what to fix and where, and what was typed stays."""

from datetime import timedelta

import pytest

from tests.cast import NOW, permit_of
from tests.pages.conftest import CONTACT, summary, wish
from tracker.models import DayLoad, Permit, Request

FORM = "main form"
GOOD = {**CONTACT, **wish("SEWER", half="am", remarks="Gate code 4711")}


def kept(page, typed: dict[str, str]) -> None:
    """Every field holds what was typed, and nothing was requested."""
    assert {name: page.value(name) for name in typed} == typed
    assert not Request.select().exists()


def refused(browsing, **changed):
    return browsing.submit(FORM, button="submit", status=422, **{**GOOD, **changed})


@pytest.mark.parametrize(
    "field, typed, words",
    [
        ("contact_name", "", "Contact Name: Type the name of who is on site."),
        ("contact_name", "x" * 101, "Contact Name: 101 characters. There is room for 100."),
        ("phone", "", "Phone Number: Type a phone number the inspector can call."),
        ("phone", "51255", "Phone Number: A US number has 10 digits, this has 5. Type one such as 512-555-0163."),
        ("phone", "ask Marco", "Phone Number: Type the number with its area code, such as 512-555-0163."),
        ("phone", "+44 20 7946 0000", "Phone Number: Not a US number. Type 10 digits, such as 512-555-0163."),
        ("site_address", "", "Site Address: Type the address of the site."),
        ("email", "", "Email Address: Type the address that the confirmation goes to."),
        ("email", "dana.lonestar.example", "Email Address: The @ is missing. An address looks like name@company.com."),
        ("email", "dana@", "Email Address: An address looks like name@company.com."),
        ("email", "a@b.example, c@d.example", "Email Address: An address looks like name@company.com."),
        ("remarks", "x" * 10_000, "Remarks: 10,000 characters. There is room for 1,000."),
    ],
)
def test_a_field_that_is_not_right_is_named_and_the_typing_stays(filling, field, typed, words):
    page = refused(filling, **{field: typed})
    assert summary(page) == [words] and page.words("#problems h2") == ["1 thing to fix. Nothing was sent yet."]
    assert page.words(f"#{field}-e") == [words.partition(": ")[2]] and page.one(f"#{field}")["aria-invalid"] == "true"
    kept(page, {**GOOD, field: typed})


def test_the_summary_names_everything_in_the_order_of_the_page(filling):
    page = refused(filling, **dict.fromkeys(CONTACT, ""), inspection_type="")
    assert [line.partition(":")[0] for line in summary(page)] == [
        "Contact Name", "Phone Number", "Site Address", "Email Address", "Inspection Type",
    ]  # fmt: skip
    assert page.one("title").get_text().startswith("Error: ")
    assert page.words("#problems h2") == ["5 things to fix. Nothing was sent yet."]


@pytest.mark.parametrize(
    "day, words",
    [
        ("2026-05-26", "Tue May 26 is too soon. The first day is Wed May 27."),
        ("2026-05-30", "The city does not work on Sat May 30. Pick another day."),
        ("2026-07-31", "Fri Jul 31 is too far ahead. The last day is Tue Jun 9."),
        ("0001-01-01", "Choose a day from the list."),
        ("9999-12-31", "Choose a day from the list."),
        ("soon", "Choose a day from the list."),
        ("", "Choose a day from the list."),
        ("2026-02-30", "Choose a day from the list."),
        ("2026-05-27T10:00", "Choose a day from the list."),
    ],
)
def test_a_day_that_is_not_on_offer_is_refused(filling, day, words):
    page = refused(filling, requested_date=day)
    assert len(summary(page)) == 1 and summary(page)[0].endswith(words)
    kept(page, {name: value for name, value in GOOD.items() if name != "requested_date"})
    assert page.value("requested_date") == "2026-05-27"


def test_a_day_that_has_filled_up_meanwhile_is_refused(filling):
    DayLoad.create(day="2026-05-27", trade="", booked=60, am=30, pm=30)
    assert summary(refused(filling)) == ["Requested Date: Wed May 27 has just filled up. Pick another day."]


@pytest.mark.parametrize(
    "code, words",
    [
        ("PLTOP", "Foundation / slab must pass first."),
        ("FORM", "Form survey is for the general contractor or that trade to request."),
        ("HVAC", "HVAC replacement is not part of this permit."),
        ("nonsense", "Choose an inspection type from the list."),
        ("SEWER' OR 1=1 --", "Choose an inspection type from the list."),
    ],
)
def test_a_type_that_is_not_on_offer_is_refused(filling, code, words):
    page = refused(filling, inspection_type=code)
    assert summary(page) == [f"Inspection Type: {words}"] and not Request.select().exists()
    kept(page, {name: value for name, value in GOOD.items() if name != "inspection_type"})


def test_a_half_of_the_day_that_is_none_is_refused(filling):
    page = refused(filling, time_frame="noon")
    assert summary(page) == ["Time Frame: Choose AM, PM or any."]
    assert "Choose AM, PM or any." in page.words("#time_frame .err")


@pytest.mark.parametrize(
    "remarks, words",
    [
        ("", "Add a name and a phone number, such as Marco, 512-555-0163."),
        ("Marco will be there", "Add a phone number, such as 512-555-0163."),
        ("512-555-0163", "Add the name of who answers that phone."),
    ],
)
def test_irrigation_needs_a_name_and_a_number_in_the_remarks(browse, dana, remarks, words):
    permit_of(dana.company, "IR-1", kind="IRRIGATION", trade="irrigation")
    browsing = browse(dana)
    browsing.get("/permits/IR-1/request")
    page = refused(browsing, inspection_type="IRRIG", remarks=remarks)
    assert summary(page) == [f"Remarks: {words}"] and page.words("#remarks-e") == [words]
    browsing.submit(FORM, button="submit", remarks="Marco, 512-555-0163")
    assert Request.select().count() == 1


@pytest.mark.parametrize(
    "status, words",
    [
        ("finaled", "This permit is final."),
        ("cancelled", "This permit is void."),
        ("expired", "This permit has expired."),
        ("on_hold", "This permit is on hold."),
    ],
)  # fmt: skip
def test_a_permit_that_ended_while_the_form_was_open_is_refused(filling, status, words):
    Permit.update(status=status).execute()
    page = filling.submit(FORM, button="submit", status=409, **GOOD)
    assert page.words("#problems h2")[0].startswith(words)
    kept(page, GOOD)


def test_a_form_from_yesterday_is_refused_with_the_days_of_today(filling, at):
    at(NOW + timedelta(days=1))
    page = refused(filling)
    assert summary(page) == ["Requested Date: Wed May 27 is too soon. The first day is Thu May 28."]
    kept(page, {name: value for name, value in GOOD.items() if name != "requested_date"})
    assert page.value("requested_date") == "2026-05-28"


def test_someone_elses_permit_is_not_found_whatever_is_sent(filling, eves_permit):
    sent = {**filling.page.fields(filling.page.one(FORM)), **GOOD, "action": "submit"}
    filling.post(f"/permits/{eves_permit.permit_num}/request", sent, 404)
    assert not Request.select().exists()


@pytest.mark.parametrize(
    "odd",
    [
        "inspections-²-remarks",
        "inspections-" + "9" * 5000 + "-remarks",
        "inspections-99999999999-remarks",
        "inspections--1-x",
    ],
)
def test_odd_names_of_fields_are_no_error_of_ours(filling, odd):
    sent = {**filling.page.fields(filling.page.one(FORM)), **GOOD, odd: "x"}
    status = filling.client.post("/permits/BP-2026-01184/request", data=sent).status_code
    assert status in (303, 422)


@pytest.mark.parametrize("name", [*GOOD, "key", "action"])
@pytest.mark.parametrize("odd", ["\0", "a\0b", "\ud800", "🏗" * 50, "\u202e", "{{ 7*7 }}", "'; DROP TABLE permit; --"])
def test_odd_text_in_any_field_is_no_error_of_ours(filling, name, odd):
    sent = {**filling.page.fields(filling.page.one(FORM)), **GOOD, "action": "submit"}
    sent[name] = odd.encode("utf-8", "surrogatepass")
    status = filling.client.post("/permits/BP-2026-01184/request", data=sent).status_code
    assert status in (200, 303, 422)
