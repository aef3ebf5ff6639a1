"""A browser over the wire, which does what people and forms do when no answer comes: sends the same once more."""

import http.client
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.page import Page

SECONDS = 30.0  # for one answer
PATIENCE = 300.0  # for an answer at all, on a machine that is busy with other things
NO_ANSWER = (OSError, http.client.HTTPException)


class GaveUp(Exception):
    """Nobody answered for as long as anybody would wait."""


@dataclass
class Answer:
    """What came back, and after how many tries; read by `tests.page.Page` like one of the test client's."""

    status_code: int
    headers: http.client.HTTPMessage
    data: bytes
    tries: int = 1
    content_encoding: str | None = None

    @property
    def page(self) -> Page:
        return Page(self)  # type: ignore[arg-type]

    @property
    def location(self) -> str:
        return urlsplit(self.headers["Location"]).path


@dataclass
class Phone:
    """Cookies of its own, and one address or several of which it takes the next each time, as behind a balancer."""

    addresses: Sequence[str]
    cookies: dict[str, str] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)  # what came in place of an answer, and the statuses
    turn: int = field(default_factory=lambda: random.randrange(1000))

    def once(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer:
        """One try; raises what `NO_ANSWER` names."""
        self.turn += 1
        address = urlsplit(self.addresses[self.turn % len(self.addresses)])
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
        }
        body = None
        if data is not None:
            body = urlencode(data, doseq=True).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            came = connection.getresponse()
            answer = Answer(came.status, came.headers, came.read())
        finally:
            connection.close()
        self._keep(answer)
        self.heard[str(answer.status_code)] += 1
        return answer

    def ask(self, method: str, path: str, data: Mapping[str, Any] | None = None) -> Answer:
        """The same again until somebody answers: without an answer, and after one that says to come again (503).

        Raises GaveUp.
        """
        until, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < until:
            tries += 1
            try:
                answer = self.once(method, path, data)
            except NO_ANSWER as no:
                self.heard[type(no).__name__] += 1
            else:
                if answer.status_code != 503:
                    answer.tries = tries
                    return answer
            time.sleep(random.uniform(0.1, 0.5))
        raise GaveUp(f"{method} {path}: {dict(self.heard)}")

    def get(self, path: str) -> Page:
        return self.ask("GET", path).page

    def send(self, page: Page, form: str, **typed: Any) -> Answer:
        """A form of the page, with what is typed into it, sent to its address."""
        found = page.one(form)
        return self.ask("POST", str(found["action"]), {**page.fields(found), **typed})

    def sign_in(self, path: str, **typed: str) -> None:
        answer = self.send(self.get(path), "main form", **typed)
        assert answer.status_code == 303, answer.page.text[:300]

    def _keep(self, answer: Answer) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, crumb in SimpleCookie(line).items():
                if crumb.value and crumb["max-age"] != "0":
                    self.cookies[name] = crumb.value
                else:
                    self.cookies.pop(name, None)
