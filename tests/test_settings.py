"""A setting that makes no sense stops the start; the secret key is made once and kept."""

import stat
import subprocess
import sys
from datetime import time
from zoneinfo import ZoneInfo

import pytest

import config
from tests.servers import TOP
from tracker import create_app

GIVEN = {"SECRET_KEY": "for the tests alone, for no city"}
NONSENSE = [
    ("CUTOFF", "4 PM", "a time of day such as 16:00"),
    ("CUTOFF", "24:00", "a time of day such as 16:00"),
    ("CUTOFF", "16:60", "a time of day such as 16:00"),
    ("CUTOFF", "", "a time of day such as 16:00"),
    ("CANCEL_UNTIL", "midnight", "24:00 for its end"),
    ("CITY_TIMEZONE", "Texas", "America/Chicago"),
    ("CITY_TIMEZONE", "", "America/Chicago"),
    ("CITY_TIMEZONE", "../etc/passwd", "America/Chicago"),
    ("CITY_NAME", "  ", "a name on one line that is not empty"),
    ("CITY_PHONE", "555-0100", "ten digits"),
    ("CITY_COLOR", "blue", "a color such as #272b92"),
    ("CITY_COLOR", "#12345", "a color such as #272b92"),
    ("CITY_COLOR", "#272b92;}*{display:none", "a color such as #272b92"),
    ("CITY_SIGN", "/nowhere/sign.svg", "an SVG or PNG file of at most 20 KB"),
    ("CITY_SIGN", "/", "an SVG or PNG file of at most 20 KB"),
    ("CITY_SIGN", "README.md", "an SVG or PNG file of at most 20 KB"),
    ("DAYS_AHEAD", "1", "a whole number from 2 to 250"),
    ("DAYS_AHEAD", "251", "a whole number from 2 to 250"),
    ("DAYS_AHEAD", "ten", "a whole number from 2 to 250"),
    ("DAILY_CAPACITY", "0", "a whole number from 1"),
    ("DAILY_CAPACITY", "-5", "a whole number from 1"),
    ("DAILY_CAPACITY", "12.5", "a whole number from 1"),
    ("REQUIRE_OWN_PIN", "perhaps", "1 or 0"),
    ("MAIL_PORT", "65536", "a whole number from 1 to 65535"),
    ("MAIL_USE_TLS", "maybe", "1 or 0"),
    ("MAIL_DEFAULT_SENDER", "the city", "an e-mail address"),
    ("MAIL_DEFAULT_SENDER", "a@b.example\nBcc: c@d.example", "an e-mail address"),
    ("MAIL_CA_FILE", "/nowhere/ca.pem", "the path of a file that is there"),
    ("PUBLIC_URL", "permits.city.example", "https://"),
    ("PUBLIC_URL", "ftp://permits.city.example", "https://"),
    ("PUBLIC_URL", "https://[permits", "begins with https://"),
    ("HTMX_URL", "https://cdn.example/htmx.js; script-src *", "https://"),
    ("HTMX_INTEGRITY", "md5-abc", "a checksum such as sha384-"),
    ("LOG_FORMAT", "xml", "plain or json"),
    ("TRUSTED_PROXIES", "-1", "a whole number from 0 to 10"),
    ("TRUSTED_PROXIES", "all", "a whole number from 0 to 10"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), NONSENSE)
def test_what_makes_no_sense_stops_the_start_with_name_value_and_what_is_allowed(name, value, allowed):
    with pytest.raises(config.SettingsError) as no:
        config.load({**GIVEN, name: value})
    said = str(no.value)
    assert said.startswith(f"{name}={value} makes no sense. Allowed: ")
    assert allowed in said


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("DATABASE_URL", "mysql://olu:hunter2@db.example/tracker", "postgresql://user:password@host/name"),
        ("DATABASE_URL", "postgresql://olu:hunter2@db.example", "postgresql://user:password@host/name"),
        ("DATABASE_URL", "postgresql://olu:hunter2@[db/tracker", "postgresql://user:password@host/name"),
        ("SECRET_KEY", "hunter2", "at least 32 random characters"),
        ("METRICS_TOKEN", "hunter2", "at least 16 random characters, or nothing"),
    ],
)
def test_a_secret_is_never_shown(name, value, allowed):
    with pytest.raises(config.SettingsError) as no:
        config.load({**GIVEN, name: value})
    assert str(no.value).startswith(f"{name}=*** makes no sense. Allowed: ")
    assert allowed in str(no.value) and "hunter2" not in str(no.value)


def test_the_app_does_not_start_with_nonsense():
    with pytest.raises(config.SettingsError):
        create_app({**GIVEN, "CUTOFF": "late"})


def test_the_environment_is_read_and_what_the_caller_says_goes_before_it(monkeypatch):
    monkeypatch.setenv("CUTOFF", "15:30")
    monkeypatch.setenv("CANCEL_UNTIL", "17:00")
    monkeypatch.setenv("DAYS_AHEAD", " 20 ")
    settings = config.load({**GIVEN, "CANCEL_UNTIL": "24:00"})
    assert (settings["CUTOFF"], settings["CANCEL_UNTIL"], settings["DAYS_AHEAD"]) == (time(15, 30), None, 20)


def test_without_any_setting_the_defaults_are_safe(monkeypatch):
    for name in config.SETTINGS:
        monkeypatch.delenv(name, raising=False)
    settings = config.load(GIVEN)
    assert settings["CUTOFF"] == time(16) and settings["CITY_TIMEZONE"] == ZoneInfo("America/Chicago")
    assert settings["REQUIRE_OWN_PIN"] is False
    assert settings["TRUSTED_PROXIES"] == 0 and settings["MAIL_USE_TLS"] is True
    assert settings["DATABASE_URL"] == f"sqlite:///{config.INSTANCE}/tracker.db"


@pytest.mark.parametrize(
    ("public_url", "secure"),
    [
        ("https://permits.city.example", True),
        ("http://permits.city.example", True),
        ("https://127.0.0.1:8000", True),
        ("http://127.0.0.1:8000", False),
        ("http://localhost", False),
        ("http://localhost.city.example", True),
    ],
)
def test_cookies_are_secure_everywhere_but_on_ones_own_machine(public_url, secure):
    assert config.load({**GIVEN, "PUBLIC_URL": public_url})["COOKIES_SECURE"] is secure


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.svg", b"<html><svg></svg></html>"),
        ("no_namespace.svg", b"<svg viewBox='0 0 1 1'/>"),
        ("other.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("begun.png", b"\x89PNG\r\n\x1a\n"),
        ("large.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".ljust(20 * 1024 + 1)),
        ("sign.gif", b"GIF89a"),
    ],
)
def test_what_is_no_small_picture_is_no_sign(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(config.SettingsError, match="^CITY_SIGN="):
        config.load({**GIVEN, "CITY_SIGN": str(tmp_path / name)})


def test_a_sign_is_found_from_wherever_the_program_is_started(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert config.load({**GIVEN, "CITY_SIGN": "static/icons/flower.svg"})["CITY_SIGN"] == str(
        TOP / "static" / "icons" / "flower.svg"
    )


OWN_KEY = "thirty-two characters, no fewer."


def test_a_key_of_ones_own_is_taken_and_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    assert config.load({"SECRET_KEY": OWN_KEY})["SECRET_KEY"] == OWN_KEY
    assert not (tmp_path / "instance").exists()


def test_a_key_that_is_short_stops_the_start_also_where_it_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    (tmp_path / "secret_key").write_text(OWN_KEY[:31])
    for given in (OWN_KEY[:31], ""):
        with pytest.raises(config.SettingsError) as no:
            config.load({"SECRET_KEY": given})
        assert "at least 32 random characters" in str(no.value) and OWN_KEY[:31] not in str(no.value)
    (tmp_path / "secret_key").write_text(OWN_KEY)
    assert config.load({"SECRET_KEY": ""})["SECRET_KEY"] == OWN_KEY


START = """
import sys, pathlib, config
config.INSTANCE = pathlib.Path(sys.argv[1])
print(config.load({"SECRET_KEY": ""})["SECRET_KEY"])
"""


def test_processes_that_start_at_once_keep_one_key_for_the_owner_alone(tmp_path):
    instance = tmp_path / "instance"
    command = [sys.executable, "-c", START, str(instance)]
    started = [subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True) for _ in range(5)]
    keys = {process.communicate(timeout=30)[0].strip() for process in started}
    assert len(keys) == 1 and len(keys.pop()) == 64
    assert [file.name for file in instance.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
    again = subprocess.run(command, cwd=TOP, capture_output=True, text=True).stdout.strip()
    assert again == (instance / "secret_key").read_text().strip()


def test_who_comes_second_takes_the_key_of_the_first(tmp_path, monkeypatch):
    """The other process keeps its key in the moment between our look and our own."""
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    monkeypatch.setattr(
        config.secrets, "token_hex", lambda size: (tmp_path / "secret_key").write_text(OWN_KEY) and "ours"
    )
    assert config.load({"SECRET_KEY": ""})["SECRET_KEY"] == OWN_KEY
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_two_towns_have_two_keys(tmp_path, monkeypatch):
    keys = set()
    for town in ("bluebonnet", "larkspur"):
        monkeypatch.setattr(config, "INSTANCE", tmp_path / town)
        keys.add(config.load({"SECRET_KEY": ""})["SECRET_KEY"])
    assert len(keys) == 2
