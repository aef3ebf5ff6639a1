"""Places by weekday and trade: what other numbers would do is shown first, then they are saved."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort, current_app, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.access import staff_only
from tracker.actions.capacity import PlacesChanged, changed_meanwhile, set_places
from tracker.forms.calendar import WEEKDAYS, PlacesForm, as_text, box, from_text
from tracker.htmx import go
from tracker.queries.city import limits, loads, trades
from tracker.rules.calendar import working_days_after
from tracker.rules.capacity import Effect, as_limits, by_key, effects
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, city, now_local, today
from tracker.views.supervisor import bp

DAYS_SHOWN = 10


@dataclass
class CapacityPage:
    """The boxes as typed, what stands now, and what the one would make of the other."""

    form: PlacesForm
    there: dict[tuple[int | None, str | None], int]
    note: str = ""
    code: int = 200

    @property
    def setting(self) -> int:
        return int(current_app.config["DAILY_CAPACITY"])

    @property
    def seen(self) -> str:
        return as_text(self.there)

    @property
    def typed(self) -> str:
        """The numbers whose effect is shown; '' where one of them is none."""
        return "" if self.form.errors else as_text(self.form.places)

    @property
    def changed(self) -> bool:
        return not self.form.errors and self.form.places != self.there

    @property
    def rows(self) -> list[tuple[str | None, list[tuple[str, int | None]]]]:
        """For each trade (None: all together) the name and weekday of its boxes."""
        return [(trade, [(box(day, trade), day) for day in WEEKDAYS]) for trade in (None, *self.form.trades)]

    @cached_property
    def days(self) -> list[tuple[Any, list[Effect]]]:
        """The next working days, each with all together first, then the trades that are full or change."""
        days = working_days_after(today(), DAYS_SHOWN, city())
        then = self.there if self.form.errors else self.form.places
        found = effects(
            days, self.form.trades,
            now=as_limits(self.there), then=as_limits(then), default=self.setting, loads=loads(days),
        )  # fmt: skip
        shown = [one for one in found if one.trade is None or one.changes or one.is_full]
        return [(day, [one for one in shown if one.day == day]) for day in days]

    @property
    def counted(self) -> tuple[int, int]:
        """On how many of the days places change, and on how many more is booked than there would be."""
        changing = [day for day, lines in self.days if any(one.changes for one in lines)]
        over = [day for day, lines in self.days if any(one.over for one in lines)]
        return len(changing), len(over)

    def in_force(self, trade: str | None, weekday: int | None) -> int | None:
        """What counts where the box is left empty."""
        every = self.form.places.get((None, trade)) if weekday is not None else None
        return every if every is not None else self.setting if trade is None else None


@bp.get("/capacity")
@staff_only(Role.SUPERVISOR)
def capacity() -> Any:
    there = by_key(limits())
    return _shown(CapacityPage(PlacesForm.of(trades(), there), there))


@bp.post("/capacity")
@staff_only(Role.SUPERVISOR)
def save_capacity() -> Any:
    """`action` is preview or save; numbers whose effect was not shown yet are shown it first."""
    page = _sent()
    if page.code != 200 or request.form.get("action") != "save":
        return _shown(page)
    if request.form.get("previewed") != page.typed:
        page.note = _("These are other numbers than before. Look at what they do, then save.")
        return _shown(page)
    try:
        count = set_places(page.form.places, seen=page.there, by=by(), now=now_local())
    except PlacesChanged:
        return _shown(_sent())
    flash(ngettext("Saved. %(num)s number changed.", "Saved. %(num)s numbers changed.", count))
    return go(url_for("supervisor.capacity"))


@bp.post("/capacity/effect")
@staff_only(Role.SUPERVISOR)
def capacity_effect() -> Any:
    """What the numbers would do, as they are typed."""
    page = _sent()
    note = _("%(words)s Press Preview to see them.", words=page.note) if page.code == 409 else ""
    return render_template("supervisor/_effect.html", page=page, note=note), page.code


def _sent() -> CapacityPage:
    """The form as it was sent. What somebody else saved meanwhile is in the boxes that this one left alone."""
    there, seen = by_key(limits()), from_text(request.form.get("seen", ""))
    if seen is None or "seen" not in request.form:
        abort(400)
    form = PlacesForm(trades(), request.form, there)
    if form.errors or there in (seen, form.places):
        return CapacityPage(form, there, code=422 if form.errors else 200)
    left_alone = {key for key in {**form.places, **seen, **there} if form.places.get(key) == seen.get(key)}
    merged = {key: number for key, number in form.places.items() if key not in left_alone}
    merged |= {key: there[key] for key in left_alone if key in there}
    return CapacityPage(PlacesForm.of(form.trades, merged), there, say(changed_meanwhile()), 409)


def _shown(page: CapacityPage) -> Any:
    return render_template("supervisor/capacity.html", page=page), page.code
