"""Somebody signed in at a server on this machine, and the requests that their browser would send."""

import gzip
import http.client
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bs4 import BeautifulSoup


@dataclass
class Visitor:
    """Cookies and the session's token against forged requests; `port` may be changed to another server's."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, path: str, typed: Mapping[str, str] | None = None) -> tuple[int, str, str]:
        """Status, Location and text of the answer; with `typed` a form is posted."""
        method, head, _, body = self._parts(path, typed)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        line.request(method, path, body=body, headers=head)
        answer = line.getresponse()
        found = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.headers.get("Content-Encoding") == "gzip":
            found = gzip.decompress(found)
        line.close()
        return answer.status, answer.headers.get("Location", ""), found.decode()

    def look(self, path: str) -> BeautifulSoup:
        """A page, which must be there."""
        status, _, text = self.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}: {text[:300]}")
        page = BeautifulSoup(text, "html.parser")
        if token := page.find("input", {"name": "csrf_token"}):
            self.token = str(token["value"])
        return page

    def raw(self, path: str, typed: Mapping[str, str] | None = None) -> bytes:
        """The same as bytes for a kept connection."""
        method, head, more, body = self._parts(path, typed)
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in {**head, **more}.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def _parts(self, path: str, typed: Mapping[str, str] | None) -> tuple[str, dict[str, str], dict[str, str], bytes]:
        head = {"Accept-Encoding": "gzip", "Accept-Language": "en-US,en;q=0.9", "User-Agent": "bench"}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if typed is None:
            return "GET", head, {}, b""
        body = urlencode({"csrf_token": self.token, **typed}).encode()
        head["Content-Type"] = "application/x-www-form-urlencoded"
        return "POST", head, {"Content-Length": str(len(body))}, body


def signed_in(port: int, path: str, typed: Mapping[str, str]) -> Visitor:
    """Somebody who filled in the form on this page."""
    visitor = Visitor(port)
    visitor.look(path)
    status, _, text = visitor.ask(path, typed)
    if status not in (302, 303):
        raise RuntimeError(f"signing in at {path} answers {status}: {text[:300]}")
    return visitor
