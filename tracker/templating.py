"""What templates ask for a hundred times a page, found quickly: a sentence in the reader's language, an address."""

from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup

from tracker.catalogue import catalogue
from tracker.saying import language


def register(app: Flask) -> None:
    """In place of the libraries' own functions of these names."""
    app.jinja_env.globals.update(_=words, gettext=words, ngettext=counted, url_for=address)


def words(text: str, /, **values: Any) -> Markup:
    """The sentence with its values put in, escaped as Jinja's own would be."""
    return _sentence(text, language()) % values if values else _plain(text, language())


def counted(one: str, many: str, num: int, /, **values: Any) -> Markup:
    """The sentence for so many, `num` among its values."""
    return _for_so_many(one, many, num, language()) % {"num": num, **values}


@lru_cache(maxsize=4096)
def _for_so_many(one: str, many: str, num: int, language: str) -> Markup:
    return Markup(catalogue(language).ungettext(one, many, num))


@lru_cache(maxsize=4096)
def _sentence(text: str, language: str) -> Markup:
    return Markup(catalogue(language).ugettext(text))


@lru_cache(maxsize=4096)
def _plain(text: str, language: str) -> Markup:
    return _sentence(text, language) % {}


def address(endpoint: str, /, **values: Any) -> str:
    """As Flask's `url_for`, of a path: without the host, which whoever asks can choose."""
    try:
        return _address(request.environ.get("SCRIPT_NAME", ""), endpoint, tuple(values), *values.values())
    except TypeError:  # a value that can be no key, such as a list
        return current_app.url_for(endpoint, **values)


@lru_cache(maxsize=4096, typed=True)  # True is written otherwise than 1
def _address(_mounted_at: str, endpoint: str, names: tuple[str, ...], /, *values: Any) -> str:
    return current_app.url_for(endpoint, **dict(zip(names, values, strict=True)))
