"""How often somebody may try to sign in. Pure: the counts are passed in.

A rival must not be able to lock a company out. So a company as a whole is never refused, nor is everybody: once there
were many wrong tries, it is the single network address that gets fewer. And a browser that the account has signed in
from before is counted by itself, whatever others do, also from the same address. docs/decisions/sign-in-tries.md
"""

from collections.abc import Mapping
from datetime import timedelta

from tracker.rules.reasons import N_, Reason

WINDOW = timedelta(minutes=15)
# Tries within the window, this one included.
MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT = 8  # and of a known browser
MOST_FROM_ONE_ADDRESS = 40
MANY_ON_ONE_ACCOUNT = 50
MANY_IN_ALL = 2000
# Once there were many, from an address that has nothing to do with the account as far as anybody knows.
MOST_ON_AN_ACCOUNT_WITH_MANY = 1
MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL = 4


def try_keys(account: str, address: str, known_device: str = "") -> dict[str, str]:
    """Under which keys a try is counted: this account from this address, the address, the account, and in all.

    From a browser that is known to be the account's: under that alone.
    """
    if known_device:
        return {"pair": f"{account}|device:{known_device}"}
    return {"pair": f"{account}|{address}", "address": f"address:{address}", "account": account, "all": "all"}


def have_become_many(counts: Mapping[str, int]) -> bool:
    """Whether wrong tries are many from this very one on: once in a window for who tries, once for the account."""
    of_one = counts["pair"] == MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT
    return of_one or counts.get("account") == MANY_ON_ONE_ACCOUNT


def tries_problem(counts: Mapping[str, int], phone: str) -> Reason | None:
    """Why one more try has to wait; `counts` are by the words of `try_keys` and include this try."""
    of_pair, of_address = MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT, MOST_FROM_ONE_ADDRESS
    if counts.get("account", 0) > MANY_ON_ONE_ACCOUNT:
        of_pair = MOST_ON_AN_ACCOUNT_WITH_MANY
    if counts.get("all", 0) > MANY_IN_ALL:
        of_address = MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL
    if counts["pair"] > of_pair or counts.get("address", 0) > of_address:
        return Reason(
            N_("Too many tries. Wait {minutes} minutes, or call {phone}."),
            {"minutes": int(WINDOW.total_seconds() // 60), "phone": phone},
        )
    return None
