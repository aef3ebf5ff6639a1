"""Pages as a person uses them: followed by their links, filled in by their labels, looked over as they pass."""

import gzip
import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import TestResponse

PAGE_BYTES, DASHBOARD_BYTES = 8 * 1024, 10 * 1024  # compressed


class Page:
    """An answer with its HTML read."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.body = gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data
        self.bytes = len(answer.data)
        self.soup = BeautifulSoup(self.body, "html.parser")

    @property
    def text(self) -> str:
        """What a person reads, white space folded."""
        return " ".join(self.soup.get_text(" ").split())

    def select(self, selector: str) -> list[Tag]:
        return self.soup.select(selector)

    def one(self, selector: str) -> Tag:
        found = self.soup.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector} in {self.text[:500]}"
        return found[0]

    def words(self, selector: str) -> list[str]:
        """The text of each of these elements."""
        return [" ".join(tag.get_text(" ").split()) for tag in self.soup.select(selector)]

    def fields(self, form: Tag) -> dict[str, str]:
        """What a browser would send of this form if it were submitted as it stands."""
        sent: dict[str, str] = {}
        for field in form.select("input[name], select[name], textarea[name]"):
            name, kind = str(field["name"]), field.get("type", "")
            if field.name == "select":
                chosen = field.select("option[selected]") or field.select("option")[:1]
                sent[name] = str(chosen[0].get("value", chosen[0].get_text())) if chosen else ""
            elif field.name == "textarea":
                sent[name] = field.get_text().removeprefix("\n")
            elif kind not in ("radio", "checkbox") or field.has_attr("checked"):
                sent[name] = str(field.get("value", "on" if kind in ("radio", "checkbox") else ""))
        return sent


class Browse:
    """A browser with cookies of its own."""

    def __init__(self, app: Flask, headers: dict[str, str] | None = None) -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Encoding": "gzip", **(headers or {})}
        self.page: Page

    def get(self, path: str, status: int = 200, **headers: str) -> Page:
        return self._take(self.client.get(path, headers={**self.headers, **headers}), status, path)

    def post(self, path: str, data: dict[str, Any], status: int = 303, **headers: str) -> Page:
        return self._take(self.client.post(path, data=data, headers={**self.headers, **headers}), status, path)

    def submit(self, selector: str, status: int = 303, button: str = "", follow: bool = True, **typed: Any) -> Page:
        """Fill in a form of the page that is open by its field names and send it; redirects are followed."""
        form = self.page.one(selector)
        data: dict[str, Any] = {**self.page.fields(form), **typed}
        if button:
            data["action"] = button
        method, path = str(form.get("method", "get")).lower(), str(form["action"])
        if method == "get":
            return self.get(path + "?" + "&".join(f"{name}={value}" for name, value in data.items()))
        answer = self.post(path, data, status)
        if follow and answer.status == 303:
            return self.get(answer.answer.headers["Location"])
        return answer

    def sign_in(self, company: str, pin: str, status: int = 303) -> Page:
        self.get("/")
        return self.submit("main form", status, company=company, pin=pin)

    def _take(self, answer: TestResponse, status: int, path: str) -> Page:
        page = Page(answer)
        assert page.status == status, f"{path} answers {page.status}: {page.text[:800]}"
        if answer.mimetype == "text/html" and page.soup.select("html"):
            look_over(page, path)
            self.page = page
        return page


def look_over(page: Page, path: str) -> None:
    """What holds for every page: see each line."""
    title, headings = page.one("title").get_text(), page.select("h1")
    assert len(headings) == 1, f"{path} has {len(headings)} h1"
    heading = " ".join(headings[0].get_text(" ").split())
    assert title.removeprefix("Error: ").startswith(heading), f"{path}: title {title!r} does not begin with {heading!r}"
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)), f"{path}: ids twice {[one for one in ids if ids.count(one) > 1]}"
    for field in page.select("input:not([type=hidden]), select, textarea"):
        labelled = (
            field.find_parent("label") or page.select(f'label[for="{field.get("id")}"]') or field.get("aria-label")
        )
        assert labelled, f"{path}: no label for {field}"
    for tag in page.select("[aria-describedby], [aria-labelledby]"):
        for name in f"{tag.get('aria-describedby', '')} {tag.get('aria-labelledby', '')}".split():
            assert name in ids, f"{path}: {tag.name} points at #{name}, which is not there"
    for form in page.select("form"):
        assert form.get("action"), f"{path}: a form without an action"
        if str(form.get("method", "get")).lower() == "post":
            assert form.select("input[name=csrf_token]"), f"{path}: a form without its token"
    assert not page.select("style, [style], script:not([src])"), f"{path}: inline style or script"
    assert not re.search(rb"\son\w+=", page.body), f"{path}: an inline handler"
    limit = DASHBOARD_BYTES if path.startswith("/dashboard") else PAGE_BYTES
    if not path.startswith("/staff"):
        assert page.bytes <= limit, f"{path} has {page.bytes} bytes"
