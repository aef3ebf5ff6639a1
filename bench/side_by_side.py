"""Pages and a write beside bare Flask, the same HTML from memory, the same reads by hand, and Django."""

import json
import logging
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench import city
from bench.people import Writer, contractor, technician
from bench.subjects import KEPT, SECRET, Figure, Subject, Target, always, measured, port_of, served, tracker_on
from bench.visitor import Visitor
from tests import servers

DJANGO = KEPT / "django"


def targets(url: str, file: str | None, *, rounds: int, seconds: float) -> list[Target]:
    """`url` is that of the small city, `file` its SQLite file, for the others; without one they are left out."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        ours = stack.enter_context(tracker_on(url))
        subjects = _ours(port_of(ours), ours)
        html = contractor(port_of(ours), 1).ask("/dashboard")[2]
        subjects += _others(stack, file, html, Path(folder))
        figures = measured(subjects, rounds=rounds, seconds=seconds)
    return list(_targets(figures))


def _ours(port: int, server: servers.Gunicorn) -> list[Subject]:
    company, clerk, writer = contractor(port, 1), technician(port), Writer(port)
    refresh = company.look("/dashboard").find(id="inspections")["data-hx-get"]
    return [
        Subject("dashboard", server, always(company.raw("/dashboard"))),
        Subject("unchanged refresh", server, always(company.raw(str(refresh))), status=204),
        Subject("staff queue", server, always(clerk.raw("/staff/queue"))),
        Subject("submitted request", server, lambda: writer.forms(60), status=303, most=60),
    ]


def _others(stack: ExitStack, file: str | None, html: str, folder: Path) -> list[Subject]:
    (folder / "kept.html").write_text(html)
    (folder / "statements.json").write_text(json.dumps(statements(file) if file else []))
    named = {"KEPT": f"{folder}/kept.html", "STATEMENTS": f"{folder}/statements.json", "CITY": file or ""}
    flask = stack.enter_context(served("bench.rivals.flask_pages:app", **named))
    bare = Visitor(port_of(flask))
    subjects = [
        Subject("bare Flask", flask, always(bare.raw("/bare"))),
        Subject("the same HTML from memory", flask, always(bare.raw("/kept"))),
    ]
    if not file:
        return subjects
    more = {"CITY": file, "TODAY": str(city.TODAY), "PYTHONPATH": str(DJANGO)}
    django = stack.enter_context(served("bench.rivals.django_city.wsgi:application", **more))
    company, clerk = Visitor(port_of(django)), Visitor(port_of(django))
    company.ask("/sign-in/contractor/1")
    clerk.ask("/sign-in/staff/1")
    return [
        *subjects,
        Subject("the same reads by hand", flask, always(bare.raw("/reads"))),
        Subject("dashboard in Django", django, always(company.raw("/dashboard"))),
        Subject("staff queue in Django", django, always(clerk.raw("/staff/queue"))),
    ]


def _targets(figures: dict[str, Figure]) -> Iterator[Target]:
    bare = figures["bare Flask"]
    for name, least, better in (
        ("dashboard", 0.2, 0.3), ("unchanged refresh", 0.45, 0.6), ("submitted request", 0.08, 0.12),
    ):  # fmt: skip
        one = figures[name]
        ratio = one.a_second / bare.a_second
        said = f"{ratio:.2f} (processor {bare.cost / one.cost:.2f})"
        yield Target(name, f"{least} of bare Flask, better {better}", said, ratio >= least)
    for name, least, better in (("dashboard", 4, ", better 6"), ("staff queue", 4, "")):
        if theirs := figures.get(f"{name} in Django"):
            ratio = figures[name].a_second / theirs.a_second
            yield Target(f"{name} and Django's", f"{least} times{better}", f"{ratio:.1f} times", ratio >= least)


class Listener(logging.Handler):
    """Hears each SELECT that peewee sends, with its values."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, list[object]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.msg, tuple) and record.msg[0].startswith("SELECT"):
            self.said.append(record.msg)


def statements(file: str) -> list[tuple[str, list[object]]]:
    """[statement, values] of what a first look at the first company's dashboard asks, values as text or numbers."""
    from bench.that_morning import app_on  # which sets the clock of this whole process

    app = app_on(f"sqlite:///{file}", SECRET)
    app.config["WTF_CSRF_ENABLED"] = False
    code, browsing, listener = city.company(1)[2], app.test_client(), Listener()
    browsing.post("/", data={"company": code, "pin": code})
    log = logging.getLogger("peewee")
    before = log.level, log.propagate
    log.addHandler(listener)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    browsing.get("/dashboard")
    log.removeHandler(listener)
    log.level, log.propagate = before
    return json.loads(json.dumps(listener.said, default=str))
