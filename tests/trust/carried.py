"""What every answer of the site carries, and what none does."""

from werkzeug.test import TestResponse

POLICY = (
    "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js; "
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
BARE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
WORKER = "default-src 'none'; connect-src 'self'"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def look_over(said: TestResponse) -> None:
    """Headers and cookies of an answer that is no static file."""
    headers, asked = said.headers, said.request.path
    for name, _value in headers:
        assert len(headers.getlist(name)) == 1 or name == "Set-Cookie", f"{asked}: {name} twice"
    # The worker is the same for everybody: a browser may go by the one it has.
    kept = headers["Cache-Control"] == "max-age=3600" and asked == "/sw.js" and "Set-Cookie" not in headers
    assert kept or headers["Cache-Control"] == "no-store", asked
    assert "Server" not in headers and "X-Powered-By" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    for cookie in headers.getlist("Set-Cookie"):
        assert "; HttpOnly" in cookie and "; SameSite=Lax" in cookie and "; Path=/" in cookie and "Domain" not in cookie
    if said.status_code == 204:
        assert not said.data and len(str(headers)) < 300
        return
    for name, value in ALWAYS.items():
        assert headers[name] == value, f"{asked}: {name}"
    assert headers["Content-Security-Policy"] == (WORKER if kept else POLICY)
    if said.mimetype == "text/html":
        kept_apart = {one.strip() for one in headers["Vary"].split(",")}
        assert {"Cookie", "Accept-Language"} <= kept_apart, f"{asked}: Vary {kept_apart}"
        assert said.content_type == "text/html; charset=utf-8"
