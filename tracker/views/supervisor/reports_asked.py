"""The filter of the reports, as it stands in an address: the period, how to group, and what to leave out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import abort

from tracker.forms.fields import one_line
from tracker.queries.reports import Named, Scope, next_month
from tracker.rules.words import NOBODY, Trade
from tracker.views.here import today

BYS = ("type", "trade", "inspector", "month")
MONTHS = "months"
PERIODS = ("30", "90", "365", MONTHS)  # the last so many days, or from month to month
USUAL = {"by": "type", "period": "90"}


@dataclass(frozen=True)
class Asked:
    """The filter of an address. `first` and `last` are days, `inspector` an id, NOBODY or None."""

    by: str
    period: str
    first: date
    last: date
    type: Named | None = None
    trade: str = ""
    inspector: int | None = None

    @property
    def scope(self) -> Scope:
        return Scope(self.first, self.last, self.type.id if self.type else None, self.trade, self.inspector)

    @property
    def period_params(self) -> dict[str, str]:
        if self.period == MONTHS:
            return {"period": MONTHS, "from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        return {"period": self.period} if self.period != USUAL["period"] else {}

    def params(self, **other: str) -> dict[str, str]:
        """As it stands in an address, `other` over it; what is usual is left out."""
        given = {
            "by": self.by,
            **self.period_params,
            "type": self.type.code if self.type else "",
            "trade": self.trade,
            "inspector": {None: "", NOBODY: "none"}.get(self.inspector, str(self.inspector)),
            **other,
        }
        return {name: value for name, value in given.items() if value and USUAL.get(name) != value}


def read_asked(args: Mapping[str, str], types: Sequence[Named], inspectors: Sequence[tuple[int, str]]) -> Asked:
    """The filter from an address; 404 for what no page of ours links to."""
    words = {name: one_line(args.get(name)) for name in ("by", "period", "from", "to", "type", "trade", "inspector")}
    by, period = words["by"] or USUAL["by"], words["period"] or (MONTHS if words["from"] else USUAL["period"])
    one = next((one for one in types if one.code == words["type"]), None)
    who = {"": None, "none": NOBODY, **{str(id): id for id, _name in inspectors}}
    known = by in BYS and period in PERIODS and words["trade"] in ("", *Trade) and words["inspector"] in who
    if not known or (words["type"] and one is None):
        abort(404)
    first, last = _months(words["from"], words["to"]) if period == MONTHS else _days(int(period))
    return Asked(by, period, first, last, one, words["trade"], who[words["inspector"]])


def _days(count: int) -> tuple[date, date]:
    """The last so many days, today among them."""
    return today() - timedelta(days=count - 1), today()


def _months(first: str, last: str) -> tuple[date, date]:
    """From the begin of a month to the end of one, whichever stands first; this month where none is named."""
    begin, end = sorted((_month(first), _month(last)))
    return begin, next_month(end) - timedelta(days=1)


def _month(text: str) -> date:
    if not text:
        return today().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        abort(404)
    return month if 1900 < month.year < 2200 else abort(404)


def months_until(first: date, last: date) -> list[date]:
    """Every month from the one to the other, the newest first."""
    months = [last.replace(day=1)]
    while months[-1] > first and len(months) < 600:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months
