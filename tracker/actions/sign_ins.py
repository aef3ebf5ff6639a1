"""Sessions: begun with a row, ended with it, so that no cookie outlives them. A browser never seen is told of."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from tracker import account_emails
from tracker.actions.changes import By, record
from tracker.db import again_after_deadlock, database
from tracker.letter import Letterhead
from tracker.models import Change, Contractor, SignIn, Staff
from tracker.models.people import SESSION_LASTS

# Rows of one account, the latest: more phones than that sign in anew.
MOST = 200
# More new browsers within a day are one that forgets its cookies, and mails about it would hide the others.
MAILS_A_DAY = 10


def is_known(account: Contractor | Staff, device: str) -> bool:
    """Whether the account has signed in from this browser before; its id may be 0, for nobody."""
    return bool(device) and SignIn.select().where(_of(account), SignIn.device == device).exists()


def new_device() -> str:
    """What a browser is known by: 128 random bits as 32 hex digits."""
    return secrets.token_hex(16)


@again_after_deadlock
def begin_session(
    account: Contractor | Staff, *, device: str, named: str, letterhead: Letterhead, by: By, now: datetime
) -> str:
    """What the session of this account in this browser is known by, until it is ended or SESSION_LASTS is over.

    `named` is roughly what device it is, such as "Safari, iPhone". Where the account has signed in before, but never
    from this browser, a mail goes to its own address.
    """
    session = secrets.token_hex(16)
    with database.atomic():
        if not is_known(account, device) and SignIn.select().where(_of(account)).exists():
            _tell(account, named, letterhead, by, now)
        over = SignIn.session.is_null() | (SignIn.at <= now - SESSION_LASTS)
        SignIn.delete().where(_of(account), SignIn.device == device, over).execute()
        whose: Any = {"contractor" if isinstance(account, Contractor) else "staff": account.id}
        SignIn.create(device=device, session=session, token=account.session_token, at=now, **whose)
        _keep_the_latest(account)
    return session


def end_session(session: str) -> None:
    """It is over, with whatever else the account has open in the same browser, which stays known."""
    if mine := SignIn.get_or_none(SignIn.session == session):
        same = (SignIn.contractor == mine.contractor_id) if mine.contractor_id else (SignIn.staff == mine.staff_id)
        SignIn.update(session=None).where(same, SignIn.device == mine.device).execute()


def _tell(account: Contractor | Staff, named: str, letterhead: Letterhead, by: By, now: datetime) -> None:
    verb = "sign_in_new_device"
    about = (Change.subject == type(account).__name__.lower()) & (Change.subject_id == account.id)
    today = Change.select().where(about, Change.verb == verb, Change.at > now - timedelta(days=1)).count()
    record(by, verb, account, now=now, after={"device": named})
    if today < MAILS_A_DAY:
        account_emails.new_device(account, device=named, letterhead=letterhead, now=now)


def _keep_the_latest(account: Contractor | Staff) -> None:
    too_old = SignIn.select(SignIn.id).where(_of(account)).order_by(SignIn.id.desc()).offset(MOST).limit(1)
    SignIn.delete().where(_of(account), SignIn.id <= too_old).execute()


def _of(account: Contractor | Staff) -> Any:
    return (SignIn.contractor if isinstance(account, Contractor) else SignIn.staff) == account.id
