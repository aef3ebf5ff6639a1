"""What was made once, kept under all that it depends on: who asks for the same next gets it as it is."""

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar

from flask import Flask, current_app

# How many of a kind: pages of some 40 KB, rows and lists of companies of some 1 KB.
MOST = {"pages": 200, "rows": 5_000, "look-ups": 1_000, "calendars": 2, "desks": 2}
T = TypeVar("T")
one_writes = threading.Lock()  # keys are compared in Python, where another thread may come in between


def bind(app: Flask) -> None:
    app.extensions["kept"] = {kind: {} for kind in MOST}


def kept(kind: str, key: Hashable, make: Callable[[], T], *, worth_it: Callable[[T], bool] = bool) -> T:
    """What is under the key; or it is made now, and kept if it is worth it. The oldest goes when there are too many.

    What a key leads to never changes: whatever may is part of the key.
    """
    shelf: dict[Hashable, T] = current_app.extensions["kept"][kind]
    found = shelf.get(key)
    if found is None:
        found = make()
        if worth_it(found):
            with one_writes:
                shelf[key] = found
                if len(shelf) > MOST[kind]:
                    del shelf[next(iter(shelf))]
    return found
