"""Two companies, each with all that an address can name, and everybody who may ask for it, signed in already."""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import cast
from tests.actions.a_day import FAILED, asked, given, result
from tests.page import Browse
from tracker import create_app
from tracker.actions.companies import block_company
from tracker.actions.merging import merge_companies
from tracker.actions.opened import opened_with
from tracker.actions.people import add_person
from tracker.actions.requests import Wish
from tracker.actions.staff import leave
from tracker.db import database
from tracker.models import TABLES, Contractor, Fee, Mail, Person, PossibleMatch
from tracker.queries.spellings import merge_facts

# Nobody is signed in, or not any more.
STRANGERS = ("a visitor", "of a blocked company", "of a merged company", "left the city")
CONTRACTORS = ("Dana", "Eve")
STAFF = ("technician", "inspector", "supervisor")
EVERYBODY = (*STRANGERS, *CONTRACTORS, *STAFF)

RULES = sorted(
    create_app({"SECRET_KEY": "only for its map of routes, no more"}).url_map.iter_rules(),
    key=lambda rule: (rule.rule, str(rule.methods)),
)
NAMED = re.compile(r"([\w-]+)/<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Session:
    """A browser's cookie, and a token of a page in it."""

    cookie: str
    token: str


@dataclass(frozen=True)
class Town:
    """`things` are by company ("Dana", "Eve") and then by what stands in an address: "permits/number" → PP-00001."""

    things: dict[str, dict[str, Any]]
    sessions: dict[str, Session]


def method(rule: Rule) -> str:
    return "POST" if "POST" in (rule.methods or ()) else "GET"


def named(rule: Rule) -> str:
    """As the table names it: GET /permits/<number>."""
    return f"{method(rule)} {re.sub(r'<(?:int|path):', '<', rule.rule)}"


def route(name: str) -> Rule:
    """The one that the table calls so."""
    return next(rule for rule in RULES if named(rule) == name)


def parts(rule: Rule) -> list[str]:
    """What stands in its address, as in "permits/number"."""
    return [f"{before}/{name}" for before, _kind, name in NAMED.findall(rule.rule)]


def path(rule: Rule, things: dict[str, Any], **instead: Any) -> str:
    """The route's address with real things in it; `instead` by the names of its arguments."""
    assert {*parts(rule)} <= {*things}, f"say in `_things` what stands for {parts(rule)}"
    return NAMED.sub(
        lambda part: f"{part[1]}/{instead[part[3]] if part[3] in instead else things[f'{part[1]}/{part[3]}']}",
        rule.rule,
    )


def ask(app: Flask, session: Session, rule: Rule, address: str, data: Any = None, **headers: str) -> TestResponse:
    """The answer to this person: a post has a token that is right."""
    sent: dict[str, Any] = {"headers": {"Cookie": session.cookie, **headers}}
    if method(rule) == "POST":
        sent["data"] = {"csrf_token": session.token, **(data or {})}
    return app.test_client(use_cookies=False).open(address, method=method(rule), buffered=True, **sent)


def digest() -> str:
    """Of every row of every table."""
    rows = [
        sorted(map(repr, database.execute_sql(f"SELECT * FROM {table._meta.table_name}").fetchall()))
        for table in TABLES
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def build(app: Flask) -> Town:
    """Write the town into the empty database that the app is on, and sign everybody in."""
    dana = cast.signer("Lone Star Plumbing", "office@lonestar.example")
    eve = cast.signer("Evergreen Drains", "eve@evergreen.example")
    twin = cast.signer("Lone Star Plumbing Inc", "inc@lonestar.example")
    blocked = cast.signer("Blackjack Oak Piping", "office@blackjack.example")
    merged = cast.signer("Evergreen Drain", "office@evergreendrain.example")
    staff = {
        "technician": cast.member("Sam Okafor", "technician"),
        "inspector": cast.member("Ray Ortega", "inspector", "plumbing mechanical irrigation"),
        "supervisor": cast.member("Olu Adeyemi", "supervisor"),
        "left the city": cast.member("Theo Marsh", "technician"),
    }
    things = {name: _things(who, staff, twin) for name, who in (("Dana", dana), ("Eve", eve))}
    companies = {"Dana": dana, "Eve": eve, "of a blocked company": blocked, "of a merged company": merged}
    sessions = {"a visitor": _session(app)}
    sessions |= {name: _session(app, "/", company=who.company.company_name, pin=who.pin)
                 for name, who in companies.items()}  # fmt: skip
    sessions |= {name: _session(app, "/staff", email=who.row.email, password=cast.PASSWORD)
                 for name, who in staff.items()}  # fmt: skip
    at: dict[str, Any] = {"by": cast.CLERK, "now": cast.NOW}
    block_company(blocked.company, reason="Unpaid.", **at)
    goes, stays = (Contractor.get_by_id(one.company.id) for one in (merged, eve))
    merge_companies(goes, stays, seen=opened_with(merge_facts([goes, stays])), despite_licences=False, **at)
    leave(staff["left the city"].row, desk=cast.desk(), **at)
    return Town(things, sessions)


def _things(who: cast.Signer, staff: dict[str, cast.Member], twin: cast.Signer) -> dict[str, Any]:
    """What this company has, and what the staff's addresses name in connection with it."""
    name, ray = who.company.company_name.split()[0], staff["inspector"]
    person = add_person(
        who.company,
        {"name": f"Marco of {name}", "email": f"marco@{name.lower()}.example", "phone": "", "wants": "all"},
        letterhead=cast.LETTERHEAD,
        by=who.by,
        now=cast.NOW,
    )
    requested = asked(who, "77 Cedar Brake Drive", cast.WEDNESDAY)
    [stop] = given(ray, asked(who, "9 Heron Bend"))
    done = asked(who, "12 Pecan Row")
    for before in ("failed", "no_access"):
        cast.past(done.permit, who.company, "WH", before)
    result(ray, *given(ray, done), FAILED)
    house = cast.permit_of(who.company, f"BP-{name}", kind="NEW")
    cast.ask(who, house, Wish("PLRGH", cast.THURSDAY, "am", "Gate code 4711"), Wish("FORM", cast.THURSDAY, "any"),
             key=f"house of {name}")  # fmt: skip
    lower, higher = sorted((who.company, twin.company), key=lambda one: one.id)
    match = PossibleMatch.create(contractor=lower, other=higher)
    assert Person.get_by_id(person.id).contractor == who.company
    return {
        "permits/number": requested.permit.permit_num,
        "inspections/id": requested.id,
        "stops/id": stop.id,
        "contractors/id": who.company.id,
        "people/person": person.id,
        "people/id": ray.row.id,
        "mail/id": Mail.get(Mail.inspection == requested).id,
        "fees/id": Fee.get(Fee.permit == done.permit).id,
        "spellings/id": match.id,
        "check/field": "email",
        "day/day": str(cast.TODAY),
        "permit-types/code": "WATER_HEATER",
        "inspection-types/code": "WH",
        "reports/table": "results",
        "days-off/day": str(cast.TODAY + timedelta(days=9)),
    }


def _session(app: Flask, start: str = "", **typed: str) -> Session:
    """What a browser holds after this sign-in, or that of a visitor."""
    browsing = Browse(app)
    browsing.get(start or "/")
    if start:
        browsing.submit("main form", follow=False, **typed)
        browsing.get("/how-to")
    cookie = browsing.client.get_cookie("session")
    assert cookie is not None
    return Session(f"session={cookie.value}", browsing.token)
