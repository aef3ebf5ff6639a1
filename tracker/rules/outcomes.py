"""What a result says, what it needs, what it costs, and how long a permit lives after it.

Sources: the city's list of results; the city's fee rule ("two inspections of one type on one permit are
included, from the third a re-inspection fee is due"); the city's expiry rule ("180 days after issue; an
inspection that is scheduled extends it to 180 days after that inspection; cancelling it takes that back").
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tracker.rules.reasons import N_, Reason
from tracker.rules.words import ATTEMPTS, Result

RESULT_WORDS: dict[Result, str] = {
    Result.PASSED: N_("Passed"),
    Result.PASSED_WITH_CONDITIONS: N_("Passed with conditions"),
    Result.PARTIAL: N_("Partial"),
    Result.FAILED: N_("Failed"),
    Result.NO_ACCESS: N_("No access"),
    Result.NOT_READY: N_("Not ready"),
    Result.CANCELLED: N_("Cancelled"),
    Result.WAIVED: N_("Waived"),
}
# What leaves nothing to correct at the site.
WITHOUT_CORRECTIONS = (Result.PASSED, Result.WAIVED, Result.CANCELLED, Result.NO_ACCESS)
VALID_FOR = timedelta(days=180)
INCLUDED_ATTEMPTS = 2
REINSPECTION_FEE = Decimal(75)  # US dollars, for each attempt from the third on


def result_word(result: str) -> Reason:
    """The result as mails and sentences say it; `result` is one of Result, ValueError for anything else."""
    return Reason(RESULT_WORDS[Result(result)])


def outcome_problem(result: str, corrections: Sequence[str], comment: str) -> Reason | None:
    """Why a result cannot be recorded as it stands; None when it can: the contractor must learn what to do.

    Nor may anybody read that something passed, and what to correct.
    """
    if corrections and result in WITHOUT_CORRECTIONS:
        sentence = N_("{result} has no corrections. Untick them, or choose Passed with conditions or Failed.")
        return Reason(sentence, {"result": result_word(result)})
    if corrections or comment:
        return None
    if result == Result.FAILED:
        return Reason(N_("Say what failed: tick a correction, or write one."))
    if result == Result.PARTIAL:
        return Reason(N_("Say what is left to do: tick a correction, or write a comment."))
    if result == Result.PASSED_WITH_CONDITIONS:
        return Reason(N_("Write the conditions as a comment for the contractor."))
    return None


def attempts_to_pay(results: Sequence[str], *, may_repeat: bool, before: int = 0) -> range:
    """The numbers of the attempts for which a fee is due, from all results of one type on one permit.

    The first `before` of the attempts are history of another system's: they count, but their fees were its own matter.
    """
    counted = 0 if may_repeat else sum(result in ATTEMPTS for result in results)
    return range(max(INCLUDED_ATTEMPTS, before) + 1, counted + 1)


def extended_expiry(source_expires_on: date, last_inspection_on: date | None) -> date:
    """When a permit expires: never before the source says, and not within 180 days of its last inspection."""
    if last_inspection_on is None:
        return source_expires_on
    return max(source_expires_on, last_inspection_on + VALID_FOR)
