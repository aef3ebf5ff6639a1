"""Which spellings are surely one company, and where a search may begin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.names import LONGEST, address_key, company_key, company_starts, company_stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TD INDUSTRIES", "TDIndustries"),
        ("Stan's Heating & Air", "Stan\u2019s Heating and Air"),
        ("A.B.C. Plumbing, Inc.", "ABC Plumbing Inc"),
        ("Peña Electric", "PENA ELECTRIC"),
        ("  Lone   Star-Plumbing ", "lone star plumbing"),
    ],
)
def test_one_company_whatever_case_spaces_accents_and_punctuation(one: str, other: str) -> None:
    assert company_key(one) == company_key(other)


@pytest.mark.parametrize(("one", "other"), [("Smith Electric", "Smith Electrical"), ("4 Seasons", "44 Seasons")])
def test_another_letter_is_another_company(one: str, other: str) -> None:
    assert company_key(one) != company_key(other)
    assert company_stem(one) != company_stem(other)


@pytest.mark.parametrize(
    "name",
    ["Fox Service", "Fox Service Co.", "FOX SERVICE COMPANY, INC.", "The Fox Service L.L.C.", "Fox Service & Co"],
)
def test_the_legal_form_is_no_part_of_the_stem(name: str) -> None:
    assert company_stem(name) == "foxservice"


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert company_stem("The Fox") == "fox"
    assert company_stem("The Company") == "the"
    assert company_stem("Co") == "co"


def test_a_search_may_begin_with_any_word_but_and_and_the_legal_form() -> None:
    assert company_starts("Strand & Sons Plumbing, Inc.") == [
        "strandandsonsplumbinginc",
        "sonsplumbinginc",
        "plumbinginc",
    ]


def test_nothing_but_signs_is_no_name() -> None:
    assert company_key(" --- ") == "" and company_starts("--") == []


def test_an_address_counts_only_with_street_and_zip() -> None:
    assert address_key("12 Main St.", "78664-1234") == address_key("12 MAIN ST", "78664") != ""
    assert address_key("12MainSt", "78664") == address_key("12 Main St", "78664")
    assert address_key("", "78664") == address_key("12 Main St", "7866") == ""
    assert address_key("1 Oak", "78664") and not address_key("1 Oa", "78664")


@given(st.text(max_size=400))
def test_any_text_has_a_key_that_fits_and_is_its_own(name: str) -> None:
    key = company_key(name)
    assert len(key) <= LONGEST and not any(character.isspace() for character in key)
    assert bool(company_starts(name)) == bool(key) and company_stem(name) in ("", *[company_stem(name)])
    assert all(len(start) <= LONGEST for start in company_starts(name))
