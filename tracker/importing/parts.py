"""The parts that profiles are made of: columns, words, rules; each says in a sentence what is wrong with it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from tracker.importing.problems import ImportProblem

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Rule:
    """`answer` where every pattern is found in the column it is for, case apart."""

    answer: str
    when: tuple[tuple[str, re.Pattern[str]], ...]


@dataclass(frozen=True)
class YearAndMonth:
    """A date in two columns: the first of that month."""

    year: str
    month: str


Column = tuple[str, ...] | YearAndMonth


def table(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(given.get(name, {}), dict):
        raise ImportProblem(f"[{name}] must be a table.")
    return given.get(name, {})


def entries(given: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = given.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise ImportProblem(f"{name} must be written as [[{name}]].")
    return found


def columns(given: dict[str, Any], dates: Collection[str]) -> dict[str, Column]:
    """Our field → their columns; those of `dates` may be in two columns."""
    return {name: column(name, value, dates) for name, value in given.items()}


def column(name: str, value: Any, dates: Collection[str] = ()) -> Column:
    if isinstance(value, dict) and set(value) == {"year", "month"} and name in dates:
        return YearAndMonth(str(value["year"]), str(value["month"]))
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise ImportProblem(f"{name} must be a column's name or a list of them.")
    return tuple(texts)


def check_extra(named: Mapping[str, Any], fields: Collection[str], asking: Collection[Rule], where: str) -> None:
    """A column that is none of ours is there for a rule."""
    asked = {name for rule in asking for name, _ in rule.when}
    if unused := set(named) - set(fields) - asked:
        raise ImportProblem(f"{where} has {listed(unused)}, which no rule asks for; fields are {listed(fields)}.")


def required(
    given: Mapping[str, Any], always: Collection[str], named: Collection[str], *, besides: Collection[str] = ()
) -> tuple[str, ...]:
    """The fields whose column must be there, of those that are `named`: all of them when nothing is said.

    `besides` may be required, too, where it is asked for.
    """
    wanted = texts(given, "required", list(named))
    if unknown := set(wanted) - {*named, *besides}:
        raise ImportProblem(f"required names {listed(unknown)}, which [columns] does not.")
    return tuple(dict.fromkeys([*always, *wanted]))


def rules(given: Mapping[str, Any], name: str, answer: str, named: Collection[str]) -> tuple[Rule, ...]:
    """[[name]] with `answer` = "…" and when = { column = "pattern" }; columns are of `named`."""
    found = []
    for number, entry in enumerate(entries(given, name), 1):
        when = entry.get("when")
        if set(entry) != {answer, "when"} or not isinstance(when, dict) or not when:
            raise ImportProblem(
                f'[[{name}]] number {number} must have {answer} = "…" and when = {{ column = "pattern" }}.'
            )
        if unknown := set(when) - set(named):
            raise ImportProblem(
                f"[[{name}]] number {number} asks for {listed(unknown)}, which [columns] does not name."
            )
        try:
            patterns = tuple((column, re.compile(str(text), re.IGNORECASE)) for column, text in when.items())
        except re.error as no:
            raise ImportProblem(f"[[{name}]] number {number} has a pattern that is none: {no}.") from None
        found.append(Rule(str(entry[answer]), patterns))
    return tuple(found)


def words(given: dict[str, Any], name: str, ours: type[Word]) -> dict[str, Word]:
    """Their word in lower case → ours, from [name] with a list of theirs for each of ours."""
    found: dict[str, Word] = {}
    for our, theirs in given.items():
        if our not in tuple(ours) or not isinstance(theirs, list):
            raise ImportProblem(f"[{name}] must be lists of words for {listed(ours)}; {our} is not.")
        found |= {key(word): ours(our) for word in theirs}
    if not found:
        raise ImportProblem(f"[{name}] has no word, so every row would be refused.")
    return found


def key(word: Any) -> str:
    """A word as it is compared: without case, in single spaces."""
    return " ".join(str(word).split()).casefold()


def text(given: Mapping[str, Any], name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or (name == "delimiter" and (len(value) != 1 or value in '\r\n"')):
        raise ImportProblem(f"{name} must be {'one character' if name == 'delimiter' else 'a text'}.")
    return value


def texts(given: Mapping[str, Any], name: str, default: list[str]) -> list[str]:
    """A list of words; a number among them counts as it is written."""
    found = given.get(name, default)
    if not isinstance(found, list) or any(isinstance(one, list | dict) for one in found):
        raise ImportProblem(f"{name} must be a list of words.")
    return [str(one) for one in found]


def check_known(given: Collection[str], known: Collection[str], what: str) -> None:
    if unknown := set(given) - set(known):
        raise ImportProblem(f"{what} {listed(unknown)}, known are {listed(known)}.")


def listed(words: Any) -> str:
    return ", ".join(sorted(str(word) for word in words))
