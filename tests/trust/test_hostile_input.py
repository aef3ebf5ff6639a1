"""Whatever is typed into an address or a form of any route: a page and a plain sentence, never an error of ours."""

import re
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from typing import Any

import pytest

from tests.trust.carried import look_over
from tests.trust.forms import address_of, encoded, watching, who_fills_in
from tests.trust.hostile import TEXTS
from tests.trust.town import RULES, ask, method, named

IN_ADDRESSES = (
    "nothing", "markup", "headers", "nothing's end", "half a character", "long in bytes", "turned around",
    "below nothing", "more than a row", "more than anything", "endless", "digits of others", "raised digits", "no day",
    "the first day", "the last day", "deep", "dots",
)  # fmt: skip
MOST_FIELDS = 10
ODD_QUERIES = ("%ff%fe=%", "&&==&;", "a[]=1&a[b]=2", "q=%zz&after=%", "?", "q&q&q=1&q=2", "x=1&" * 1_000)
FORM, PARTS_OF_X = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


def every(verb: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("rule", [pytest.param(one, id=named(one)) for one in RULES if method(one) == verb])


@pytest.fixture
def form(town, forms):
    """`form(rule)` → where it is sent to, and what it holds."""

    def found(rule):
        return forms.get(named(rule), (address_of(rule, town), []))

    return found


def all_right(said, what: str) -> None:
    look_over(said)
    assert said.status_code < 500, f"{what}: {said.status_code}"
    if said.mimetype == "text/html" and said.status_code >= 400 and b"<html" in said.data:
        assert re.search(rb"<h1[ >].*<p[ >]", said.data, re.DOTALL), f"{what}: no page with a sentence"
    for not_ours in (b"Traceback", b"<img src=x", b"<script>", b"<svg/onload"):
        assert not_ours not in said.data, what


@every("GET")
def test_odd_questions_in_an_address(app, town, rule):
    address, session = address_of(rule, town), town.sessions[who_fills_in(rule)]
    with watching(app) as names:
        ask(app, session, rule, address)
        joined, texts = "&" if "?" in address else "?", rotating(IN_ADDRESSES, rule)
        queries = [encoded([(name, TEXTS[what])]).decode() for name in sorted(names) for what in islice(texts, 2)]
        for query in (*queries, *islice(rotating(ODD_QUERIES, rule), 3)):
            all_right(ask(app, session, rule, f"{address}{joined}{query[:6_000]}"), query[:200])
        for what in islice(texts, 5):  # all at once, also those that were asked for only now
            query = encoded([(name, TEXTS[what][:300]) for name in sorted(names)]).decode()
            all_right(ask(app, session, rule, f"{address}{joined}{query}"), f"all: {what}")


@every("POST")
def test_hostile_text_in_every_field(app, town, rule, form):
    (address, held), session = form(rule), town.sessions[who_fills_in(rule)]
    with watching(app) as names:
        ask(app, session, rule, address, dict(held))
        held = held + [(name, "") for name in sorted(names) if name not in dict(held) and "csrf" not in name]
    texts = rotating(list(TEXTS), rule)
    for name, _value in islice(rotating(held, rule), min(len(held), MOST_FIELDS)):
        for what in islice(texts, 1):
            sent = [(one, TEXTS[what] if one == name else value) for one, value in held]
            all_right(post(app, session, address, sent), f"{name}: {what}")
    for what in islice(texts, 6):
        sent = [(one, value if one == "action" else TEXTS[what]) for one, value in held]
        all_right(post(app, session, address, sent), f"all: {what}")


def rotating(all_of: Sequence[Any], rule) -> Iterator[Any]:
    """Without end, begun elsewhere for every route: so each text meets many fields, and it takes no minutes."""
    return islice(cycle(all_of), RULES.index(rule) * 5 % max(len(all_of), 1), None)


def post(app, session, address, sent):
    headers = {"Cookie": session.cookie, "X-CSRFToken": session.token}
    client = app.test_client(use_cookies=False)
    return client.post(address, data=encoded(sent), content_type=FORM, headers=headers, buffered=True)


BODIES = {
    "no text": (b"\xff\xfe\xed\xa0\x80%zz=%&%=\xc3", FORM),
    "broken percents": (b"action=%&q=%z&inspection_type=%u0041&%ff=%fe", FORM),
    "a field twice": (b"action=save&action=submit&inspector=1&inspector=2&day=2026-05-27&day=x", FORM),
    "arrays": (b"action[]=1&inspection_type[a]=b&email[0]=x&version[]=1&requested_date[$ne]=1", FORM),
    "10,000 fields": (b"&".join(b"f%d=1" % n for n in range(10_000)), FORM),
    "names without end": (b"&".join(b"inspections-%d-remarks=x" % n for n in range(10_000)), FORM),
    "10 MB": (b"reason=" + b"x" * 10_000_000, FORM),
    "no multipart": (b"--x\r\nbroken", PARTS_OF_X),
    "no boundary": (b"a" * 100, "multipart/form-data"),
    "half a multipart": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
        PARTS_OF_X,
    ),
    "a file for a text": (
        b'--x\r\nContent-Disposition: form-data; name="action"; filename="../../x.sh"\r\n\r\n#!\r\n--x--\r\n',
        PARTS_OF_X,
    ),
    "multipart in another tongue": (
        b'--x\r\nContent-Disposition: form-data; name="reason"\r\n'
        b"Content-Type: text/plain; charset=utf-7\r\n\r\n+ADw-\r\n--x--",
        PARTS_OF_X,
    ),
    "600 parts": (
        b"".join(b'--x\r\nContent-Disposition: form-data; name="p%d"\r\n\r\n1\r\n' % n for n in range(600)) + b"--x--",
        PARTS_OF_X,
    ),
    "JSON": (b'{"action": ["save"], "email": {"a": 1}}', "application/json"),
    "no JSON": (b"{", "application/json"),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "application/xml"),
    "no kind": (b"action=save", ""),
    "an odd kind": (b"action=save", "text/plain; charset=\xff"),
}


@every("POST")
def test_bodies_that_are_no_form(app, town, rule, form):
    address, session = form(rule)[0], town.sessions[who_fills_in(rule)]
    headers = {"Cookie": session.cookie, "X-CSRFToken": session.token}
    for what in islice(rotating(list(BODIES), rule), 5):
        body, kind = BODIES[what]
        client = app.test_client(use_cookies=False)
        said = client.post(address, data=body, content_type=kind, headers=headers, buffered=True)
        all_right(said, what)
        assert said.status_code == 413 or what not in ("10 MB", "600 parts")
