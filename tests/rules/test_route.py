"""The order of stops by area: those in one street follow each other by number, without a map."""

import pytest

from tracker.rules.route import area_key


def test_by_zip_code_then_street_then_number():
    there = [
        ("78664-1111", "9 Elm Street"),
        ("78664", "10 elm  street"),
        ("78664-0000", "101B Elm Street"),
        ("78664", "1 Oak Street"),
        ("78681", "2 Ash Street"),
    ]
    mixed = [there[place] for place in (3, 0, 4, 2, 1)]
    assert sorted(mixed, key=lambda one: area_key(*one)) == there


@pytest.mark.parametrize("address", ["Elm Street", "", "Lot 7 Elm Street", "1234567890 Elm Street"])
def test_an_address_without_a_number_comes_before_all_of_its_street(address):
    assert area_key("78664", address) < area_key("78664", f"1 {address}")
    assert area_key("78664", address)[2] == 0
