"""How cookies are signed and named, and sessions that outlive clocks which disagree."""

import hashlib
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import SignatureExpired, Signer, TimestampSigner, URLSafeTimedSerializer

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


class PatientSigner(TimestampSigner):
    """What was signed ahead of our clock was signed just now: another machine's is ahead of it, or ours was set back.

    The library takes it for expired: everybody would be signed out, and what they were told would be lost.
    """

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        try:
            return super().unsign(signed_value, max_age, return_timestamp)  # type: ignore[call-overload]
        except SignatureExpired as no:
            now = self.timestamp_to_datetime(self.get_timestamp())
            if no.date_signed is None or not now < no.date_signed <= now + MOST_AHEAD:
                raise
        return super().unsign(signed_value, None, return_timestamp)  # type: ignore[call-overload]


class Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer
