"""A report as its page and its files show it: what the address asks for, and the sums by group."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from flask import current_app, url_for
from flask_babel import format_date, gettext
from flask_babel import gettext as _

from tracker.filters import TRADES, full_date, month_day
from tracker.queries.reports import (
    AGES,
    Named,
    first_month,
    inspector_names,
    named_types,
    next_month,
    open_ages,
    sums_by_inspector,
    sums_by_month,
    sums_by_type,
)
from tracker.rules.age import LIMIT, NEAR
from tracker.rules.reasons import N_
from tracker.rules.spread import RANGES, Range, shown
from tracker.rules.tallies import Sums
from tracker.rules.words import NOBODY, Trade
from tracker.saying import name_of
from tracker.views.here import today
from tracker.views.supervisor.reports_asked import BYS, PERIODS, months_until, read_asked

# Each is a page and a file of its own.
TABLES = {
    "results": N_("Results"),
    "requests": N_("Requests"),
    "days": N_("Days to inspection"),
    "queue": N_("Open requests"),
}
MOST_BARS, MOST_MONTHS = 12, 24  # of a chart; its table has all


@dataclass(frozen=True)
class Group:
    """One row of a report: its name to people, its key in files, and the sums."""

    name: str
    key: tuple[str, ...]
    sums: Sums

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sums, name)

    def __getitem__(self, column: str) -> int:
        return self.sums[column]


class ReportView:
    """One report, `table` of TABLES; what it shows is read when it is asked for, once."""

    periods, limit = PERIODS, LIMIT

    def __init__(self, table: str, args: Mapping[str, str]) -> None:
        self.table = table
        self.types = named_types()
        self.inspectors = inspector_names()
        self.asked = read_asked(args, self.types, self.inspectors)

    def url(self, table: str = "", **other: str) -> str:
        """The address of this report, or of another with the same filter."""
        values: dict[str, Any] = {"table": table or self.table, **self.asked.params(**other)}
        return url_for("supervisor.reports", **values)

    @property
    def file_url(self) -> str:
        values: dict[str, Any] = {"table": self.table, **self.asked.params()}
        return url_for("supervisor.report_file", **values)

    @property
    def tables(self) -> list[tuple[str, str]]:
        return [(table, gettext(name)) for table, name in TABLES.items()]

    @property
    def titles(self) -> dict[str, str]:
        return {
            "results": {
                "type": _("Results by inspection type"),
                "trade": _("Results by trade"),
                "inspector": _("Results by inspector"),
                "month": _("Results by month"),
            }[self.asked.by],
            "requests": {
                "type": _("Requests and cancellations by inspection type"),
                "trade": _("Requests and cancellations by trade"),
                "inspector": _("Requests and cancellations by inspector"),
                "month": _("Requests and cancellations by month"),
            }[self.asked.by],
            "days": _("Days from request to inspection"),
            "queue": _("Open requests by age"),
        }

    @property
    def by_choices(self) -> list[tuple[str, str]]:
        words = (_("By inspection type"), _("By trade"), _("By inspector"), _("By month"))
        return list(zip(BYS, words, strict=True))

    @property
    def by_title(self) -> str:
        return dict(self.by_choices)[self.asked.by]

    @property
    def by_word(self) -> str:
        words = (_("Inspection type"), _("Trade"), _("Inspector"), _("Month"))
        return dict(zip(BYS, words, strict=True))[self.asked.by]

    @property
    def month_choices(self) -> list[tuple[date, str]]:
        first = min(first_month() or today(), self.asked.first)
        return [(month, format_date(month, "MMM y")) for month in months_until(first, max(today(), self.asked.last))]

    @property
    def trades(self) -> list[Trade]:
        return list(Trade)

    @cached_property
    def groups(self) -> list[Group]:
        """Most results first, months as they follow each other; those without any count are left out."""
        find: dict[str, Callable[[], list[Group]]] = {
            "type": self._by_type,
            "trade": self._by_trade,
            "inspector": self._by_inspector,
            "month": self._by_month,
        }
        groups = [group for group in find[self.asked.by]() if not group.sums.is_empty]
        if self.asked.by == "month":
            return groups
        return sorted(groups, key=lambda group: (-group.results, -group["requested"], group.name))

    @cached_property
    def total(self) -> Group:
        return Group(_("All"), ("all",), sum((group.sums for group in self.groups), Sums({})))

    @property
    def bars(self) -> list[Group]:
        """Those that a chart draws: the biggest, or the last months."""
        return self.groups[-MOST_MONTHS:] if self.asked.by == "month" else self.groups[:MOST_BARS]

    @property
    def left_out(self) -> str:
        """Said below a chart that does not draw all."""
        if len(self.bars) == len(self.groups):
            return ""
        counts = {"count": len(self.bars), "all": len(self.groups)}
        return str(_("The chart has %(count)s of %(all)s; the table has all.", **counts))

    @property
    def tallest(self) -> int:
        """What a bar of full width stands for among requests."""
        return max([max(group["requested"], group.same_day) for group in self.bars], default=0) or 1

    @property
    def waits(self) -> list[tuple[Range, int, bool]]:
        """(range of days, inspections, whether beyond the limit), as far as there are any."""
        counts = self.total.waits
        far = shown(counts, 6) if sum(counts) else 0
        return [(one, count, one.first >= LIMIT) for one, count in zip(RANGES[:far], counts[:far], strict=True)]

    @cached_property
    def ages(self) -> list[tuple[Named, list[int]]]:
        """Types with open requests, the oldest most first, each with its counts by `queries.reports.AGES`."""
        zone = current_app.config["CITY_TIMEZONE"]
        found = open_ages(self.asked.scope, today=today(), zone=zone)
        rows = [(one, found[one.id]) for one in self.types if one.id in found]
        return sorted(rows, key=lambda row: (row[1][::-1], name_of(row[0])), reverse=True)

    @property
    def all_ages(self) -> list[int]:
        return [sum(counts) for counts in zip(*(counts for _one, counts in self.ages), strict=True)]

    @property
    def age_names(self) -> list[tuple[str, str, str]]:
        """(short, in words, how it is drawn) of each of AGES."""
        names = []
        for first, after in zip(AGES, AGES[1:], strict=False):
            ends = {"first": first, "last": after - 1}
            look = "c2" if first == NEAR else "c0"
            names.append((f"{first}–{after - 1}", _("%(first)s to %(last)s days", **ends), look))
        return [*names, (f"{LIMIT}+", _("%(limit)s days or more", limit=LIMIT), "c3")]

    def _by_type(self) -> list[Group]:
        found = sums_by_type(self.asked.scope)
        keys = {one.id: (one.code, one.name, one.trade) for one in self.types}
        return [Group(name_of(one), keys[one.id], found[one.id]) for one in self.types if one.id in found]

    def _by_trade(self) -> list[Group]:
        found, trades = sums_by_type(self.asked.scope), dict.fromkeys(Trade, Sums({}))
        for one in self.types:
            trades[Trade(one.trade)] += found.get(one.id, Sums({}))
        return [Group(str(TRADES[trade]), (trade,), sums) for trade, sums in trades.items()]

    def _by_inspector(self) -> list[Group]:
        found, names = sums_by_inspector(self.asked.scope), dict(self.inspectors)
        return [
            Group(names[id] if id else _("Not assigned"), (names[id] if id else "",), sums)
            for id, sums in found.items()
            if id == NOBODY or id in names
        ]

    def _by_month(self) -> list[Group]:
        found = sums_by_month(self.asked.scope)
        return [Group(self._month_name(month), (f"{month:%Y-%m}",), found[month]) for month in sorted(found)]

    def _month_name(self, month: date) -> str:
        """The month, with its days where the period holds only some of them."""
        first, last = max(month, self.asked.first), min(next_month(month) - timedelta(days=1), self.asked.last)
        if (first, last) == (month, next_month(month) - timedelta(days=1)):
            return str(format_date(month, "MMM y"))
        return f"{month_day(first)} – {full_date(last)}"
