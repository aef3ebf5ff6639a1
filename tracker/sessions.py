"""How cookies are signed and named, and sessions that outlive clocks which disagree."""

import hashlib
from copy import deepcopy
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, Signer, URLSafeTimedSerializer
from itsdangerous.encoding import want_bytes

MOST_AHEAD = timedelta(days=1)
# For whoever does not say how: the form's token is signed by a library that leaves no other way, with SHA-1.
Signer.default_digest_method = staticmethod(hashlib.sha256)


def cookie_names(secure: bool) -> dict[str, str]:
    """The settings that name our cookies. Where they are Secure, no other site under the city's domain can plant one.

    A browser keeps `__Host-` to whoever speaks TLS under this very name; on one's own machine nobody does.
    """
    host = "__Host-" if secure else ""
    return {
        "SESSION_COOKIE_NAME": f"{host}session",
        "REMEMBER_COOKIE_NAME": f"{host}remember_token",
        "DEVICE_COOKIE_NAME": f"{host}device",
    }


class Cookies(URLSafeTimedSerializer):
    """The signature of a text is looked at once; how old it is, each time.

    What was signed ahead of our clock was signed just now: another machine's is ahead of it, or ours was set back. The
    library takes it for expired: everybody would be signed out, and what they were told would be lost.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read = lru_cache(maxsize=2048)(self._read)
        self.watch: Any = self.make_signer(self.salt)

    def _read(self, text: bytes) -> tuple[dict[str, Any], datetime]:
        # Its own look at the age is none: there is no age to pass.
        return super().loads(text, return_timestamp=True)  # type: ignore[no-any-return]

    def loads(self, s: str | bytes, max_age: int | None = None, **_named: Any) -> Any:  # type: ignore[override]
        """Raises BadSignature, of which SignatureExpired is a kind."""
        said, signed_at = self.read(want_bytes(s))
        age = self.watch.get_timestamp() - signed_at.timestamp()
        if max_age is not None and not -MOST_AHEAD.total_seconds() <= age <= max_age:
            raise SignatureExpired("too old, or signed in a far future", payload=s, date_signed=signed_at)
        return {name: one if isinstance(one, str | bool | int) else deepcopy(one) for name, one in said.items()}


class Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return _cookies(str(app.secret_key), self.salt, self.serializer, self.key_derivation, self.digest_method)


@lru_cache
def _cookies(key: str, salt: str, serializer: Any, key_derivation: str, digest_method: Any) -> Cookies:
    how = {"key_derivation": key_derivation, "digest_method": digest_method}
    return Cookies(key, salt=salt, serializer=serializer, signer_kwargs=how)
