"""Every sentence is there in every language: of the code, the pages, the mails and the calendar files."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tracker.catalogue import FOLDER, LANGUAGES, catalogue

TOP = Path(__file__).resolve().parent.parent
# As `make words` finds them.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_l": None, "N_": None}
NAMES = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
OTHERS = [language for language in LANGUAGES if language != "en"]


@cache
def sentences() -> frozenset[str | tuple[str, ...]]:
    """What the sources say, as message ids."""
    found = set()
    for folder, method in ((TOP / "tracker", "python"), (TOP / "templates", "jinja2")):
        for _file, _line, message, _comments, _context in extract_from_dir(
            folder, [("**", method)] if method == "jinja2" else [("**.py", method)], keywords=KEYWORDS
        ):
            found.add(tuple(message) if isinstance(message, list | tuple) else message)
    return frozenset(found - {""})


@cache
def kept(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_untranslated(language):
    there = {message.id for message in kept(language) if message.id and _words(message.string)}
    # Said of one and of several in one place, of one alone in another: the first form is found.
    there |= {message[0] for message in there if isinstance(message, tuple)}
    assert sorted(map(str, sentences() - there)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_said_of_one_and_of_several_is_found_of_one_alone(language):
    both = [message for message in kept(language) if message.pluralizable and message.id[0] in sentences()]
    assert both and [catalogue(language).ugettext(one.id[0]) for one in both] == [one.string[0] for one in both]


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_of_a_sentence_that_is_gone(language):
    there = {message.id for message in kept(language) if message.id}
    assert sorted(map(str, there - sentences())) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_holds_the_same_values(language):
    for message in kept(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        given = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string)
        for one, other in zip(given, said, strict=True):
            assert sorted(NAMES.findall(one)) == sorted(NAMES.findall(other)), (one, other)
            assert one[-1] != " " or other[-1] == " ", one


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_that_pages_use_is_this_one(language):
    assert catalogue(language).gettext("Request again") != "Request again"


def test_the_sources_say_something():
    assert len(sentences()) > 1000 and "Request again" in sentences()


def _words(string: str | tuple[str, ...] | None) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)
