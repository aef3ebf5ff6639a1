"""What the tests of faults share: the mail that is due given to a mail server, and Dana's form as she filled it in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask_mail import Mail as FlaskMail

from tests.pages.conftest import CONTACT, wish
from tests.servers import SmtpSink
from tracker import outbox
from tracker.cli.postman import Postman


@pytest.fixture
def post(app: Any) -> Callable[..., outbox.Delivered]:
    """`post(sink, now)` is a round of the mail worker at that moment; what it did."""

    def deliver(sink: SmtpSink, now: datetime) -> outbox.Delivered:
        app.config.update(MAIL_SERVER=sink.host, MAIL_PORT=sink.port, MAIL_USE_TLS=False, MAIL_CA_FILE="")
        FlaskMail(app)
        with app.app_context(), Postman() as send:
            return outbox.deliver(send, now=now)

    return deliver


@pytest.fixture
def danas_form(browse: Any, dana: Any, danas_house: Any) -> tuple[Any, str, dict[str, str]]:
    """(browser, address, fields): Dana has filled in a request and is about to press Submit."""
    browsing, address = browse(dana), f"/permits/{danas_house.permit_num}/request"
    page = browsing.get(address)
    fields = page.fields(page.one("main form"))
    return browsing, address, {**fields, **CONTACT, **wish("SEWER", half="am"), "action": "submit"}
