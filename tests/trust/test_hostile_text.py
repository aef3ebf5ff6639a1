"""Text of no good will in every row: what pages, mails, calendars and files make of it."""

import csv
import io
import json
import re
from email import message_from_bytes
from email.policy import default
from typing import Any
from urllib.parse import quote

import icalendar
import pytest
from bs4 import BeautifulSoup
from peewee import CharField, TextField

from tests import cast
from tests.trust.forms import address_of, who_fills_in
from tests.trust.hostile import HEADERS, MARKUP
from tests.trust.town import RULES, ask, method, named, route
from tracker.actions.seen import Seen
from tracker.cli.postman import message_of
from tracker.exporting import export_inspections, export_permits
from tracker.models import TABLES, Change, Contractor, Correction, Inspection, Mail, Permit

# What the program itself writes into text columns: words of its own, keys, digests, addresses of what is whose.
OWN_WORDS = {
    "code", "trade", "mapped", "key", "stem", "digest", "code_key", "own_pin_hash", "language", "session_token",
    "token", "session", "device", "wants", "role", "password_hash", "status", "origin", "corrected", "source_digest",
    "time_frame", "result", "source_key", "message_id", "kind", "calendar", "calendar_method", "actor", "verb",
    "subject", "before", "after", "span", "registration_code", "recipient", "email",
}  # fmt: skip
UNIQUE = (Contractor.lic_num, Permit.permit_num, Correction.text)


def spoil(text: str) -> None:
    """Every text that a person or another city's file could have brought is this, as far as it fits; numbers too."""
    for model in (one for one in TABLES if one is not Change):
        for field in model._meta.sorted_fields:
            is_text = isinstance(field, CharField | TextField) and field.name not in OWN_WORDS
            if is_text and not any(field is one for one in UNIQUE):
                most = getattr(field, "max_length", None) if isinstance(field, CharField) else None
                model.update({field: text[: most or None]}).execute()
    for field in UNIQUE:
        for row in field.model.select():
            one = f"{text[:24].replace('/', '')}{row.id}"
            field.model.update({field: one}).where(field.model.id == row.id).execute()
    for line in list(Change.select()):  # which is only ever added to
        kept = {name: value for name, value in line.__data__.items() if name != "id"}
        facts = {name: _spoiled(kept[name], text) for name in ("before", "after")}
        Change.create(**{**kept, **facts, "actor_name": text[:200], "address": text[:60], "reason": text})


def _spoiled(facts: str, text: str) -> str:
    """What a line of the record kept: of it what people typed, which has spaces or an @ in it."""
    values = json.loads(facts or "{}")
    typed = {name for name, value in values.items() if isinstance(value, str) and re.search("[ @]", value)}
    return json.dumps(values | dict.fromkeys(typed, text)) if values else ""


@pytest.fixture
def spoiled(app, town):
    """`spoiled(text)` → the addresses of all pages in the town where every text is this one."""

    def spoilt(text: str) -> dict[str, Any]:
        spoil(text)
        for name in ("Dana", "Eve"):
            permit = Inspection.get_by_id(town.things[name]["inspections/id"]).permit
            town_things[name] = {**town.things[name], "permits/number": quote(permit.permit_num, safe="")}
        return town_things

    town_things: dict[str, Any] = {}
    return spoilt


def pages(app, town, things):
    for rule in RULES:
        if method(rule) == "GET" and named(rule) not in ("GET /metrics", "GET /offline/token"):
            address = address_of(rule, type(town)(things, town.sessions))
            yield rule, ask(app, town.sessions[who_fills_in(rule)], rule, address)


def test_markup_is_shown_as_it_was_typed_on_every_page(app, town, spoiled):
    shown_on = set()
    for rule, said in pages(app, town, spoiled(MARKUP)):
        assert said.status_code in (200, 303), f"{rule.rule}: {said.status_code}"
        if said.mimetype != "text/html":
            continue
        soup = BeautifulSoup(said.data, "html.parser")
        assert not soup.select("img, iframe, object, embed, base, meta[http-equiv]"), rule.rule
        assert all(tag.get("src") for tag in soup.select("script")), rule.rule
        for tag in soup.find_all(True):
            assert not [name for name in tag.attrs if name.startswith("on") or name == "style"], f"{rule.rule}: {tag}"
            for name in ("href", "action", "src", "data-hx-get", "data-hx-post", "formaction"):
                assert not str(tag.get(name, "")).strip().lower().startswith(("javascript", "data", "vbscript", "//"))
        if "<img src=x" in soup.get_text() or "<img src=x" in str([tag.attrs for tag in soup.find_all(True)]):
            shown_on.add(rule.rule)
    # The pages that show most of it; so this walk sees what it looks for.
    assert {"/dashboard", "/permits/<path:number>", "/staff/queue", "/staff/day", "/staff/changes"} <= shown_on
    assert len(shown_on) > 30, sorted(shown_on)


def letters(app, town, text: str) -> list[Mail]:
    """Mails of every kind that a request has in its life, about inspections that hold this text."""
    before = Mail.select().count()
    ids = {name: town.things[name]["stops/id"] for name in ("Dana", "Eve")}
    sent: list[tuple[str, str, str, dict[str, str]]] = [
        ("Dana", "POST /inspections/<id>/move", f"/inspections/{town.things['Dana']['inspections/id']}/move",
         {"requested_date": str(cast.THURSDAY), "time_frame": "am"}),
        ("Dana", "POST /inspections/<id>/cancel", f"/inspections/{town.things['Dana']['inspections/id']}/cancel", {}),
        ("inspector", "POST /staff/stops/<id>/result", f"/staff/stops/{ids['Dana']}/result",
         {"result": "failed", "other": text, "comment": text, "staff_comment": text}),
        ("technician", "POST /staff/queue", "/staff/queue",
         {"action": "decline", "reason": text or "No.", "inspections": seen(town.things["Eve"]["inspections/id"])}),
        ("technician", "POST /staff/inspections/<id>/cancel", f"/staff/inspections/{ids['Eve']}/cancel",
         {"reason": text, "seen": seen(ids["Eve"])}),
    ]  # fmt: skip
    for who, name, address, data in sent:
        said = ask(app, town.sessions[who], route(name), address, data)
        assert said.status_code == 303, f"{name}: {said.get_data(as_text=True)[:3000]}"
    return list(Mail.select().order_by(Mail.id).offset(before))


def seen(id: int) -> str:
    return Seen.of(Inspection.get_by_id(id)).text


def test_markup_is_text_in_every_mail_and_calendar(app, town, spoiled):
    spoiled(MARKUP)
    Mail.update(html="", calendar="").execute()
    written = letters(app, town, MARKUP)
    assert {mail.kind for mail in written} >= {"moved", "cancelled", "result", "declined"}
    for mail in written:
        soup = BeautifulSoup(mail.html, "html.parser")
        assert not soup.select("img, script") and "<img src=x" in soup.get_text() + mail.text, mail.kind


def test_no_line_of_a_mails_head_comes_from_what_was_typed(app, town, spoiled):
    spoiled(HEADERS)
    mails = letters(app, town, HEADERS) + list(Mail.select())
    with app.app_context():
        for mail in mails:
            mail.subject = mail.subject or "x"
            message = message_from_bytes(message_of(mail).as_bytes(), policy=default)
            assert {name.lower() for name, _value in message.items()} <= {
                "content-type", "mime-version", "subject", "from", "to", "date", "message-id", "auto-submitted",
                "content-transfer-encoding",
            }, mail.kind  # fmt: skip
            assert message["To"].addresses[0].addr_spec == mail.recipient and len(message["To"].addresses) == 1
            assert "evil.example" not in str(message["From"])


def test_no_line_of_a_calendar_comes_from_what_was_typed(app, town, spoiled):
    spoiled('Dana\r\nATTENDEE:mailto:eve@evil.example\r\nEND:VEVENT\nX-EVIL;A="b":c,d')
    files = [mail.calendar for mail in letters(app, town, "x\r\nEND:VCALENDAR") if mail.calendar]
    assert len(files) >= 2
    for text in files:
        unfolded = re.sub(r"\r\n[ \t]", "", text)
        assert not re.search(r"^(X-EVIL|ATTENDEE[^\r\n]*evil)", unfolded, re.MULTILINE)
        assert "\n" not in unfolded.replace("\r\n", "") and unfolded.count("END:VEVENT\r\n") == 1
        [event] = icalendar.Calendar.from_ical(text).walk("VEVENT")
        assert "evil" in str(event["SUMMARY"]) + str(event["LOCATION"])


FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", '"=1', "'=1", "＝1", "＋1", "－1", "＠1", "x;=1",
    '=HYPERLINK("http://evil.example","x")', "=1\n=2",
)  # fmt: skip
TABLES_OF_REPORTS = ("results", "requests", "days", "queue")
REPORTS = [f"/staff/reports/{table}.csv?by={by}" for table in TABLES_OF_REPORTS for by in ("type", "inspector")]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_file_is_a_formula(app, town, spoiled, formula, tmp_path):
    spoiled(formula)
    files = {}
    for address in ("/staff/changes.csv", *REPORTS):
        said = ask(app, town.sessions["supervisor"], route("GET /staff/changes.csv"), address)
        assert said.mimetype == "text/csv" and said.headers["Content-Disposition"].startswith("attachment; ")
        files[address] = said.get_data(as_text=True)
    export_permits(tmp_path / "permits")
    export_inspections(tmp_path / "inspections", zone=cast.CHICAGO)
    for name in ("permits", "inspections"):
        files[name] = (tmp_path / name).read_bytes().decode()
    found = 0
    for name, text in files.items():
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len({len(row) for row in rows}) == 1, f"{name}: a row too short or too long"
        for cell in (cell for row in rows for cell in row):
            found += formula.strip()[:3] in cell
            assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", cell), f"{name}: {cell!r}"
    assert found > 10
