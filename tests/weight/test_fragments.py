"""What a page that stays open takes: its refreshes, unchanged and changed; and an inspector's day."""

import pytest

from tests.page import FRAGMENT_BYTES, PAGE_BYTES
from tests.weight.a_full_city import Writer

UNCHANGED = 400
DAY_BYTES = 20 * 1024  # twenty stops, with all that may stand at each
AHEAD_BYTES = 80 * 1024  # what the phone fetches once for a whole day out of reach


@pytest.mark.parametrize("part", ["#inspections", "#permits", "#more a"])
def test_a_refreshed_fragment_is_three_kilobytes(builder, part):
    address = str(builder.page("/dashboard").one(part)["data-hx-get"]).replace("v=", "v=0")
    answer = builder.get(address, HX_Request="true")
    assert answer.status_code == 200 and len(answer.data) <= FRAGMENT_BYTES and answer.queries <= 6


def test_an_unchanged_fragment_is_400_bytes_and_one_statement(builder, inspector):
    for phone, page, part in ((builder, "/dashboard", "#inspections"), (inspector, "/staff/day", "#day")):
        answer = phone.get(str(phone.page(page).one(part)["data-hx-get"]), HX_Request="true")
        assert answer.status_code == 204 and not answer.data
        assert answer.all_bytes <= UNCHANGED and answer.queries == 1


def test_the_other_fragments_of_a_contractor_are_three_kilobytes(builder, visitor, city):
    page = builder.page(f"/permits/{city.fresh}/request")
    fields = page.fields(page.one("form.fm"))
    for code in ("FINAL", "IRRIG", "SEWER", ""):
        about = builder.client.post(f"/permits/{city.fresh}/request/about", fields | {"inspection_type": code})
        assert about.status_code == 200 and len(about.data) <= FRAGMENT_BYTES
    for name in ("contact_name", "phone", "email", "remarks"):
        path = f"/permits/{city.fresh}/request/check/{name}"
        assert len(builder.client.post(path, fields | {name: "x" * 2000}).data) <= FRAGMENT_BYTES
    assert len(visitor.get("/companies?company=lonesome").data) <= FRAGMENT_BYTES


def test_an_inspectors_day_with_all_it_takes_along(inspector, city):
    """The day's page, and the page of each stop's result that is fetched before the signal is gone."""
    answer, page = inspector.get("/staff/day"), inspector.page("/staff/day")
    assert len(answer.data) <= DAY_BYTES and answer.queries <= 6
    ahead = str(page.one("[data-keep]")["data-keep"]).split()
    taken = [inspector.get(path, X_Purpose="keep") for path in ahead]
    assert len(ahead) == 20 and sum(one.all_bytes for one in taken) <= AHEAD_BYTES
    assert all(one.status_code == 200 and one.queries <= 6 for one in taken)


def test_a_result_refused_with_all_that_was_typed(inspector, city):
    writer, path = Writer(), f"/staff/stops/{city.stop}/result"
    typed = {"result": "x", "other": writer.prose(2500), "comment": writer.prose(2500), "staff_comment": "y" * 2500}
    said = inspector.submit(inspector.page(path), "main form", **typed)
    assert said.status_code == 422 and len(said.data) <= PAGE_BYTES
    corrected = inspector.get(f"/staff/stops/{city.failed}/result")
    assert corrected.status_code == 200 and len(corrected.data) <= PAGE_BYTES
