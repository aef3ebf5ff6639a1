"""One cell of somebody's export → readable text, a ZIP, an amount. Cleaned twice is cleaned once."""

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

# Left by databases that wrote their escapes into the file.
_ESCAPES = re.compile(r"\\r\\n|\\r|\\(['\"])")
# Control characters but white space, zero-width marks, and the byte order mark in the middle of a file.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
# UTF-8 that was read as Windows-1252: only sequences that nobody types are surely that.
_MOJIBAKE = re.compile(
    "[\u00c2\u00c3][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\u00e2[\u20ac\u201e\u201a]?[\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,2}"
)
# Our own exports put an apostrophe before what a spreadsheet would take for a formula.
_DEFUSED = re.compile(r"^'+(?=[=+\-@＝＋－＠])")
_NULLS = frozenset(("\\N", "NULL", "null", "<null>", "<Null>"))
KEPT_UPPER = frozenset(
    [
        "N",
        "S",
        "E",
        "W",
        "NE",
        "NW",
        "SE",
        "SW",
        "NB",
        "SB",
        "EB",
        "WB",
        "FM",
        "RM",
        "RR",
        "IH",
        "US",
        "SH",
        "CR",
        "TX",
        "LBJ",
        "MLK",
        "II",
        "III",
        "IV",
    ]
)
LONGEST_CELL = 20_000  # more is a quote that is never closed, not a description


@lru_cache(maxsize=16_384)
def clean(text: str) -> str:
    """The text in one line, without what a copy between systems left in it. Curly quotes and accents stay."""
    if not (text.isascii() and text.isprintable()):
        while (plain := _INVISIBLE.sub("", _MOJIBAKE.sub(_repaired, text))) != text:
            text = plain
    if "\\" in text:
        while (plain := _ESCAPES.sub(lambda found: found[1] or " ", text)) != text:
            text = plain
    text = " ".join(text.split())
    if text in _NULLS:
        return ""
    return _DEFUSED.sub("", text) if text[:1] == "'" else text


def _repaired(found: re.Match[str]) -> str:
    try:
        return b"".join(_byte(character) for character in found[0]).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return found[0]


def _byte(character: str) -> bytes:
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1")  # the five places that Windows-1252 leaves empty


def shortened(text: str, longest: int) -> str:
    """At most `longest` characters, the last one … where something is left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def plain_dashes(text: str) -> str:
    """For numbers, codes, dates and ZIPs: every kind of hyphen and minus sign is the one on the keyboard."""
    return text if text.isascii() else _DASHES.sub("-", text)


@lru_cache(maxsize=4_096)
def zip_code(text: str) -> str:
    """`78664-8543` or `78664`: the five digits that are sure, the four after them where all four are there.

    '' for what no place has (00000, 99999), for six to eight digits in one piece and for less than five.
    """
    found = re.fullmatch(r"(\d{5})(?:[-\s]*(\d{4})|[-\s]+\d*|-?\d{5})?", plain_dashes(text))
    if not found or found[1] in ("00000", "99999"):
        return ""
    return f"{found[1]}-{found[2]}" if found[2] and found[2] != "0000" else found[1]


def amount(text: str) -> str:
    """`$7,721.69 ` → `7721.69`; '' where it is blank. Raises ValueError for what is no amount of 14 digits."""
    digits = re.sub(r"[\s$,]|USD", "", plain_dashes(text))
    if not digits:
        return ""
    try:
        value = Decimal(digits).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(text) from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise ValueError(text)
    return str(abs(value) if value == 0 else value)


def readable(text: str) -> str:
    """An address or a town all in capitals in title case; anything else as it is.

    Directions, road numbers (`FM 620`) and units (`3A`) keep their capitals: `9311 N FM 620 Rd`, `200 E 6th St`.
    """
    if not text.isupper():
        return text
    return "".join(map(_readable_word, re.split(r"([\s/#-]+)", text)))


@lru_cache(maxsize=4_096)
def _readable_word(word: str) -> str:
    if word.strip(".,") in KEPT_UPPER or len(word) < 2:
        return word
    if re.fullmatch(r"\d+(ST|ND|RD|TH)", word):
        return word.lower()
    if any(character.isdigit() for character in word):
        return word
    if found := re.fullmatch(r"(O'|MC)([A-Z]{3,})", word):
        return found[1].capitalize() + found[2].capitalize()
    return word.capitalize()
