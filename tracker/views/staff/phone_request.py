"""A request by telephone: the contractor's form, filled in by a technician, with a reason for what is let pass."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.requests import Contact, NotPossible, Problems, Wish
from tracker.actions.telephone import NeedsReason, Override, problem_key, request_by_telephone, telephone_problems
from tracker.forms.fields import clean, read_reason
from tracker.forms.requests import RequestForm
from tracker.htmx import go
from tracker.models import Contractor, Inspection, Permit, PermitContractor, Request
from tracker.queries.days import DayOffer, days_for_staff
from tracker.rules.calendar import first_day_offered
from tracker.rules.sequence import may_ask, type_problem
from tracker.saying import name_of, say
from tracker.views.contractor.request_steps import BookingPage, take_step
from tracker.views.here import by, now_local
from tracker.views.staff import bp
from tracker.views.staff.keeping import Sent, keeps_typing
from tracker.views.staff.permits import permit_of
from tracker.views.staff.queue_page import DESK


@dataclass
class TelephonePage(BookingPage):
    """The request page as a technician has it: more days, more types, and what only a reason helps."""

    overrides: Problems = field(default_factory=list)
    why: str = ""  # the reason typed for them

    template = "staff/request.html"

    def days(self, trade: str | None) -> list[DayOffer]:
        return days_for_staff(self.desk.city, now_local(), daily_capacity=self.desk.daily_capacity)

    def types(self) -> list[tuple[str, str, str | None]]:
        """All that the permit lists; where a rule stands against one, its name says so, and it can be chosen."""
        rows = []
        for one in self.desk.types.values():
            if one.code in self.record.listed and may_ask(one, self.record.trades):
                problem = type_problem(one, self.record, self.desk.types)
                open_already = one.code in self.record.open_on and not one.may_repeat
                never = open_already or one.code in self.record.not_applicable
                name = name_of(one) if problem is None or never else _named_with(name_of(one), say(problem))
                rows.append((problem is not None, (one.code, name, say(problem) if problem and never else None)))
        return [row for _later, row in sorted(rows, key=lambda pair: pair[0])]

    def to_repeat(self) -> Inspection | None:
        again = request.args.get("repeat", type=int)
        mine = (Inspection.permit == self.permit) & (Inspection.contractor == self.contractor)
        return Inspection.get_or_none(Inspection.id == min(again, 2**31 - 1), mine) if again else None

    def opened(self) -> RequestForm:
        form = super().opened()
        form.requested_date.data = str(first_day_offered(now_local(), self.desk.city))
        return form

    def context(self, form: RequestForm) -> dict[str, Any]:
        where = {"number": self.permit.permit_num, "company": self.contractor.id}
        return {
            **super().context(form),
            "by_phone": True,
            "company": self.contractor,
            "overrides": [say(reason) for _place, _field, reason in self.overrides],
            "named": [problem_key(one) for one in self.overrides],
            "reason": self.why,
            "cutoff_line": _("Any working day from today on. What a contractor could not have takes a reason."),
            "send_url": url_for("staff.phone_request", **where),
            "about_url": url_for("staff.phone_request_about", **where),
        }

    def problems(self, wishes: Sequence[Wish]) -> Problems:
        """What no reason helps against; a reason that is typed already stays on the page with what it is for."""
        hard, soft = telephone_problems(self.permit, self.contractor, wishes, desk=self.desk, now=now_local())
        self.overrides = soft if self.why else []
        return hard

    def book(self, wishes: Sequence[Wish], contact: Contact, key: str) -> Request:
        reason, too_long = read_reason(self.why)
        if too_long:
            self.problems(wishes)
            raise NotPossible([(None, "reason", too_long)])
        return request_by_telephone(
            self.permit,
            self.contractor,
            wishes,
            contact=contact,
            key=key,
            override=Override(reason, request.form.getlist("named")),
            taken_by=current_user.row,
            language=self.contractor.language or "en",
            desk=self.desk,
            by=by(),
            now=now_local(),
        )

    def refused(self, no: NotPossible) -> None:
        if isinstance(no, NeedsReason):
            self.overrides = list(no.problems)
            self.errors["reason"] = _("Give a reason to do it all the same.")
            self.trouble = ngettext(
                "A rule stands against it. Nothing was sent yet.",
                "%(num)s rules stand against it. Nothing was sent yet.", len(self.overrides),
            )  # fmt: skip

    def _summary(self, form: RequestForm) -> list[tuple[str, str]]:
        """Where a reason helps, the way to it is the first line."""
        lines = super()._summary(form)
        return [("reason", self.errors["reason"]), *lines] if "reason" in self.errors else lines

    def booked(self, made: Request) -> Response:
        words = {"number": made.id, "company": self.contractor.company_name, "email": made.email}
        flash(_("Requested for %(company)s. No. %(number)s. The confirmation goes to %(email)s.", **words))
        return go(url_for("staff.permit", number=self.permit.permit_num))

    def booked_before(self, there: Request, form: RequestForm) -> Response:
        self.trouble = _("This form was sent before, as No. %(number)s.", number=there.id)
        return self.answer(form, 409)


@bp.get("/permits/<path:number>/request")
@staff_only(*DESK)
def phone_request(number: str) -> Any:
    page = _page(number)
    return render_template("staff/request.html", **page.context(page.opened())), 409 if page.trouble else 200


@bp.post("/permits/<path:number>/request")
@staff_only(*DESK)
def send_phone_request(number: str) -> Any:
    return take_step(_page(number))


@bp.post("/permits/<path:number>/request/about")
@staff_only(*DESK)
def phone_request_about(number: str) -> str:
    """The note of the chosen type, and the days."""
    return render_template("contractor/_about_type.html", **_page(number).context(RequestForm()))


def _page(number: str, sent: Sent | None = None) -> TelephonePage:
    """The page for the company that the address names, which has to be on the permit; `sent` instead of now."""
    permit = permit_of(number)
    args, form = (sent.args, sent.form) if sent else (request.args, request.form)
    page = TelephonePage.of(permit, company_on(permit, args.get("company", "")))
    page.why = clean(form.get("reason"))
    return page


def _named_with(name: str, problem: str) -> str:
    """A type and what stands against it, its name once."""
    said = problem.rstrip(".")
    return said if said.startswith(name) else f"{name}: {said}"


def company_on(permit: Permit, text: str) -> Contractor:
    """The company with this id, if it is on the permit; 404 for any other."""
    if not (text.isdecimal() and text.isascii() and len(text) < 10):
        abort(404)
    on_it = PermitContractor.select(PermitContractor.contractor).where(PermitContractor.permit == permit)
    return Contractor.get_or_none(Contractor.id == int(text), Contractor.id.in_(on_it)) or abort(404)


def _given_back(sent: Sent, number: str) -> Any:
    page = _page(number, sent)
    page.trouble = page.trouble or sent.words
    return page.answer(RequestForm(sent.form), 409)


keeps_typing(send_phone_request, _given_back)
