"""Environment → settings, checked. Nothing else reads the environment.

A setting that makes no sense stops the start: `SettingsError` names it, its value and what is allowed.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

INSTANCE = Path(__file__).parent / "instance"
HTMX_URL = "https://cdn.jsdelivr.net/npm/htmx.org@2.0.11/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-2OatzQy1H+Zd/IIrjr1TcuDGqLXeHhbooAyJY1KdQMKnr4LZ22k31GBLdYKHmVjg"
SIGN_BYTES = 20 * 1024
SIGNS = {
    ".svg": re.compile(rb"<svg\b[^>]*\sxmlns=[\"']http://www\.w3\.org/2000/svg[\"']"),
    ".png": re.compile(rb"\A\x89PNG\r\n\x1a\n.{4}IHDR.{8}", re.DOTALL),
}


class SettingsError(ValueError):
    """A setting that makes no sense; the text says which, its value and what is allowed."""


def _text(value: str) -> str:
    return value.strip()


def _name(value: str) -> str:
    if not value.strip() or not value.strip().isprintable():
        raise ValueError("a name on one line that is not empty")
    return value.strip()


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"\d{1,9}", value.strip()) or not least <= int(value) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return read


def _switch(value: str) -> bool:
    if value.strip().lower() not in ("0", "1", "true", "false", "yes", "no", "on", "off"):
        raise ValueError("1 or 0")
    return value.strip().lower() in ("1", "true", "yes", "on")


def _time_of_day(value: str) -> time:
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip())
    if not match:
        raise ValueError("a time of day such as 16:00")
    return time(int(match[1]), int(match[2]))


def _end_of_day_or_time(value: str) -> time | None:
    try:
        return None if value.strip() == "24:00" else _time_of_day(value)
    except ValueError:
        raise ValueError("a time on the day before the inspection such as 16:00, or 24:00 for its end") from None


def _zone(value: str) -> ZoneInfo:
    try:
        return ZoneInfo(value.strip())
    except (ValueError, OSError, KeyError):
        raise ValueError("a time zone such as America/Chicago") from None


def _parts(value: str) -> SplitResult:
    """The parts of an address; all empty where it is none, so that what is allowed is said in our words."""
    try:
        parts = urlsplit(value.strip())
        _ = parts.port  # read here, or what stands for it would raise later
        return parts
    except ValueError:
        return urlsplit("")


def _database(value: str) -> str:
    parts = _parts(value)
    if parts.scheme not in ("sqlite", "postgresql") or len(parts.path) < 2:
        raise ValueError("sqlite:///file.db or postgresql://user:password@host/name")
    path = parts.path[1:]
    if parts.scheme == "sqlite" and not path.startswith("/"):
        # From wherever a command is started, it is one database: the one beside the code.
        return f"sqlite:///{INSTANCE.parent / path}"
    return value.strip()


def _phone(value: str) -> str:
    if sum(character.isdigit() for character in value) < 10:
        raise ValueError("a phone number with ten digits, such as 512-555-0100")
    return value.strip()


def _https(value: str) -> str:
    parts = _parts(value)
    odd = parts.username or parts.query or parts.fragment or re.search(r"[^!-~]|[;,'\"*]", value.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or odd:
        raise ValueError("an address that begins with https:// or http://, without ?, # and @")
    return value.strip().rstrip("/")


def _file(value: str) -> str:
    if value and not Path(value).is_file():
        raise ValueError("the path of a file that is there, or nothing")
    return value


def _color(value: str) -> str:
    if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", value.strip()):
        raise ValueError("a color such as #272b92, or nothing")
    return value.strip().lower()


def _sign(value: str) -> str:
    """The path, seen from where the code is, wherever a command is started."""
    path = INSTANCE.parent / value
    begins = SIGNS.get(path.suffix.lower())
    try:
        fits = not value or (begins and path.stat().st_size <= SIGN_BYTES and begins.search(path.read_bytes()))
    except OSError:
        fits = False
    if not fits:
        raise ValueError("the path of an SVG or PNG file of at most 20 KB, or nothing")
    return str(path) if value else ""


def _integrity(value: str) -> str:
    if value and not re.fullmatch(r"sha(256|384|512)-[A-Za-z0-9+/=]+", value):
        raise ValueError("a checksum such as sha384-…, or nothing")
    return value


def _sender(value: str) -> str:
    if not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+|[^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>", value.strip()):
        raise ValueError("an e-mail address, or a name and an address in <>")
    return value.strip()


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError("at least 32 random characters, or nothing: then one is made and kept in instance/")
    return value


def _token(value: str) -> str:
    if value and not re.fullmatch(r"[!-~]{16,}", value):
        raise ValueError("at least 16 random characters, or nothing: then /metrics is not there")
    return value


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.strip().lower() not in allowed:
            raise ValueError(" or ".join(allowed))
        return value.strip().lower()

    return read


# name → (default, how it is read)
SETTINGS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "DATABASE_URL": ("sqlite:///instance/tracker.db", _database),
    "MAIL_SERVER": ("", _text),
    "MAIL_PORT": ("587", _whole(1, 65535)),
    "MAIL_USERNAME": ("", _text),
    "MAIL_PASSWORD": ("", str),
    "MAIL_USE_TLS": ("1", _switch),
    "MAIL_CA_FILE": ("", _file),
    "MAIL_DEFAULT_SENDER": ("permits@city.example", _sender),
    "CITY_NAME": ("City of Bluebonnet", _name),
    "CITY_PHONE": ("512-555-0100", _phone),
    "CITY_CONTACTS": ("", _text),
    "CITY_COLOR": ("", _color),
    "CITY_SIGN": ("", _sign),
    "CITY_TIMEZONE": ("America/Chicago", _zone),
    "CUTOFF": ("16:00", _time_of_day),
    "CANCEL_UNTIL": ("24:00", _end_of_day_or_time),
    "DAYS_AHEAD": ("10", _whole(2, 250)),
    "DAILY_CAPACITY": ("60", _whole(1, 100_000)),
    "REQUIRE_OWN_PIN": ("0", _switch),
    "PUBLIC_URL": ("http://127.0.0.1:8000", _https),
    "TRUSTED_PROXIES": ("0", _whole(0, 10)),
    "LOG_FORMAT": ("plain", _one_of("plain", "json")),
    "METRICS_TOKEN": ("", _token),
    # The server sets it for its workers (tracker/gunicorn.conf.py), so that /metrics tells of all of them.
    "PROMETHEUS_MULTIPROC_DIR": ("", _text),
    "HTMX_URL": (HTMX_URL, _https),
    "HTMX_INTEGRITY": (HTMX_INTEGRITY, _integrity),
}


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Every setting, read from the environment and then from `overrides` (text, or the value itself)."""
    given = {**os.environ, **(overrides or {})}
    settings: dict[str, Any] = {}
    for name, (default, read) in SETTINGS.items():
        value = given.get(name, default)
        if not isinstance(value, str):
            settings[name] = value
            continue
        try:
            settings[name] = read(value)
        except ValueError as allowed:
            shown = "***" if re.search("PASSWORD|DATABASE|TOKEN", name) else value
            raise SettingsError(f"{name}={shown} makes no sense. Allowed: {allowed}.") from None
    try:
        settings["SECRET_KEY"] = _secret(given.get("SECRET_KEY") or _kept_secret())
    except ValueError as allowed:
        raise SettingsError(f"SECRET_KEY=*** makes no sense. Allowed: {allowed}.") from None
    # Plain http is for trying it out on one's own machine: anywhere else cookies are Secure.
    settings["COOKIES_SECURE"] = urlsplit(settings["PUBLIC_URL"]).scheme == "https" or urlsplit(
        settings["PUBLIC_URL"]
    ).hostname not in ("127.0.0.1", "localhost", "::1")
    return settings


def _kept_secret() -> str:
    """The key in instance/, made once; whoever comes second of two starting at once reads the first's."""
    path = INSTANCE / "secret_key"
    INSTANCE.mkdir(exist_ok=True)
    made = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        made.touch(mode=0o600)
        made.write_text(secrets.token_hex(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_text().strip()
