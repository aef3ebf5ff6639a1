"""Who may know whom: imports point down. The sources are read, nothing is run.

A layer is a module or a package of tracker/. What it may import of ours stands in the table; a dotted name
allows that part alone. A new module needs a row, and that is the moment to ask where it belongs.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
TRACKER = TOP / "tracker"

LOWEST = {"rules", "models", "db"}
PAGES = {"access", "actions", "backups", "calendar_file", "clock", "db", "emails", "exporting",
         "filters", "forms", "headers", "htmx", "importing", "kept", "letter", "models", "outbox", "queries",
         "rules", "saying", "static_files"}  # fmt: skip
MAY_IMPORT: dict[str, set[str]] = {
    "rules": set(),
    "clock": set(),
    "calendar_file": set(),
    "catalogue": set(),
    "csrf": set(),
    "htmx": set(),
    "palette": set(),
    "look": {"palette"},
    "static_files": {"look"},
    "gunicorn.conf": {"watching"},
    "log_lines": set(),
    "watching": {"db", "log_lines"},
    "headers": set(),
    "kept": set(),
    "sessions": set(),
    "proxies": set(),
    "db": set(),
    "extensions": {"catalogue", "csrf"},
    "models": {"db", "rules.tallies", "rules.words"},
    "statements": {"db"},
    "queries": LOWEST | {"statements"},
    "outbox": {"models", "db"},
    "letter": {"catalogue", "models", "palette", "rules"},
    "inspection_letter": {"calendar_file", "letter", "models", "rules"},
    "emails": {"inspection_letter", "letter", "models", "rules", "statements"},
    "account_emails": {"letter", "models", "rules"},
    "backups": {"db", "models"},
    "exporting": LOWEST | {"queries"},
    "actions": LOWEST | {"account_emails", "emails", "letter", "palette", "queries", "statements"},
    "importing": LOWEST | {"actions"},
    "saying": {"rules"},
    "filters": {"clock", "rules", "saying"},
    "forms": {"rules", "saying"},
    "access": {"clock", "models", "extensions", "htmx", "statements"},
    "templating": {"catalogue", "saying"},
    "views": PAGES | {"csrf"},
    "cli": PAGES,
    "migrations": set(),
}
# The one that is allowed although the table says no: the demo city is made with the desk of the web pages.
BESIDES = {("cli/demo.py", "views.here")}

WITHOUT_FLASK = {"rules", "models", "queries", "statements", "outbox", "actions", "account_emails", "emails", "letter",
                 "inspection_letter", "calendar_file", "db", "clock", "importing", "exporting",
                 "backups"}  # fmt: skip
RULES_USE = {"babel", "holidays", "phonenumbers"}
ASKS_THE_TIME = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time"),
    ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"), ("time", "strftime"),
}  # fmt: skip

SOURCES = sorted(file for file in TRACKER.rglob("*.py") if file != TRACKER / "__init__.py")


def layer(file: Path) -> str:
    return file.relative_to(TRACKER).with_suffix("").parts[0]


def every(sources: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("file", sources, ids=lambda file: str(file.relative_to(TOP)))


every_source = every(SOURCES)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def imported(file: Path) -> Iterator[str]:
    """Every module named in an import, at the top or in a function: `from tracker import clock` is tracker.clock."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name}: a relative import"
            whole = node.module != "time" and not (TOP / node.module.replace(".", "/")).is_dir()
            yield from ({node.module} if whole else {f"{node.module}.{alias.name}" for alias in node.names})


def ours(file: Path) -> set[str]:
    return {name.removeprefix("tracker.") for name in imported(file) if name.startswith("tracker.")}


def allows(row: set[str], name: str) -> bool:
    return any(name == allowed or name.startswith(f"{allowed}.") for allowed in row)


def standard(name: str) -> bool:
    return name.split(".")[0] in sys.stdlib_module_names


@every_source
def test_a_layer_imports_only_what_the_table_allows(file):
    own = layer(file)
    assert own in MAY_IMPORT, f"{own} is in no row of the table"
    names = {name for name in ours(file) if name.split(".")[0] != own}
    besides = {name for where, name in BESIDES if TRACKER / where == file}
    assert {name for name in names if not allows(MAY_IMPORT[own] | besides, name)} == set()


def test_the_table_points_down():
    graph = {layer: {name.split(".")[0] for name in row} for layer, row in MAY_IMPORT.items()}
    assert list(TopologicalSorter(graph).static_order())


@every([file for file in SOURCES if layer(file) in WITHOUT_FLASK])
def test_what_decides_and_writes_does_not_know_the_web(file):
    web = {name for name in imported(file) if name.split(".")[0].startswith(("flask", "werkzeug", "wtforms"))}
    assert web <= ({"werkzeug.security"} if layer(file) == "actions" else set())


@every([file for file in SOURCES if layer(file) == "rules"])
def test_the_rules_know_no_database_and_no_library_but_three(file):
    others = {name.split(".")[0] for name in imported(file) if not standard(name)}
    assert others - {"tracker"} <= RULES_USE


def names_of_time(file: Path) -> set[str]:
    """Calls such as datetime.now(), datetime.datetime.now(UTC) and an imported `time()`."""
    found = set()
    plain = {name.removeprefix("time.") for name in imported(file) if name.startswith("time.")}
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in ASKS_THE_TIME:
                found.add(f"{owner}.{node.attr}")
    return found | {name for name in plain if ("time", name) in ASKS_THE_TIME}


@every_source
def test_nothing_but_the_clock_asks_what_time_it_is(file):
    assert names_of_time(file) == ({"datetime.now"} if file.name == "clock.py" else set())


@every([*SOURCES, TRACKER / "__init__.py", TOP / "wsgi.py"])
def test_nothing_but_the_settings_reads_the_environment(file):
    """The system's environment, that is; a request of WSGI has one too."""
    of_os = [node for node in ast.walk(tree(file)) if getattr(getattr(node, "value", None), "id", "") == "os"]
    words = {getattr(node, "attr", "") for node in of_os}
    words |= {alias.name for node in ast.walk(tree(file)) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not words & {"environ", "getenv", "environb", "putenv"}


@every_source
def test_only_one_module_names_the_headers_of_htmx(file):
    named = [node.value for node in ast.walk(tree(file)) if isinstance(node, ast.Constant) and "HX-" in str(node.value)]
    assert not named or file.name == "htmx.py"


@every_source
def test_only_the_wiring_reads_the_settings_module(file):
    assert "config" not in {name.split(".")[0] for name in imported(file)}
