"""Mail that was given up is sent once more: the same letter with the same Message-ID, its tries counted anew."""

from datetime import datetime
from typing import Any

from tracker.actions.changes import By, record, record_many
from tracker.actions.opened import CannotSave
from tracker.db import database
from tracker.models import Mail
from tracker.queries.mail import GIVEN_UP
from tracker.rules.reasons import N_, Reason

VERB = "send_mail_again"


def send_again(mail: Mail, *, by: By, now: datetime) -> None:
    """The worker tries it at its next round. Raises CannotSave where it was not given up."""
    with database.atomic():
        if not Mail.update(_due(now)).where(Mail.id == mail.id, GIVEN_UP).execute():
            raise CannotSave("", Reason(N_("It is on its way already, or was sent.")))
        record(by, VERB, mail, now=now)


def send_all_again(*, by: By, now: datetime) -> int:
    """All that was given up; returns how many. Each is on record."""
    with database.atomic():
        ids = [mail.id for mail in list(Mail.update(_due(now)).where(GIVEN_UP).returning(Mail.id).execute())]
        record_many(by, VERB, Mail, [(id, {}, {}) for id in sorted(ids)], now=now)
    return len(ids)


def _due(now: datetime) -> dict[str, Any]:
    return {"due_at": now, "again_at": now, "tries": 0, "given_up_at": None}
