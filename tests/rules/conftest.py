"""Every reason that the rules give in any of these tests can be said: in every language, with what it names."""

import re
import sys
from functools import cache
from typing import Any

import pytest
from babel.messages.pofile import read_po

from tracker.catalogue import FOLDER
from tracker.rules.reasons import Reason


@cache
def translated() -> frozenset[str]:
    """The sentences that the catalogues hold."""
    with (FOLDER / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return frozenset(str(message.id) for message in read_po(file, locale="es"))


@pytest.fixture(autouse=True)
def _every_reason_can_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    made = Reason.__init__

    def looked_over(reason: Reason, *given: Any, **named: Any) -> None:
        made(reason, *given, **named)
        if sys._getframe(1).f_globals["__name__"].startswith("tracker."):
            assert reason.message in translated()
            names = re.findall(r"{(\w+)}", reason.message)
            assert all(reason.values[name] not in (None, [], set()) for name in names)

    monkeypatch.setattr(Reason, "__init__", looked_over)
