"""The end of a soak: what people were told, what the database holds and what the mail server got have to agree."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from peewee import fn

from tests.cast import CHICAGO
from tests.servers import SmtpSink
from tests.soak.ledger import Ledger
from tracker.actions.tallies import recount
from tracker.db import database, is_postgresql
from tracker.models import Change, DayLoad, Inspection, InspectionResult, InspectionType, Mail, Request, Uncounted

PLACELESS = ("cancelled", "declined")
# The mails that one line of the record writes; a request's is one an address for all of its lines.
MAILED = {"cancel_inspection": "cancelled", "move_inspection": "moved", "assign": "assigned", "decline": "declined"}


def reckon(ledger: Ledger, sink: SmtpSink) -> Iterator[str]:
    """A sentence for everything that does not agree; nothing, where all does. Call it when nobody writes any more."""
    yield from ledger.troubles
    yield from confirmed_requests(ledger)
    yield from lines_of_the_record(ledger)
    yield from places()
    yield from mails(sink)
    yield from sums()
    yield from soundness()


def confirmed_requests(ledger: Ledger) -> Iterator[str]:
    """Each is there once under its number, whole; nothing is there that nobody was told of."""
    there = {row.key: row.id for row in Request.select(Request.id, Request.key).where(Request.key.contains(":"))}
    counts = dict(Inspection.select(Inspection.request, fn.COUNT(Inspection.id)).group_by(Inspection.request).tuples())
    for booking in ledger.bookings:
        if there.get(booking.key) != booking.number:
            yield f"lost: No. {booking.number} was confirmed, {there.get(booking.key)} is there"
        elif counts.get(booking.number) != booking.inspections:
            yield f"not whole: No. {booking.number} has {counts.get(booking.number)} of {booking.inspections}"
    told = Counter(booking.number for booking in ledger.bookings)
    yield from (f"doubled: No. {number} was given to {many}" for number, many in told.items() if many > 1)
    ours = {booking.key for booking in ledger.bookings}
    unknown = [key for key in there if key not in ours and not key.rpartition(":")[2].startswith("BP-")]
    yield from (f"nobody was told of the request {key}" for key in unknown)


def lines_of_the_record(ledger: Ledger) -> Iterator[str]:
    """One for each act that was confirmed; for one that was refused after a try without an answer, one or none."""
    about = Change.subject == "inspection"
    rows = Change.select(Change.actor, Change.verb, Change.subject_id).where(about).tuples()
    lines = Counter((actor, verb, id) for actor, verb, id in rows)
    sure = Counter((act.actor, act.verb, act.inspection) for act in ledger.acts if act.confirmed)
    perhaps = Counter(
        (act.actor, act.verb, act.inspection) for act in ledger.acts if not act.confirmed and act.tries > 1
    )
    for act in {*sure, *perhaps}:
        if not sure[act] <= lines[act] <= sure[act] + perhaps[act]:
            yield f"record of changes: {act} was confirmed {sure[act]} times, {lines[act]} lines"
    made = [count for (_actor, verb, _id), count in lines.items() if verb == "request_inspections"]
    if len(made) != Inspection.select().count() or set(made) != {1}:
        yield f"record of changes: {sum(made)} lines for {Inspection.select().count()} requested inspections"
    yield from results(lines)


def results(lines: Counter[Any]) -> Iterator[str]:
    """A version of a result for each line, and one result first."""
    recorded = Counter({id: count for (_actor, verb, id), count in lines.items() if verb == "record_result"})
    corrected: Counter[int] = Counter()
    for (_actor, verb, id), count in lines.items():
        corrected[id] += count if verb == "correct_result" else 0
    versions = dict(
        InspectionResult.select(InspectionResult.inspection, fn.COUNT(InspectionResult.id))
        .group_by(InspectionResult.inspection)
        .tuples()
    )
    done = [id for (id,) in Inspection.select(Inspection.id).where(Inspection.status == "done").tuples()]
    for id in {*done, *recorded, *versions}:
        if recorded[id] != 1 or versions.get(id) != 1 + corrected[id] or id not in done:
            yield f"result of {id}: {recorded[id]} lines, {versions.get(id)} versions, {corrected[id]} corrections"


def places() -> Iterator[str]:
    """The counters of each day are what its inspections take up."""
    rows = (
        Inspection.select(Inspection.day, InspectionType.trade, Inspection.time_frame)
        .join(InspectionType)
        .where(Inspection.status.not_in(PLACELESS))
    )
    taken: Counter[Any] = Counter()
    for day, trade, half in rows.tuples():
        for counted in ("", trade):
            taken[day, counted, "booked"] += 1
            taken[day, counted, half] += 1
    for load in DayLoad.select():
        for name in ("booked", "am", "pm"):
            if getattr(load, name) != taken.pop((load.day, load.trade, name), 0):
                yield f"places: {load.day} {load.trade or 'all'} {name} is {getattr(load, name)}"
    yield from (f"places: {key} has no counter" for key, many in taken.items() if many and key[2] != "any")


def mails(sink: SmtpSink) -> Iterator[str]:
    """Each went out, under the same name and with the same words each time; as many as were due to be written."""
    unsent = Mail.select().where(Mail.sent_at.is_null()).count()
    if unsent:
        yield f"mail: {unsent} not sent"
    rows = {id for (id,) in Mail.select(Mail.message_id).tuples()}
    arrived: dict[str, set[str]] = {}
    for message in list(sink.messages):
        id = message["Message-ID"].strip("<").split("@")[0]
        words = message.get_body(("plain",))
        assert words is not None
        about = f"{message['To']} {message['Date']} {message['Subject']} {words.get_content()}"
        arrived.setdefault(id, set()).add(about)
    if missing := rows - set(arrived):
        yield f"mail: {len(missing)} never arrived"
    if foreign := set(arrived) - rows:
        yield f"mail: {len(foreign)} arrived that are in no row"
    yield from (f"mail: {id} did not read the same each time" for id, seen in arrived.items() if len(seen) > 1)
    kinds = dict(Mail.select(Mail.kind, fn.COUNT(Mail.id)).group_by(Mail.kind).tuples())
    verbs = dict(Change.select(Change.verb, fn.COUNT(Change.id)).group_by(Change.verb).tuples())
    due = {kind: verbs.get(verb, 0) for verb, kind in MAILED.items()}
    due["requested"] = 2 * Request.select().count()  # to the request's address and to the company's own
    due["result"] = 2 * (verbs.get("record_result", 0) + verbs.get("correct_result", 0))
    yield from (
        f"mail: {kinds.get(kind, 0)} {kind}, {due[kind]} due" for kind in due if kinds.get(kind, 0) != due[kind]
    )


def sums() -> Iterator[str]:
    """The reports say what a count of all inspections says."""
    if wrong := recount(CHICAGO):
        yield f"reports: {wrong} sums were wrong"
    if Uncounted.select().exists():
        yield "reports: something is still uncounted"


def soundness() -> Iterator[str]:
    """The database's own look at itself: pages, indexes, foreign keys."""
    if is_postgresql():
        yield from _postgresql()
        return
    [(said,)] = database.execute_sql("PRAGMA integrity_check").fetchall()
    if said != "ok":
        yield f"integrity_check: {said}"
    if orphans := database.execute_sql("PRAGMA foreign_key_check").fetchall():
        yield f"foreign_key_check: {len(orphans)} rows"


def _postgresql() -> Iterator[str]:
    """Every B-tree with its table by amcheck, where it can be had; every constraint that reads rows, once more."""
    has = database.execute_sql("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'").fetchall()
    if has:
        database.execute_sql("CREATE EXTENSION IF NOT EXISTS amcheck")
        database.execute_sql(
            "SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE a.amname = 'btree' AND c.relkind = 'i' AND n.nspname = 'public'"
        ).fetchall()
    foreign = database.execute_sql(
        "SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text FROM pg_constraint"
        " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1] WHERE contype = 'f'"
    ).fetchall()
    for table, column, other in foreign:
        [(orphans,)] = database.execute_sql(
            f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {other} WHERE {other}.id = {table}.{column})"
        ).fetchall()
        if orphans:
            yield f"foreign key {table}.{column}: {orphans} rows"
