"""What was rendered once, kept under all that it depends on: who asks for the same next gets it as it is."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import TypeVar

from flask import Flask, current_app

# How many of a kind: pages of some 40 KB, rows of some 1 KB.
MOST = {"pages": 200, "rows": 5_000}
T = TypeVar("T")


def bind(app: Flask) -> None:
    app.extensions["kept"] = {kind: OrderedDict() for kind in MOST}


def kept(kind: str, key: Hashable, make: Callable[[], T], *, worth_it: Callable[[T], bool] = bool) -> T:
    """What is under the key; or it is made now, and kept if it is worth it. The oldest goes when there are too many.

    What a key leads to never changes: whatever may is part of the key.
    """
    shelf: OrderedDict[Hashable, T] = current_app.extensions["kept"][kind]
    found = shelf.get(key)
    if found is None:
        found = make()
        if worth_it(found):
            shelf[key] = found
        if len(shelf) > MOST[kind]:
            with suppress(KeyError):  # another thread was quicker
                shelf.popitem(last=False)
    return found
