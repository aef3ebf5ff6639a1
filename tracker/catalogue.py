"""The translations, read from translations/<language>/LC_MESSAGES/messages.po once a process."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

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
    compiled = BytesIO()
    with file.open("rb") as po:
        write_mo(compiled, read_po(po, locale=language))
    compiled.seek(0)
    return Translations(compiled)
