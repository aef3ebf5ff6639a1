"""A change comes from a page of ours: by where the browser says it was sent from, and by the session's token.

The token is masked anew in every page: compressed pages then give no hint of it (BREACH).
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from flask import current_app, request, session
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError, generate_csrf


def masked_token() -> str:
    """The token of this session, another text each time."""
    session.setdefault("csrf_token", secrets.token_urlsafe(16))  # or the library makes one of SHA-1
    token = generate_csrf().encode()
    mask = secrets.token_bytes(len(token))
    return urlsafe_b64encode(mask + bytes(a ^ b for a, b in zip(mask, token, strict=True))).decode().rstrip("=")


def unmasked(text: str) -> str:
    """The token within; text that is none comes back as one that fits no session."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        half = len(raw) // 2
        return bytes(a ^ b for a, b in zip(raw[:half], raw[half:], strict=True)).decode()
    except ValueError:
        return "no token"


class SentFromElsewhere(CSRFError):
    """A form on another site's page."""


def is_from_elsewhere() -> bool:
    """Whether another site's page sent this. What no browser of today sent says nothing: then the token decides."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")  # no page can set this header
    source = request.headers.get("Origin") or request.headers.get("Referer")
    if not source:
        return False
    # A proxy may pass on another Host than the one that the browser knows us by.
    own = {request.host.lower(), urlsplit(current_app.config["PUBLIC_URL"]).netloc.lower()}
    try:
        return urlsplit(source).netloc.lower() not in own
    except ValueError:
        return True


class MaskedCSRF(CSRFProtect):
    def protect(self, apply_exemptions: bool = False) -> None:
        if request.endpoint and request.method not in ("GET", "HEAD", "OPTIONS") and is_from_elsewhere():
            raise SentFromElsewhere
        super().protect(apply_exemptions)

    def _get_csrf_token(self) -> str | None:
        text = super()._get_csrf_token()
        return unmasked(text) if text else None
