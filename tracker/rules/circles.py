"""What an order of inspections must not be, a circle, and what a permit type leaves out of it."""

from collections import deque
from collections.abc import Collection, Mapping

from tracker.rules.reasons import N_, Reason
from tracker.rules.sequence import Type


def circle_problem(code: str, types: Mapping[str, Type]) -> Reason | None:
    """The shortest circle through this type, named in words; None where it does not come back to itself.

    `types` are all of them by code, as they are to be. An order without a circle gets one only through what was
    changed in it: that type alone needs a look.
    """
    if any(need.code == code for need in types[code].needs):
        return Reason(N_("{type} cannot need itself."), {"type": types[code]})
    way = _way_back(code, types)
    if not way:
        return None
    then: Type | Reason = types[code]
    for between in reversed(way):
        then = Reason(N_("{type}, which needs {then}"), {"type": types[between], "then": then})
    return Reason(N_("{type} needs {then}."), {"type": types[code], "then": then})


def _way_back(code: str, types: Mapping[str, Type]) -> list[str]:
    """The codes between a type and itself; none without a circle."""
    came_from: dict[str, str] = {}
    waiting = deque([code])
    while waiting:
        here = waiting.popleft()
        for need in types[here].needs:
            if need.code == code:
                return _followed(came_from, code, here)
            if need.code not in came_from:
                came_from[need.code] = here
                waiting.append(need.code)
    return []


def _followed(came_from: Mapping[str, str], code: str, last: str) -> list[str]:
    way = [last]
    while way[-1] != code:
        way.append(came_from[way[-1]])
    return way[-2::-1]


def not_needed(listed: Collection[str], types: Mapping[str, Type]) -> list[Reason]:
    """What the types on a permit type's list need that it does not list, in words: there it is simply not needed."""
    said = []
    for one in types.values():
        missing = [types[need.code] for need in one.needs if need.code not in listed]
        if one.code in listed and missing:
            sentence = N_("{type} needs {missing} first. That is not on this list, so here it is not needed.")
            said.append(Reason(sentence, {"type": one, "missing": missing}))
    return said
