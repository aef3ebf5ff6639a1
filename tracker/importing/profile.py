"""A profile: which column of one city's export holds what. A TOML file, read and checked before any row is."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.importing import parts
from tracker.importing.parts import Column, Rule, listed
from tracker.importing.problems import ImportProblem
from tracker.rules.words import PermitStatus, Result, Trade

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
    *("columns", "otherwise", "status", "permit_types", "trades", "contractors", "inspections"),
}
INSPECTION_DATES = ("scheduled_on", "inspected_on", "requested_on")
INSPECTION_FIELDS = (
    *("permit_num", "inspection_id", "type_code", "insp_type", "result", "result_said", *INSPECTION_DATES),
    *("desired_time", "inspector", "inspection_notes", "contractor"),
)
INSPECTIONS_ALWAYS = ("permit_num", "insp_type", "result")
INSPECTIONS_TOP = ("required", "columns", "types", "rules", "results", "no_result")


@dataclass(frozen=True)
class InspectionPart:
    """What a profile says of the export of inspections."""

    columns: Mapping[str, Column]
    required: tuple[str, ...]
    types: Mapping[str, str]  # code of one of the city's types, by the word in lower case
    rules: tuple[Rule, ...]
    results: Mapping[str, Result]  # by the word in lower case
    no_result: frozenset[str]  # words for what has none (yet)


@dataclass(frozen=True)
class Profile:
    name: str
    columns: Mapping[str, Column]
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
    inspections: InspectionPart | None = None


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
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError, RecursionError) as no:
        raise ImportProblem(f"The profile {path} can't be read: {no}") from None
    except ImportProblem as no:
        raise ImportProblem(f"The profile {path.name} is wrong: {no}") from None


def _read(given: dict[str, Any]) -> Profile:
    parts.check_known(given, TOP, "it has")
    columns = parts.columns(parts.table(given, "columns"), DATES)
    if missing := [name for name in ALWAYS if name not in columns]:
        raise ImportProblem(f"[columns] does not say which column holds {listed(missing)}.")
    if not {"issued_on", "applied_on"} & set(columns):
        raise ImportProblem("[columns] says neither which column holds issued_on nor which applied_on.")
    contractors = tuple(_contractor(entry) for entry in parts.entries(given, "contractors"))
    named = {*columns, *(f"contractor_{name}" for entry in contractors for name in entry)}
    types = parts.rules(given, "permit_types", "code", named)
    trades = parts.rules(given, "trades", "trade", {*named, "permit_type"})
    parts.check_extra(columns, FIELDS, types + trades, "[columns]")
    _check_trades(rule.answer for rule in trades)
    return Profile(
        name=str(given.get("name", "")),
        columns=columns,
        required=parts.required(given, ALWAYS, columns, besides=("contractors",)),
        date_formats=parts.texts(given, "date_formats", ["ISO"]),
        status_words=parts.words(parts.table(given, "status"), "status", PermitStatus),
        permit_types=types,
        trades=trades,
        contractors=contractors,
        otherwise=_otherwise(given),
        no_company=frozenset(word.casefold() for word in parts.texts(given, "no_company", [])),
        encoding=parts.text(given, "encoding", "utf-8"),
        delimiter=parts.text(given, "delimiter", ","),
        valid_days=_days(given.get("valid_days", 180)),
        inspections=_inspections(parts.table(given, "inspections")) if "inspections" in given else None,
    )


def _inspections(given: dict[str, Any]) -> InspectionPart:
    try:
        return _inspection_part(given)
    except ImportProblem as no:
        raise ImportProblem(f"in [inspections], {no}") from None


def _inspection_part(given: dict[str, Any]) -> InspectionPart:
    parts.check_known(given, INSPECTIONS_TOP, "it has")
    columns = parts.columns(parts.table(given, "columns"), INSPECTION_DATES)
    if missing := [name for name in INSPECTIONS_ALWAYS if name not in columns]:
        raise ImportProblem(f"[columns] does not say which column holds {listed(missing)}.")
    if not {"scheduled_on", "inspected_on"} & set(columns):
        raise ImportProblem("[columns] says neither which column holds inspected_on nor which scheduled_on.")
    rules = parts.rules(given, "rules", "code", columns)
    parts.check_extra(columns, INSPECTION_FIELDS, rules, "[columns]")
    return InspectionPart(
        columns=columns,
        required=parts.required(given, INSPECTIONS_ALWAYS, columns),
        types=_types(parts.table(given, "types")),
        rules=rules,
        results=parts.words(parts.table(given, "results"), "results", Result),
        no_result=frozenset(parts.key(word) for word in parts.texts(given, "no_result", [])),
    )


def _types(given: dict[str, Any]) -> dict[str, str]:
    if wrong := [code for code, theirs in given.items() if not isinstance(theirs, list)]:
        raise ImportProblem(f"[types] must be lists of words; {listed(wrong)} is not.")
    return {parts.key(word): code for code, theirs in given.items() for word in theirs}


def _contractor(entry: dict[str, Any]) -> Mapping[str, tuple[str, ...]]:
    parts.check_known(entry, (*CONTRACTOR_FIELDS, "is"), "[[contractors]] has")
    if "name" not in entry:
        raise ImportProblem("[[contractors]] does not say which column holds the name.")
    found = {name: parts.column(name, value) for name, value in entry.items()}
    _check_trades(found.get("is", ()))  # type: ignore[arg-type]
    return found  # type: ignore[return-value]


def _check_trades(trades: Iterable[str]) -> None:
    if unknown := [trade for trade in trades if trade not in tuple(Trade)]:
        raise ImportProblem(f"{listed(unknown)} is no trade; trades are {listed(Trade)}.")


def _otherwise(given: dict[str, Any]) -> dict[str, str]:
    found = {name: str(value) for name, value in parts.table(given, "otherwise").items()}
    parts.check_known(found, ("permit_type", "trade", "original_city", "original_state"), "[otherwise] has")
    _check_trades([found["trade"]] if "trade" in found else [])
    return found


def _days(value: Any) -> int:
    if not isinstance(value, int) or not 1 <= value <= 3_650:
        raise ImportProblem(f"valid_days is {value}, it must be a whole number from 1 to 3650.")
    return value
