"""Reports: what was asked for and what came of it, how long it took, and how old the open queue is."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from flask import Response, abort, current_app, render_template, request, stream_with_context
from peewee import OperationalError

from tracker.access import staff_only
from tracker.actions.tallies import count_changes
from tracker.db import one_look
from tracker.queries.reports import AGES
from tracker.rules.cells import csv_line
from tracker.rules.spread import RANGES, Range
from tracker.rules.tallies import BEFORE, CALLED_OFF, DECLINED, REQUESTED, RESULTS, SAME_DAY
from tracker.rules.words import Role
from tracker.views.supervisor import bp
from tracker.views.supervisor.reports_page import TABLES, Group, ReportView

KEYS = {"type": ("type_code", "type", "trade"), "trade": ("trade",), "inspector": ("inspector",), "month": ("month",)}
Rows = Iterable[Sequence[object]]


@bp.get("/reports")
@bp.get("/reports/<table>")
@staff_only(Role.SUPERVISOR)
def reports(table: str = "results") -> str:
    if table not in TABLES:
        abort(404)
    complete = _count()
    with one_look():
        page = ReportView(table, request.args)
        return render_template(f"supervisor/reports_{table}.html", page=page, complete=complete)


@bp.get("/reports/<table>.csv")
@staff_only(Role.SUPERVISOR)
def report_file(table: str) -> Response:
    """The numbers of one table, all of its rows: results, requests, days or queue."""
    rows = FILES.get(table) or abort(404)
    _count()
    with one_look():
        page = ReportView(table, request.args)
        written = _written(rows(page))
    answer = Response(stream_with_context(written), content_type="text/csv; charset=utf-8")
    when = f"{page.asked.first}-to-{page.asked.last}"
    name = f"{table}-by-{page.asked.by}-{when}.csv" if table != "queue" else "queue.csv"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _count() -> bool:
    """Whether the sums hold all there is; somebody who writes for long keeps nobody from reading."""
    try:
        return count_changes(current_app.config["CITY_TIMEZONE"])
    except OperationalError:
        return False


def _written(rows: Rows) -> Iterator[str]:
    """The rows as lines of CSV; they are read at once, so that the database is let go."""
    return map(csv_line, list(rows))


def _results(page: ReportView) -> Rows:
    yield (*KEYS[page.asked.by], "requests", "results", *RESULTS, "pass_rate", "median_days", "days_of_9_in_10")
    for group in page.groups:
        counts = [group[result] for result in RESULTS]
        rate = "" if group.pass_rate is None else f"{group.pass_rate:.4f}"
        yield (*group.key, group[REQUESTED], group.results, *counts, rate, *_waited(group))


def _requests(page: ReportView) -> Rows:
    yield (*KEYS[page.asked.by], "requests", SAME_DAY, CALLED_OFF, BEFORE, DECLINED)
    for group in page.groups:
        yield (*group.key, *(group[column] for column in (REQUESTED, SAME_DAY, CALLED_OFF, BEFORE, DECLINED)))


def _days(page: ReportView) -> Rows:
    ranges = [_range_name(one) for one in RANGES]
    yield (*KEYS[page.asked.by], "inspections", "median_days", "days_of_9_in_10", *ranges)
    for group in page.groups:
        yield (*group.key, sum(group.waits), *_waited(group), *group.waits)


def _queue(page: ReportView) -> Rows:
    ends = [f"{first}-{after - 1}" for first, after in zip(AGES, AGES[1:], strict=False)]
    yield ("type_code", "type", "trade", *(f"days_{end}" for end in ends), f"days_{AGES[-1]}_or_more")
    for one, counts in page.ages:
        yield (one.code, one.name, one.trade, *counts)


def _waited(group: Group) -> list[str]:
    found = (group.waited(50), group.waited(90))
    return [_range_name(one).removeprefix("days_") if one else "" for one in found]


def _range_name(one: Range) -> str:
    if one.last is None:
        return f"days_{one.first}_or_more"
    return f"days_{one.first}" if one.first == one.last else f"days_{one.first}-{one.last}"


FILES: dict[str, Callable[[ReportView], Rows]] = {
    "results": _results,
    "requests": _requests,
    "days": _days,
    "queue": _queue,
}
