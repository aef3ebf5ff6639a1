"""What a phone takes from the real server, byte by byte: an HTTP client that counts, in the place of a test client."""

import socket
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import Headers


@dataclass
class Answer:
    """As it came: `head` is the status line and the headers with their empty line, `data` the body, compressed."""

    head: bytes
    data: bytes

    @property
    def status_code(self) -> int:
        return int(self.head.split(b" ", 2)[1])

    @cached_property
    def headers(self) -> Headers:
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return Headers([line.split(": ", 1) for line in lines])

    @property
    def content_encoding(self) -> str:
        return self.headers.get("Content-Encoding", "")

    @property
    def mimetype(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def queries(self) -> int:
        return int(self.headers["X-Queries"])

    @property
    def all_bytes(self) -> int:
        """With the headers, but for the one that only the tests are told."""
        told = self.headers.get("X-Queries")
        return len(self.head) + len(self.data) - (len(f"X-Queries: {told}\r\n") if told else 0)


class Client:
    """Sends and reads as a phone does, and keeps cookies. `language` is what its browser asks for."""

    def __init__(self, site: str, language: str) -> None:
        self.host, self.language = urlsplit(site).netloc, language
        self.cookies: dict[str, str] = {}

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self._send("GET", path, "", headers or {})

    def post(self, path: str, data: Any, headers: dict[str, str] | None = None) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, urlencode(data, doseq=True), {**form, **(headers or {})})

    def _send(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        lines = {"Host": self.host, "Accept-Encoding": "gzip", "Accept-Language": self.language, **headers}
        if self.cookies:
            lines["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method == "POST":
            lines["Content-Length"] = str(len(body))
        said = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port)), timeout=20) as line:
            line.sendall(f"{method} {path} HTTP/1.1\r\n{said}\r\n{body}".encode())
            answer = _read(line.makefile("rb"))
        for cookie in answer.headers.getlist("Set-Cookie"):
            self.cookies.update({name: one.value for name, one in SimpleCookie(cookie).items()})
        return answer


def _read(file: Any) -> Answer:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = file.readline()
        assert line, f"the server hung up after {head!r}"
        head += line
    answer = Answer(head, b"")
    assert "Transfer-Encoding" not in answer.headers, "its length is not said"
    answer.data = file.read(int(answer.headers.get("Content-Length", 0)))
    return answer
