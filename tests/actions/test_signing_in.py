"""Who gets in with what, and who has to wait."""

from datetime import timedelta

import pytest

from tests.cast import NOW
from tracker.actions.accounts import WrongPin, hash_pin, sign_in_company
from tracker.actions.changes import SYSTEM
from tracker.actions.companies import renew_code
from tracker.actions.tries import TooManyTries
from tracker.models import Attempt, Contractor
from tracker.rules.throttle import MANY_ON_ONE_ACCOUNT, MOST_FROM_ONE_ADDRESS, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT

HERE, ELSEWHERE = "203.0.113.9", "198.51.100.7"


def sign_in(company: Contractor | None, pin: str, address: str = HERE, now=NOW) -> Contractor:
    return sign_in_company(company, pin, address=address, phone="512-555-0100", now=now)


def wrong(company: Contractor | None, times: int, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(WrongPin):
            sign_in(company, "wrong", address)


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} "]
)
def test_the_registration_code_is_the_pin_without_case_hyphens_and_spaces(dana, typed):
    assert sign_in(dana.company, typed(dana.pin)).id == dana.company.id


@pytest.mark.parametrize("pin", ["", "wrong", "RR", "-- -", "null"])
def test_a_wrong_pin_and_an_unknown_company_read_the_same(dana, pin):
    for company in (dana.company, None):
        with pytest.raises(WrongPin) as no:
            sign_in(company, pin)
        assert no.value.args == ()


def test_another_companys_code_does_not_open_it(dana, eve):
    with pytest.raises(WrongPin):
        sign_in(dana.company, eve.pin)


def test_an_own_pin_takes_the_place_of_the_code(dana):
    own = hash_pin("Larkspur 418")
    Contractor.update(own_pin_hash=own).where(Contractor.id == dana.company.id).execute()
    company = Contractor.get_by_id(dana.company.id)
    assert sign_in(company, "Larkspur 418")
    for pin in (dana.pin, "larkspur418"):
        with pytest.raises(WrongPin):
            sign_in(company, pin)


def test_a_renewed_code_ends_the_old_one_and_the_own_pin(dana):
    Contractor.update(own_pin_hash=hash_pin("Larkspur 418")).execute()
    code = renew_code(dana.company, by=SYSTEM, now=NOW)
    company = Contractor.get_by_id(dana.company.id)
    assert company.session_token != dana.company.session_token
    assert sign_in(company, code)
    for pin in (dana.pin, "Larkspur 418"):
        with pytest.raises(WrongPin):
            sign_in(company, pin)


def test_a_blocked_company_does_not_get_in(dana):
    Contractor.update(blocked_at=NOW).execute()
    with pytest.raises(WrongPin):
        sign_in(Contractor.get_by_id(dana.company.id), dana.pin)


def test_after_many_wrong_tries_from_one_address_even_the_right_pin_waits_a_quarter_of_an_hour(dana):
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT)
    with pytest.raises(TooManyTries) as no:
        sign_in(dana.company, dana.pin)
    assert no.value.reason.values == {"minutes": 15, "phone": "512-555-0100"}
    with pytest.raises(TooManyTries):
        sign_in(dana.company, dana.pin, now=NOW + timedelta(minutes=15))
    assert sign_in(dana.company, dana.pin, now=NOW + timedelta(minutes=15, seconds=1))


def test_a_right_pin_was_no_wrong_try(dana):
    for _ in range(3 * MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT):
        sign_in(dana.company, dana.pin)
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT - 1)
    sign_in(dana.company, dana.pin)
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT - 1)
    assert {one.key: one.count for one in Attempt.select()}["all"] == 2 * (MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT - 1)


def test_one_address_that_tries_many_companies_has_to_wait(dana, eve):
    Attempt.create(key=f"address:{HERE}", count=MOST_FROM_ONE_ADDRESS, since=NOW)
    with pytest.raises(TooManyTries):
        sign_in(eve.company, eve.pin)
    assert sign_in(eve.company, eve.pin, ELSEWHERE)


def test_a_rivals_wrong_tries_do_not_lock_dana_out(dana):
    """From many addresses, for as long as the rival likes: Dana's first right try gets in, wherever it comes from."""
    for n in range(MANY_ON_ONE_ACCOUNT + 10):
        wrong(dana.company, 1, f"192.0.2.{n}")
    with pytest.raises(TooManyTries):
        sign_in(dana.company, "wrong", "192.0.2.1")
    assert sign_in(dana.company, dana.pin, ELSEWHERE)
    assert sign_in(dana.company, dana.pin, ELSEWHERE)


def test_a_rival_who_tries_without_end_from_one_address_is_alone_in_waiting(dana, eve):
    wrong(dana.company, MOST_OF_ONE_ADDRESS_ON_ONE_ACCOUNT)
    for _ in range(MANY_ON_ONE_ACCOUNT):
        with pytest.raises(TooManyTries):
            sign_in(dana.company, "wrong")
    assert sign_in(dana.company, dana.pin, ELSEWHERE)
    assert sign_in(eve.company, eve.pin, ELSEWHERE)
