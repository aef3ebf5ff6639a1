"""What a view knows of the place it stands in: the city, the hour, who asks and from where."""

import ipaddress
from datetime import date, datetime
from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from flask_login import current_user

from tracker import clock
from tracker.access import Account
from tracker.actions.changes import By
from tracker.actions.desk import Desk, desk_of
from tracker.calendar_file import HOURS
from tracker.kept import kept
from tracker.queries import city as city_queries
from tracker.rules.calendar import City


def city() -> City:
    """The city's calendar: kept until the city changes a type or a day (`edition`), where that is known of who asks;
    else, also for who signs in at this moment, it is read once a request."""
    if edition := getattr(current_user, "edition", 0):
        return kept("calendars", edition, lambda: city_queries.calendar(current_app.config))
    if "city" not in g:
        g.city = city_queries.calendar(current_app.config)
    return g.city


def now_local() -> datetime:
    """This moment on the city's clock; the same all through a request."""
    if "now" not in g:
        g.now = clock.now().astimezone(current_app.config["CITY_TIMEZONE"])
    return g.now  # type: ignore[no-any-return]


def today() -> date:
    return now_local().date()


def day_starts_at(day: date) -> datetime:
    """When inspectors set out: 8 in the morning, as in the calendar files."""
    return datetime.combine(day, HOURS["any"][0], current_app.config["CITY_TIMEZONE"])


def desk() -> Desk:
    """Where requests are made; kept as the calendar is."""
    if edition := getattr(current_user, "edition", 0):
        return kept("desks", edition, lambda: desk_of(current_app.config, city()))
    return desk_of(current_app.config, city())


def by(user: Account | None = None) -> By:
    """Who acts in this request, for the record of changes: who is signed in, unless it says otherwise."""
    user = user or current_user
    kind = "staff" if user.is_staff else "contractor"
    return By(f"{kind}:{user.row.id}", user.row.name if user.is_staff else user.row.company_name, network_address())


def network_address() -> str:
    """The caller's address; of an IPv6 address the network, since one caller has all of it."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return request.remote_addr or ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    return str(address)


def before() -> int | None:
    """Where the shown page of the record of changes begins."""
    asked = request.args.get("before", type=int)
    return asked if asked and asked > 0 else None


def own_page(user: Account) -> str:
    """The page that this person starts from."""
    return url_for("staff.home") if user.is_staff else url_for("contractor.dashboard")


def safe_next(target: str | None) -> str | None:
    """Where to go after signing in, if it is one of our own pages; None otherwise."""
    if not target or not target.startswith("/") or any(c in target for c in "\\\r\n\t\0") or target.startswith("//"):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return None
    return target
