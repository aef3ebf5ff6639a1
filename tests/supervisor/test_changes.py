"""The record of changes of the whole city: found by who, what, about what and when; as a page and as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask_babel import force_locale

from tests.actions.a_day import asked, given, result
from tests.cast import CITY, NOW, TODAY, WEDNESDAY
from tests.importing.conftest import HEADER
from tracker.actions.changes import SYSTEM, By, record
from tracker.actions.companies import block_company, renew_code
from tracker.actions.mail import send_all_again
from tracker.db import database, is_postgresql
from tracker.importing.profile import load_profile
from tracker.importing.run import import_permits
from tracker.models import Capacity, Change, ClosedDay, Contractor, InspectionType, Mail, PermitType
from tracker.queries.changes import Asked, changes_found
from tracker.views.staff.record_names import VERBS
from tracker.views.supervisor import changes as page_of_changes


@pytest.fixture
def city(browse, olu):
    return browse(olu)


@pytest.fixture
def day(dana, eve, sam, olu, ray):
    """Dana asked for two, Ray has a result, Olu blocked Eve yesterday, Sam renewed Dana's code."""
    yesterday = NOW - timedelta(days=1)
    block_company(eve.company, reason="=HYPERLINK(1)", by=olu.by, now=yesterday)
    stop = given(ray, asked(dana, "77 Cedar Brake Drive"))[0]
    asked(dana, "9 Heron Bend", WEDNESDAY)
    result(ray, stop)
    renew_code(dana.company, by=By(sam.by.actor, sam.by.name, "192.0.2.7"), now=NOW)


def heads(page) -> list[str]:
    return page.words("main li.f > b")


def test_the_newest_first_each_a_sentence_with_a_way_to_what_it_is_about(city, day, dana):
    page = city.get("/staff/changes")
    assert heads(page)[:2] == ["Registration code renewed", "Result recorded"] and heads(page)[-1] == "Requested"
    first = page.words("main li.f")[0]
    assert first.startswith(
        "Registration code renewed · Lone Star Plumbing Tue May 26, 10:00 AM · Sam Okafor · 192.0.2.7"
    )
    assert "Water heater replacement, PP-00001" in page.words("main li.f")[1]
    assert city.click("Water heater replacement, PP-00001").words("h1") == ["Water heater replacement"]
    assert dana.company.registration_code not in page.text


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("verb=record_result", ["Result recorded"]),
        ("subject=contractor", ["Registration code renewed", "Blocked"]),
        ("q=pp-00002", ["Requested"]),
        ("q=9+Heron", ["Requested"]),
        ("q=evergreen+drains", ["Blocked"]),
        ("q=Nobody", []),
        ("from=2026-05-25&to=2026-05-25", ["Blocked"]),
        ("from=2026-05-26&subject=contractor", ["Registration code renewed"]),
        ("to=2026-05-25&subject=contractor", ["Blocked"]),
        ("who=system", []),
        ("who=companies", ["Requested", "Requested"]),
        ("verb=burnt", []),
        ("subject=contractor&verb=", ["Registration code renewed", "Blocked"]),
    ],
)
def test_the_filters(city, day, query, verbs):
    assert heads(city.get(f"/staff/changes?{query}")) == verbs


def test_today_and_yesterday_are_a_tap_away(city, day):
    city.get("/staff/changes?verb=record_result")
    assert heads(city.click("Yesterday")) == ["Blocked"]
    assert "Blocked" not in heads(city.click("Today")) and city.page.words("[aria-current=page]") == ["Today"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_verbs_read_the_same(app, language):
    """Whoever filters by one of two would miss what the other says."""
    with app.test_request_context(), force_locale(language):
        words = [str(one) for one in VERBS.values()]
    assert sorted(words) == sorted(set(words))


def test_only_what_came_and_what_went_of_a_list_is_said(city, db):
    kind = PermitType.get(PermitType.code == "REMODEL")
    record(
        SYSTEM, "change_permit_type", kind, now=NOW, before={"lists": ["WH", "FRAME"]}, after={"lists": ["GAS", "WH"]}
    )
    [line] = city.get("/staff/changes").words("main dl.facts")
    assert line == "Inspections added Gas test Inspections removed Framing"


def test_what_was_left_empty_and_codes_are_not_printed(city, dana):
    facts = {"name": "Marco", "phone": "", "wants": "own", "language": "es", "may_repeat": False}
    record(SYSTEM, "add_person", dana.company, now=NOW, after=facts)
    assert city.get("/staff/changes").words("main dl.facts") == ["Name Marco Mails Own inspections Language Español"]


def test_an_import_is_said_in_words(city, db, tmp_path):
    (tmp_path / "permits.csv").write_text(HEADER + "\n")
    import_permits(tmp_path / "permits.csv", load_profile("austin"), now=NOW, zone=CITY.zone)
    page = city.get("/staff/changes?subject=import")
    assert heads(page) == ["Permits imported"]
    assert page.words("main li.f")[0].startswith("Permits imported · Import Tue May 26, 10:00 AM · import")
    assert "Rows read" in page.words("main li.f")[0] and "Companies with names alike" in page.words("main li.f")[0]
    assert rows(city, "?subject=import")[0]["About"] == "Import"


def test_what_the_city_sets_is_called_by_its_name(city, db):
    limit, off = Capacity.create(weekday=0, places=12), ClosedDay.create(day=WEDNESDAY, name="Inventory")
    kinds = [InspectionType.get(InspectionType.code == "WH"), PermitType.get(PermitType.code == "REMODEL")]
    gone = InspectionType(id=9999)
    for row in (limit, off, *kinds, gone):
        record(SYSTEM, "change", row, now=NOW)
    about = [row["About"] for row in reversed(rows(city))]
    assert about == ["Places", "Day off", *(kind.name for kind in kinds), "Inspection type 9999"]


def test_by_one_of_the_staff_or_about_what_a_company_did(city, day, sam, olu):
    assert heads(city.get(f"/staff/changes?who={sam.by.actor}")) == ["Registration code renewed"]
    assert heads(city.get(f"/staff/changes?who={olu.by.actor}")) == ["Blocked"]
    lone = heads(city.get("/staff/changes?q=lone+star+plumbing"))
    assert lone.count("Requested") == 2 and "Registration code renewed" in lone and "Blocked" not in lone


def test_a_day_is_the_citys(city, dana):
    """Eleven at night in Chicago is the next day in UTC."""
    record(SYSTEM, "late", dana.company, now=datetime(2026, 5, 26, 4, 30, tzinfo=UTC))
    assert heads(city.get("/staff/changes?from=2026-05-25&to=2026-05-25")) == ["Late"]
    assert heads(city.get("/staff/changes?from=2026-05-26")) == []


def test_pages_follow_each_other_without_a_gap_also_within_one_instant(city, dana):
    for number in range(120):
        record(SYSTEM, f"step {number}", dana.company, now=NOW - timedelta(hours=number // 40))
    seen, page = [], city.get("/staff/changes")
    seen += heads(page)
    for _ in range(2):
        seen += heads(city.click("Older changes"))
    assert len(seen) == len(set(seen)) == 120 and seen[:40] == [f"Step {n}" for n in range(39, -1, -1)]
    assert heads(city.click("Newest changes")) == seen[:50]


def test_what_was_filtered_stays_filtered_on_the_next_page_and_in_the_file(city, dana):
    for _number in range(60):
        record(SYSTEM, "step", dana.company, now=NOW)
        record(SYSTEM, "other", dana.company, now=NOW)
    city.get("/staff/changes?verb=step")
    assert "/staff/changes.csv?verb=step" in [str(link["href"]) for link in city.page.select("main a")]
    assert heads(city.click("Older changes")) == ["Step"] * 10


def rows(city, query="") -> list[dict[str, str]]:
    answer = city.get(f"/staff/changes.csv{query}")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_the_file_says_the_same_with_formulas_defused(city, day):
    found = rows(city)
    assert len(found) == Change.select().count()
    assert found[0]["Who"] == "Sam Okafor" and found[0]["From"] == "192.0.2.7"
    assert found[0]["When"] == "2026-05-26 10:00:00" and found[0]["About"] == "Lone Star Plumbing"
    [blocked] = [row for row in found if row["What"] == "Blocked"]
    assert blocked["Reason"] == "'=HYPERLINK(1)"
    [recorded] = [row for row in found if row["What"] == "Result recorded"]
    assert "State: Scheduled" in recorded["Before"] and "Result: Passed" in recorded["After"]
    assert [row["What"] for row in rows(city, "?subject=contractor")] == ["Registration code renewed", "Blocked"]


def test_the_file_is_read_in_pieces_and_has_all(city, dana, monkeypatch):
    monkeypatch.setattr(page_of_changes, "PIECE", 7)
    for number in range(30):
        record(SYSTEM, f"step {number}", dana.company, now=NOW)
    answer = city.client.get("/staff/changes.csv", buffered=False)
    pieces = list(answer.response)
    assert len(pieces) >= 5
    assert [row["What"] for row in csv.DictReader(io.StringIO(b"".join(pieces).decode()))] == [
        f"Step {n}" for n in range(29, -1, -1)
    ]


def test_as_many_queries_for_fifty_lines_as_for_three(city, dana, counting):
    found = []
    for many in (3, 47):
        for _ in range(many):
            asked(dana, f"{Change.select().count()} Quarry Hill", WEDNESDAY)
        with counting() as queries:
            city.get("/staff/changes")
        found.append(len(queries))
    assert found[0] == found[1] <= 6


def test_a_technician_is_told_it_is_not_for_the_role(browse, sam, iris):
    for who in (sam, iris):
        browsing = browse(who)
        for path in ("/staff/changes", "/staff/changes.csv"):
            browsing.get(path, 403)


@pytest.mark.parametrize("query", ["before=0", "before=99999999999", "before=x", "who=%00", "q=%00", "q=" + "x" * 500])
def test_odd_addresses_are_pages(city, day, query):
    city.get(f"/staff/changes?{query}")


PLANS = {
    "all": Asked(),
    "who": Asked(who="staff:3"),
    "verb": Asked(verb="waive_fee"),
    "subject": Asked(subject="fee"),
    "days": Asked(begin=NOW - timedelta(days=3), end=NOW),
    "who and days": Asked(who="staff:3", begin=NOW - timedelta(days=3), end=NOW),
}


@pytest.mark.parametrize("asked", PLANS.values(), ids=PLANS)
def test_every_filter_is_served_by_an_index_in_its_order(db, asked, counting):
    """Nothing is sorted and nothing read from the beginning: a million changes are as quick as fifty."""
    if is_postgresql():
        pytest.skip("an empty table is read whole; the same indexes are there")
    with counting() as queries:
        changes_found(asked)
    [sql] = queries
    values = [*(["staff:3"] if asked.who else []), *(["x"] if asked.verb or asked.subject else [])]
    values += [str(asked.begin), str(asked.end)] if asked.begin else []
    plan = " ".join(row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", [*values, 51]).fetchall())
    assert "USING INDEX change_" in plan and "TEMP B-TREE" not in plan, plan


def test_what_is_gone_is_still_told(city, olu, dana):
    mail = Mail.create(message_id="m", kind="x", recipient="a@b.example", subject="Letter", text="", html="",
                       created_at=NOW, given_up_at=NOW)  # fmt: skip
    send_all_again(by=olu.by, now=NOW)
    assert "Mail queued again · Letter" in city.get("/staff/changes").text
    mail.delete_instance()
    assert f"Mail queued again · Mail {mail.id}" in city.get("/staff/changes").text
    assert Contractor.select().count() == 1 and TODAY


@pytest.mark.parametrize(
    ("query", "field"), [("from=2026-13-45", "from"), ("to=junk", "to"), ("from=1949-01-01", "from")]
)
def test_a_date_that_cannot_be_read_is_said_and_shows_nothing(city, day, query, field):
    page = city.get(f"/staff/changes?{query}", status=422)
    label = {"from": "From", "to": "Through"}[field]
    assert page.words(f"#{field}-e") == ["A date looks like 2026-05-27."]
    assert page.words("#problems li") == [f"{label}: A date looks like 2026-05-27."]
    assert heads(page) == [] and not page.select("a[href*='.csv']")
    assert page.one(f"#{field}")["value"] == query.partition("=")[2]


def test_nor_is_there_a_file_for_it(city, day):
    page = city.get("/staff/changes.csv?from=junk", status=422)
    assert page.words("h1") == ["A date looks like 2026-05-27."] and "attachment" not in str(page.headers)
