"""The city's days off: a supervisor closes a day, with what becomes of the requests on it, or lets it be worked on."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from tracker.actions.changes import By, record, tell_everybody
from tracker.actions.desk import Desk
from tracker.actions.leaving_a_day import full_days, open_as_seen, order_problems, take_off_the_day
from tracker.actions.places import closed_meanwhile
from tracker.actions.review import NO_REASON, refuse_at_the_door
from tracker.actions.seen import ChangedMeanwhile, Problems, Refused, Seen
from tracker.db import again_after_deadlock, database, take_calendar
from tracker.models import Change, ClosedDay
from tracker.rules.calendar import A_YEAR, closed_problem, far_problem, holiday_on, local, past_problem, works_on
from tracker.rules.reasons import N_, Reason, put

ON_RECORD = N_("The city is closed on {day}: {name}.")
WEEKEND = N_("{day} is a weekend, a day off anyway.")


class Done(NamedTuple):
    """What became of a day: what it is called, and how many requests were moved and declined."""

    name: str
    moved: int
    declined: int


class GoesBeyond(Refused):
    """It can be done all the same: `problems` are full days, or the order of inspections."""


@again_after_deadlock
def close_day(
    day: date,
    *,
    name: str,
    wanted: Mapping[Seen, date | None],
    reason: str = "",
    beyond: bool = False,
    desk: Desk,
    by: By,
    now: datetime,
) -> Done:
    """A day off from now on; every open request on it moves to the day that `wanted` names, or is declined (None).

    `reason` is for those declined, who read it. With `beyond` a day takes more than its places, and the order of
    inspections is let pass. All are mailed. The same form sent twice by one person is one act; the answer is what was
    done. Raises ChangedMeanwhile: the day was closed otherwise, a request is not as seen any more, or one is not in
    `wanted`; GoesBeyond; or Refused.
    """
    with database.atomic():
        take_calendar(alone=True)  # nothing comes onto the day any more
        today = _refuse_past(day, now, desk)
        row = ClosedDay.get_or_none(ClosedDay.day == day)
        if not works_on(day, row.open if row else None):
            line = _leave_it(day, "close_day", N_("{day} is a day off already."), desk, by, now)
            return _same(line, name, wanted, reason.strip(), desk, by, now)
        row = _closed(day, name, row)
        rows, to = open_as_seen(day, wanted, desk, now), {seen.id: target for seen, target in wanted.items()}
        refuse_at_the_door(rows, today)
        _refuse([*_wrong_days([one for one in to.values() if one], today), *_unsaid(to, reason)])
        _refuse([] if beyond else full_days(rows, to, desk), GoesBeyond)
        words = put(Reason(ON_RECORD, {"day": day, "name": row.name}), gettext=str)
        take_off_the_day(rows, to, on_record=words, reason=reason.strip(), desk=desk, by=by, now=now)
        _refuse([] if beyond else order_problems(rows, to, desk), GoesBeyond)
        moved = sum(target is not None for target in to.values())
        facts = {"day": day, "name": row.name, "moved": moved, "declined": len(to) - moved}
        record(by, "close_day", row, now=now, after=facts)
        tell_everybody()
        return Done(row.name, moved, len(to) - moved)


@again_after_deadlock
def open_day(day: date, *, desk: Desk, by: By, now: datetime) -> None:
    """The city works on this day: a day it closed is no day off any more, or a federal holiday is not taken.

    Pressed twice by one person it is one act. Raises ChangedMeanwhile where it works on it already, or Refused: the
    day has passed, or is a weekend.
    """
    with database.atomic():
        take_calendar(alone=True)
        _refuse_past(day, now, desk)
        row, holiday = ClosedDay.get_or_none(ClosedDay.day == day), holiday_on(day)
        if works_on(day, row.open if row else None):
            _leave_it(day, "open_day", N_("The city works on {day} already."), desk, by, now)
            return
        if row is not None:
            row.delete_instance()
        elif holiday:
            row = ClosedDay.create(day=day, name=put(holiday, gettext=str), open=True)
        else:
            raise Refused([(None, Reason(WEEKEND, {"day": day}))])
        record(by, "open_day", row, now=now, after={"day": day, "name": row.name})
        tell_everybody()


def _closed(day: date, name: str, row: ClosedDay | None) -> ClosedDay:
    """The row that makes it a day off; of a holiday that was worked on, the row that said so, which is gone."""
    if row is None:
        return ClosedDay.create(day=day, name=name)
    row.delete_instance()
    return row


def _refuse(problems: Problems, kind: type[Refused] = Refused) -> None:
    if problems:
        raise kind(problems)


def _refuse_past(day: date, now: datetime, desk: Desk) -> date:
    """Today; refused is a day before it."""
    today = local(now, desk.city).date()
    _refuse([(None, Reason(N_("{day} has passed and stays as it was."), {"day": day}))] if day < today else [])
    return today


def _wrong_days(targets: Iterable[date], today: date) -> Problems:
    """The day that is being closed is a day off by now: nothing moves onto itself."""
    days = sorted(set(targets))
    problems: Problems = [(None, past_problem(day)) for day in days if day < today]
    problems += [(None, far_problem(day)) for day in days if day > today + A_YEAR]
    return problems + [(None, closed_problem(day)) for day in closed_meanwhile(days) if day >= today]


def _unsaid(to: Mapping[int, date | None], reason: str) -> Problems:
    return [(None, Reason(NO_REASON))] if None in to.values() and not reason.strip() else []


def _same(
    line: Change, name: str, wanted: Mapping[Seen, date | None], reason: str, desk: Desk, by: By, now: datetime
) -> Done:
    """What this person did when they closed the day, if the form says the same; told what stands otherwise."""
    was = json.loads(line.after)
    day, done = date.fromisoformat(was["day"]), Done(was["name"], was["moved"], was["declined"])
    here = (Change.at == line.at) & (Change.actor == by.actor) & (Change.id < line.id)
    became = {
        one.subject_id: (None, one.reason) if one.verb == "decline" else (json.loads(one.after)["day"], "")
        for one in Change.select().where(here, Change.subject == "inspection")
    }
    to = {seen.id: (str(target), "") if target else (None, reason) for seen, target in wanted.items()}
    is_named_so = name == done.name or holiday_on(day)  # which has its name in the language of who sends it
    if is_named_so and len(to) == done.moved + done.declined and to.items() <= became.items():
        return done
    sentence = N_("{day} is a day off already: you closed it, {when}. Requests moved: {moved}, declined: {declined}.")
    values = {"day": day, "when": _when(line, desk, now), "moved": done.moved, "declined": done.declined}
    raise ChangedMeanwhile([(None, Reason(sentence, values))])


def _when(line: Change, desk: Desk, now: datetime) -> Any:
    at = local(line.at, desk.city)
    return at.time() if at.date() == local(now, desk.city).date() else at.date()


def _leave_it(day: date, verb: str, sentence: str, desk: Desk, by: By, now: datetime) -> Change:
    """The line of the record that says that whoever asks made it so; somebody else who did is named."""
    if day.weekday() > 4:
        raise Refused([(None, Reason(WEEKEND, {"day": day}))])
    about = Change.select().where(Change.subject == "closedday", Change.after.contains(f'"{day}"'))
    last = about.order_by(Change.id.desc()).first()
    if last is None:
        raise Refused([(None, Reason(sentence, {"day": day}))])
    if (last.actor, last.verb) != (by.actor, verb):
        values = {"what": Reason(sentence, {"day": day}), "who": last.actor_name, "when": _when(last, desk, now)}
        raise ChangedMeanwhile([(None, Reason(N_("{what} {who} changed it, {when}."), values))])
    return last  # type: ignore[no-any-return]
