"""How long something took, as a histogram of days, and what can be read off it.

Single days up to 20, then ranges: the counts stay few however long somebody waited, and what matters (the 15 days of
`rules.age`) is exact.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple


class Range(NamedTuple):
    """From so many days to so many, both counted; None: or more."""

    first: int
    last: int | None


RANGES = (*(Range(day, day) for day in range(21)), Range(21, 30), Range(31, 60), Range(61, None))


def place_of(days: int) -> int:
    """Where in RANGES so many days stand; fewer than none are none."""
    if days <= 20:
        return max(0, days)
    return next(place for place, one in enumerate(RANGES) if one.last is None or days <= one.last)


def percentile(counts: Sequence[int], percent: int) -> Range | None:
    """The range within which `percent` of 100 were done (nearest rank); None where nothing was counted.

    `counts` has a number for each of RANGES.
    """
    rank = -(-sum(counts) * percent // 100)  # rounded up
    if rank <= 0:
        return None
    return next(one for one, so_far in zip(RANGES, accumulate(counts), strict=True) if so_far >= rank)


def shown(counts: Sequence[int], at_least: int) -> int:
    """How many of the ranges a chart needs: as far as anything was counted, and `at_least` so many."""
    last = max((place + 1 for place, count in enumerate(counts) if count), default=0)
    return max(last, at_least)
