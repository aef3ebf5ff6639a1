"""Whether the tests notice a change of the code: mutmut changes it a little, thousands of times, and runs them.

    python -m pip install -r bench/requirements.txt
    python bench/mutants.py rules [--module plan] [--folder FOLDER]
    python bench/mutants.py access
    python bench/mutants.py actions --sample 250 --seed 7

Copies the tree to a folder (a new one, unless FOLDER names one to go on with), has mutmut change what SCOPES names and
run the tests beside it, one after the other, and prints for each module how many changes were noticed (by a failing
test or by one that did not end) and each that was not. Left out are two tests that read the source, which is not
itself there. So a changed sentence of N_("…") that these tests miss is counted by itself: tests/test_translations.py,
which reads the source too, notices every one.
"""

import argparse
import ast
import difflib
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
READ_THE_SOURCE = (
    "tests/rules/test_reasons.py::test_this_file_gives_every_reason_of_these_modules",
    "tests/rules/test_reasons.py::test_no_reason_anywhere_lacks_a_value_that_its_sentence_names",
)
# What is changed, and the tests that look at it. The third kind is sampled: it takes seconds for each change.
SCOPES = {
    "rules": (["tracker/rules/*"], ["tests/rules"]),
    "access": (
        ["tracker/access.py"],
        [*(f"tests/pages/test_{name}.py" for name in ("session", "sign_in", "ended_sessions", "permit", "profile",
           "change_of_mind", "own_things", "request_once")), "tests/staff/test_what_was_typed.py",
         "tests/trust/test_who_may.py"],
    ),
    "actions": (
        [f"tracker/actions/{name}.py" for name in ("requests", "change_of_mind", "places", "results")],
        ["tests/actions", "tests/staff"],
    ),
}  # fmt: skip
CONFIG = """
[tool.mutmut]
source_paths = ["tracker"]
only_mutate = {changed}
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = {arguments}
also_copy = ["templates", "static", "config.py", "wsgi.py", "tests", "docs", "README.md", "bench", ".ci", "Makefile"]
timeout_multiplier = 6.0
timeout_constant = 5.0
"""
# A process that had a database open cannot be forked: then each change gets a new one.
WITH_DATABASE = """process_isolation = "forkserver"
forkserver_warmup = "none"
"""
NOTICED, NOT_NOTICED, NO_TESTS, SENTENCE, NOT_TRIED = "noticed", "not noticed", "no tests", "sentence", "not tried"
WORDS = {None: NOT_TRIED, 0: NOT_NOTICED, 5: NO_TESTS, 33: NO_TESTS}


class Change(NamedTuple):
    """One change that mutmut made; `before` and `after` are the lines that differ."""

    name: str
    told: str
    before: str
    after: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scope", choices=SCOPES)
    parser.add_argument("--module", action="append", help="only this one, such as plan; may be said again")
    parser.add_argument("--folder", type=Path, help="where to work, and to go on")
    parser.add_argument("--sample", type=int, help="only so many, drawn at random")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="mutants-"))
    copied(folder, asked.scope)
    wanted = [f"*.{module}.*" for module in asked.module or []]
    if asked.sample:
        mutmut(folder, "none of them")  # makes the changes
        names = [change.name for change in changes(folder) if matches(change.name, wanted)]
        wanted = random.Random(asked.seed).sample(sorted(names), min(asked.sample, len(names)))
    mutmut(folder, *wanted)
    report([change for change in changes(folder) if matches(change.name, wanted)])


def copied(folder: Path, scope: str) -> None:
    """The tree as it is, with the settings of mutmut."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, check=True, capture_output=True)
    there = [name for name in listed.stdout.decode().splitlines() if (TOP / name).exists()]
    tar = subprocess.run(["tar", "cf", "-", "-T", "-"], cwd=TOP, check=True, capture_output=True,
                         input="\n".join(there).encode())  # fmt: skip
    subprocess.run(["tar", "xf", "-"], cwd=folder, check=True, input=tar.stdout)
    changed, tests = SCOPES[scope]
    arguments = ["-p", "no:cacheprovider", *(f"--deselect={test}" for test in READ_THE_SOURCE)]
    with (folder / "pyproject.toml").open("a") as file:
        file.write(CONFIG.format(changed=json.dumps(changed), tests=json.dumps(tests), arguments=json.dumps(arguments)))
        file.write("" if scope == "rules" else WITH_DATABASE)


def mutmut(folder: Path, *names: str) -> None:
    subprocess.run([sys.executable, "-m", "mutmut", "run", "--max-children", "1", *names], cwd=folder, check=False)


def matches(name: str, wanted: list[str]) -> bool:
    return not wanted or any(fnmatch(name, one) for one in wanted)


def changes(folder: Path) -> Iterator[Change]:
    """Every change there is, with what became of it."""
    for told in sorted((folder / "mutants" / "tracker").rglob("*.py.meta")):
        code = told.with_suffix("").read_text()
        lines = code.splitlines()
        bodies = {node.name: lines[node.lineno - 1 : node.end_lineno] for node in ast.walk(ast.parse(code))
                  if isinstance(node, ast.FunctionDef)}  # fmt: skip
        for name, exit_code in json.loads(told.read_text())["exit_code_by_key"].items():
            function = name.rpartition(".")[2]
            before, after = differing(bodies[re.sub(r"\d+$", "orig", function)], bodies[function])
            word = WORDS.get(exit_code, NOTICED)
            if word == NOT_NOTICED and is_sentence(before, after):
                word = SENTENCE
            yield Change(name, word, before, after)


def differing(before: list[str], after: list[str]) -> tuple[str, str]:
    lines = [line for line in difflib.unified_diff(before, after, n=0, lineterm="") if "__mutmut_" not in line]
    return tuple(  # type: ignore[return-value]
        "\n".join(line[1:].strip() for line in lines if line[0] == sign and line[:3] not in ("---", "+++"))
        for sign in "-+"
    )


def is_sentence(before: str, after: str) -> bool:
    """Whether nothing differs but what stands in N_("…")."""
    with_it, without = re.compile(r'N_\((?:"[^"]*"|None)\)'), "N_()"
    return with_it.sub(without, before) == with_it.sub(without, after) != after


def report(found: list[Change]) -> None:
    modules: dict[str, Counter[str]] = {}
    for change in found:
        modules.setdefault(change.name.split(".x")[0], Counter())[change.told] += 1
    for name, counts in [*modules.items(), ("all", sum(modules.values(), Counter()))]:
        tried = counts.total() - counts[NOT_TRIED]
        share = 100 * (counts[NOTICED] + counts[SENTENCE]) / tried if tried else 0
        print(f"{name:30} {tried:5} tried, {share:5.1f} % noticed", dict(counts))
    for change in found:
        if change.told in (NOT_NOTICED, NO_TESTS):
            print(f"\n{change.name}: {change.told}\n- {change.before}\n+ {change.after}")


if __name__ == "__main__":
    main()
