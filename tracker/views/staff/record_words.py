"""The record of changes in words: who did what, when, from where, before and after, and why."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.filters import FEE_STATES, PERMIT_STATES, ROLES, TAGS, TRADES, day, half, language_name
from tracker.models import InspectionType, PermitType
from tracker.queries.records import Line
from tracker.rules.words import FeeState, Role, Trade
from tracker.saying import name_of
from tracker.views.staff.record_names import CODES, FACTS, FLAT, UNSAID, VERBS


@dataclass
class ShownLine:
    """A line with its words; `about` says which inspection of the permit it is about."""

    line: Line
    verb: Any
    about: Any
    facts: list[tuple[Any, ...]]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.line, name)


def lines_shown(
    lines: Sequence[Line], names: Mapping[int, str] | None = None, *, about: Callable[[Line], Any] | None = None
) -> list[ShownLine]:
    """The lines as pages print them; `names` are those of inspections by id, or `about` says what a line is about."""

    def named(line: Line) -> Any:
        return (names or {}).get(line.subject_id, "") if line.subject == "inspection" else ""

    types = _type_names(lines)

    return [
        ShownLine(
            line,
            VERBS.get(line.verb, line.verb.replace("_", " ").capitalize()),
            (about or named)(line),
            [fact for fact in _facts(line, types) if fact[1] or fact[2]],
        )
        for line in lines
    ]


def _facts(line: Line, types: Mapping[Any, str]) -> Iterator[tuple[Any, ...]]:
    """What changed, (label, before, after): of lists what came and what went, of a merge where the company went."""
    for name, was, now in line.facts:
        label = FACTS.get(name, name)
        if line.verb == "merge_into":
            if name == "company":
                yield _("Merged into"), "", _shown(name, now, types)
        elif was and now and isinstance(was, list) and isinstance(now, list):
            yield from _list_changed(name, was, now, types)
        elif name not in UNSAID and not (was is None and now is False):
            yield label, _shown(name, was, types), _shown(name, now, types)


def _list_changed(name: str, was: list[Any], now: list[Any], types: Mapping[Any, str]) -> Iterator[tuple[Any, ...]]:
    added, removed = [one for one in now if one not in was], [one for one in was if one not in now]
    if not added and not removed:
        yield FACTS.get(name, name), _shown(name, was, types), _shown(name, now, types)
    if added:
        yield _("%(fact)s added", fact=FACTS.get(name, name)), "", _shown(name, added, types)
    if removed:
        yield _("%(fact)s removed", fact=FACTS.get(name, name)), "", _shown(name, removed, types)


def _type_names(lines: Sequence[Line]) -> dict[Any, str]:
    """The names of permit types by id and of inspection types by code, where a line is about one."""
    about = {name for line in lines for name, _was, _now in line.facts}
    names: dict[Any, str] = {}
    for facts, model, key in (
        ({"permit_type"}, PermitType, "id"),
        ({"listed_by"}, PermitType, "code"),
        ({"inspection_type", "lists", "needs"}, InspectionType, "code"),
    ):
        if facts & about:
            names |= {getattr(row, key): name_of(row) for row in model.select()}
    return names


def _shown(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """A value of the record in words; '' for none."""
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_one_of(name, one, types) for one in value)
    text = str(value)
    if name in ("permit_type", "inspection_type"):
        return types.get(value, text)
    if name == "time_frame":
        return half(text)
    if name == "language":
        return language_name(text)
    if name in CODES and text in CODES[name]:
        return str(CODES[name][text])
    if name == "role" and text in ROLES:
        return str(ROLES[Role(text)])
    if name in ("status", "result", "trade") and text in FLAT:
        for words in (PERMIT_STATES, TRADES):
            if text in words:
                return str(words[text])  # type: ignore[index]
        return str(TAGS[text][1])
    if name == "fee" and text in FEE_STATES:
        return str(FEE_STATES[FeeState(text)])
    try:
        return day(date.fromisoformat(text)) if "-" in text else text  # 20260527 is a number, such as a receipt's
    except ValueError:
        return text


def _one_of(name: str, value: Any, types: Mapping[Any, str]) -> str:
    """One of several: a trade; [code, asking is enough] of what is needed; [text, Spanish] of a correction."""
    if name == "trades" and value in list(Trade):
        return str(TRADES[Trade(value)])
    if name == "needs" and isinstance(value, list) and len(value) == 2:
        code = types.get(value[0], value[0])
        return _("%(code)s (asking is enough)", code=code) if value[1] else str(code)
    if name in ("lists", "listed_by"):
        return str(types.get(value, value))
    if isinstance(value, list):
        return " / ".join(str(one) for one in value if one)
    return str(value)
