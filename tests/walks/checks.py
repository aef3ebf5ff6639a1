"""What has to hold after every move: rows, places, record, mails and pages say what people were told."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag

from tests.cast import CHICAGO
from tests.page import reading
from tests.walks.book import TO_MAKE, Book, Entry, OpenPage
from tests.walks.town import DANA, HILL
from tracker.actions.tallies import count_changes, recount
from tracker.models import Change, DayLoad, Fee, Inspection, InspectionResult, Mail, Permit, Request, Uncounted
from tracker.rules.words import ATTEMPTS

ENDED = ("done", "cancelled", "declined")
# From a state to another; what is not here never happens.
MAY_BECOME = {
    "": {"requested"},
    "requested": {"requested", "scheduled", "cancelled", "declined"},
    "scheduled": {"requested", "scheduled", "on_the_way", "arrived", *ENDED},
    "on_the_way": {"scheduled", "arrived", *ENDED},
    "arrived": {"scheduled", "done", "declined"},
}
# What follows from other lines: how many there are is not for the book to say.
FOLLOWING = ("set_expiry", "order_stops", "fee_due", "fee_not_due")
MANY = ("closedday", "capacity")  # whose rows come and go
WORDS = {"passed_with_conditions": "Passed, conditions"}  # those that differ from the name of the state
LIFE, SHOWN = timedelta(days=180), timedelta(days=30)


def everything(book: Book) -> Iterator[str]:
    """A sentence for each thing that is not as people were told."""
    for check in (rows, requests, open_types, places, record, states, mails, fees, expiries):
        for wrong in check(book):
            yield f"{check.__name__}: {wrong}"


def rows(book: Book) -> Iterator[str]:
    """Each is there once, under its number, as it was left; nothing else is."""
    names = {row.id: name for name, row in book.town.staff.items()}
    columns = (Inspection.request, Permit.permit_num, Inspection.status, Inspection.day, Inspection.time_frame,
               Inspection.inspector, Inspection.result, Inspection.closed_on)  # fmt: skip
    found = Inspection.select(Inspection.id, *columns).join(Permit).tuples()
    there = {id: (*rest[:5], names.get(rest[5]), *rest[6:]) for id, *rest in found}
    told = {
        one.id: (one.number, one.permit, one.status, one.day, one.half, one.inspector, one.result, one.closed_on)
        for one in book.entries.values()
    }
    yield from different(told, there)
    versions = Counter(id for (id,) in InspectionResult.select(InspectionResult.inspection).tuples())
    yield from different(Counter({one.id: one.versions for one in book.entries.values() if one.versions}), versions)


def requests(book: Book) -> Iterator[str]:
    """None without its inspections: of what was refused there is nothing."""
    there = {id for (id,) in Request.select(Request.id).tuples()}
    yield from different({one.number for one in book.entries.values()}, there)


def open_types(book: Book) -> Iterator[str]:
    """Of one type there is one open on a permit, save of those that may repeat."""
    there = Counter((one.permit, one.code) for one in book.open_entries if not one.repeats)
    yield from (f"{key} is open {count} times" for key, count in there.items() if count > 1)
    kept = {id for (id,) in Inspection.select(Inspection.id).where(Inspection.open_type.is_null(False)).tuples()}
    yield from different({one.id for one in book.open_entries if not one.repeats}, kept)


def places(book: Book) -> Iterator[str]:
    """The counters of each day are what its inspections take up."""
    taken: Counter[Any] = Counter()
    for one in book.entries.values():
        for trade in ("", one.trade) if one.status not in ("cancelled", "declined") else ():
            taken[one.day, trade, "booked"] += 1
            taken[one.day, trade, one.half] += one.half != "any"
    fields = ("booked", "am", "pm")
    there = {(load.day, load.trade, name): getattr(load, name) for load in DayLoad.select() for name in fields}
    yield from different(+taken, +Counter(there))


def record(book: Book) -> Iterator[str]:
    """One line for each thing that somebody did, with their name on it."""
    lines: Counter[Any] = Counter()
    columns = (Change.actor, Change.verb, Change.subject, Change.subject_id)
    for actor, verb, subject, id in Change.select(*columns).tuples():
        if verb not in FOLLOWING and actor != "system":
            lines[actor, verb, subject, 0 if subject in MANY else id] += 1
    yield from different(book.lines, lines)


def states(book: Book) -> Iterator[str]:
    """Each line begins where the one before it ended, and goes where it may."""
    last: dict[int, str] = {}
    lines = Change.select(Change.subject_id, Change.before, Change.after).where(Change.subject == "inspection")
    for id, before, after in lines.order_by(Change.id).tuples():
        was, became = (json.loads(text or "{}").get("status") for text in (before, after))
        if became is None:  # a result that is corrected
            became = was = "done"
        if (was or "") != last.get(id, "") or (became not in MAY_BECOME.get(was or "", ()) and was != "done"):
            yield f"{id} was {last.get(id)}, then a line from {was} to {became}"
        last[id] = became


def mails(book: Book) -> Iterator[str]:
    """Each is owed once, under a name of its own that stays."""
    there: Counter[Any] = Counter()
    for id, kind, about, recipient, name in Mail.select(
        Mail.id, Mail.kind, Mail.inspection, Mail.recipient, Mail.message_id
    ).tuples():
        there[kind, about, recipient] += 1
        if book.mail_names.setdefault(id, name) != name:
            yield f"{kind} was {book.mail_names[id]} and is {name}"
    yield from different(book.mails, there)
    if len(set(book.mail_names.values())) != sum(there.values()):
        yield "two have one name, or one is gone"


def fees(book: Book) -> Iterator[str]:
    """From the third attempt at one type on one permit."""
    tried = [one for one in book.entries.values() if one.result in ATTEMPTS and not one.repeats]
    made = Counter((one.permit, one.code) for one in tried)
    due = {(*key, attempt) for key, count in made.items() for attempt in range(3, count + 1)}
    there = {(fee.permit.permit_num, fee.inspection_type.code, fee.attempt) for fee in Fee.select()}
    yield from different(due, there)


def expiries(book: Book) -> Iterator[str]:
    """A permit lives for 180 days after its last inspection that is scheduled or took place."""
    for number, end, source in Permit.select(Permit.permit_num, Permit.expires_on, Permit.source_expires_on).tuples():
        them = [one for one in book.entries.values() if one.permit == number]
        counting = [
            one.day for one in them
            if one.status in TO_MAKE or (one.status == "done" and one.result != "cancelled")
            or (one.status == "requested" and one.was_scheduled)
        ]  # fmt: skip
        if end != max([source, *(day + LIFE for day in counting)]):
            yield f"{number} ends {end}"


def dashboards(book: Book) -> Iterator[str]:
    """Each company finds its own there, all of them, and nothing else; a page that stays open hears of every change."""
    for who in (DANA, HILL):
        open_page = book.open_pages.get(who)
        page = book.town.browsers[who].opens(
            f"/dashboard/inspections?shown=400&v={open_page.version if open_page else ''}"
        )
        if (who in book.blocked) != (page.status == 303):
            yield f"{who} gets {page.status}"
        if page.status == 200:
            there = page.select("#inspections li.row, section.live")
            version = parse_qs(urlsplit(str(page.one("#inspections")["data-hx-get"])).query)["v"][0]
            found = Counter(tuple(said(row, part) for part in (".num", "h3", ".tag")) for row in there)
            book.open_pages[who] = open_page = OpenPage(version, found)
        if open_page and who not in book.blocked:
            yield from (f"of {who}, {wrong}" for wrong in different(shown_to(book, who), open_page.rows))


def shown_to(book: Book, who: str) -> Counter[Any]:
    """What is open, and the outcomes of the last 30 days."""
    own = [one for one in book.entries.values() if one.company == who]
    shown = [one for one in own if one.is_open or (one.closed_on and one.closed_on >= book.town.today - SHOWN)]
    return Counter((one.permit, one.name, WORDS.get(one.result or "", word(one))) for one in shown)


def word(entry: Entry) -> str:
    return (entry.result or entry.status).replace("_", " ").capitalize()


def said(row: Tag, part: str) -> str:
    return " ".join(map(reading, row.select(part)))


def sums(book: Book) -> Iterator[str]:
    """What the reports have counted, and what is written down to be counted, is what a recount finds."""
    while not count_changes(CHICAGO):
        pass
    if Uncounted.select().exists() or (wrong := recount(CHICAGO)):
        yield f"{wrong} sums were wrong"


def different(told: Any, there: Any) -> Iterator[str]:
    if told != there:
        as_items = [set(one.items()) if isinstance(one, dict) else one for one in (told, there)]
        yield f"told {as_items[0] - as_items[1]}, there {as_items[1] - as_items[0]}"
