"""How often somebody may try to sign in. Pure: the counts are passed in.

A rival must not be able to lock a company out, so a company as a whole is never refused: once it has had
many wrong tries, each network address gets one try in the window. A company that types its PIN right the
first time always gets in.
"""

from collections.abc import Mapping
from datetime import timedelta

from tracker.rules.reasons import N_, Reason

WINDOW = timedelta(minutes=15)
# Tries within the window, this one included.
MOST_FROM_ONE_ADDRESS = 40
MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT = 8
MANY_ON_ONE_ACCOUNT = 50
MANY_IN_ALL = 2000


def try_keys(account: str, address: str) -> dict[str, str]:
    """Under which keys a try is counted: this account from this address, the address, the account, and in all."""
    return {"pair": f"{account}|{address}", "address": f"address:{address}", "account": account, "all": "all"}


def tries_problem(counts: Mapping[str, int], phone: str) -> Reason | None:
    """Why one more try has to wait; `counts` are by the words of `try_keys` and include this try."""
    crowded = counts["account"] > MANY_ON_ONE_ACCOUNT or counts["all"] > MANY_IN_ALL
    if (
        counts["pair"] > (1 if crowded else MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT)
        or counts["address"] > MOST_FROM_ONE_ADDRESS
    ):
        return Reason(
            N_("Too many tries. Wait {minutes} minutes, or call {phone}."),
            {"minutes": int(WINDOW.total_seconds() // 60), "phone": phone},
        )
    return None
