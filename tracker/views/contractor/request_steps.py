"""The steps of a request form, the same for a contractor and for a technician at the telephone."""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from flask import Response, request
from flask_babel import gettext as _

from tracker.actions.requests import AlreadyRequested, Contact, NotPossible, Problems, Wish, was_sent
from tracker.forms.requests import MOST_LISTED, RequestForm
from tracker.htmx import show
from tracker.models import Request
from tracker.views.contractor.request_page import RequestPage


class BookingPage(RequestPage, ABC):
    """A request page that takes the form sent from it; what differs by who fills it in is for its kinds to say."""

    template = "contractor/request.html"

    @abstractmethod
    def problems(self, wishes: Sequence[Wish]) -> Problems:
        """What the rules have against these wishes."""

    @abstractmethod
    def book(self, wishes: Sequence[Wish], contact: Contact, key: str) -> Request:
        """The request, booked; raises NotPossible or AlreadyRequested."""

    def refused(self, no: NotPossible) -> None:
        """Look at what the booking was refused for, beyond noting the reasons."""

    @abstractmethod
    def booked(self, made: Request) -> Response:
        """The answer to what was booked."""

    @abstractmethod
    def booked_before(self, there: Request, form: RequestForm) -> Response:
        """The answer to a form whose key has been used with other content."""

    def answer(self, form: RequestForm, code: int = 200) -> Response:
        return show(self.template, "contractor/_request_form.html", code, **self.context(form))


def take_step(page: BookingPage) -> Response:
    """The answer to the button that was pressed: Remove, a person, Add Inspection or Submit."""
    form, action = RequestForm(), request.form.get("action", "submit")
    if page.trouble and action == "submit" and was_sent(page.contractor, form.key.data):
        page.trouble = ""  # nothing can be asked for any more, but this was: it gets its answer once more
    if page.trouble:
        return page.answer(form, 409)
    if action.startswith("remove-"):
        return page.answer(form.without(action.removeprefix("remove-")))
    if action.startswith("contact-"):
        return page.answer(page.filled_in(form, action.removeprefix("contact-")))
    return _add(page, form) if action == "add" else _submit(page, form)


def _add(page: BookingPage, form: RequestForm) -> Response:
    listed = len(form.listed)
    page.check_shape(form, contact=False, one_more=True)
    problems = page.problems(_wishes_of(form, one_more=True))
    page.note([problem for problem in problems if problem[0] in (None, listed)], listed)
    if listed >= MOST_LISTED:
        page.errors["inspection_type"] = _("The list is full. Submit it, then start another.")
    if page.has_problems:
        return page.answer(form, 422)
    item = {name: form[name].data for name in RequestForm.INSPECTION}
    return page.answer(form.with_list([*form.listed, item], inspection_type="", remarks=""))


def _submit(page: BookingPage, form: RequestForm) -> Response:
    listed, wishes = len(form.listed), _wishes_of(form, one_more=form.has_one_more)
    page.check_shape(form, contact=True, one_more=form.has_one_more)
    if not form.key.data or form.key.errors:
        form.key.data = secrets.token_hex(16)
    if page.has_problems:
        page.note(page.problems(wishes), listed)
        return page.answer(form, 422)
    contact = Contact(**{name: form[name].data for name in RequestForm.CONTACT})
    try:
        return page.booked(page.book(wishes, contact, form.key.data))
    except NotPossible as no:
        page.note(no.problems, listed)
        page.refused(no)
        return page.answer(form, 422)
    except AlreadyRequested as there:
        return page.booked_before(there.request, form)


def _wishes_of(form: RequestForm, *, one_more: bool) -> list[Wish]:
    """What the form asks for: the list, and the inspection filled in beside it."""
    entries = [entry.form for entry in form.inspections] + ([form] if one_more else [])
    return [
        Wish(one.inspection_type.data, one.day or date.min, one.time_frame.data, one.remarks.data) for one in entries
    ]
