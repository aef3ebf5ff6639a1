"""When two spellings of a company's name are surely one, when they are only alike, and where a search may begin.

Surely one: the same letters and digits, case, accents, spaces and punctuation apart, `&` read as `and`.
Alike: the same but for the legal form (`Fox Service Co.`, `Fox Service Company, Inc.`).
"""

import re
import unicodedata
from functools import lru_cache

LONGEST = 200  # characters of a key, as the columns have it
MOST_STARTS = 12  # words of one spelling that a search may begin with
LEGAL_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "llc",
        "lc",
        "ltd",
        "limited",
        "lp",
        "llp",
        "lllp",
        "co",
        "company",
        "corp",
        "corporation",
        "pc",
        "pllc",
        "plc",
    ]
)
_INITIAL_DOT = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_WORD = re.compile(r"[^\W_]+")
# What stands inside a word without parting it: apostrophes, straight, curly and as an accent.
_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc`\u00b4")


@lru_cache(maxsize=8_192)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name as they are compared: lower case, without accents and punctuation."""
    text = name.translate(_APOSTROPHES)
    if not text.isascii():
        parted = unicodedata.normalize("NFKD", text)
        text = "".join(character for character in parted if not unicodedata.combining(character))
    text = _INITIAL_DOT.sub("", text.replace("&", " and "))
    return tuple(_WORD.findall(text.casefold()))


def company_key(name: str) -> str:
    """Letters and digits only: two spellings with one key are surely the same company. '' where there are none."""
    return "".join(name_words(name))[:LONGEST]


def company_stem(name: str) -> str:
    """The key without the legal form at its end and `The` at its beginning; the key itself where nothing is left."""
    words = list(name_words(name))
    while words and (words[-1] in LEGAL_FORMS or words[-1] == "and"):
        words.pop()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    return "".join(words)[:LONGEST] or company_key(name)


def company_starts(name: str) -> list[str]:
    """The key from each word on, so that `plumb` finds Lone Star Plumbing; not from `and` or a legal form."""
    words = name_words(name)
    places = [place for place, word in enumerate(words) if place == 0 or (word != "and" and word not in LEGAL_FORMS)]
    return list(dict.fromkeys("".join(words[place:])[:LONGEST] for place in places[:MOST_STARTS]))


def address_key(address: str, zip_code: str) -> str:
    """What must agree, beside a name alike, for two companies to be one: street address and ZIP5. '' if unsure."""
    street, zip5 = "".join(name_words(address)), zip_code[:5]
    return f"{street}|{zip5}" if len(street) > 3 and len(zip5) == 5 and zip5.isdigit() else ""
