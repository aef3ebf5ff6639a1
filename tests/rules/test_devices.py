"""Roughly what device somebody uses, in names that need no translation."""

import pytest

from tracker.rules.devices import device_name

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
GOOGLE = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {APPLE} Version/18.5 Mobile/15E148 Safari/604.1",
         "Safari, iPhone"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) {APPLE} CriOS/139.0 Mobile/15E148 Safari/604.1",
         "Chrome, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 10; K) {GOOGLE} Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0", "Firefox, Android"),
        (f"Mozilla/5.0 (Linux; Android 15; SM-S911B) AppleWebKit/537.36 SamsungBrowser/28.0 {GOOGLE} Mobile Safari/537",
         "Samsung Internet, Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {GOOGLE} Safari/537.36 Edg/139.0", "Edge, Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/18.5 Safari/605.1.15", "Safari, Mac"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {GOOGLE} Safari/537.36", "Chrome, Chromebook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox, Linux"),
        ("python-requests/2.32 (Windows)", "Windows"),
        ("<b>Fire</b>\r\nBcc: all@city.example", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_what_a_browser_says_of_itself_gives_it_a_name(user_agent, name):
    assert device_name(user_agent) == name
