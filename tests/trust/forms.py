"""The forms of the site as its pages show them, and the names that its views read of an address or a form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from bs4 import Tag
from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import Rule

from tests.page import Page
from tests.trust.town import RULES, Town, ask, method, named, path
from tests.trust.who_may import ASKED, ROLES, WHO_MAY

Fields = list[tuple[str, str]]


def who_fills_in(rule: Rule) -> str:
    """Somebody who may."""
    audience = WHO_MAY[named(rule)]
    return ROLES[audience][-1] if audience in ROLES else "a visitor" if audience == "everybody" else "Dana"


def address_of(rule: Rule, town: Town, **instead: Any) -> str:
    things = town.things["Dana"]
    return path(rule, things, **instead) + ASKED.get(named(rule), "").format_map(things)


class Read(ImmutableMultiDict):
    """Tells which names somebody looked for in it."""

    names: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def getlist(self, key: str, type: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, type) if type else super().getlist(key)


class Watched(Request):
    parameter_storage_class = Read


@contextmanager
def watching(app: Flask) -> Iterator[set[str]]:
    """The names that views ask for meanwhile, in addresses and forms."""
    before, app.request_class = app.request_class, Watched
    Read.names.clear()
    try:
        yield Read.names
    finally:
        app.request_class = before


def forms_of_pages(app: Flask, town: Town) -> dict[str, tuple[str, Fields]]:
    """By the line of the table: where the form is sent to, and what it holds as it opens."""
    found: dict[str, tuple[str, Fields]] = {}
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    for rule in RULES:
        if method(rule) == "GET":
            said = ask(app, town.sessions[who_fills_in(rule)], rule, address_of(rule, town))
            for form in Page(said).select("form[method=post]"):
                action = str(form["action"])
                sent_to, _values = adapter.match(urlsplit(action).path, method="POST", return_rule=True)
                found.setdefault(named(sent_to), (action, fields(form)))
    return found


def fields(form: Tag) -> Fields:
    """What is typed and ticked in it, every button pressed and one box of each name ticked."""
    held: Fields = []
    for field in form.select("[name]"):
        name, value = str(field["name"]), str(field.get("value", ""))
        if field.name == "textarea":
            value = field.get_text()
        elif field.name == "select":
            options = field.select("option[selected]") or field.select("option")[-1:]
            value = str(options[0].get("value", "")) if options else ""
        if name != "csrf_token" and name not in dict(held):
            held.append((name, value))
    return held


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """As a browser sends a form; of half a character its bytes, which no browser sends."""

    def part(text: str) -> str:
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")

    return "&".join(f"{part(name)}={part(value)}" for name, value in fields).encode()
