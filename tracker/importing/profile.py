"""A profile: which column of one city's export holds what. A TOML file, read and checked before any row is."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.importing.problems import ImportProblem
from tracker.rules.words import PermitStatus, Trade

PROFILES = Path(__file__).parent / "profiles"
DATES = ("status_on", "applied_on", "issued_on", "expires_on", "completed_on")
FIELDS = (
    *("permit_num", "permit_type", "description", "work_class", "status", "status_current", *DATES),
    *("original_address1", "original_address2", "original_city", "original_state", "original_zip"),
    *("est_project_cost", "latitude", "longitude"),
)
CONTRACTOR_FIELDS = ("name", "lic_num", "address", "city", "state", "zip", "phone", "email", "trade")
ALWAYS = ("permit_num", "original_address1", "status")
TOP = {
    *("name", "encoding", "delimiter", "valid_days", "date_formats", "required", "no_company"),
    *("columns", "otherwise", "status", "permit_types", "trades", "contractors"),
}


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


@dataclass(frozen=True)
class Profile:
    name: str
    columns: Mapping[str, tuple[str, ...] | YearAndMonth]
    required: tuple[str, ...]
    date_formats: list[str]
    status_words: Mapping[str, PermitStatus]  # by the word in lower case
    permit_types: tuple[Rule, ...]
    trades: tuple[Rule, ...]
    contractors: tuple[Mapping[str, tuple[str, ...]], ...]  # 'is' holds a fixed trade
    otherwise: Mapping[str, str] = field(default_factory=dict)
    no_company: frozenset[str] = frozenset()  # words in a contractor's column that name nobody
    encoding: str = "utf-8"
    delimiter: str = ","
    valid_days: int = 180


def load_profile(name: str) -> Profile:
    """The profile that comes with the project under this name, or the TOML file at this path.

    Raises ImportProblem with a sentence that names the file and what is wrong in it.
    """
    path = Path(name) if name.endswith(".toml") else PROFILES / f"{name}.toml"
    if not path.is_file():
        own = ", ".join(sorted(file.stem for file in PROFILES.glob("*.toml")))
        raise ImportProblem(f"There is no profile {name}. The profiles here: {own}; or give the path of a .toml file.")
    try:
        return _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as no:
        raise ImportProblem(f"The profile {path} can't be read: {no}") from None
    except ImportProblem as no:
        raise ImportProblem(f"The profile {path.name} is wrong: {no}") from None


def _read(given: dict[str, Any]) -> Profile:
    if unknown := set(given) - TOP:
        raise ImportProblem(f"it has {_listed(unknown)}, known are {_listed(TOP)}.")
    columns = {name: _column(name, value) for name, value in _table(given, "columns").items()}
    if missing := [name for name in ALWAYS if name not in columns]:
        raise ImportProblem(f"[columns] does not say which column holds {_listed(missing)}.")
    if not {"issued_on", "applied_on"} & set(columns):
        raise ImportProblem("[columns] says neither which column holds issued_on nor which applied_on.")
    contractors = tuple(_contractor(entry) for entry in _entries(given, "contractors"))
    named = {*columns, *(f"contractor_{name}" for entry in contractors for name in entry)}
    types = _rules(given, "permit_types", "code", named)
    trades = _rules(given, "trades", "trade", {*named, "permit_type"})
    _check_extra_columns(columns, types + trades)
    _check_trades(rule.answer for rule in trades)
    return Profile(
        name=str(given.get("name", "")),
        columns=columns,
        required=_required(given, columns),
        date_formats=[str(text) for text in given.get("date_formats", ["ISO"])],
        status_words=_status_words(_table(given, "status")),
        permit_types=types,
        trades=trades,
        contractors=contractors,
        otherwise=_otherwise(given),
        no_company=frozenset(str(word).casefold() for word in given.get("no_company", [])),
        encoding=_text(given, "encoding", "utf-8"),
        delimiter=_text(given, "delimiter", ","),
        valid_days=_days(given.get("valid_days", 180)),
    )


def _column(name: str, value: Any) -> tuple[str, ...] | YearAndMonth:
    if isinstance(value, dict) and set(value) == {"year", "month"} and name in DATES:
        return YearAndMonth(str(value["year"]), str(value["month"]))
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) and text for text in texts):
        raise ImportProblem(f"{name} must be a column's name or a list of them.")
    return tuple(texts)


def _contractor(entry: dict[str, Any]) -> Mapping[str, tuple[str, ...]]:
    if unknown := set(entry) - {*CONTRACTOR_FIELDS, "is"}:
        raise ImportProblem(f"[[contractors]] has {_listed(unknown)}, known are {_listed((*CONTRACTOR_FIELDS, 'is'))}.")
    if "name" not in entry:
        raise ImportProblem("[[contractors]] does not say which column holds the name.")
    found = {name: _column(name, value) for name, value in entry.items()}
    _check_trades(found.get("is", ()))  # type: ignore[arg-type]
    return found  # type: ignore[return-value]


def _rules(given: dict[str, Any], table: str, answer: str, named: set[str]) -> tuple[Rule, ...]:
    rules = []
    for number, entry in enumerate(_entries(given, table), 1):
        when = entry.get("when")
        if set(entry) != {answer, "when"} or not isinstance(when, dict) or not when:
            raise ImportProblem(
                f'[[{table}]] number {number} must have {answer} = "…" and when = {{ column = "pattern" }}.'
            )
        if unknown := set(when) - named:
            raise ImportProblem(
                f"[[{table}]] number {number} asks for {_listed(unknown)}, which [columns] does not name."
            )
        try:
            patterns = tuple((name, re.compile(str(text), re.IGNORECASE)) for name, text in when.items())
        except re.error as no:
            raise ImportProblem(f"[[{table}]] number {number} has a pattern that is none: {no}.") from None
        rules.append(Rule(str(entry[answer]), patterns))
    return tuple(rules)


def _status_words(table: dict[str, Any]) -> dict[str, PermitStatus]:
    words: dict[str, PermitStatus] = {}
    for name, theirs in table.items():
        if name not in tuple(PermitStatus) or not isinstance(theirs, list):
            raise ImportProblem(f"[status] must be lists of words for {_listed(PermitStatus)}; {name} is not.")
        words |= {" ".join(str(word).split()).casefold(): PermitStatus(name) for word in theirs}
    if not words:
        raise ImportProblem("[status] has no word, so every row would be refused.")
    return words


def _check_trades(trades: Any) -> None:
    if unknown := [trade for trade in trades if trade not in tuple(Trade)]:
        raise ImportProblem(f"{_listed(unknown)} is no trade; trades are {_listed(Trade)}.")


def _check_extra_columns(columns: Mapping[str, Any], rules: tuple[Rule, ...]) -> None:
    asked = {name for rule in rules for name, _ in rule.when}
    if unused := set(columns) - set(FIELDS) - asked:
        raise ImportProblem(f"[columns] has {_listed(unused)}, which no rule asks for; fields are {_listed(FIELDS)}.")


def _required(given: dict[str, Any], columns: Mapping[str, Any]) -> tuple[str, ...]:
    required = given.get("required", list(columns))
    if unknown := set(required) - {*columns, "contractors"}:
        raise ImportProblem(f"required names {_listed(unknown)}, which [columns] does not.")
    return tuple(dict.fromkeys([*ALWAYS, *required]))


def _otherwise(given: dict[str, Any]) -> dict[str, str]:
    found = {name: str(value) for name, value in _table(given, "otherwise").items()}
    allowed = ("permit_type", "trade", "original_city", "original_state")
    if unknown := set(found) - set(allowed):
        raise ImportProblem(f"[otherwise] has {_listed(unknown)}, known are {_listed(allowed)}.")
    _check_trades([found["trade"]] if "trade" in found else [])
    return found


def _days(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= 3_650:
        raise ImportProblem(f"valid_days is {value}, it must be a whole number from 1 to 3650.")
    return value


def _text(given: dict[str, Any], name: str, default: str) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or (name == "delimiter" and len(value) != 1):
        raise ImportProblem(f"{name} must be {'one character' if name == 'delimiter' else 'a text'}.")
    return value


def _table(given: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(given.get(name, {}), dict):
        raise ImportProblem(f"[{name}] must be a table.")
    return given.get(name, {})


def _entries(given: dict[str, Any], name: str) -> list[dict[str, Any]]:
    entries = given.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ImportProblem(f"{name} must be written as [[{name}]].")
    return entries


def _listed(words: Any) -> str:
    return ", ".join(sorted(str(word) for word in words))
