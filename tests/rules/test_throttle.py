"""Sign-ins are slowed, and a rival cannot lock a company out."""

import pytest

from tracker.rules.throttle import (
    MANY_IN_ALL,
    MANY_ON_ONE_ACCOUNT,
    MOST_FROM_ONE_ADDRESS,
    MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL,
    MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT,
    have_become_many,
    tries_problem,
    try_keys,
)

PHONE = "512-555-0100"


def waits(pair: int = 1, address: int = 1, account: int = 1, all: int = 1) -> bool:
    return tries_problem({"pair": pair, "address": address, "account": account, "all": all}, PHONE) is not None


@pytest.mark.parametrize(
    ("counts", "has_to_wait"),
    [
        ({}, False),
        ({"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT}, False),
        ({"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT + 1}, True),
        ({"address": MOST_FROM_ONE_ADDRESS}, False),
        ({"address": MOST_FROM_ONE_ADDRESS + 1}, True),
        ({"account": MANY_ON_ONE_ACCOUNT, "pair": 2}, False),
        ({"account": MANY_ON_ONE_ACCOUNT + 1, "pair": 2}, True),
        ({"account": MANY_ON_ONE_ACCOUNT + 1, "pair": 1}, False),
        ({"all": MANY_IN_ALL, "address": MOST_FROM_ONE_ADDRESS}, False),
        ({"all": MANY_IN_ALL + 1, "address": MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL + 1}, True),
        ({"all": MANY_IN_ALL + 1, "address": MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL, "pair": 4}, False),
    ],
)
def test_tries_are_slowed_by_pair_address_account_and_in_all(counts, has_to_wait):
    assert waits(**counts) is has_to_wait


def test_however_often_a_rival_tries_the_company_gets_its_one_try_from_another_address():
    assert not waits(pair=1, account=10**6, all=10**6)


def test_from_a_known_browser_nothing_counts_but_its_own_tries():
    counts = {"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT}
    assert tries_problem(counts, PHONE) is None
    assert tries_problem({"pair": counts["pair"] + 1}, PHONE)
    assert set(try_keys("company:12", "203.0.113.9", "a" * 32)) == {"pair"}


@pytest.mark.parametrize(
    ("counts", "many"),
    [
        ({"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT - 1}, False),
        ({"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT}, True),
        ({"pair": MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT + 1}, False),
        ({"pair": 1, "account": MANY_ON_ONE_ACCOUNT - 1}, False),
        ({"pair": 1, "account": MANY_ON_ONE_ACCOUNT}, True),
        ({"pair": 1, "account": MANY_ON_ONE_ACCOUNT + 1}, False),
    ],
)
def test_it_is_said_once_that_there_were_many(counts, many):
    assert have_become_many(counts) is many


def test_the_longest_key_fits():
    account, address = "staff:" + "a" * 32, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    for keys in (try_keys(account, address), try_keys(account, address, "a" * 32)):
        assert max(map(len, keys.values())) <= 100


def test_the_reason_says_how_long_to_wait_and_whom_to_call():
    problem = tries_problem({"pair": 99, "address": 99, "account": 99, "all": 99}, PHONE)
    assert problem and problem.values == {"minutes": 15, "phone": PHONE}


def test_a_try_is_counted_under_keys_that_cannot_be_mistaken_for_each_other():
    keys = try_keys("company:12", "203.0.113.9")
    assert list(keys) == ["pair", "address", "account", "all"] and len(set(keys.values())) == 4
    assert keys["pair"] != try_keys("company:1", "2203.0.113.9")["pair"]
    assert keys["account"] == try_keys("company:12", "198.51.100.7")["account"]
