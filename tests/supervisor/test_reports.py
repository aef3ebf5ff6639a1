"""Olu reads the reports: the numbers, by every group and period, as pages and as files."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest

from tests.actions.told import wish
from tests.cast import NOW, TODAY, ask, desk, member, past, permit_of
from tests.page import Browse, Page, reading
from tests.pages.conftest import counting
from tracker.actions.review import assign
from tracker.actions.seen import Seen
from tracker.actions.telephone import cancel_by_telephone
from tracker.models import Inspection, InspectionType, Staff, Tally, Uncounted
from tracker.queries.city import inspection_types

__all__ = ["counting"]
HOUSE = "BP-2026-01184"


def on(day: date, hour: int = 16) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@pytest.fixture
def history(dana, danas_house, ray, iris):
    """Since April: sewer by Ray (2 passed, 1 failed, 1 partial), framing by Iris (1 passed, 1 not ready, 1 waived)."""

    def was(code, result, day, waited, who):
        row = past(danas_house, dana.company, code, result, day)
        Inspection.update(requested_at=on(day - timedelta(days=waited)), inspector=who.row).where(
            Inspection.id == row.id
        ).execute()

    for code, result, day, waited, who in (
        ("SEWER", "failed", date(2026, 4, 2), 1, ray),
        ("SEWER", "partial", date(2026, 4, 9), 2, ray),
        ("SEWER", "passed", date(2026, 5, 12), 16, ray),
        ("SEWER", "passed_with_conditions", date(2026, 5, 19), 1, ray),
        ("FRAME", "not_ready", date(2026, 5, 20), 1, iris),
        ("FRAME", "passed", date(2026, 5, 22), 2, iris),
        ("FRAME", "waived", date(2026, 5, 22), 2, iris),
    ):
        was(code, result, day, waited, who)


@pytest.fixture
def at_desk(browse, olu) -> Browse:
    return browse(olu)


def rows(page: Page, table: int = 0) -> dict[str, list[str]]:
    """The rows of a table by their names; the sum of all is among them."""
    found = page.select("table")[table].select("tbody tr, tfoot tr")
    return {reading(row.select("th")[0]): [reading(cell) for cell in row.select("td")] for row in found}


def file(browsing: Browse, address: str) -> list[list[str]]:
    answer = browsing.client.get(f"/staff/{address}")
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    return list(csv.reader(StringIO(answer.get_data(as_text=True))))


def test_results_by_type(at_desk, history):
    page = at_desk.get("/staff/reports")
    assert page.words("h1") == ["Results by inspection type"]
    assert rows(page) == {  # results, passed, partial, failed, not inspected
        "Sewer / water yard line": ["4", "50%", "25%", "25%", "0%"],
        "Framing": ["2", "50%", "0%", "0%", "50%"],
        "All": ["6", "50%", "17%", "17%", "17%"],
    }
    assert page.words(".sums div") == [
        "Requests 7", "Results 6", "Passed 50%", "Half inspected within 1 day", "9 of 10 within 16 days",
        "Cancelled on the day 0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("trade", {"Plumbing": "4", "Building": "2", "All": "6"}),
        ("inspector", {"Ray Ortega": "4", "Iris Vandermeer": "2", "All": "6"}),
        ("month", {"Apr 2026": "2", "May 1 – May 26, 2026": "4", "All": "6"}),
    ],
)
def test_results_by_other_groups(at_desk, history, by, wanted):
    page = at_desk.get(f"/staff/reports?by={by}")
    assert {name: cells[0] for name, cells in rows(page).items()} == wanted


@pytest.mark.parametrize(
    ("period", "results"),
    [
        ("period=30", 4),
        ("period=90", 6),
        ("period=months&from=2026-04&to=2026-04", 2),
        ("period=months&from=2026-05&to=2026-04", 6),  # whichever stands first
        ("from=2026-05&to=2026-05", 4),
        ("period=months&from=2025-01&to=2025-12", 0),
        ("type=FRAME", 2),
        ("trade=plumbing", 4),
        ("trade=plumbing&type=FRAME", 0),
        ("inspector=none", 0),
    ],
)
def test_the_address_says_what_is_counted(at_desk, history, period, results):
    page = at_desk.get(f"/staff/reports?{period}")
    assert (int(rows(page)["All"][0]) if page.select("table") else 0) == results


def test_every_span_of_days_holds_what_happened_in_it(at_desk, dana, danas_house):
    """Whole months come from their own sums, the days around them from theirs: none is lost, none counts twice."""
    days = [TODAY - timedelta(days=n) for n in (0, 25, 26, 29, 30, 55, 56, 60, 89, 90, 330, 364, 365, 400)]
    for day in days:
        past(danas_house, dana.company, "SEWER", "passed", day)
    for period in (30, 90, 365):
        wanted = sum((TODAY - day).days < period for day in days)
        assert rows(at_desk.get(f"/staff/reports?period={period}"))["All"][0] == str(wanted)
        months = rows(at_desk.get(f"/staff/reports?period={period}&by=month"))
        assert sum(int(cells[0]) for name, cells in months.items() if name != "All") == wanted


def test_for_one_inspector(at_desk, history, iris):
    page = at_desk.get(f"/staff/reports?inspector={iris.row.id}&by=type")
    assert list(rows(page)) == ["Framing", "All"]
    at_desk.submit("form.filters", inspector="", trade="plumbing")
    assert list(rows(at_desk.page)) == ["Sewer / water yard line", "All"]


def test_the_filter_goes_along_to_the_other_reports_and_files(at_desk, history):
    at_desk.get("/staff/reports?by=month&trade=plumbing&period=months&from=2026-04&to=2026-05")
    at_desk.click("Days to inspection")
    assert at_desk.page.value("trade") == "plumbing" and at_desk.page.value("from") == "2026-04"
    address = next(str(link["href"]) for link in at_desk.page.select("main a") if reading(link) == "Download CSV")
    assert [row[:2] for row in file(at_desk, address.removeprefix("/staff/"))] == [
        ["month", "inspections"], ["2026-04", "2"], ["2026-05", "2"],
    ]  # fmt: skip


def test_days_from_request_to_inspection(at_desk, history):
    page = at_desk.get("/staff/reports/days?by=inspector")
    spread = rows(page)
    assert {name: cells for name, cells in spread.items() if cells[0] != "0"} == {
        "1": ["3", "50%"], "2": ["2", "33%"], "16": ["1", "17%"],
    }  # fmt: skip
    assert rows(page, 1) == {"Ray Ortega": ["4", "1 day", "16 days"], "Iris Vandermeer": ["2", "1 day", "2 days"]}
    looks = [rect["class"] for rect in page.select("svg.chart rect")]
    assert [look[1] for look in looks] == ["c0", "c0", "c3"], "from the 15th day on it is drawn otherwise"


def test_cancellations_of_the_same_day_and_before(at_desk, at, dana, danas_house, sam, ray):
    def asked(code: str) -> Inspection:
        return ask(dana, danas_house, wish(code), key=code).inspections.get()

    first, second = asked("PLRGH"), asked("SEWER")
    cancel_by_telephone(Seen.of(first), reason="", desk=desk(), by=sam.by, now=NOW)
    on_the_day = NOW + timedelta(days=1)
    cancel_by_telephone(Seen.of(second), reason="Rain.", desk=desk(), by=sam.by, now=on_the_day)
    past(danas_house, dana.company, "SEWER", "cancelled", TODAY)
    at(on_the_day)
    found = rows(at_desk.get("/staff/reports/requests"))
    assert found["All"] == ["3", "2", "1", "0"]  # requests, on the day, before, declined
    assert found["Sewer / water yard line"] == ["2", "2", "0", "0"]
    assert file(at_desk, "reports/requests.csv?by=trade") == [
        ["trade", "requests", "cancelled_same_day", "cancelled_on_site", "cancelled_before", "declined"],
        ["plumbing", "3", "1", "1", "1", "0"],
    ]


def test_the_open_requests_by_age(at_desk, at, dana, ray):
    """Asked for at 23:30 in Chicago, which is the next day in UTC: the city's day counts."""
    for n, days in enumerate((0, 3, 4, 12, 14, 15, 40)):
        permit = permit_of(dana.company, f"PP-2026-4{n:04}", kind="PLUMBING", trade="plumbing")
        row = ask(dana, permit, wish("SEWER"), key=str(n)).inspections.get()
        late = datetime(2026, 5, 27, 4, 30, tzinfo=UTC) - timedelta(days=days)
        Inspection.update(requested_at=late).where(Inspection.id == row.id).execute()
    page = at_desk.get("/staff/reports/queue")
    assert rows(page)["All"] == ["2", "1", "0", "2", "2"]
    assign([Seen(row.id)], inspector=ray.row, desk=desk(), by=dana.by, now=NOW)
    assert rows(at_desk.get(f"/staff/reports/queue?inspector={ray.row.id}"))["All"] == ["0", "0", "0", "0", "1"]
    assert file(at_desk, "reports/queue.csv")[1] == ["SEWER", "Sewer / water yard line", "plumbing", *"21022"]


def test_the_file_has_every_result_by_its_own_name(at_desk, history):
    found = file(at_desk, "reports/results.csv?period=months&from=2026-05&to=2026-05")
    assert found[0] == [
        "type_code", "type", "trade", "requests", "results", "passed", "passed_with_conditions", "partial", "failed",
        "no_access", "not_ready", "waived", "pass_rate", "median_days", "days_of_9_in_10",
    ]  # fmt: skip
    assert found[1] == ["FRAME", "Framing", "building", *"321000011", "0.5000", "1", "2"]


def test_no_name_in_a_file_is_taken_for_a_formula(at_desk, dana, danas_house):
    evil = member("=HYPERLINK(1)", "inspector", "plumbing")
    past(danas_house, dana.company, "SEWER", "passed", TODAY)
    Inspection.update(inspector=evil.row).execute()
    InspectionType.update(name="+cmd").where(InspectionType.code == "SEWER").execute()
    assert file(at_desk, "reports/results.csv?by=inspector")[1][0] == "'=HYPERLINK(1)"
    assert file(at_desk, "reports/results.csv?by=type")[1][1] == "'+cmd"


def test_every_chart_has_a_name_and_the_numbers_beside_it(at_desk, history, dana, danas_house):
    ask(dana, danas_house, wish("PLRGH"))
    for table in ("results", "requests", "days", "queue"):
        page = at_desk.get(f"/staff/reports/{table}")
        chart = page.one("svg.chart")
        assert chart["role"] == "img" and page.words(f"#{chart['aria-labelledby']}")[0]
        assert not chart.has_attr("viewbox") and page.select("main table")
        values = [reading(text) for text in chart.select('text[text-anchor="end"]')]
        said = " ".join(page.words("main td"))
        assert values and all(value in said for value in values)
        looks = {str(rect["class"][-1]) for rect in chart.select("rect")}
        legend = {str(rect["class"][-1]) for rect in page.select(".legend rect")}
        assert looks <= legend, "each look is explained"


def test_a_chart_of_many_types_says_that_it_has_not_all(at_desk, dana, danas_house):
    for code in list(inspection_types())[:13]:
        past(danas_house, dana.company, code, "passed", TODAY)
    page = at_desk.get("/staff/reports")
    assert "The chart has 12 of 13; the table has all." in page.words("figcaption")[0]
    assert len(rows(page)) == 14


def test_who_has_left_stays_in_the_report(at_desk, history, ray):
    Staff.update(left_at=NOW).where(Staff.id == ray.row.id).execute()
    assert "Ray Ortega" in rows(at_desk.get("/staff/reports?by=inspector"))


def test_of_nothing_there_is_a_sentence_and_a_way_on(at_desk):
    for table in ("results", "requests", "days"):
        page = at_desk.get(f"/staff/reports/{table}")
        assert "Nothing was requested or inspected then." in page.words(".blank")[0] and not page.select("svg.chart")
    assert "No such request is open." in at_desk.get("/staff/reports/queue").words(".blank")[0]
    assert len(file(at_desk, "reports/results.csv")) == 1


def test_requested_but_not_inspected_yet(at_desk, dana, danas_permit):
    ask(dana, danas_permit, wish("WH"))
    assert "Nothing was inspected then." in at_desk.get("/staff/reports/days").words(".blank")[0]
    page = at_desk.get("/staff/reports")
    assert page.words(".sums div")[:4] == ["Requests 1", "Results 0", "Passed –", "Half inspected within –"]
    assert "No result then." in page.words(".blank")[0]


@pytest.mark.parametrize(
    "odd",
    ["by=moon", "period=7", "period=months&from=2026-13", "from=x", "period=months&from=0001-01", "trade=magic",
     "type=NOPE", "inspector=-1", "inspector=99999999999999999999", "by=type%00x"],
)  # fmt: skip
def test_an_address_that_no_page_links_to_is_not_found(at_desk, history, odd):
    for table in ("", "/days", "/queue", "/results.csv"):
        at_desk.get(f"/staff/reports{table}?{odd}", status=404)


def test_what_is_still_being_counted_is_said(at_desk, history, monkeypatch):
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("tracker.views.supervisor.reports.count_changes", lambda zone: False)
        assert "still being counted" in at_desk.get("/staff/reports").words("#counting")[0]
    assert not at_desk.get("/staff/reports").select("#counting") and not Uncounted.select().exists()


def test_a_report_takes_as_many_queries_for_much_as_for_little(at_desk, history, counting, dana):
    def sent(address: str) -> int:
        at_desk.get(address)
        with counting() as queries:
            at_desk.get(address)
        return len(queries)

    pages = [f"/staff/reports/{table}?by={by}" for table in ("results", "requests", "days", "queue")
             for by in ("type", "trade", "inspector", "month")]  # fmt: skip
    few = [sent(page) for page in pages]
    permits = [permit_of(dana.company, f"BP-2026-5{n:04}") for n in range(30)]
    for n in range(150):
        past(permits[n % 30], dana.company, ("FORM", "FOUND", "GAS")[n % 3], "passed", TODAY - timedelta(days=n))
    assert [sent(page) for page in pages] == few and max(few) <= 12


def test_the_command_counts_anew(app, history):
    rebuilt = app.test_cli_runner().invoke(args=["reports", "rebuild"])
    assert rebuilt.exit_code == 0 and "All sums are right." in rebuilt.output
    Tally.update(passed=70).where(Tally.span == "month").execute()
    assert "sums were wrong and are right now." in app.test_cli_runner().invoke(args=["reports", "rebuild"]).output
    assert "All sums are right." in app.test_cli_runner().invoke(args=["reports", "rebuild"]).output
