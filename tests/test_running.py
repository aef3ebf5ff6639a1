"""The files a city copies to run it: docs/running/."""

import re
import ssl

from tests.servers import TOP

SITE = (TOP / "docs" / "running" / "nginx.conf").read_text(encoding="utf-8")


def said(directive: str) -> str:
    [value] = re.findall(rf"^ *{directive} (.+);$", SITE, re.MULTILINE)
    return str(value)


def test_the_site_speaks_tls_with_ciphers_that_are_strong_alone():
    assert said("ssl_protocols") == "TLSv1.2 TLSv1.3"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(said("ssl_ciphers"))
    older = [one for one in context.get_ciphers() if one["protocol"] != "TLSv1.3"]
    assert len(older) == said("ssl_ciphers").count(":") + 1 == 6, "one that OpenSSL does not know"
    assert all(one["kea"] == "kx-ecdhe" and one["aead"] and one["strength_bits"] >= 128 for one in older)
