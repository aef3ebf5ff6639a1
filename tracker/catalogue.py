"""The translations, read from translations/<language>/LC_MESSAGES/messages.po once a process."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

# Those a page can be read in; the sentences in the code are English.
LANGUAGES = ("en", "es")
FOLDER = Path(__file__).parent / "translations"


@lru_cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of a language such as 'es'; one without a catalogue stays English."""
    file = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if language not in LANGUAGES or not file.exists():
        return NullTranslations()
    with file.open("rb") as po:
        said = read_po(po, locale=language)
    found = _compiled(said)
    found.add_fallback(_compiled(_of_one_alone(said)))
    return found


def _of_one_alone(said: Catalog) -> Catalog:
    """What is said of one and of several in one place, of one alone in another: not every Python finds that."""
    alone = Catalog(locale=said.locale)
    for message in said:
        if isinstance(message.id, tuple) and message.string:
            alone.add(message.id[0], message.string[0])
    return alone


def _compiled(said: Catalog) -> Translations:
    file = BytesIO()
    write_mo(file, said)
    file.seek(0)
    return Translations(file)
