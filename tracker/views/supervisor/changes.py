"""The record of changes of the whole city, as a page and as a file."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, current_app, render_template, request, stream_with_context, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.access import staff_only
from tracker.forms.fields import NO_DAY, one_line, read_day
from tracker.queries.changes import COMPANIES, About, Asked, changes_found, subjects_of, who_acts
from tracker.queries.records import Line
from tracker.rules.cells import csv_line
from tracker.rules.words import Role
from tracker.saying import name_of, say
from tracker.views.here import before, today
from tracker.views.site import error_page
from tracker.views.staff.record_names import ONE_OF, SUBJECTS, VERBS, WITHOUT_NAME
from tracker.views.staff.record_words import ShownLine, lines_shown
from tracker.views.supervisor import bp

PIECE = 500  # lines read at a time for the file: memory stays flat
FILTERS = ("who", "verb", "subject", "from", "to", "q")
# Where a line leads to; an inspection and a fee by themselves, the rest by what it is about.
PAGES = {"inspection": "staff.inspection", "contractor": "staff.contractor", "fee": "supervisor.fee"}


@bp.get("/changes")
@staff_only(Role.SUPERVISOR)
def changes() -> Any:
    shown, asked, unread = _filters(), _asked(), _unread()
    lines, older = ([], None) if unread else changes_found(asked, before=before())
    about = subjects_of(lines)
    kept: dict[str, Any] = {name: value for name, value in shown.items() if value}
    page = render_template(
        "supervisor/changes.html",
        errors=dict.fromkeys(unread, say(NO_DAY)),
        lines=lines_shown(lines, about=lambda line: _linked(line, about)),
        older=url_for("supervisor.changes", before=older, **kept) if older else None,
        newest=url_for("supervisor.changes", **kept) if before() else None,
        file=url_for("supervisor.changes_file", **kept),
        shown=shown,
        is_filtered=bool(kept),
        quick=[(_("Today"), today()), (_("Yesterday"), today() - timedelta(days=1))],
        people=[("system", _("the system")), (COMPANIES, _("companies")), *who_acts()],
        verbs=sorted(((verb, str(words)) for verb, words in VERBS.items()), key=lambda one: one[1].casefold()),
        subjects=sorted(((subject, str(words)) for subject, words in SUBJECTS.items()), key=lambda one: one[1]),
    )
    return page, 422 if unread else 200


@bp.get("/changes.csv")
@staff_only(Role.SUPERVISOR)
def changes_file() -> Response:
    """All that the filter lets through, however much: read and sent in pieces."""
    if _unread():
        return error_page(422, say(NO_DAY), _("Go back and look at the dates of the filter."))
    answer = Response(stream_with_context(_file(_asked())), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=changes.csv"
    return answer


def _filters() -> dict[str, str]:
    return {name: one_line(request.args.get(name))[:100] for name in FILTERS}


def _unread() -> list[str]:
    """The dates of the filter that are none."""
    shown = _filters()
    return [name for name in ("from", "to") if shown[name] and read_day(shown[name]) is None]


def _asked() -> Asked:
    shown = _filters()
    first, last = read_day(shown["from"]), read_day(shown["to"])
    return Asked(
        who=shown["who"],
        verb=shown["verb"],
        subject=shown["subject"],
        begin=_midnight(first) if first else None,
        end=_midnight(last + timedelta(days=1)) if last else None,
        q=shown["q"],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), current_app.config["CITY_TIMEZONE"])


def _linked(line: Line, about: Mapping[tuple[str, int], About]) -> Any:
    """What the line is about, as a link where there is a page of it."""
    it = about.get((line.subject, line.subject_id))
    if it is None:
        return _words(line, about)
    name = Markup("{}").format(_name(it))
    number = Markup('<span class="num">{}</span>').format(it.permit_num) if it.permit_num else ""
    words = Markup(", ").join(part for part in (name, number) if part)
    if line.subject not in (*PAGES, "permit", "mail"):
        return words
    if line.subject == "permit":
        url = url_for("staff.permit", number=it.permit_num)
    elif line.subject == "mail":
        url = url_for("staff.one_mail", id=line.subject_id)
    else:
        url = url_for(PAGES[line.subject], id=line.subject_id)
    return Markup('<a href="{}">{}</a>').format(url, words)


def _words(line: Line, about: Mapping[tuple[str, int], About]) -> str:
    it = about.get((line.subject, line.subject_id))
    if it is None:
        if line.subject in WITHOUT_NAME:
            return str(WITHOUT_NAME[line.subject])
        return f"{ONE_OF.get(line.subject, SUBJECTS.get(line.subject, line.subject))} {line.subject_id}"
    return ", ".join(part for part in (_name(it), it.permit_num) if part)


def _name(it: About) -> str:
    return name_of(it.type) if it.type else it.name


def _file(asked: Asked) -> Iterator[str]:
    zone = current_app.config["CITY_TIMEZONE"]
    yield csv_line([_("When"), _("Who"), _("From"), _("What"), _("About"), _("Before"), _("After"), _("Reason")])
    place: int | None = None
    while True:
        lines, place = changes_found(asked, before=place, limit=PIECE)
        about = subjects_of(lines)
        cells = (_cells(one, _words(one.line, about), zone) for one in lines_shown(lines))
        yield "".join(csv_line(row) for row in cells)
        if place is None:
            return


def _cells(one: ShownLine, about: str, zone: Any) -> list[Any]:
    was = "; ".join(f"{name}: {before}" for name, before, _after in one.facts if before)
    now = "; ".join(f"{name}: {after}" for name, _before, after in one.facts if after)
    why = " ".join([*(rule.partition(": ")[2] for rule in one.despite), one.reason]).strip()
    when = one.at.astimezone(zone).replace(tzinfo=None, microsecond=0).isoformat(" ")
    return [when, one.who, one.address, str(one.verb), about, was, now, why]
