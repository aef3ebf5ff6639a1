"""Pages as a person uses them: followed by their links, filled in by their labels, looked over as they pass."""

import gzip
import re
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

from bs4 import BeautifulSoup, NavigableString, Tag
from flask import Flask
from werkzeug.test import TestResponse

# The one way out: an inspector is led to a site by the map on the phone.
DIRECTIONS = "https://www.google.com/maps/dir/?api=1&destination="
PAGE_BYTES, DASHBOARD_BYTES, FRAGMENT_BYTES = 8 * 1024, 10 * 1024, 3 * 1024  # compressed


INLINE = {"a", "b", "i", "em", "strong", "span", "small", "mark", "time", "code"}


def reading(tag: Tag) -> str:
    """What a person reads of it, white space folded."""
    return " ".join(_strings(tag).split())


def _strings(tag: Tag) -> str:
    parts = []
    for child in tag.children:
        if isinstance(child, Tag):
            parts.append(_strings(child) if child.name in INLINE else f" {_strings(child)} ")
        elif type(child) is NavigableString:  # neither a comment nor the doctype
            parts.append(child)
    return "".join(parts)


def tags_within(tag: Tag) -> list[Tag]:
    """All of them, in order; what is within a template is not there yet."""
    found: list[Tag] = []
    for child in tag.contents:
        if isinstance(child, Tag):
            found.append(child)
            if child.name != "template":
                found += tags_within(child)
    return found


class Page:
    """An answer with its HTML read."""

    def __init__(self, answer: TestResponse) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.headers = answer.headers
        self.body = gzip.decompress(answer.data) if answer.content_encoding == "gzip" else answer.data
        self.bytes = len(answer.data)
        self.soup = BeautifulSoup(self.body, "html.parser")

    @property
    def text(self) -> str:
        return reading(self.soup)

    @property
    def is_whole(self) -> bool:
        """A page, and not a fragment of one."""
        return bool(self.named("html"))

    @cached_property
    def tags(self) -> list[Tag]:
        """All of them, in order. A selector costs a walk over the page: what looks at every page goes by these."""
        return tags_within(self.soup)

    @cached_property
    def _by_name(self) -> dict[str, list[Tag]]:
        found: dict[str, list[Tag]] = {}
        for tag in self.tags:
            found.setdefault(tag.name, []).append(tag)
        return found

    def named(self, name: str) -> list[Tag]:
        return self._by_name.get(name, [])

    def select(self, selector: str) -> list[Tag]:
        return list(self.named(selector)) if selector.isalnum() else self.soup.select(selector)

    def one(self, selector: str) -> Tag:
        found = self.select(selector)
        assert len(found) == 1, f"{len(found)} of {selector} in {self.text[:500]}"
        return found[0]

    def words(self, selector: str) -> list[str]:
        """The text of each of these elements."""
        return [reading(tag) for tag in self.select(selector)]

    def value(self, name: str) -> str:
        """What stands in the field of this name."""
        return self.fields(self.soup)[name]

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
        self.page: Page  # the one that is open

    def get(self, path: str, status: int = 200, **headers: str) -> Page:
        return self._take(self.client.get(path, headers=self._headers(headers)), status, path)

    def post(self, path: str, data: dict[str, Any], status: int = 303, **headers: str) -> Page:
        return self._take(self.client.post(path, data=data, headers=self._headers(headers)), status, path)

    def send(self, path: str, status: int = 303, headers: dict[str, str] | None = None, **data: Any) -> Page:
        """Post with the token of the page that is open, as a script of that page would."""
        return self.post(path, {"csrf_token": self.token, **data}, status, **(headers or {}))

    def submit(self, selector: str, status: int = 303, button: str = "", follow: bool = True, **typed: Any) -> Page:
        """Fill in a form of the page that is open by its field names and send it; redirects are followed."""
        form = self.page.one(selector)
        data: dict[str, Any] = {**self.page.fields(form), **{name.replace("__", "-"): typed[name] for name in typed}}
        if button:
            data["action"] = button
        method, path = str(form.get("method", "get")).lower(), str(form["action"])
        if method == "get":
            return self.get(f"{path}?{urlencode(data)}")
        answer = self.post(path, data, status)
        if follow and answer.status == 303:
            return self.get(answer.headers["Location"])
        return answer

    def click(self, words: str, within: str = "main", status: int = 200) -> Page:
        """Follow the first link that reads so."""
        for link in self.page.select(f"{within} a[href]"):
            if reading(link) == words:
                return self.get(str(link["href"]), status)
        raise AssertionError(f"no link {words!r} in {self.page.words(f'{within} a[href]')}")

    def sign_in(self, company: str, pin: str, status: int = 303, **typed: Any) -> Page:
        self.get("/")
        return self.submit("main form", status, company=company, pin=pin, **typed)

    @property
    def token(self) -> str:
        return str(self.page.select("input[name=csrf_token]")[0]["value"])

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}

    def _take(self, answer: TestResponse, status: int, path: str) -> Page:
        page = Page(answer)
        assert page.status == status, f"{path} answers {page.status}: {page.text[:800]}"
        if location := page.headers.get("Location"):
            assert not urlsplit(location).netloc, f"{path} leads away, to {location}"
        if answer.mimetype == "text/html":
            look_over(page, path)
        if page.is_whole and not 300 <= status < 400:
            self.page = page
        return page


def look_over(page: Page, path: str) -> None:
    """What holds for every page and every fragment of one."""
    ids = [str(tag["id"]) for tag in page.tags if "id" in tag.attrs]
    assert len(ids) == len(set(ids)), f"{path}: ids twice {[one for one in ids if ids.count(one) > 1]}"
    inline = page.named("style") or [tag for tag in page.tags if "style" in tag.attrs]
    scripts = [tag for tag in page.named("script") if "src" not in tag.attrs]
    assert not inline and not scripts, f"{path}: inline style or script"
    assert not re.search(rb"<[^>]*\son\w+=", page.body), f"{path}: an inline handler"
    assert page.headers["Cache-Control"] == "no-store", f"{path}: may be kept"
    look_over_links(page, path)
    look_over_fields(page, path)
    if page.is_whole:
        look_over_whole(page, path, {*ids})
        limit = DASHBOARD_BYTES if path.startswith("/dashboard") else PAGE_BYTES
        if not path.startswith("/staff"):
            assert page.bytes <= limit, f"{path} has {page.bytes} bytes"


def look_over_links(page: Page, path: str) -> None:
    links = [tag for tag in page.named("a") if "href" in tag.attrs]
    for tag in (*links, *page.named("form")):
        address = str(tag.get("href", tag.get("action", "#")))
        to_site = path.startswith("/staff/day") and address.startswith(DIRECTIONS)
        assert address.startswith(("/", "#", "tel:")) or to_site, f"{path}: leads away, to {address}"
    for tag in (*links, *page.named("button")):
        assert tag.get_text(strip=True) or tag.get("aria-label"), f"{path}: {tag} has no words"


def look_over_fields(page: Page, path: str) -> None:
    inputs = [field for field in page.named("input") if field.get("type") != "hidden"]
    labels = {label["for"] for label in page.named("label") if label.get("for")}
    for field in (*inputs, *page.named("select"), *page.named("textarea")):
        labelled = field.get("id") in labels or field.get("aria-label") or field.find_parent("label")
        assert labelled, f"{path}: no label for {field}"
    for field in (one for one in inputs if one.get("type") == "date"):
        fits = re.fullmatch(r"(\d{4}-\d\d-\d\d)?", str(field.get("value", "")))
        assert fits, f"{path}: {field['name']} would not show what was typed"
    for radio in (one for one in inputs if one.get("type") == "radio"):
        assert radio.find_parent("fieldset"), f"{path}: {radio['name']} has no legend"
    for form in page.named("form"):
        assert form.get("action"), f"{path}: a form without an action"
        if str(form.get("method", "get")).lower() == "post":
            tokens = [one for one in tags_within(form) if one.name == "input" and one.get("name") == "csrf_token"]
            assert tokens, f"{path}: a form without its token"


def look_over_whole(page: Page, path: str, ids: set[str]) -> None:
    title, headings = page.one("title").get_text(), page.words("h1")
    assert len(headings) == 1, f"{path} has {len(headings)} h1"
    begins = title.removeprefix("Error: ").startswith(headings[0])
    assert begins, f"{path}: title {title!r} does not begin with {headings[0]!r}"
    assert page.one("html").get("lang"), f"{path}: in no language"
    assert "Content-Security-Policy" in page.headers, f"{path}: no CSP"
    for tag in page.tags:
        if "aria-describedby" in tag.attrs or "aria-labelledby" in tag.attrs:
            for name in f"{tag.get('aria-describedby', '')} {tag.get('aria-labelledby', '')}".split():
                assert name in ids, f"{path}: {tag.name} points at #{name}, which is not there"
    for link in page.named("a"):
        address = str(link.get("href", ""))
        assert not address.startswith("#") or address[1:] in ids, f"{path}: a link to {address}, which is not there"
