"""The request page: what it offers, how it opens, and where each complaint stands."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Self

from flask import current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from tracker.access import inspection_for
from tracker.actions.desk import Desk
from tracker.filters import clip
from tracker.forms.fields import read_day
from tracker.forms.requests import RequestForm
from tracker.models import Contractor, Inspection, Permit
from tracker.queries.days import DayOffer, days_on_offer
from tracker.queries.people import PersonRow, people_of
from tracker.queries.permits import last_request, record_of
from tracker.rules.calendar import cutoff_line
from tracker.rules.reasons import Reason
from tracker.rules.sequence import Record, Type, may_ask, permit_problem, type_problem
from tracker.rules.words import TimeFrame
from tracker.saying import language, name_of, say
from tracker.views.contractor.shown import permit_shown
from tracker.views.here import desk, now_local, today


@dataclass
class RequestPage:
    """Everything beside the form: made once a request, read by each of its answers."""

    permit: Permit
    contractor: Contractor
    desk: Desk
    errors: dict[str, str] = field(default_factory=dict)  # by field
    listed_errors: dict[int, str] = field(default_factory=dict)  # by place on the list
    trouble: str = ""  # with the whole of it

    @classmethod
    def of(cls, permit: Permit, contractor: Contractor) -> Self:
        page = cls(permit, contractor, desk())
        page.trouble = say(permit_problem(permit.status, permit.expires_on, today(), page.desk.city.phone))
        return page

    @cached_property
    def record(self) -> Record:
        """Read when somebody asks: a form that is booked needs it in its own transaction alone."""
        return record_of(self.permit, self.contractor, self.desk.types)

    @property
    def has_problems(self) -> bool:
        return bool(self.errors or self.listed_errors or self.trouble)

    def type(self, code: str) -> Type | None:
        """The type with this code, if this permit lists it."""
        return self.desk.types.get(code) if code in self.record.listed else None

    def types(self) -> list[tuple[str, str, str | None]]:
        """(code, name, why not yet) of what may be asked for here, what can be had now first."""
        rows = [
            (one.code, name_of(one), say(type_problem(one, self.record, self.desk.types)) or None)
            for one in self.desk.types.values()
            if one.code in self.record.listed
            and one.code not in self.record.not_applicable
            and may_ask(one, self.record.trades)
            and (one.may_repeat or one.code not in self.record.satisfied)
        ]
        return sorted(rows, key=lambda row: row[2] is not None)

    def opened(self) -> RequestForm:
        """The form as it opens: from the inspection to repeat, the last request on this permit, else the company's."""
        repeat = self.to_repeat()
        source = repeat.request if repeat else last_request(self.permit, self.contractor)
        address = f"{self.permit.original_address1} {self.permit.original_address2}".strip()
        return RequestForm(
            formdata=None,
            key=secrets.token_hex(16),
            contact_name=source.contact_name if source else "",
            phone=source.phone if source else self.contractor.phone,
            site_address=source.site_address if source else clip(address, 200),
            email=source.email if source else self.contractor.email,
            inspection_type=repeat.inspection_type.code if repeat else self._type_at_first(),
            time_frame=repeat.time_frame if repeat else TimeFrame.ANY,
            remarks=repeat.remarks if repeat else "",
        )

    @cached_property
    def people(self) -> list[PersonRow]:
        """Those of the company, to fill in the contact with."""
        return people_of(self.contractor.id)

    def filled_in(self, form: RequestForm, person_id: str) -> RequestForm:
        """The form with this person of the company as the contact; everything else stays as it was typed."""
        for one in self.people:
            if str(one.id) == person_id:
                phone = one.phone or self.contractor.phone
                return form.with_list(form.listed, contact_name=one.name, email=one.email, phone=phone)
        return form

    def is_office_phone(self, form: RequestForm) -> bool:
        """Whether the company's number stands beside one of its people who has none."""
        without = {one.name for one in self.people if not one.phone}
        return form.contact_name.data in without and form.phone.data == self.contractor.phone != ""

    def to_repeat(self) -> Inspection | None:
        """The inspection that the address says to request again."""
        again = request.args.get("repeat", type=int)
        return inspection_for(current_user, again) if again else None

    def days(self, trade: str | None) -> list[DayOffer]:
        """The days that can be asked for, those of a trade where one is chosen."""
        capacity = current_app.config["DAILY_CAPACITY"]
        return days_on_offer(self.desk.city, now_local(), daily_capacity=capacity, trade=trade)

    def _type_at_first(self) -> str:
        possible = [code for code, _name, problem in self.types() if problem is None]
        return request.args.get("inspection_type", "") or (possible[0] if len(possible) == 1 else "")

    def check_shape(self, form: RequestForm, *, contact: bool, one_more: bool) -> None:
        """Note what is wrong with single fields."""
        form.validate()
        for name in (RequestForm.CONTACT if contact else ()) + (("remarks",) if one_more else ()):
            if form[name].errors:
                self.errors[name] = str(form[name].errors[0])
        if one_more and form.day is None:
            self.errors["requested_date"] = _("Choose a day from the list.")
        if one_more and form.time_frame.data not in list(TimeFrame):
            self.errors["time_frame"] = _("Choose AM, PM or any.")
        if contact:
            for place, entry in enumerate(form.inspections):
                if entry.form.errors:
                    self.listed_errors[place] = str(next(iter(entry.form.errors.values()))[0])

    def note(self, problems: Iterable[tuple[int | None, str, Reason]], listed: int) -> None:
        """Note the rules' reasons; those at the place after the list are about the inspection being filled in."""
        for place, name, reason in problems:
            if place is None and not name:
                self.trouble = say(reason)
            elif place is None or place == listed:
                self.errors.setdefault(name, say(reason))
            else:
                self.listed_errors.setdefault(place, say(reason))

    def context(self, form: RequestForm) -> dict[str, Any]:
        """What the templates print."""
        chosen = self.type(form.inspection_type.data)
        days = self.days(chosen.trade if chosen else None)
        return {
            "permit": permit_shown(self.permit),
            "form": SimpleNamespace(**{one.name: one.data for one in form if one.name != "inspections"}),
            "people": self.people,
            "is_office_phone": self.is_office_phone(form),
            "types": self.types(),
            "note": "" if chosen is None else (chosen.note_es if language() == "es" else "") or chosen.note,
            "needs_caller": bool(chosen and chosen.needs_caller),
            "days": days,
            "cutoff_line": say(cutoff_line(now_local(), self.desk.city)),
            "listed": self._listed(form, days),
            "errors": self.errors,
            "summary": self._summary(form),
            "trouble": self.trouble,
        }

    def _listed(self, form: RequestForm, days: list[DayOffer]) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(
                index=place,
                type_code=item["inspection_type"],
                type_name=name_of(self.type(item["inspection_type"])) or item["inspection_type"],
                day=read_day(item["requested_date"]) or (days[0].day if days else today()),
                time_frame=item["time_frame"],
                remarks=item["remarks"],
                problem=self.listed_errors.get(place),
            )
            for place, item in enumerate(form.listed)
        ]

    def _summary(self, form: RequestForm) -> list[tuple[str, str]]:
        """(anchor, words) of everything to fix, in the order of the page."""
        labels = {
            "contact_name": _("Contact Name"),
            "phone": _("Phone Number"),
            "site_address": _("Site Address"),
            "email": _("Email Address"),
            "inspection_type": _("Inspection Type"),
            "requested_date": _("Requested Date"),
            "time_frame": _("Time Frame"),
            "remarks": _("Remarks"),
        }
        which = _("Inspection %(number)s: ", number=len(form.listed) + 1) if form.listed else ""
        lines = []
        for name, label in labels.items():
            if name in self.errors:
                about = "" if name in RequestForm.CONTACT else which
                lines.append((name, f"{about}{label}: {self.errors[name]}"))
        for place, problem in sorted(self.listed_errors.items()):
            words = {"number": place + 1, "type": name_of(self.type(form.listed[place]["inspection_type"]))}
            lines.append((f"inspections-{place}", _("Inspection %(number)s, %(type)s: ", **words) + problem))
        return lines
