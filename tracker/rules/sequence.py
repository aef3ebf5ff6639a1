"""What comes first, and who may ask for what on which permit.

Source: the city's inspection order. A prerequisite counts only where the permit's type lists it, and is met
by Passed, Passed with conditions or Waived, by being marked not applicable on the permit, or, where the
order says so, by being requested for the same or an earlier day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tracker.rules.reasons import N_, Reason
from tracker.rules.words import ACTIVE_PERMIT, PermitStatus, Trade


@dataclass(frozen=True)
class Need:
    """A type that must have passed first or, `by_request`, be asked for on the same or an earlier day."""

    code: str
    by_request: bool = False


@dataclass(frozen=True)
class Type:
    """An inspection type as the rules see it."""

    id: int
    code: str
    name: str
    name_es: str
    trade: str
    minutes: int = 30
    note: str = ""
    note_es: str = ""
    may_repeat: bool = False
    needs_caller: bool = False
    is_final: bool = False
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True)
class Record:
    """What is known of a permit when somebody asks: codes of types, and the asking company's trades on it."""

    listed: Collection[str]
    trades: Collection[str] = (Trade.GENERAL,)
    satisfied: Collection[str] = ()
    open_on: Mapping[str, date] = field(default_factory=dict)
    not_applicable: Collection[str] = ()
    unpaid: Decimal = Decimal(0)


def permit_problem(status: str, expires_on: date | None, today: date, phone: str) -> Reason | None:
    """Why nothing can be requested on a permit; None while it is issued and not expired, final or void."""
    values = {"phone": phone}
    if status in (PermitStatus.FINALED, PermitStatus.FINALED_WITH_CONDITIONS, PermitStatus.OCCUPANCY):
        return Reason(N_("This permit is final. Nothing more can be requested on it."))
    if status == PermitStatus.CANCELLED:
        return Reason(N_("This permit is void. Questions: {phone}."), values)
    if status == PermitStatus.EXPIRED or (expires_on is not None and expires_on < today):
        return Reason(N_("This permit has expired. To renew it, call {phone}."), values)
    if status == PermitStatus.ON_HOLD:
        return Reason(N_("This permit is on hold. Questions: {phone}."), values)
    if status not in ACTIVE_PERMIT:
        return Reason(N_("This permit is not issued yet. Questions: {phone}."), values)
    return None


def missing_first(wanted: Type, record: Record, types: Mapping[str, Type], on: date | None) -> list[Type]:
    """The types that `wanted` needs and that are not met yet. With no day, any open request counts where one may."""
    missing = []
    for need in wanted.needs:
        if need.code not in record.listed or need.code in record.satisfied or need.code in record.not_applicable:
            continue
        asked = record.open_on.get(need.code)
        if need.by_request and asked is not None and (on is None or asked <= on):
            continue
        missing.append(types[need.code])
    return missing


def earliest(asked: Iterable[tuple[str, date]]) -> dict[str, date]:
    """The first day of each type that is asked for: of one that may repeat, what needs it counts on the first."""
    days: dict[str, date] = {}
    for code, day in asked:
        days[code] = min(day, days.get(code, day))
    return days


def needed_for_final(listed: Collection[str], types: Mapping[str, Type]) -> set[str]:
    """The codes of the final and of all that must come before it; every listed one where no final is listed."""
    wanted = [code for code in listed if types[code].is_final]
    if not wanted:
        return set(listed)
    needed: set[str] = set()
    while wanted:
        code = wanted.pop()
        needed.add(code)
        wanted += [need.code for need in types[code].needs if need.code in listed and need.code not in needed]
    return needed


def may_ask(wanted: Type, trades: Collection[str]) -> bool:
    """The general contractor may request any inspection, a subcontractor those of its trade."""
    return Trade.GENERAL in trades or wanted.trade in trades


def type_problem(wanted: Type, record: Record, types: Mapping[str, Type], on: date | None = None) -> Reason | None:
    """Why this type cannot be requested (for the day `on`, where one is named); None when it can."""
    values = {"type": wanted}
    if wanted.code not in record.listed:
        return Reason(N_("{type} is not part of this permit."), values)
    if wanted.code in record.not_applicable:
        return Reason(N_("{type} does not apply to this permit."), values)
    if not may_ask(wanted, record.trades):
        return Reason(N_("{type} is for the general contractor or that trade to request."), values)
    if not wanted.may_repeat and wanted.code in record.open_on:
        return Reason(N_("{type} is requested already, for {day}."), {**values, "day": record.open_on[wanted.code]})
    if not wanted.may_repeat and wanted.code in record.satisfied:
        return Reason(N_("{type} has passed already."), values)
    if missing := missing_first(wanted, record, types, on):
        return _missing_reason(wanted, missing, record)
    if wanted.is_final and record.unpaid:
        return Reason(
            N_("{type}: first pay the re-inspection fee, ${amount}."), {**values, "amount": f"{record.unpaid:.2f}"}
        )
    return None


def _missing_reason(wanted: Type, missing: Sequence[Type], record: Record) -> Reason:
    values = {"type": wanted, "missing": list(missing)}
    by_request = {need.code for need in wanted.needs if need.by_request}
    if not all(one.code in by_request for one in missing):
        return Reason(N_("{missing} must pass first."), values)
    if all(one.code in record.open_on for one in missing):
        days = max(record.open_on[one.code] for one in missing)
        return Reason(N_("{type} cannot be before {missing}, which is on {day}."), {**values, "day": days})
    return Reason(N_("{type} needs {missing} first. Request that too, for the same day or an earlier one."), values)


def left_behind_problem(moved: Type, record: Record, types: Mapping[str, Type], to: date) -> Reason | None:
    """Why a type cannot move to a later day: something asked for before that day counts on it."""
    for later, on in counting_on(moved, record, types):
        if on < to:
            return Reason(
                N_("{later} on {day} needs {type} first. Move {later} before you move this."),
                {"later": later, "day": on, "type": moved},
            )
    return None


def counting_on(asked: Type, record: Record, types: Mapping[str, Type]) -> list[tuple[Type, date]]:
    """What is asked for because this type is, with its day: it needs it first, and it has not passed yet."""
    if asked.code in record.satisfied:
        return []
    return [
        (types[code], on)
        for code, on in sorted(record.open_on.items())
        if any(need.code == asked.code and need.by_request for need in types[code].needs)
    ]


def list_problems(items: Sequence[tuple[Type, date]], record: Record, types: Mapping[str, Type]) -> list[Reason | None]:
    """For each inspection of one request, why it cannot be requested together with the others."""
    problems: list[Reason | None] = []
    for place, (wanted, on) in enumerate(items):
        others = [*items[:place], *items[place + 1 :]]
        if not wanted.may_repeat and any(other.code == wanted.code for other, _ in items[:place]):
            problems.append(Reason(N_("{type} is on the list twice. Remove one."), {"type": wanted}))
            continue
        asked = [(other.code, day) for other, day in others if other.code != wanted.code]
        # Of a type that is open already the list holds another only where it may repeat, or it is refused itself.
        listed = [(code, day) for code, day in asked if types[code].may_repeat or code not in record.open_on]
        together = replace(record, open_on=earliest([*listed, *record.open_on.items()]))
        problems.append(type_problem(wanted, together, types, on))
    return problems
