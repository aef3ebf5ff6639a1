"""Who calls us by another name, or says that a proxy did, changes nothing in what others are sent."""

import re

import pytest
from werkzeug.test import create_environ, run_wsgi_app

from tests.trust.forms import address_of, who_fills_in
from tests.trust.town import RULES, ask, method, route
from tracker.models import Mail

FORGED = [
    {"Host": "evil.example"},
    {"Host": "evil.example:8000"},
    {"X-Forwarded-Host": "evil.example", "X-Host": "evil.example", "X-Forwarded-Server": "evil.example"},
    {"Forwarded": "host=evil.example;proto=https", "X-Original-URL": "/evil.example", "X-Rewrite-URL": "/evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Port": "444", "X-Forwarded-Prefix": "/evil.example"},
    {"X-HTTP-Method-Override": "POST", "X-Forwarded-For": "evil.example"},
]  # fmt: skip


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_no_page_and_no_redirect_names_a_forged_host(app, app_with, town, proxies):
    behind = app if proxies == "0" else app_with(TRUSTED_PROXIES="1")
    for rule in RULES[:: 2 if proxies == "0" else 5]:
        if method(rule) == "GET":
            address, session = address_of(rule, town), town.sessions[who_fills_in(rule)]
            usual = ask(behind, session, rule, address)
            for headers in FORGED:
                said = ask(behind, session, rule, address, **headers)
                assert said.status_code == usual.status_code, f"{rule.rule}: {headers}"
                assert b"evil.example" not in said.data and "evil.example" not in str(said.headers), rule.rule


def test_mails_and_the_code_on_a_permit_lead_to_the_citys_own_address(app, town):
    cancel, dana = route("POST /inspections/<id>/cancel"), town.sessions["Dana"]
    before = Mail.select().count()
    for headers in FORGED[:1] + FORGED[2:3]:
        ask(app, dana, cancel, address_of(cancel, town), **headers)
    written = list(Mail.select().order_by(Mail.id.desc()).limit(Mail.select().count() - before))
    assert written and all("http://127.0.0.1:8000/" in mail.text for mail in written)
    assert not [mail for mail in written if "evil" in f"{mail.text}{mail.html}{mail.calendar}"]
    printed = route("GET /permits/<number>/print")
    sheets = [ask(app, dana, printed, address_of(printed, town), **headers).data for headers in ({}, *FORGED)]
    codes = {tuple(re.findall(rb'<path class="qrline"[^>]*>', sheet)) for sheet in sheets}
    assert len(codes) == 1 and codes != {()}


@pytest.mark.parametrize(
    "host", ["a..b", "xn--" + "a" * 70, "xn--a" * 9, "evil.example/x", "a b", "\x00", "[::1", "é", "a" * 300]
)
def test_a_host_that_is_no_name_is_refused_or_changes_nothing(app, host):
    # Past the test's own client, which stumbles over such a name itself.
    body, status, headers = run_wsgi_app(app, {**create_environ("/dashboard"), "HTTP_HOST": host})
    told = b"".join(body)
    assert status[:3] in ("400", "303") and b"Traceback" not in told
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Content-Security-Policy"]
    assert headers.get("Location", "/?next=/dashboard") == "/?next=/dashboard"
