"""Companies with names alike: two for good, or one after a look at what would move."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _

from tracker.access import staff_only
from tracker.actions.merging import keep_apart, merge_companies
from tracker.actions.opened import CannotSave, opened_with
from tracker.forms.companies import MergeForm
from tracker.forms.fields import one_line
from tracker.htmx import go
from tracker.models import Contractor, PossibleMatch
from tracker.queries.companies import companies_beginning, company_with_code
from tracker.queries.spellings import merge_facts, moving, open_match_count, open_matches, sides_of
from tracker.rules.merging import licence_problem, merge_problem
from tracker.rules.words import Role
from tracker.saying import say
from tracker.views.here import by, now_local
from tracker.views.staff.telephone import company_of
from tracker.views.supervisor import bp


@bp.get("/spellings")
@staff_only(Role.SUPERVISOR)
def spellings() -> str:
    return _list_page()


def _list_page(problem: str = "") -> str:
    pairs, more = open_matches(after=request.args.get("after", 0, type=int))
    return render_template(
        "supervisor/spellings.html", pairs=pairs, more=more, count=open_match_count(), problem=problem
    )


@bp.post("/spellings/<int:id>/apart")
@staff_only(Role.SUPERVISOR)
def not_the_same(id: int) -> Any:
    match = (PossibleMatch.get_or_none(PossibleMatch.id == id) if id < 2**31 else None) or abort(404)
    try:
        keep_apart(match, by=by(), now=now_local())
    except CannotSave as no:
        return _list_page(say(no.reason)), 409
    names = {"one": match.contractor.company_name, "other": match.other.company_name}
    flash(_("%(one)s and %(other)s stay two companies.", **names))
    return go(url_for("supervisor.spellings"))


@bp.get("/contractors/<int:id>/merge")
@staff_only(Role.SUPERVISOR)
def merge(id: int) -> Any:
    """Pick the other company; then what would move, before anything does."""
    other = _id(request.args.get("other"))
    if gone := _merged(id, other):
        return _led_on(gone)
    company = company_of(id)
    if other is not None:
        return _preview_page(company, company_of(other), keep=_id(request.args.get("keep")))
    q = one_line(request.args.get("q"))[:200]
    found = [id for id, _name in companies_beginning(q)]
    by_code = company_with_code(q) if len(q) > 6 else None
    wanted = [one for one in (*found, *([by_code.id] if by_code else [])) if one != company.id]
    sides = sides_of(wanted) if wanted else {}
    shown = [sides[one] for one in dict.fromkeys(wanted)]
    return render_template("supervisor/merge_with.html", company=company, q=q, found=shown)


@bp.post("/contractors/<int:id>/merge")
@staff_only(Role.SUPERVISOR)
def merge_now(id: int) -> Any:
    form = MergeForm()
    other, keep = _id(form.other.data), _id(form.keep.data)
    if other is None or keep not in (id, other):
        abort(400)
    if gone := _merged(id, other):
        return _led_on(gone)
    company = company_of(id)
    two = (company, company_of(other))
    stays, goes = two if keep == id else two[::-1]
    sure = form.despite_licences.data
    try:
        merge_companies(goes, stays, seen=form.seen.data, despite_licences=sure, by=by(), now=now_local())
    except CannotSave as no:
        if gone := _merged(id, other):
            return _led_on(gone)
        code = 422 if no.field else 409
        return _preview_page(company, company_of(other), keep=keep, problem=say(no.reason), sure=sure), code
    flash(_("%(gone)s is %(company)s now.", gone=goes.company_name, company=stays.company_name))
    return go(url_for("staff.contractor", id=stays.id))


def _preview_page(
    one: Contractor, other: Contractor, *, keep: int | None, problem: str = "", sure: bool = False
) -> str:
    sides = sides_of([one.id, other.id])
    if keep not in sides:
        keep = max(sides.values(), key=lambda side: (side.permits, -side.company.id)).company.id
    stays, goes = (one, other) if keep == one.id else (other, one)
    no = merge_problem(stays, goes)
    return render_template(
        "supervisor/merge.html",
        company=one,
        other=other,
        stays=sides[stays.id],
        goes=sides[goes.id],
        moves=moving(goes, stays),
        licences=say(licence_problem(stays, goes)),
        sure=sure,
        problem=problem or say(no),
        may_merge=no is None,
        seen=opened_with(merge_facts([one, other])),
    )


def _merged(*ids: int | None) -> Contractor | None:
    """The one of these that somebody has merged already."""
    known = [id for id in ids if id is not None and id < 2**31]
    return Contractor.get_or_none(Contractor.id.in_(known), Contractor.merged_into.is_null(False))


def _led_on(gone: Contractor) -> Any:
    flash(_("%(company)s was merged already.", company=gone.company_name))
    return go(url_for("staff.contractor", id=gone.merged_into_id))


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else None
