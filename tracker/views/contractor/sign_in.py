"""Sign in by company and PIN, sign out, the how-to."""

from typing import Any

from flask import Response, current_app, make_response, render_template, request, url_for
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker import clock
from tracker.access import SignedOut, contractor_only, public
from tracker.actions.accounts import WrongPin, at_the_door, sign_in_company
from tracker.actions.tries import HasToWait
from tracker.forms.fields import one_line
from tracker.forms.sign_in import SignInForm
from tracker.htmx import go, is_swap
from tracker.kept import kept
from tracker.models import Contractor
from tracker.queries.companies import companies_alike, companies_beginning, company_named, company_with_code
from tracker.rules.reasons import N_, Reason
from tracker.rules.words import Trade
from tracker.saying import language, say
from tracker.views.contractor import bp
from tracker.views.contractor.keeping import give_back, keep
from tracker.views.here import network_address, own_page, safe_next
from tracker.views.sessions import device, sign_in_here, sign_out_here


@bp.get("/")
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return go(own_page(current_user))
    asked = {name: request.args[name] for name in ("company", "next") if name in request.args}
    return page(SignInForm(MultiDict(asked)))


@bp.post("/")
@public
def sign_in_now() -> Any:
    form = SignInForm()
    try:
        with at_the_door():
            if not_yet := _sign_in(form):
                return not_yet
    except WrongPin:
        return page(form, 422, problem=say(Reason(N_("Company and PIN do not match."))))
    except HasToWait as wait:
        answer = page(form, wait.code, problem=say(wait.reason))
        answer.headers["Retry-After"] = str(wait.seconds)
        return answer
    if form.kept.data and (answer := give_back(form.kept.data)):
        return answer
    return go(safe_next(form.next.data) or url_for("contractor.dashboard"))


def _sign_in(form: SignInForm) -> Response | None:
    """The page again where company or PIN is yet to be typed; otherwise the company is signed in."""
    company, by_code, matches = _company_meant(form)
    if matches:
        return page(form, 422, matches=matches, problem=say(Reason(N_("Pick your company from the list."))))
    if not (form.company.data and form.pin.data):
        return page(form, 422, problem=say(Reason(N_("Type your company and its PIN."))))
    asker = {"address": network_address(), "device": device(), "phone": current_app.config["CITY_PHONE"]}
    company = sign_in_company(company, form.pin.data, by_code=by_code, **asker, now=clock.now())
    sign_in_here(company, remember=form.remember.data)
    return None


def _company_meant(form: SignInForm) -> tuple[Contractor | None, bool, list[tuple[int, str]]]:
    """The company the form names, whether by no name of it, and the short list to pick from where it names none."""
    picked, typed = form.picked, form.company.data[:200]
    if picked is not None:
        company = Contractor.get_or_none(Contractor.id == picked, Contractor.merged_into.is_null())
        # The pick of an earlier look-up must not win over a name typed since.
        if company and (company.id, company.company_name) in companies_beginning(typed):
            return company, False, []
    # Everything is looked up whatever was found: how long it takes says nothing about a code that was guessed.
    named, coded = company_named(typed), company_with_code(typed)
    matches = companies_beginning(typed) or companies_alike(typed)
    company = named or coded
    return company, not named, [] if company else matches


@bp.app_errorhandler(SignedOut)
def signed_out(_error: SignedOut) -> Any:
    """Sign in first; what was typed travels along and is given back."""
    if is_swap():
        return "", 401  # the page stays as it is and says what to do
    words = say(Reason(N_("You were signed out meanwhile. Sign in: what you typed is kept.")))
    return page(SignInForm(formdata=None, kept=keep()), 401, problem=words)


def page(form: SignInForm, code: int = 200, **context: Any) -> Response:
    """The sign-in page; `matches` is the list to pick from, `problem` a sentence."""
    context = {"matches": None, "problem": None, **context}
    return make_response(
        render_template(
            "contractor/sign_in.html",
            company=form.company.data,
            remember=form.remember.data,
            chosen=form.picked,
            has_to_wait=code in (429, 503),
            next=safe_next(form.next.data) or "",
            kept=form.kept.data or "",
            **context,
        ),
        code,
    )


@bp.get("/companies")
@public
def companies() -> str:
    typed = one_line(request.args.get("company"))[:200]
    matches = tuple(companies_beginning(typed))
    enough = typed[:2]  # of two letters or more the page says that none begins so

    def shown() -> str:
        return render_template("contractor/_companies.html", matches=matches, company=enough, chosen=None)

    return kept("look-ups", (matches, enough, language()), shown)


@bp.post("/sign-out")
@contractor_only
def sign_out() -> Response:
    sign_out_here()
    return go(url_for("contractor.sign_in"))


@bp.get("/how-to")
@public
def how_to() -> str:
    return render_template("contractor/how_to.html", cutoff=current_app.config["CUTOFF"], trades=list(Trade))
