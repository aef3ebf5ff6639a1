"""The CSRF token, masked anew in every page: compressed pages then give no hint of it (BREACH)."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


def masked_token() -> str:
    """The token of this session, another text each time."""
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


class MaskedCSRF(CSRFProtect):
    def _get_csrf_token(self) -> str | None:
        text = super()._get_csrf_token()
        return unmasked(text) if text else None
