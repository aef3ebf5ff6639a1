"""Whom to believe about the caller's address: the proxies in front, where there are any and they are the city's own."""

import ipaddress
import logging
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

FOR = "HTTP_X_FORWARDED_FOR"
# This machine, and networks that the internet does not reach.
OURS = [ipaddress.ip_network(text) for text in (
    *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
    *("::1/128", "fc00::/7", "fe80::/10"),
)]  # fmt: skip
log = logging.getLogger("tracker.proxies")

WsgiApp = Callable[..., Iterable[bytes]]


class Believed:
    """X-Forwarded-For and -Proto count only where they come from a proxy, which stands on a network of the city's own.

    Each proxy adds to the right end of the list the address that called it. So with two, the caller is the last but
    one; what stands left of it anybody may have written. Of the scheme there is one, which the nearest passes on.
    Somebody who gets at the server past the proxies, from the internet, is believed nothing.
    """

    def __init__(self, app: WsgiApp, proxies: int) -> None:
        self.app, self.proxies = app, proxies
        self.behind = ProxyFix(app, x_for=1, x_proto=1) if proxies else app
        self.has_warned = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.pop(FOR, "")
        if self.proxies and _is_ours(environ.get("REMOTE_ADDR", "")):
            entries = said.split(",")
            if len(entries) >= self.proxies and (caller := address_of(entries[-self.proxies])):
                environ[FOR] = caller  # otherwise the nearest proxy counts as the caller
            return self.behind(environ, start_response)
        if said:
            self._warn()
        return self.app(environ, start_response)

    def _warn(self) -> None:
        """Once: behind a proxy that is not believed all callers count as one, and wait for each other's tries."""
        if not self.has_warned:
            self.has_warned = True
            log.warning(
                "X-Forwarded-For arrives and is not believed: TRUSTED_PROXIES is %d%s. If a proxy stands in front, "
                "everybody counts as one caller.",
                self.proxies,
                ", but whoever sent it calls from the internet" if self.proxies else "",
            )


def address_of(text: str) -> str:
    """The address in an entry of the list, without its port; "" where there is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""


def _is_ours(peer: str) -> bool:
    """A socket file, which has no address, or one of ours."""
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return not peer
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in OURS)
