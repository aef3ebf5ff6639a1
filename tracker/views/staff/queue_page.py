"""The queue as its page prints it: what the address asks for, the rows, the load, and what was just refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from tracker.actions.seen import Refused, Seen
from tracker.forms.fields import one_line, read_day, read_reason
from tracker.kept import kept
from tracker.queries.loads import inspectors_on
from tracker.queries.queue import (
    EVERY,
    Filter,
    QueueRow,
    open_days,
    queue_page,
    queue_version,
)
from tracker.queries.queue_order import SORTS
from tracker.rules.age import LIMIT, age_days, is_near_limit, is_over_limit
from tracker.rules.calendar import local, next_working_day
from tracker.rules.plan import Inspector
from tracker.rules.words import NOBODY, Role, Status, Trade
from tracker.saying import language, name_of
from tracker.views.here import city, now_local, today

DESK = (Role.TECHNICIAN, Role.SUPERVISOR)  # who may change what the queue shows
MOST_AT_ONCE = 200
COLUMNS = ("type", "day", "where", "contractor", "state")


def reason_typed() -> str:
    """What the form gives as the reason, whole; Refused where there is no room for it."""
    reason, problem = read_reason(request.form.get("reason"))
    if problem:
        raise Refused([(None, problem)])
    return reason


@dataclass
class Row:
    """A row with its words; the rest is the query's."""

    row: QueueRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def seen(self) -> str:
        return Seen.of(self.row).text

    @property
    def type_name(self) -> str:
        return name_of(self.row.type)

    @property
    def inspector(self) -> str:
        """Such as R. Ortega."""
        first, _space, last = self.row.inspector_name.rpartition(" ")
        return f"{first[:1]}. {last}" if first else last

    @property
    def is_past(self) -> bool:
        return self.row.day < today()

    @property
    def age(self) -> int:
        return age_days(local(self.row.requested_at, city()).date(), today())

    @property
    def is_over(self) -> bool:
        return is_over_limit(self.age)

    @property
    def age_words(self) -> str:
        if is_near_limit(self.age):
            return _("Day %(day)s of %(limit)s", day=self.age, limit=LIMIT)
        return ngettext("%(num)s day", "%(num)s days", self.age) if self.age else _("today")


@dataclass
class QueueView:
    """`problems` are (anchor, sentence); `ticked` the ids that stay ticked."""

    filter: Filter
    after: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    ticked: Collection[int] = ()
    chosen: str = ""  # the inspector in the menu of the selection

    @classmethod
    def of(cls, args: Mapping[str, str]) -> "QueueView":
        return cls(read_filter(args), args.get("after", "")[:500])

    @cached_property
    def found(self) -> Any:
        return queue_page(self.filter, today=today(), after=self.after)

    @cached_property
    def rows(self) -> list[Row]:
        return [Row(row) for row in self.found.rows]

    def html_of(self, row: Row, may_change: bool) -> Markup:
        """The row as it is printed, once for everybody who is shown the same of it on the same day."""
        is_ticked, by_day = row.id in self.ticked, self.filter.sort == "day"
        shown = {"it": row, "may_change": may_change, "is_ticked": is_ticked, "by_day": by_day}
        key = (row.row, today(), language(), request.script_root, may_change, is_ticked, by_day)
        return kept("rows", key, lambda: Markup(render_template("staff/_queue_row.html", **shown)))

    @cached_property
    def days(self) -> list[tuple[date, int, int]]:
        return open_days()

    @cached_property
    def inspectors(self) -> list[Inspector]:
        return inspectors_on(self.load_day)

    @cached_property
    def version(self) -> str:
        """Changes whenever a row may: with the record of changes, the day and the language."""
        return f"{queue_version()}-{today():%m%d}{language()}"

    @property
    def tomorrow(self) -> date:
        return next_working_day(today(), city())

    @property
    def load_day(self) -> date:
        """The day whose load is shown: the filter's, or the next working day."""
        return self.filter.day or self.tomorrow

    @property
    def past_count(self) -> int:
        return sum(count for day, count, _free in self.days if day < today())

    @property
    def day_choices(self) -> list[tuple[date, int]]:
        """The days of the menu: those with open requests from today on, the next working day, the one chosen."""
        counts = {day: count for day, count, _free in self.days if day >= today()}
        for day in (self.tomorrow, self.filter.day):
            counts.setdefault(day or self.tomorrow, 0)
        return sorted(counts.items())

    @property
    def groups(self) -> list[tuple[date | None, list[Row]]]:
        """The rows by day; in another order than by day, one group without."""
        if self.filter.sort != "day" or not self.rows:
            return [(None, self.rows)] if self.rows else []
        groups: dict[date, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.day, []).append(row)
        return list(groups.items())

    @property
    def is_filtered(self) -> bool:
        return replace(self.filter, sort="day", backwards=False) != Filter()

    @property
    def any_over(self) -> bool:
        return any(row.is_over for row in self.rows)

    def params(self, **other: Any) -> dict[str, Any]:
        return params_of(self.filter, **other)

    @property
    def query(self) -> str:
        """The address of what is shown, for a hidden field."""
        return urlencode({**self.params(), **({"after": self.after} if self.after else {})})

    def url(self, endpoint: str = "staff.queue", **other: Any) -> str:
        return url_for(endpoint, **self.params(**other))

    def sort_url(self, column: str) -> str:
        same = self.filter.sort == column and not self.filter.backwards
        return self.url(sort=f"-{column}" if same else (column if column != "day" else ""))

    def sorted_by(self, column: str) -> str:
        """For aria-sort; '' where the list is not in this order."""
        if self.filter.sort != column:
            return ""
        return "descending" if self.filter.backwards else "ascending"

    @property
    def updated(self) -> datetime:
        return now_local()


def read_filter(args: Mapping[str, str]) -> Filter:
    """The filter from an address; 404 for what no page of ours links to."""
    day, who, state, trade = (one_line(args.get(name)) for name in ("day", "inspector", "state", "trade"))
    sort = one_line(args.get("sort")) or "day"
    when = read_day(day) if day not in ("", "past") else None
    if (day not in ("", "past") and when is None) or (state and state not in (EVERY, *Status)):
        abort(404)
    if (trade and trade not in list(Trade)) or sort.removeprefix("-") not in SORTS:
        abort(404)
    return Filter(
        day=when,
        past=day == "past",
        trade=trade,
        inspector=_inspector(who),
        state=state,
        q=one_line(args.get("q"))[:100],
        sort=sort.removeprefix("-"),
        backwards=sort.startswith("-"),
    )


def _inspector(text: str) -> int | None:
    if not text:
        return None
    if text == "none":
        return NOBODY
    if not (text.isdecimal() and text.isascii() and len(text) < 10):
        abort(404)
    return int(text)


def params_of(wanted: Filter, **other: Any) -> dict[str, Any]:
    """The filter as it stands in an address, `other` over it; what is not set is left out."""
    sort = f"{'-' if wanted.backwards else ''}{wanted.sort}"
    who = "none" if wanted.inspector == NOBODY else wanted.inspector
    given = {
        "day": "past" if wanted.past else wanted.day,
        "trade": wanted.trade,
        "inspector": who,
        "state": wanted.state,
        "q": wanted.q,
        "sort": "" if sort == "day" else sort,
        **other,
    }
    return {name: str(value) for name, value in given.items() if value not in (None, "")}


def ticks(form: MultiDict) -> list[Seen]:
    """What was ticked, each as it was seen; 400 for what no page of ours sends."""
    seens = [Seen.read(text) for text in form.getlist("inspections")[: MOST_AT_ONCE + 1]]
    return [seen or abort(400) for seen in seens]
