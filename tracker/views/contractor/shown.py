"""Rows as the contractor's templates print them: with words in the reader's language and what may be done."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from flask_login import current_user

from tracker.filters import clip, half
from tracker.models import Permit
from tracker.queries.corrections import put_into
from tracker.queries.dashboard import PermitRow
from tracker.queries.day import TO_MAKE, waiting_lines
from tracker.queries.permits import InspectionRow
from tracker.queries.steps import Step
from tracker.rules.calendar import change_problem, local
from tracker.rules.eta import expected_window, stops_before
from tracker.rules.expiry import is_soon
from tracker.rules.reasons import Reason
from tracker.rules.words import CHANGEABLE, OPEN, TimeFrame
from tracker.saying import language, name_of, say
from tracker.views.contractor.brief import ADDRESS, NAME, WORK, Brief, brief
from tracker.views.here import city, day_starts_at, now_local, today


class Shown:
    """An inspection with what the reader may still do about it; the rest is the row's."""

    expected: tuple[datetime, datetime] | None = None
    stops_before: int | None = None

    def __init__(self, row: InspectionRow) -> None:
        self.row = row
        self.type_name = name_of(row.type)
        self.inspector = clip(row.inspector_name, NAME)
        mine = row.company_id == current_user.id
        changeable = mine and row.status in CHANGEABLE
        self.can_change = changeable and change_problem(row.day, now_local(), city()) is None
        self.needs_call = changeable and not self.can_change
        self.can_repeat = mine and row.to_repeat and row.status not in OPEN

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @cached_property
    def brief(self) -> Brief:
        """As much of what the inspector left as a list has room for."""
        return brief(self.corrections, self.comment)

    @property
    def words(self) -> list[str]:
        """What its row in a list says, for how much room that takes."""
        said = self.brief
        names = [clip(self.row.address, ADDRESS), self.inspector, self.row.permit_num]
        return [self.type_name, *names, *said.corrections, said.comment]

    @property
    def all_words(self) -> list[str]:
        """The same of its row in a history, where nothing is cut."""
        return [self.type_name, self.inspector or self.closed_by, *self.corrections, self.comment]

    @property
    def is_today(self) -> bool:
        return bool(self.row.day == today())

    @property
    def closed_at(self) -> datetime | None:
        return local(self.row.closed_at, city()) if self.row.closed_at else None


def shown_rows(rows: Sequence[InspectionRow]) -> list[Shown]:
    """The company's own rows as they are shown; on the day itself, with when the inspector is expected at each."""
    shown = [Shown(row) for row in put_into(language(), rows)]
    due = [one for one in shown if one.is_today and one.inspector_id and one.status in TO_MAKE]
    lines = waiting_lines({one.inspector_id for one in due}, today()) if due else {}
    for one in due:
        line = lines[one.inspector_id]
        one.stops_before = stops_before(line, one.id)
        one.expected = expected_window(line, one.id, now=now_local(), day_starts_at=day_starts_at(one.day))
    return shown


def day_and_half(inspection: Any) -> str:
    """Such as "Wed May 27, AM", or the day alone where no half was wished for."""
    day = say(Reason("{day}", {"day": inspection.day}))
    return day if inspection.time_frame == TimeFrame.ANY else f"{day}, {half(inspection.time_frame)}"


def permit_row(row: PermitRow) -> SimpleNamespace:
    """A row of Active Permits; one that has expired meanwhile is for the office to say more about."""
    return SimpleNamespace(
        number=row.number,
        address=clip(row.address, ADDRESS),
        work=clip(row.work, WORK) or name_of(row.type),
        status=row.status,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        days_left=days_left(row.expires_on),
        is_soon=is_soon(row.expires_on, today()),
        can_request=row.expires_on is None or row.expires_on >= today(),
    )


def words_of_permit(row: SimpleNamespace) -> tuple[str, ...]:
    """What such a row says, for how much room that takes."""
    return row.number, row.address, row.work


def permit_shown(permit: Permit, problem: str = "") -> SimpleNamespace:
    """A permit as its own page prints it; `problem` says why nothing can be requested on it."""
    return SimpleNamespace(
        number=permit.permit_num,
        address=permit.original_address1,
        address2=permit.original_address2,
        city=permit.original_city,
        zip=permit.original_zip,
        work=permit.description,
        type_name=name_of(permit.permit_type),
        status=permit.status,
        issued_on=permit.issued_on,
        expires_on=permit.expires_on,
        completed_on=permit.completed_on,
        days_left=days_left(permit.expires_on),
        is_soon=is_soon(permit.expires_on, today()),
        is_active=permit.is_active(today()),
        problem=problem,
    )


def step_shown(step: Step, *, company_id: int | None, request_url: str = "") -> SimpleNamespace:
    """A step towards the final: what it is called, where it stands, who asked (unless the reader), and why not yet."""
    row = step.row if step.state in ("open", "done") else None
    return SimpleNamespace(
        code=step.code,
        name=name_of(step.type),
        state=step.state,
        when=day_and_half(row) if row and step.state == "open" else "",
        day=row.day if row else None,
        tag=(row.result or row.status) if row else None,
        who=row.company_name if row and row.company_id != company_id else "",
        note=say(step.note),
        request_url=request_url if step.can_request else "",
    )


def days_left(expires_on: date | None) -> int | None:
    return None if expires_on is None else (expires_on - today()).days
