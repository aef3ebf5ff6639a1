"""A first visit with an empty cache, what stays in the cache, and what the worker of dead zones takes beside it."""

import gzip
import re

import pytest

from tests import servers
from tests.weight.conftest import Phone
from tests.weight.wire import Answer

FIRST_VISIT, REQUESTS = 40 * 1024, 4
CDN_HEADERS = 1024  # more than its CDN sends with htmx
BESIDE = 12 * 1024


@pytest.fixture
def htmx_bytes() -> int:
    """The file of htmx as its CDN sends it: gzip, where brotli would be less."""
    found = list(servers.HTMX_CACHE.glob("**/htmx.min.js"))
    if not found:
        servers.skip_or_fail(f"{servers.HTMX_CACHE}: make test fetches it")
    return len(gzip.compress(found[0].read_bytes(), 9)) + CDN_HEADERS


@pytest.mark.parametrize("path", ["/", "/dashboard", "house/request"])
def test_a_first_visit_is_40_kilobytes_in_four_requests(visitor, builder, city, htmx_bytes, path):
    phone = visitor if path == "/" else builder
    address = f"/permits/{city.fresh}/request" if path.endswith("/request") else path
    taken, page = [phone.get(address).all_bytes], phone.page(address)
    for tag in page.select("link[rel=stylesheet], script[src]"):
        source = str(tag.get("src") or tag["href"])
        taken.append(phone.get(source).all_bytes if source.startswith("/") else htmx_bytes)
    assert len(taken) == REQUESTS and sum(taken) <= FIRST_VISIT, taken


def is_kept_for_good(phone: Phone, path: str) -> Answer:
    """A static file, looked over: its name changes with its content, it comes compressed as well as can be."""
    answer = phone.get(path)
    assert re.search(r"\.[0-9a-f]{12}\.\w+$", path) and answer.status_code == 200, path
    kept = answer.headers["Cache-Control"]
    assert "immutable" in kept and "public" in kept and int(re.findall(r"max-age=(\d+)", kept)[0]) >= 31536000, path
    assert answer.content_encoding == "gzip" and "Set-Cookie" not in answer.headers, path
    assert len(answer.data) <= len(gzip.compress(gzip.decompress(answer.data), 9)) and not answer.queries, path
    return answer


def test_static_files_are_compressed_beforehand_and_kept_for_good(visitor, inspector):
    found = set()
    for page in (visitor.page("/"), inspector.page("/staff/day")):
        found |= {str(tag["href"]) for tag in page.select("link[href^='/static/']")}
        found |= {str(tag[name]) for name in ("src", "data-then") for tag in page.select(f"script[{name}^='/static/']")}
    assert len(found) >= 4
    for path in found:
        is_kept_for_good(visitor, path)


def test_what_the_worker_takes_once_is_small(visitor):
    """The worker, the script of dead zones, and its page; the rest it keeps is in the browser's cache already."""
    script = str(visitor.page("/").one("script[data-then]")["data-then"])
    worker = visitor.get("/sw.js")
    assert sum(one.all_bytes for one in (worker, is_kept_for_good(visitor, script), visitor.get("/offline"))) <= BESIDE
    again = visitor.get("/sw.js", If_None_Match=worker.headers["ETag"])
    assert again.status_code == 304 and again.all_bytes <= 500 and not again.queries
