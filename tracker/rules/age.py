"""How long a request waits.

Source: Texas Local Government Code, chapter 247: a third party may inspect if the city has not by the 15th day.
"""

from datetime import date

LIMIT = 15  # days
NEAR = 12  # from here on the page counts towards the limit


def age_days(requested_on: date, today: date) -> int:
    """Days since the request; a clock that was wrong makes none negative."""
    return max(0, (today - requested_on).days)


def is_over_limit(days: int) -> bool:
    """Whether an open request has waited for as long as the law gives the city, or longer."""
    return days >= LIMIT


def is_near_limit(days: int) -> bool:
    """Whether an open request must be seen to now to stay within the limit."""
    return NEAR <= days < LIMIT
