"""A request by telephone: the contractor's form, filled in by a technician, with a reason for what is let pass."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Response, abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import staff_only
from tracker.actions.requests import AlreadyRequested, Contact, NotPossible, Problems
from tracker.actions.telephone import NeedsReason, Override, problem_key, request_by_telephone, telephone_problems
from tracker.forms.fields import clean
from tracker.forms.requests import MOST_LISTED, RequestForm
from tracker.htmx import go, show
from tracker.models import Contractor, Inspection, Permit, PermitContractor
from tracker.queries.days import DayOffer, days_for_staff
from tracker.queries.permits import record_of
from tracker.rules.calendar import first_day_offered
from tracker.rules.sequence import may_ask, type_problem
from tracker.saying import name_of, say
from tracker.views.contractor.request_page import RequestPage
from tracker.views.contractor.requests import wishes_of
from tracker.views.here import by, now_local
from tracker.views.staff import bp
from tracker.views.staff.permits import permit_of
from tracker.views.staff.queue_page import DESK


@dataclass
class TelephonePage(RequestPage):
    """The request page as a technician has it: more days, more types, and what only a reason helps."""

    overrides: Problems = field(default_factory=list)

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
                name = name_of(one) if problem is None or never else f"{name_of(one)}: {say(problem).rstrip('.')}"
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
            "reason": clean(request.form.get("reason"))[:1000],
            "send_url": url_for("staff.phone_request", **where),
            "about_url": url_for("staff.phone_request_about", **where),
        }


@bp.get("/permits/<path:number>/request")
@staff_only(*DESK)
def phone_request(number: str) -> Any:
    page = _page(number)
    return render_template("staff/request.html", **page.context(page.opened())), 409 if page.trouble else 200


@bp.post("/permits/<path:number>/request")
@staff_only(*DESK)
def send_phone_request(number: str) -> Any:
    page, form = _page(number), RequestForm()
    action = request.form.get("action", "submit")
    if page.trouble:
        return _answer(page, form, 409)
    if action.startswith("remove-"):
        return _answer(page, form.without(action.removeprefix("remove-")))
    if action == "add":
        return _add(page, form)
    return _submit(page, form)


@bp.post("/permits/<path:number>/request/about")
@staff_only(*DESK)
def phone_request_about(number: str) -> str:
    """The note of the chosen type, and the days."""
    return render_template("contractor/_about_type.html", **_page(number).context(RequestForm()))


def _add(page: TelephonePage, form: RequestForm) -> Response:
    listed = len(form.listed)
    page.check_shape(form, contact=False, one_more=True)
    wishes = wishes_of(form, one_more=True)
    hard, _soft = telephone_problems(page.permit, page.contractor, wishes, desk=page.desk, now=now_local())
    page.note([one for one in hard if one[0] in (None, listed)], listed)
    if listed >= MOST_LISTED:
        page.errors["inspection_type"] = _("The list is full. Submit it, then start another.")
    if page.has_problems:
        return _answer(page, form, 422)
    item = {name: form[name].data for name in RequestForm.INSPECTION}
    return _answer(page, form.with_list([*form.listed, item], inspection_type="", remarks=""))


def _submit(page: TelephonePage, form: RequestForm) -> Response:
    listed, wishes = len(form.listed), wishes_of(form)
    page.check_shape(form, contact=True, one_more=form.has_one_more)
    if not form.key.data or form.key.errors:
        form.key.data = secrets.token_hex(16)
    at: dict[str, Any] = {"desk": page.desk, "now": now_local()}
    if page.has_problems:
        page.note(telephone_problems(page.permit, page.contractor, wishes, **at)[0], listed)
        return _answer(page, form, 422)
    try:
        made = request_by_telephone(
            page.permit,
            page.contractor,
            wishes,
            contact=Contact(**{name: form[name].data for name in RequestForm.CONTACT}),
            key=form.key.data,
            override=Override(clean(request.form.get("reason"))[:1000], request.form.getlist("named")),
            taken_by=current_user.row,
            by=by(),
            language=page.contractor.language or "en",
            **at,
        )
    except NotPossible as no:
        page.record = record_of(page.permit, page.contractor, page.desk.types)
        page.note(no.problems, listed)
        page.overrides = list(no.problems) if isinstance(no, NeedsReason) else []
        return _answer(page, form, 422)
    except AlreadyRequested as there:
        page.trouble = _("This form was sent before, as No. %(number)s.", number=there.request.id)
        return _answer(page, form, 409)
    words = {"number": made.id, "company": page.contractor.company_name, "email": made.email}
    flash(_("Requested for %(company)s. No. %(number)s. The confirmation goes to %(email)s.", **words))
    return go(url_for("staff.permit", number=page.permit.permit_num))


def _answer(page: TelephonePage, form: RequestForm, code: int = 200) -> Response:
    return show("staff/request.html", "contractor/_request_form.html", code, **page.context(form))


def _page(number: str) -> TelephonePage:
    """The page for the company that the address names; it has to be on the permit."""
    permit = permit_of(number)
    return TelephonePage.of(permit, company_on(permit, request.args.get("company", "")))


def company_on(permit: Permit, text: str) -> Contractor:
    """The company with this id, if it is on the permit; 404 for any other."""
    if not (text.isdecimal() and text.isascii() and len(text) < 10):
        abort(404)
    on_it = PermitContractor.select(PermitContractor.contractor).where(PermitContractor.permit == permit)
    return Contractor.get_or_none(Contractor.id == int(text), Contractor.id.in_(on_it)) or abort(404)


def keep_typing(number: str) -> Any:
    """The form given back as it was typed, when the page it stood on was too old to be believed."""
    if current_user.role not in DESK:
        return None
    page = _page(number)
    words = _("This page was open for too long. Nothing was sent: look it over and press Submit.")
    page.trouble = page.trouble or words
    return _answer(page, RequestForm(), 409)


keep_typing.is_staffs = True  # type: ignore[attr-defined]
send_phone_request.keep_typing = keep_typing  # type: ignore[attr-defined]
