"""One cell at a time: what other systems leave in a text, a ZIP, an amount, an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.importing.cleaning import amount, clean, plain_dashes, readable, shortened, zip_code


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Buffy\\'s Plumbing", "Buffy's Plumbing"),
        ("New 3\\'-0\\\" sign", "New 3'-0\" sign"),
        ("standards.**nmt\\rNew duplex", "standards.**nmt New duplex"),
        ("gas line\\r\\nto house", "gas line to house"),
        ("MHI\\Plantation Homes", "MHI\\Plantation Homes"),
        ("  Residential \t", "Residential"),
        ("two\r\nlines\x85and\xa0more", "two lines and more"),
        ("nul\x00 byte\x03 and\u200b zero width", "nul byte and zero width"),
        ("“curly” and ’s", "“curly” and ’s"),
        ("Stanâ€™s cafÃ©, 4102Â½", "Stan’s café, 4102½"),
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("building façade 4102½ Ç", "building façade 4102½ Ç"),
        ("City of Austin¿s", "City of Austin¿s"),
        ("\\N", ""),
        ("'=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("'tis", "'tis"),
    ],
)
def test_a_text_is_readable_and_otherwise_as_it_was(raw: str, text: str) -> None:
    assert clean(raw) == text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\\'\"rn=-@ÂÃâ€™½\x9d\xa0"))))
def test_cleaned_twice_is_cleaned_once(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("78664-8543", "78664-8543"),
        ("78664 8543", "78664-8543"),
        ("786648543", "78664-8543"),
        ("78664\u20108543", "78664-8543"),
        ("60616-", "60616"),
        ("78709-996", "78709"),
        ("78704-42019", "78704"),
        ("99999-999", ""),
        ("00000", ""),
        ("787001", ""),
        ("2134", ""),
        ("Austin", ""),
        ("", ""),
    ],
)
def test_of_a_zip_what_is_sure_is_kept(raw: str, code: str) -> None:
    assert zip_code(raw) == code
    assert zip_code(code) == code


@pytest.mark.parametrize(
    ("raw", "value"),
    [("$7,721.69", "7721.69"), ("1800", "1800.00"), ("\u20105", "-5.00"), ("", ""), ("0", "0.00"), ("1e3", "1000.00")],
)
def test_amounts(raw: str, value: str) -> None:
    assert amount(raw) == value


@pytest.mark.parametrize("raw", ["about 12", "NaN", "inf", "9" * 13, "1e400"])
def test_what_is_no_amount(raw: str) -> None:
    with pytest.raises(ValueError):
        amount(raw)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("9311 N FM 620 RD", "9311 N FM 620 Rd"),
        ("9811 S IH 35 SVRD NB BLDG 5", "9811 S IH 35 Svrd NB Bldg 5"),
        ("200 E 6TH ST UNIT A", "200 E 6th St Unit A"),
        ("1000-1017 W 42ND ST #3B", "1000-1017 W 42nd St #3B"),
        ("12 O'HARA CV", "12 O'Hara Cv"),
        ("2614 WILLOW ST Unit B", "2614 WILLOW ST Unit B"),
        ("418 Larkspur Ln", "418 Larkspur Ln"),
        ("12 PEÑA ST", "12 Peña St"),
    ],
)
def test_only_capitals_are_made_readable(raw: str, address: str) -> None:
    assert readable(raw) == address
    assert readable(address) == address


def test_dashes_of_every_kind_are_one_in_numbers() -> None:
    assert plain_dashes("2015\u2010028458\u2011PP\u2212\u2013") == "2015-028458-PP--"


def test_too_long_is_cut_with_a_sign() -> None:
    assert shortened("abcdef", 4) == "abc…" and shortened("abcd", 4) == "abcd"
