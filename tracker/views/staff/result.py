"""The result of a stop: recorded at the site, corrected later, never over somebody else's without being told."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from tracker.access import staff_only
from tracker.actions.results import Outcome, correct_result, record_result, result_version
from tracker.actions.seen import ChangedMeanwhile, Refused, Seen
from tracker.forms.results import ResultForm
from tracker.htmx import go
from tracker.models import Inspection
from tracker.queries.day import Again, Stop, asked_again, corrections_of, one_stop, versions_of
from tracker.rules.outcomes import WITHOUT_CORRECTIONS, result_word
from tracker.rules.reasons import Reason
from tracker.rules.words import SATISFIES, Result, Role, Status
from tracker.saying import name_of, say
from tracker.views.here import by, desk, now_local
from tracker.views.staff import bp
from tracker.views.staff.day_page import DayPage
from tracker.views.staff.keeping import Sent, keeps_typing


@bp.get("/stops/<int:id>/result")
@staff_only()
def result(id: int) -> Any:
    stop = _stop(id)
    return _result_page(stop, _opened(stop, request.args.get("result", "")), 200)


@bp.post("/stops/<int:id>/result")
@staff_only()
def send_result(id: int) -> Any:
    stop, form = _stop(id), ResultForm()
    if not form.validate():
        return _result_page(stop, form, 422)
    outcome = Outcome(Result(form.result.data), form.all_corrections, form.comment.data, form.staff_comment.data)
    at = {"person": current_user.row, "desk": desk(), "by": by(), "now": now_local()}
    try:
        if form.version.data:
            done = correct_result(stop.id, outcome, version=form.known_version, **at)
        else:
            done = record_result(Seen(stop.id), outcome, **at)
    except ChangedMeanwhile as other:
        return _look_first(id, form, say(other.reason))
    except Refused as no:
        return _result_page(stop, form, 422, say(no.reason))
    flash(_said(stop, done))
    if current_user.role == Role.TECHNICIAN:
        return go(url_for("staff.inspection", id=id))
    return go(DayPage(done.inspector or current_user.row, done.day, current_user.row).url)


def _look_first(id: int, form: ResultForm, words: str) -> Any:
    """What the other recorded is shown; sent again, what was typed corrects that."""
    stop = _stop(id)
    if stop.status == Status.DONE:
        form.version.data = str(result_version(id))
        words = _("%(what)s Look at it below. Sent again, what you typed takes its place.", what=words)
    return _result_page(stop, form, 409, words)


def _said(stop: Stop, done: Inspection) -> Any:
    words = {"type": name_of(stop.type), "address": stop.address, "result": say(result_word(done.result or ""))}
    said = Markup.escape(_("%(type)s, %(address)s: recorded as %(result)s.", **words))
    again = asked_again(done.id) if done.result in SATISFIES else None
    if again is None:
        return said
    link = Markup('<a href="{}">{}</a>').format(_where_to_cancel(again), _("Look at that request"))
    return Markup("{} {} {}").format(said, _requested_again(again), link)


def _requested_again(again: Again) -> str:
    day = say(Reason("{day}", {"day": again.day}))
    return _("It is requested again for %(day)s, No. %(number)s.", day=day, number=again.request_id or again.id)


def _where_to_cancel(again: Again) -> str:
    """Where it is called off by whoever may: inspectors only look."""
    page = "staff.inspection" if current_user.role == Role.INSPECTOR else "staff.cancel"
    return url_for(page, id=again.id)


def _result_page(stop: Stop, form: ResultForm, code: int, problem: str = "") -> Any:
    again = asked_again(stop.id) if stop.status == Status.DONE else None
    page = render_template(
        "staff/result.html",
        stop=stop,
        form=form,
        listed=corrections_of(stop.type.id),
        versions=versions_of(stop.id) if stop.status == Status.DONE else [],
        result_words=list(Result),
        problem=problem,
        day_url=url_for("staff.day", day=stop.day, inspector=_other(stop.inspector_id)),
        again=_requested_again(again) if again else "",
        again_url=_where_to_cancel(again) if again else "",
    )
    return page, code


def _other(inspector_id: int | None) -> int | None:
    """Names the inspector unless it is the reader, whose own day has one address alone."""
    return None if inspector_id == current_user.row.id else inspector_id


def _opened(stop: Stop, result: str) -> ResultForm:
    """The form as it opens: for the result that was tapped, or with the result to be corrected.

    What had to be corrected is not ticked any more where another result is named that leaves nothing to correct.
    """
    listed = {one.text for one in corrections_of(stop.type.id)}
    named = result if result in list(Result) else ""
    lines = [] if named in WITHOUT_CORRECTIONS and named != stop.result else stop.corrections
    return ResultForm(
        formdata=None,
        result=named or stop.result or "",
        corrections=[line for line in lines if line in listed],
        other="\n".join(line for line in lines if line not in listed),
        comment=stop.comment,
        staff_comment=stop.staff_comment,
        version=str(result_version(stop.id)) if stop.status == Status.DONE else "",
    )


def _stop(id: int) -> Stop:
    """The stop with this id; a technician was not there, and only corrects what is recorded."""
    stop = (one_stop(id) if id < 2**31 else None) or abort(404)
    if current_user.role == Role.TECHNICIAN and stop.status != Status.DONE:
        abort(403)
    return stop


def _given_back(sent: Sent, id: int) -> Any:
    return _result_page(_stop(id), ResultForm(sent.form), 409, sent.words)


keeps_typing(send_result, _given_back)
