"""What a rival does at the door, and what Dana notices of it."""

from datetime import timedelta

import pytest

from tests.actions.test_signing_in import ELSEWHERE, HERE, sign_in, wrong
from tests.cast import CLERK, LETTERHEAD, NOW
from tracker.actions import accounts
from tracker.actions.accounts import DoorIsFull, WrongPin, at_the_door, sign_in_company, sign_in_staff
from tracker.actions.sign_ins import begin_session, new_device
from tracker.actions.tries import SWEPT_AT_ONCE, TooManyTries, count_try, sweep
from tracker.models import Attempt, Contractor
from tracker.rules.throttle import (
    MANY_IN_ALL,
    MANY_ON_ONE_ACCOUNT,
    MOST_FROM_ONE_ADDRESS,
    MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL,
    MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT,
    WINDOW,
    try_keys,
)

PHONE = "512-555-0100"


def counted(key: str) -> int:
    row = Attempt.get_or_none(Attempt.key == key)
    return row.count if row else 0


def many(key: str, count: int) -> None:
    Attempt.create(key=key, count=count, since=NOW)


@pytest.fixture
def phone(dana) -> str:
    """What Dana's phone is known by: she has signed in with it."""
    known_by = new_device()
    begin_session(dana.company, device=known_by, named="", letterhead=LETTERHEAD, by=CLERK, now=NOW)
    return known_by


def with_phone(company: Contractor, pin: str, device: str, address: str = HERE) -> Contractor:
    return sign_in_company(company, pin, address=address, device=device, phone=PHONE, now=NOW)


def test_who_is_refused_leaves_no_trace_however_long_the_rival_goes_on(dana):
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT)
    before = {one.key: one.count for one in Attempt.select()}
    for _ in range(2 * MANY_ON_ONE_ACCOUNT):
        with pytest.raises(TooManyTries):
            sign_in(dana.company, "wrong")
    assert {one.key: one.count for one in Attempt.select()} == before
    assert before["all"] == before[f"company:{dana.company.id}"] == MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT


def test_whoever_gets_past_the_first_look_at_the_same_moment_is_not_counted_either(dana):
    keys = try_keys("company:1", HERE)
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        count_try(keys, phone=PHONE, now=NOW)
    with pytest.raises(TooManyTries):
        count_try(keys, phone=PHONE, now=NOW)
    assert counted("all") == counted("company:1") == MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT


def test_dana_gets_in_with_her_phone_whatever_was_tried_at_her_company_and_in_all(dana, phone):
    many(f"company:{dana.company.id}", 10 * MANY_ON_ONE_ACCOUNT)
    many("all", 10 * MANY_IN_ALL)
    with pytest.raises(WrongPin):
        with_phone(dana.company, "mistyped", phone)
    assert with_phone(dana.company, dana.pin, phone)


def test_dana_gets_in_with_her_phone_from_the_very_network_the_rival_sits_on(dana, phone):
    """A job site's or a carrier's: one address for many people."""
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT)
    many(f"address:{ELSEWHERE}", MOST_FROM_ONE_ADDRESS)
    for address in (HERE, ELSEWHERE):
        with pytest.raises(TooManyTries):
            sign_in(dana.company, dana.pin, address)
        assert with_phone(dana.company, dana.pin, phone, address)


def test_a_known_phone_has_its_own_end_of_tries_and_takes_nobody_along(dana, phone):
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        with pytest.raises(WrongPin):
            with_phone(dana.company, "wrong", phone)
    with pytest.raises(TooManyTries):
        with_phone(dana.company, dana.pin, phone)
    assert sign_in(dana.company, dana.pin)  # a colleague beside her
    assert not counted("all")


def test_a_phone_known_to_one_company_is_nobodys_at_another(dana, eve, phone):
    """Dana turned rival: her phone gives her no tries at Eve's beyond those of any address."""
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        with pytest.raises(WrongPin):
            with_phone(eve.company, "wrong", phone)
    for device in (phone, new_device(), ""):
        with pytest.raises(TooManyTries):
            with_phone(eve.company, eve.pin, device)


def test_once_there_were_many_in_all_a_first_try_from_a_fresh_address_still_counts(dana, eve):
    many("all", 100 * MANY_IN_ALL)
    for pin in ("mistyped", "again"):
        with pytest.raises(WrongPin):
            sign_in(dana.company, pin, ELSEWHERE)
    assert sign_in(dana.company, dana.pin, ELSEWHERE)


def test_once_there_were_many_in_all_one_address_does_not_go_through_the_companies(dana):
    many("all", MANY_IN_ALL)
    companies = [Contractor(id=1000 + n, code_key="RR") for n in range(MOST_FROM_ONE_ADDRESS_WITH_MANY_IN_ALL + 1)]
    for company in companies[:-1]:
        with pytest.raises(WrongPin):
            sign_in(company, "wrong")
    with pytest.raises(TooManyTries):
        sign_in(companies[-1], "wrong")


def test_who_has_to_wait_does_not_learn_which_codes_are_there(dana):
    """Typed as the company: a rival who has used up the tries of codes that are not there goes on with others."""

    def one(company: Contractor | None) -> None:
        sign_in_company(company, "wrong", by_code=True, address=HERE, phone=PHONE, now=NOW)

    for company in [None, dana.company] * (MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT // 2):
        with pytest.raises(WrongPin):
            one(company)
    for company in (None, dana.company):
        with pytest.raises(TooManyTries):
            one(company)
    assert sign_in(dana.company, dana.pin)  # by her name, as most do


def test_who_has_to_wait_does_not_learn_which_addresses_are_the_staffs(sam):
    """Each is counted by itself, and all of them on the caller."""
    emails = ("nobody@bluebonnet.example", sam.row.email, " Sam@Bluebonnet.example", "other@bluebonnet.example")
    told = {}
    for email in emails:
        told[email] = []
        for _ in range(10 if email != emails[2] else 1):
            with pytest.raises((WrongPin, TooManyTries)) as no:
                sign_in_staff(email, "wrong", address=HERE, phone=PHONE, now=NOW)
            told[email].append(no.type)
    ten = [WrongPin] * MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT + [TooManyTries] * 2
    assert told == {emails[0]: ten, emails[1]: ten, emails[2]: [TooManyTries], emails[3]: ten}


def test_staff_with_a_known_phone_get_in_as_well(sam):
    known_by, email, password = new_device(), sam.row.email, "larkspur ferry 41 anvil"
    begin_session(sam.row, device=known_by, named="", letterhead=LETTERHEAD, by=CLERK, now=NOW)
    asked = {"address": HERE, "phone": PHONE, "now": NOW}
    for _ in range(MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        with pytest.raises(WrongPin):
            sign_in_staff(email, "wrong", **asked)
    with pytest.raises(TooManyTries):
        sign_in_staff(email, password, **asked)
    assert sign_in_staff(email, password, device=known_by, **asked)


def test_what_is_old_is_swept_and_what_counts_stays(dana):
    rows = [{"key": f"address:{n}", "count": 1, "since": NOW - WINDOW - timedelta(seconds=1)} for n in range(100)]
    Attempt.insert_many([*rows, {"key": "young", "count": 7, "since": NOW - WINDOW + timedelta(seconds=1)}]).execute()
    assert [sweep(NOW) for _ in range(4)] == [SWEPT_AT_ONCE, SWEPT_AT_ONCE, 20, 0]
    assert [(one.key, one.count) for one in Attempt.select()] == [("young", 7)]


def test_the_table_does_not_grow_with_the_days(dana):
    """Each try from an address and at a company of its own: only those of the last quarter of an hour are there."""
    for n in range(120):
        now = NOW + n * WINDOW / 10
        with pytest.raises(WrongPin):
            sign_in(Contractor(id=1000 + n, code_key="RR"), "wrong", f"192.0.2.{n}", now=now)
    assert Attempt.select().count() <= 4 * 12


def test_what_was_counted_by_a_clock_gone_wrong_ends_too_and_a_fast_clock_beside_gives_no_more_tries(dana):
    pair, soon = f"company:{dana.company.id}|{HERE}", timedelta(seconds=30)
    Attempt.create(key=pair, count=MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT, since=NOW + soon)
    with pytest.raises(TooManyTries):
        sign_in(dana.company, dana.pin)
    Attempt.update(since=NOW + timedelta(days=900)).execute()
    assert sign_in(dana.company, dana.pin)


def test_who_comes_to_a_full_door_is_told_so_at_once_and_has_lost_no_try(dana):
    held = [accounts._places.acquire(blocking=False) for _ in range(accounts.PLACES)]
    try:
        assert all(held)
        with pytest.raises(DoorIsFull) as no, at_the_door():
            sign_in(dana.company, dana.pin)
    finally:
        for _ in held:
            accounts._places.release()
    assert (no.value.code, no.value.seconds) == (503, 2) and not Attempt.select().exists()
    assert sign_in(dana.company, dana.pin)


def test_every_way_out_gives_the_place_back(dana):
    for _ in range(3 * accounts.PLACES):
        with at_the_door():
            sign_in(dana.company, dana.pin)
        with pytest.raises((WrongPin, TooManyTries)), at_the_door():
            sign_in(dana.company, "wrong", ELSEWHERE)
    assert accounts._places._value == accounts.PLACES
