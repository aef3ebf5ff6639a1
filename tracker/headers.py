"""What every answer carries, whoever gives it: a page, a static file, a refusal before any route is found."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, current_app

ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
# For what is no page: a static file opened by itself, a refusal in plain text.
BARE_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
TLS_FOR_A_YEAR = ("Strict-Transport-Security", "max-age=31536000")


def page_policy(htmx_url: str) -> str:
    """No script or style in a page, and none from elsewhere but the one file of the CDN under its full address."""
    return (
        f"default-src 'none'; script-src 'self' {htmx_url}; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def for_pages(answer: Response) -> Response:
    """Private and in one person's language: kept by nobody, and told apart by those who would."""
    answer.headers.setdefault("Cache-Control", "no-store")
    if answer.status_code == 204:
        del answer.headers["Content-Type"]
        return answer
    answer.headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_SECURITY_POLICY"])
    if answer.mimetype == "text/html":
        varies_by(answer, "Accept-Language", "Cookie")
    return answer


def varies_by(answer: Response, *names: str) -> None:
    """As `answer.vary.update`, which takes the header apart and puts it together for each name."""
    said = answer.headers.get("Vary")
    answer.headers["Vary"] = ", ".join(dict.fromkeys([*(said.split(", ") if said else ()), *names]))


def for_all(wsgi: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Headers of trust around everything that answers."""

    def answered(asked: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = {name.lower() for name, _value in headers}
            # An unchanged list, asked for every minute, is a few bytes: there is nothing in it to protect.
            more = [] if status.startswith("204") else [*ALWAYS, ("Content-Security-Policy", BARE_POLICY)]
            if asked["wsgi.url_scheme"] == "https":
                more.append(TLS_FOR_A_YEAR)
            return start(status, [*headers, *(one for one in more if one[0].lower() not in own)], *error)

        return wsgi(asked, begin)

    return answered
