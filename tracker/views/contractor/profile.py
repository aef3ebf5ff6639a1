"""The company's profile: its own PIN, its address, its language, and the end of all its sessions."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker import clock
from tracker.access import contractor_only, owes_pin
from tracker.actions import profile as actions
from tracker.actions.accounts import WrongPin, at_the_door, sign_in_company
from tracker.actions.companies import sign_out_company
from tracker.actions.desk import letterhead_of
from tracker.actions.opened import CannotSave, opened_with
from tracker.actions.tries import HasToWait
from tracker.filters import language_name
from tracker.forms.fields import PostedForm, one_line
from tracker.forms.profile import DetailsForm, OwnPinForm
from tracker.htmx import go
from tracker.models import Contractor
from tracker.queries.people import people_of
from tracker.saying import language, say
from tracker.views.contractor import bp
from tracker.views.here import by, network_address, safe_next
from tracker.views.sessions import device, sign_out_here, stay_signed_in


@bp.get("/profile")
@contractor_only
def profile() -> str:
    people, chosen = people_of(current_user.id), language()
    return render_template("contractor/profile.html", people=people, languages=_languages(), chosen=chosen)


@bp.get("/profile/pin")
@contractor_only
def own_pin() -> Any:
    return _pin_page(OwnPinForm(formdata=None, next=request.args.get("next", "")))


@bp.post("/profile/pin")
@contractor_only
def set_own_pin() -> Any:
    form = OwnPinForm()
    errors, code = _problems_or_no_proof(form)
    if errors:
        return _pin_page(form, errors, code)
    try:
        company = actions.set_own_pin(
            current_user.row, form.new_pin.data, letterhead=letterhead_of(current_app.config), by=by(), now=clock.now()
        )
    except CannotSave as no:
        return _pin_page(form, {no.field: say(no.reason)}, 422 if no.field else 409)
    stay_signed_in(company)
    flash(_("Your PIN is changed. Every other phone and computer was signed out."))
    return go(safe_next(form.next.data) or url_for("contractor.profile"))


@bp.get("/profile/company")
@contractor_only
def company_details() -> Any:
    details = actions.details_of(current_user.row)
    return _details_page(DetailsForm(formdata=None, version=opened_with(details), **details))


@bp.post("/profile/company")
@contractor_only
def change_company() -> Any:
    form = DetailsForm()
    errors, code = _problems_or_no_proof(form)
    if errors:
        return _details_page(form, errors, code)
    try:
        changed = actions.change_company(
            current_user.row,
            {name: form[name].data for name in actions.DETAILS},
            version=form.version.data,
            letterhead=letterhead_of(current_app.config),
            by=by(),
            now=clock.now(),
        )
    except CannotSave as no:
        errors = {"": say(no.reason), **overtaken(form, actions.details_of(Contractor.get_by_id(current_user.id)))}
        return _details_page(form, errors, 409)
    flash(_("Saved. A mail about it goes to the company.") if changed else _("Nothing was changed."))
    return go(url_for("contractor.profile"))


@bp.post("/profile/language")
@contractor_only
def set_language() -> Any:
    chosen = one_line(request.form.get("language"))
    if chosen in current_app.config["LANGUAGES"]:
        actions.set_language(current_user.row, chosen, by=by(), now=clock.now())
        session["language"] = chosen
    return go(url_for("contractor.profile"))


@bp.post("/profile/sign-out-everywhere")
@contractor_only
def sign_out_everywhere() -> Any:
    sign_out_company(current_user.row, by=by(), now=clock.now())
    sign_out_here()
    flash(_("Every phone and computer of your company is signed out."))
    return go(url_for("contractor.sign_in"))


def problems_of(form: PostedForm) -> dict[str, str]:
    """What is wrong with the single fields, the first sentence of each."""
    form.validate()
    return {one.name: str(one.errors[0]) for one in form if one.errors}


def overtaken(form: Any, facts: Mapping[str, str]) -> dict[str, str]:
    """What somebody else has written meanwhile, said beside the fields; sent again, the form goes before it."""
    form.version.data = opened_with(facts)
    return {
        name: _("It is “%(value)s” now.", value=value) if value else _("It is empty now.")
        for name, value in facts.items()
        if form[name].data != value
    }


def _problems_or_no_proof(form: OwnPinForm | DetailsForm) -> tuple[dict[str, str], int]:
    """What is wrong and the answer's code; the PIN is tried only where nothing else is."""
    errors = problems_of(form)
    return (errors, 422) if errors else _proof_problem(form.pin.data)


def _proof_problem(pin: str) -> tuple[dict[str, str], int]:
    """Why this is no proof that the company itself asks, and the answer's code. Counted like trying to sign in."""
    phone: str = current_app.config["CITY_PHONE"]
    asker: dict[str, Any] = {"address": network_address(), "device": device(), "phone": phone}
    try:
        with at_the_door():
            sign_in_company(current_user.row, pin, **asker, now=clock.now())
    except WrongPin:
        return {"pin": _("This is not the PIN of your company. Forgot it? Call %(phone)s.", phone=phone)}, 422
    except HasToWait as wait:
        return {"pin": say(wait.reason)}, wait.code
    return {}, 200


def _languages() -> list[tuple[str, str]]:
    """(code, its name in itself) of those to choose from; none where there is but one."""
    codes = current_app.config["LANGUAGES"]
    return [(code, language_name(code)) for code in codes] if len(codes) > 1 else []


def _pin_page(form: OwnPinForm, errors: Mapping[str, str] | None = None, code: int = 200) -> Any:
    back = safe_next(form.next.data) or ""
    asked = owes_pin(current_user)
    page = render_template("contractor/own_pin.html", errors=errors or {}, next=back, asked=asked)
    return page, code


def _details_page(form: DetailsForm, errors: Mapping[str, str] | None = None, code: int = 200) -> Any:
    return render_template("contractor/company.html", form=form, errors=errors or {}), code
