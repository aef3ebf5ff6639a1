"""Re-inspection fees: recorded as paid by the desk, waived or taken back by a supervisor; of two at once one wins."""

from decimal import Decimal
from functools import partial

import pytest

from tests.actions.a_day import FAILED, again, asked, given, result
from tests.actions.told import version
from tests.cast import NOW, past
from tests.postgres.crowd import at_once
from tracker.actions.fees import record_fee_paid, reopen_fee, waive_fee
from tracker.actions.opened import CannotSave
from tracker.models import Change, Fee, Inspection, Permit
from tracker.queries.city import inspection_types
from tracker.queries.permits import record_of
from tracker.rules.reasons import put


@pytest.fixture
def city(browse, olu):
    return browse(olu)


@pytest.fixture
def desk(browse, sam):
    return browse(sam)


@pytest.fixture
def fee(dana, ray):
    """The water heater failed for the third time."""
    row = asked(dana, "77 Cedar Brake Drive")
    for result_before in ("failed", "no_access"):
        past(row.permit, dana.company, "WH", result_before)
    [stop] = given(ray, row)
    result(ray, stop, FAILED)
    return Fee.get()


def now(fee: Fee) -> Fee:
    return Fee.get_by_id(fee.id)


def press(browsing, fee, verb, status=303, **typed):
    browsing.get(f"/staff/fees/{fee.id}")
    answer = browsing.send(f"/staff/fees/{fee.id}/{verb}", status, **typed)
    return browsing.get(answer.headers["Location"]) if status == 303 else answer


# ---- What happens


def test_paid_with_a_receipt_and_the_final_is_free(desk, fee, dana):
    before = version(dana.company)
    page = press(desk, fee, "paid", receipt="R-20260526")
    assert "Recorded as paid." in page.text and "R-20260526" in page.text
    assert now(fee).paid_at == NOW and version(dana.company) > before
    permit = Permit.get_by_id(fee.permit_id)
    assert record_of(permit, dana.company, inspection_types()).unpaid == 0
    assert Change.select().order_by(Change.id.desc()).first().verb == "record_fee_paid"


def test_paid_without_a_receipt(desk, fee):
    press(desk, fee, "paid")
    assert (now(fee).state, now(fee).receipt) == ("paid", "")


def test_waived_with_a_reason_that_stays_on_record(city, fee, dana):
    before = version(dana.company)
    page = press(city, fee, "waive", reason="Our mistake: gate was open.")
    assert "“Our mistake: gate was open.”" in page.text and version(dana.company) > before
    assert (now(fee).state, now(fee).waived_because) == ("waived", "Our mistake: gate was open.")


def test_without_a_reason_nothing_is_waived(city, fee):
    page = press(city, fee, "waive", 422, reason=" ")
    assert page.words("#problems li") == ["Say why. The reason stays on record."]
    assert now(fee).state == "due"


def test_too_long_a_receipt_is_said_and_kept(desk, fee):
    page = press(desk, fee, "paid", 422, receipt="9" * 61)
    assert "There is room for 60." in page.words(".bad .err")[0] and page.value("receipt") == "9" * 61


@pytest.mark.parametrize("verb", ["paid", "waive"])
def test_a_mistake_is_taken_back_by_a_supervisor(city, fee, dana, verb):
    press(city, fee, verb, reason="A slip.", receipt="R-1")
    before = version(dana.company)
    page = city.submit("main details form", reason="Wrong permit.")
    assert "It is due again." in page.text and version(dana.company) > before
    after = now(fee)
    assert (after.state, after.receipt, after.waived_because) == ("due", "", "")
    assert page.words("main li.f b")[0] == "Fee due again" and ("R-1" in page.text) == (verb == "paid")


def test_a_technician_neither_waives_nor_takes_back(desk, fee):
    press(desk, fee, "waive", 403, reason="Please.")
    press(desk, fee, "paid")
    assert not desk.page.select("main form")
    desk.get("/staff/fees")
    desk.send(f"/staff/fees/{fee.id}/undo", 403, was="paid")
    assert now(fee).state == "paid"


def test_an_inspector_is_not_asked_about_money(browse, iris, fee):
    browsing = browse(iris)
    browsing.get("/staff/fees", 403)
    assert "Re-inspection fee due: $75.00" in browsing.get(f"/staff/permits/{fee.permit.permit_num}").text
    assert not browsing.page.select("a[href^='/staff/fees']")


# ---- Two at once


def test_of_two_who_settle_it_at_once_one_is_told(fee, olu, sam, ray):
    for _ in range(3):
        answers = at_once([
            partial(record_fee_paid, fee, by=sam.by, now=NOW),
            partial(waive_fee, fee, reason="Storm.", by=olu.by, now=NOW),
        ])  # fmt: skip
        [told] = [one for one in answers if isinstance(one, CannotSave)]
        state = now(fee).state
        who, did = ("Sam Okafor", "recorded it as paid") if state == "paid" else ("Olu Adeyemi", "waived it")
        assert put(told.reason, gettext=str) == f"{who} {did} already."
        reopen_fee(fee, was=state, by=olu.by, now=NOW)
    assert Change.select().where(Change.verb == "reopen_fee").count() == 3


def test_who_comes_second_reads_who_was_quicker(city, desk, fee):
    desk.get(f"/staff/fees/{fee.id}")
    press(city, fee, "waive", reason="Storm.")
    page = desk.send(f"/staff/fees/{fee.id}/paid", 409, receipt="R-7")
    assert page.words("#problems h2") == ["Olu Adeyemi waived it already."]
    assert (now(fee).paid_at, now(fee).receipt) == (None, "")


def test_taken_back_once(city, fee, olu):
    press(city, fee, "paid")
    reopen_fee(fee, was="paid", by=olu.by, now=NOW)
    page = city.send(f"/staff/fees/{fee.id}/undo", 409, was="paid")
    assert "took that back already" in page.words("#problems h2")[0]


def test_a_fee_that_is_gone_with_its_result_is_said_to_be(fee, sam):
    Fee.delete().execute()
    with pytest.raises(CannotSave, match="not due any more"):
        record_fee_paid(fee, by=sam.by, now=NOW)


def test_nonsense_is_refused(city, fee):
    press(city, fee, "undo", 400, was="burnt")
    press(city, fee, "undo", 400)
    for id in (0, 77, 2**31, 10**30):
        city.get(f"/staff/fees/{id}", 404)
        city.get("/staff/fees")
        city.send(f"/staff/fees/{id}/paid", 404)


# ---- The pages


def test_the_list_says_what_is_due_of_whom_since_when(city, fee):
    page = city.get("/staff/fees")
    assert "1 re-inspection fee is due: $75.00." in page.text
    [row] = page.words("main tbody tr")
    for words in (
        "77 Cedar Brake Drive",
        "Water heater replacement, inspection 3",
        "Lone Star Plumbing",
        "$75.00",
        "due since Tue May 26",
    ):
        assert words in row
    city.click("Record as paid or waive Water heater replacement, PP-00001")
    assert city.page.words("h1") == ["Re-inspection fee"]


def test_the_list_is_filtered_by_state_and_number(city, fee):
    assert len(city.get("/staff/fees?q=pp-0").select("tbody tr")) == 1
    assert not city.get("/staff/fees?q=BP").select("tbody tr")
    press(city, fee, "paid", receipt="R-9")
    assert "No re-inspection fee is due." in city.get("/staff/fees").text and not city.page.select("tbody tr")
    for state, count in (("paid", 1), ("waived", 0), ("all", 1), ("burnt", 0)):
        assert len(city.get(f"/staff/fees?state={state}").select("tbody tr")) == count
    assert "R-9" in city.get("/staff/fees?state=paid").text


def test_a_long_list_has_pages_in_as_few_queries(city, fee, dana, counting):
    with counting() as few:
        city.get("/staff/fees")
    kind = inspection_types()["GAS"].id
    rows = [
        {"permit": fee.permit_id, "inspection_type": kind, "attempt": n, "amount": Decimal(75), "due_at": NOW}
        for n in range(3, 63)
    ]
    Fee.insert_many(rows).execute()
    with counting() as queries:
        page = city.get("/staff/fees")
    assert len(page.select("tbody tr")) == 50 and len(queries) == len(few)
    assert len(city.click("Older fees").select("tbody tr")) == 11


def test_the_permits_page_leads_to_its_fee_and_shows_what_was_settled(desk, fee):
    url = f"/staff/permits/{fee.permit.permit_num}"
    page = desk.get(url)
    assert "Re-inspection fee due: $75.00. Water heater replacement, inspection 3." in page.text
    assert desk.click("Paid? Water heater replacement").words("h1") == ["Re-inspection fee"]
    press(desk, fee, "paid", receipt="R-5")
    page = desk.get(url)
    assert "due:" not in page.text and "$75.00 · Paid Tue May 26 · R-5" in page.text and "Fee paid" in page.text


def test_the_company_reads_what_is_due_on_its_permit(browse, dana, fee, sam):
    browsing, url = browse(dana), f"/permits/{fee.permit.permit_num}"
    assert "Re-inspection fee due: $75.00. Call 512-555-0100 to pay it." in browsing.get(url).text
    record_fee_paid(fee, by=sam.by, now=NOW)
    assert "due" not in browsing.get(url).text


def test_the_company_of_a_fee_is_the_one_that_was_inspected_last(city, fee, eve):
    past(fee.permit, eve.company, "WH", "failed")
    assert "Evergreen Drains" in city.get(f"/staff/fees/{fee.id}").text
    assert again(Inspection.get()).contractor_id != eve.company.id
