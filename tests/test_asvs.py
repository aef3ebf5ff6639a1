"""docs/asvs.md names tests that are there, answers each requirement of level 2 once, and counts its answers right."""

import ast
import re
from collections import Counter
from functools import cache
from itertools import takewhile
from pathlib import Path

TESTS = Path(__file__).parent
LINES = (TESTS.parent / "docs" / "asvs.md").read_text(encoding="utf-8").splitlines()
README = (TESTS.parent / "README.md").read_text(encoding="utf-8")
WAYS = ("yes", "partly", "no", "not applicable")
# The sections of ASVS 5.0.0, and which of their requirements belong to levels 1 and 2.
LEVEL_2 = """
1.1.1–2 1.2.1–9 1.3.1–11 1.4.1–3 1.5.1–2 2.1.1–3 2.2.1–3 2.3.1–4 2.4.1 3.2.1–2 3.3.1–4 3.4.1–6 3.5.1–5 3.7.1–2
4.1.1–3 4.2.1 4.3.1–2 4.4.1–4 5.1.1 5.2.1–3 5.3.1–2 5.4.1–3 6.1.1–3 6.2.1–12 6.3.1–4 6.4.1–4 6.5.1–5 6.6.1–3 6.8.1–4
7.1.1–3 7.2.1–4 7.3.1–2 7.4.1–5 7.5.1–2 7.6.1–2 8.1.1–2 8.2.1–3 8.3.1 8.4.1 9.1.1–3 9.2.1–4
10.1.1–2 10.2.1–2 10.3.1–4 10.4.1–11 10.5.1–5 10.6.1–2 10.7.1–3 11.1.1–2 11.2.1–3 11.3.1–3 11.4.1–4 11.5.1 11.6.1
12.1.1–3 12.2.1–2 12.3.1–4 13.1.1 13.2.1–5 13.3.1–2 13.4.1–5 14.1.1–2 14.2.1–4 14.3.1–3 15.1.1–3 15.2.1–3 15.3.1–7
16.1.1 16.2.1–5 16.3.1–4 16.4.1–3 16.5.1–3 17.1.1 17.2.1–4 17.3.1–2
"""
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


def numbers(text: str) -> list[str]:
    """ "6.5.1–3, 6.6.1" → each by itself."""
    each = []
    for section, first, last in re.findall(r"(\d+\.\d+)\.(\d+)(?:–(\d+))?", text):
        each += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return each


def answers() -> list[tuple[str, str, str]]:
    """Number, how it stands, test or reason, of every row of the chapters."""
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in LINES if re.match(r"\| \d+\.\d", line)]
    return [(number, stands, by) for numbers_, _asks, stands, by in rows for number in numbers(numbers_)]


@cache
def named_in(path: Path) -> set[str]:
    there = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {one.name for one in there if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def test_every_test_that_is_named_is_there():
    named = NAMED.findall("\n".join(LINES))
    gone = [
        f"{path}::{name}" for path, name in named if not (TESTS / path).is_file() or name not in named_in(TESTS / path)
    ]
    assert not gone and len(named) > 100
    assert len(named) == "\n".join(LINES).count("::"), "a name that is not written as the others"


def test_every_requirement_has_one_answer():
    given = Counter(number for number, _stands, _by in answers())
    asked = numbers(LEVEL_2)
    assert len(asked) == len(set(asked)) == 253
    assert [one for one in asked if given[one] != 1] == [] and sorted(given) == sorted(asked)


def test_every_answer_is_one_of_four_with_its_reason():
    assert {stands for _number, stands, _by in answers()} == set(WAYS)
    assert all(by for _number, _stands, by in answers())


def test_the_table_in_front_counts_right():
    counted = Counter((number.partition(".")[0], stands) for number, stands, _by in answers())
    front = takewhile(lambda line: not line.startswith("## 1 "), LINES)
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in front if re.match(r"\| (\d+ |all )", line)]
    said = {row[0].partition(" ")[0]: [int(cell) for cell in row[1:]] for row in rows}
    right = {str(number): [counted[str(number), way] for way in WAYS] for number in range(1, 18)}
    in_all = [sum(column) for column in zip(*right.values(), strict=True)]
    assert said == right | {"all": in_all}
    yes, partly, no, not_here = in_all
    assert f"({yes} yes, {partly} partly, {no} no, {not_here} about" in README
