"""The only reader of HX-* headers: what differs between a swap and a plain page."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request
from werkzeug.urls import iri_to_uri


def is_swap() -> bool:
    return request.headers.get("HX-Request") == "true"


def show(page: str, fragment: str, code: int = 200, **context: Any) -> Response:
    """The fragment for a swap, the page that includes it for a plain form."""
    answer = make_response(render_template(fragment if is_swap() else page, **context), code)
    answer.vary.add("HX-Request")
    return answer


def go(url: str) -> Response:
    """Lead the browser to another page, out of a swap too."""
    answer: Any = redirect(url, 303)
    if is_swap():
        answer = Response(status=200, headers={"HX-Redirect": iri_to_uri(url)})
    answer.vary.add("HX-Request")
    return answer


def shown_at(answer: Response, url: str) -> Response:
    """Let the page that the answer is swapped into have this address, so that a reload shows the same."""
    answer.headers["HX-Replace-Url"] = url
    return answer


def tell(answer: Response, event: str) -> Response:
    """Let other regions of the page hear of a change."""
    answer.headers["HX-Trigger"] = event
    return answer
