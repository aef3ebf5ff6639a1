"""Whoever is refused has cost the same work, whatever the reason: hashes are counted, and no clock is looked at."""

from typing import Any

import pytest
from argon2 import PasswordHasher
from werkzeug.security import generate_password_hash

from tests.cast import NOW, PASSWORD
from tracker.actions import hashes
from tracker.actions.accounts import WrongPin, hash_pin, sign_in_company, sign_in_staff
from tracker.models import Contractor, Staff

ASKED: dict[str, Any] = {"address": "203.0.113.9", "phone": "512-555-0100", "now": NOW}
OWN = "copper elbow 9"
TODAYS = "$argon2id$v=19$m=19456,t=2,p=1$"


class Counting:
    """A hasher that keeps what it was asked to look at."""

    def __init__(self, real: PasswordHasher) -> None:
        self.real, self.looked_at, self.made = real, [], 0

    def verify(self, kept: str, typed: str) -> bool:
        self.looked_at.append((kept, len(typed)))
        return self.real.verify(kept, typed)

    def hash(self, secret: str) -> str:
        self.made += 1
        return self.real.hash(secret)

    def check_needs_rehash(self, kept: str) -> bool:
        return self.real.check_needs_rehash(kept)


@pytest.fixture
def looking(with_real_hashes, monkeypatch) -> Counting:
    counting = Counting(hashes.HASHER)
    monkeypatch.setattr(hashes, "HASHER", counting)
    return counting


@pytest.fixture
def own_pin(dana, with_real_hashes) -> Contractor:
    Contractor.update(own_pin_hash=hash_pin(OWN)).where(Contractor.id == dana.company.id).execute()
    return Contractor.get_by_id(dana.company.id)


def refused(company: Contractor | None, pin: str) -> None:
    with pytest.raises(WrongPin) as no:
        sign_in_company(company, pin, **ASKED)
    assert no.value.args == ()


def blocked(company: Contractor) -> Contractor:
    company.blocked_at = NOW
    return company


def looks(looking: Counting) -> list[str]:
    """What was looked at, each by the numbers it was made with."""
    found = [kept[: len(TODAYS)] for kept, _ in looking.looked_at]
    looking.looked_at.clear()
    return found


@pytest.mark.parametrize("pin", ["RR-2222-2222", "", "x" * 100_000, "ü🏗\0"])
def test_each_refusal_of_a_company_costs_one_look_at_a_hash_of_todays_numbers(dana, eve, looking, pin):
    eve.company.own_pin_hash = hash_pin(OWN)
    for company in (None, dana.company, eve.company, blocked(eve.company)):
        refused(company, pin)
        assert looks(looking) == [TODAYS]


def test_a_blocked_companys_right_code_and_right_pin_cost_the_same(dana, own_pin, looking):
    refused(blocked(own_pin), OWN)
    assert looks(looking) == [TODAYS]
    refused(blocked(dana.company), dana.pin)
    assert looks(looking) == [TODAYS]


def test_the_longest_pin_is_looked_at_no_longer_than_the_longest_there_can_be(dana, own_pin, looking):
    for company in (None, dana.company, own_pin):
        refused(company, "x" * 100_000)
    assert {length for _, length in looking.looked_at} == {201}


def test_the_right_code_costs_none_so_that_a_mornings_storm_of_them_is_cheap(dana, looking):
    assert sign_in_company(dana.company, dana.pin, **ASKED)
    assert looks(looking) == []


def test_an_unknown_address_of_staff_costs_what_a_wrong_password_costs(sam, looking):
    Staff.update(password_hash=hashes.hashed(PASSWORD)).execute()
    gone = Staff.create(email="gone@city.example", name="Gone", role="technician", session_token="", left_at=NOW,
                        password_hash=hashes.hashed(PASSWORD))  # fmt: skip
    for email, password in (
        (sam.row.email, "wrong"), ("nobody@city.example", PASSWORD), (gone.email, PASSWORD), ("", ""),
    ):  # fmt: skip
        with pytest.raises(WrongPin):
            sign_in_staff(email, password, **ASKED)
        assert looks(looking) == [TODAYS]


def test_a_pin_hashed_with_other_numbers_is_hashed_anew_when_it_is_right(dana, looking):
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(OWN)
    Contractor.update(own_pin_hash=old).execute()
    refused(Contractor.get_by_id(dana.company.id), "wrong")
    assert Contractor.get_by_id(dana.company.id).own_pin_hash == old
    token = dana.company.session_token
    sign_in_company(Contractor.get_by_id(dana.company.id), OWN, **ASKED)
    now = Contractor.get_by_id(dana.company.id)
    assert now.own_pin_hash.startswith(TODAYS) and now.session_token == token and looking.made == 1
    sign_in_company(now, OWN, **ASKED)
    assert looking.made == 1


@pytest.mark.parametrize("method", ["scrypt", "pbkdf2:sha256:1000"])
def test_a_password_from_before_is_hashed_anew_when_it_is_right(sam, looking, method):
    Staff.update(password_hash=generate_password_hash(PASSWORD, method=method)).execute()
    with pytest.raises(WrongPin):
        sign_in_staff(sam.row.email, "wrong", **ASKED)
    sign_in_staff(sam.row.email, PASSWORD, **ASKED)
    assert Staff.get().password_hash.startswith(TODAYS)
    assert sign_in_staff(sam.row.email, PASSWORD, **ASKED)


def test_a_pin_set_by_somebody_else_meanwhile_is_not_written_over(own_pin, looking, monkeypatch):
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(OWN)
    Contractor.update(own_pin_hash=old).execute()
    seen = Contractor.get_by_id(own_pin.id)
    Contractor.update(own_pin_hash="another").execute()
    sign_in_company(seen, OWN, **ASKED)
    assert Contractor.get_by_id(own_pin.id).own_pin_hash == "another"


def test_what_stands_in_for_a_hash_opens_nothing_even_to_who_guesses_it(dana, sam, monkeypatch):
    monkeypatch.setattr(hashes, "NOBODY", hashes.hashed(OWN))
    for company in (None, dana.company, blocked(dana.company)):
        refused(company, OWN)
    with pytest.raises(WrongPin):
        sign_in_staff("nobody@city.example", OWN, **ASKED)
    Staff.update(password_hash="").execute()
    with pytest.raises(WrongPin):
        sign_in_staff(sam.row.email, OWN, **ASKED)


@pytest.mark.parametrize("kept", ["$argon2id$rubbish", "rubbish", "$"])
def test_a_hash_that_is_none_opens_nothing(dana, kept):
    Contractor.update(own_pin_hash=kept).execute()
    for pin in (OWN, kept, "", dana.pin):
        refused(Contractor.get_by_id(dana.company.id), pin)
