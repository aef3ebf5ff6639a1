"""What a list shows of long texts, and how many of its rows go on one page: it is loaded over a bad signal."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tracker.filters import clip

ADDRESS, NUMBER, NAME, WORK = 70, 40, 60, 80
CORRECTIONS, CORRECTION, COMMENT = 4, 120, 240
MARKUP = 60  # what a row's own markup weighs beside its words, in characters
LIST_ROOM, HISTORY_ROOM = 4800, 7000  # characters: a list stays within 3 KB compressed, the permit's page within 8


class Brief(NamedTuple):
    """The beginning of what the inspector left; `is_cut` where there is more."""

    corrections: list[str]
    comment: str
    is_cut: bool


def brief(corrections: Sequence[str], comment: str) -> Brief:
    few = [clip(line, CORRECTION) for line in corrections[:CORRECTIONS]]
    short = clip(comment, COMMENT)
    return Brief(few, short, short != comment or few != list(corrections))


def fitting(rows: Sequence[Any], words: Callable[[Any], Iterable[str]], *, room: int) -> int:
    """How many of the rows, from the first on, fit into so many characters with their words; at least one."""
    for place, row in enumerate(rows):
        room -= MARKUP + sum(len(text) for text in words(row))
        if room < 0:
            return max(place, 1)
    return len(rows)
