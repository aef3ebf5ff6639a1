"""One row of the file → what it says of a permit and its contractors, by the profile; or why it can't be right."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from tracker.importing import cleaning
from tracker.importing.cleaning import clean, plain_dashes, readable, shortened
from tracker.importing.dates import date_reader, month_start
from tracker.importing.problems import ImportProblem, RowProblem
from tracker.importing.profile import DATES, Profile, Rule, YearAndMonth
from tracker.rules.names import company_key
from tracker.rules.words import PermitStatus, Trade

# What a row says of its permit, in the order it is kept; dates and amounts as text, None where it says nothing.
VALUES = (
    *("permit_type", "description", "work_class", "status_current", "status", "status_on", "applied_on", "issued_on"),
    *("source_expires_on", "completed_on", "original_address1", "original_address2", "original_city"),
    *("original_state", "original_zip", "est_project_cost", "latitude", "longitude"),
)
# What it says of one contractor.
COMPANY = ("trade", "name", "lic_num", "address", "city", "state", "zip", "phone", "email")
LENGTHS = {"work_class": 60, "status_current": 100, "original_address1": 200, "original_address2": 100}
COMPANY_LENGTHS = {"name": 200, "lic_num": 60, "address": 200, "city": 100, "state": 20, "phone": 40, "email": 254}
# Further ahead than a year, such a date is a slip of the pen; an expiry may lie anywhere.
PAST_DATES = tuple(name for name in DATES if name != "expires_on")
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Row:
    """`values` as VALUES, `companies` each as COMPANY. Of two rows the one with the greater `as_of` is newer:

    the day it was issued, or else applied for, then the later of its status and completion dates (ISO, or spaces).
    """

    number: str
    as_of: str
    values: list[str | float | None]
    companies: list[list[str]]


class RowReader:
    """Reads the rows below one header. `blanked` counts the cells of each field that could not be read."""

    def __init__(
        self, profile: Profile, header: Sequence[str], *, types: Mapping[str, str], zone: tzinfo, today: date
    ) -> None:
        """`types`: code and name in lower case → the code of each of the city's permit types.

        Raises ImportProblem for a column the profile requires and the header lacks, and for a type the city lacks.
        """
        self.profile, self.width, self.types, self.latest = profile, len(header), types, today + AHEAD
        self.blanked: Counter[str] = Counter()
        self._place = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self._columns = {
            name: self._places(column) for name, column in profile.columns.items() if isinstance(column, tuple)
        }
        self._months = {
            name: (self._places([column.year]), self._places([column.month]))
            for name, column in profile.columns.items()
            if isinstance(column, YearAndMonth)
        }
        self._no_dates: dict[str, str | None] = dict.fromkeys(DATES)
        self._dated = [name for name in DATES if name in profile.columns]
        self._contractors = [
            {name: self._places(columns) for name, columns in entry.items() if name != "is"}
            for entry in profile.contractors
        ]
        asked = {name for rule in profile.trades for name, _ in rule.when}
        self._asked_of_contractors = [column for column in COMPANY if f"contractor_{column}" in asked]
        # One company has many rows.
        self._known_company = lru_cache(maxsize=4_096)(self._company_of)
        self._check(header)
        try:
            self._date = date_reader(profile.date_formats, zone)
        except ValueError as no:
            raise ImportProblem(f"The profile's date format {no} is none: write such as M/D/YYYY H:MM.") from None

    def _places(self, columns: Iterable[str]) -> list[int]:
        return [self._place[name.casefold()] for name in columns if name.casefold() in self._place]

    def _check(self, header: Sequence[str]) -> None:
        found = {**self._columns, **{name: year and month for name, (year, month) in self._months.items()}}
        found["contractors"] = [place for entry in self._contractors for place in entry["name"]]
        missing = [_named(self.profile, name) for name in self.profile.required if not found[name]]
        if not found.get("issued_on") and not found.get("applied_on"):
            missing.append(
                " or ".join(_named(self.profile, name) for name in ("issued_on", "applied_on") if name in found)
            )
        if missing := list(dict.fromkeys(missing)):
            hint = " Is the delimiter right?" if len(header) == 1 else ""
            raise ImportProblem(
                f"The file has no column {'; '.join(missing)}. Its columns: {shortened(', '.join(header), 500)}.{hint}"
            )
        answers = {rule.answer for rule in self.profile.permit_types} | {self.profile.otherwise.get("permit_type")}
        if lacking := sorted(code for code in answers if code and code.casefold() not in self.types):
            raise ImportProblem(f"The profile's permit type {', '.join(lacking)} is none of the city's.")

    def read(self, cells: Sequence[str]) -> Row:
        """Raises RowProblem with the reason."""
        self._check_cells(cells)
        texts = {name: _first(cells, places) for name, places in self._columns.items()}
        number = plain_dashes(texts["permit_num"])
        _check_number(number)
        dates = self._no_dates | {name: self._day(name, texts, cells) for name in self._dated}
        texts["permit_type"] = self._type(texts)
        values = self._values(texts, dates) | self._status(texts, cells, dates) | self._place_of(texts)
        for name, longest in LENGTHS.items():
            values[name] = shortened(values.get(name) or "", longest)
        entries = range(len(self._contractors))
        companies = [company for entry in entries if (company := self._company(entry, cells, texts))]
        return Row(number, _as_of(dates), [values[name] for name in VALUES], companies)

    def _values(self, texts: Mapping[str, str], dates: Mapping[str, str | None]) -> dict[str, Any]:
        return {
            **texts,
            **dates,
            "permit_type": texts["permit_type"] or None,
            "description": texts.get("description", ""),
            "source_expires_on": dates["expires_on"] or self._run_out(dates["issued_on"]),
            "est_project_cost": self._cost(texts.get("est_project_cost", "")),
            "latitude": self._degrees("latitude", texts.get("latitude", "")),
            "longitude": self._degrees("longitude", texts.get("longitude", "")),
        }

    def _check_cells(self, cells: Sequence[str]) -> None:
        if len(cells) != self.width and (len(cells) < self.width or any(cells[self.width :])):
            raise RowProblem(f"the row has {len(cells)} cells, the header {self.width}")
        if sum(map(len, cells)) > cleaning.LONGEST_CELL:
            raise RowProblem(f"more than {cleaning.LONGEST_CELL} characters; perhaps a quotation mark is never closed")

    def _day(self, name: str, texts: Mapping[str, str], cells: Sequence[str]) -> str | None:
        try:
            if name in self._months:
                year, month = (_first(cells, places) for places in self._months[name])
                day = month_start(year, month) if year and month else None
                shown = f"{year} {month}"
            else:
                shown = texts.get(name, "")
                day = self._date(shown) if shown else None
        except ValueError as no:
            raise RowProblem(f"{name} is no date: {shortened(str(no), 60)}") from None
        if day and day > self.latest and name in PAST_DATES:
            raise RowProblem(f"{name} lies too far ahead: {shortened(shown, 60)}")
        return day.isoformat() if day else None

    def _status(
        self, texts: Mapping[str, str], cells: Sequence[str], dates: Mapping[str, str | None]
    ) -> dict[str, str]:
        raw = texts["status"]
        shown = texts.get("status_current") or raw
        for place in self._columns["status"]:
            if word := self.profile.status_words.get(clean(cells[place]).casefold()):
                return {"status": word, "status_current": shown}
        if not raw and dates["completed_on"]:  # BLDS: CompletedDate or StatusCurrent
            return {"status": PermitStatus.FINALED, "status_current": shown}
        raise RowProblem(f"the status is no word of the profile: {shortened(raw, 80)}" if raw else "no status")

    def _place_of(self, texts: Mapping[str, str]) -> dict[str, str]:
        address = readable(texts["original_address1"])
        if not any(character.isalnum() for character in address):
            raise RowProblem("no address")
        otherwise = self.profile.otherwise
        return {
            "original_address1": address,
            "original_address2": readable(texts.get("original_address2", "")),
            "original_city": shortened(readable(texts.get("original_city") or otherwise.get("original_city", "")), 100),
            "original_state": shortened(
                (texts.get("original_state") or otherwise.get("original_state", "")).upper(), 20
            ),
            "original_zip": cleaning.zip_code(texts.get("original_zip", "")),
        }

    def _run_out(self, issued_on: str | None) -> str | None:
        return issued_on and (date.fromisoformat(issued_on) + timedelta(days=self.profile.valid_days)).isoformat()

    def _type(self, texts: Mapping[str, str]) -> str:
        if code := self.types.get(texts.get("permit_type", "").casefold()):
            return code
        return _answer(self.profile.permit_types, texts) or self.profile.otherwise.get("permit_type", "")

    def _cost(self, text: str) -> str | None:
        try:
            return cleaning.amount(text) or None
        except ValueError:
            self.blanked["est_project_cost"] += 1
            return None

    def _degrees(self, name: str, text: str) -> float | None:
        try:
            degrees = float(plain_dashes(text)) if text else 0.0
        except ValueError:
            degrees = 999.0
        if not abs(degrees) <= (90 if name == "latitude" else 180):
            self.blanked[name] += 1
            return None
        return degrees or None  # 0, 0 is the sea off Africa: nobody looked it up

    def _company(self, entry: int, cells: Sequence[str], texts: Mapping[str, str]) -> list[str] | None:
        columns = self._contractors[entry]
        known = self._known_company(entry, tuple([cells[place] for places in columns.values() for place in places]))
        if known is None:
            return None
        return [self._trade(entry, known, texts), *(known[column] for column in COMPANY[1:])]

    def _company_of(self, entry: int, said: tuple[str, ...]) -> Mapping[str, str] | None:
        """The cleaned texts about a company, by COMPANY; None where the name names nobody. `said`: its cells."""
        cells = iter(said)
        found = {
            column: _first([next(cells) for _ in places], range(len(places)))
            for column, places in self._contractors[entry].items()
        }
        if not company_key(found["name"]) or found["name"].casefold() in self.profile.no_company:
            return None
        found["lic_num"] = plain_dashes(found.get("lic_num", "")).upper()
        found["zip"] = cleaning.zip_code(found.get("zip", ""))
        found["address"], found["city"] = readable(found.get("address", "")), readable(found.get("city", ""))
        found["state"] = found.get("state", "").upper()
        return found | {name: shortened(found.get(name, ""), longest) for name, longest in COMPANY_LENGTHS.items()}

    def _trade(self, entry: int, found: Mapping[str, str], texts: Mapping[str, str]) -> str:
        if fixed := self.profile.contractors[entry].get("is"):
            return fixed[0]
        if (trade := found.get("trade", "").casefold()) in tuple(Trade):
            return trade
        asked = {f"contractor_{column}": found.get(column, "") for column in self._asked_of_contractors}
        return _answer(self.profile.trades, {**texts, **asked}) or self.profile.otherwise.get("trade", Trade.GENERAL)


def _first(cells: Sequence[str], places: Iterable[int]) -> str:
    for place in places:
        if (cell := cells[place]) and (text := clean(cell)):
            return text
    return ""


def _as_of(dates: Mapping[str, str | None]) -> str:
    later = max(dates["status_on"] or "", dates["completed_on"] or "")
    return f"{dates['issued_on'] or dates['applied_on'] or '':10}{later:10}"


def _answer(rules: Iterable[Rule], texts: Mapping[str, str]) -> str | None:
    for rule in rules:
        for name, pattern in rule.when:
            if not pattern.search(texts.get(name, "")):
                break
        else:
            return rule.answer
    return None


def _named(profile: Profile, name: str) -> str:
    if name == "contractors":
        columns = [text for entry in profile.contractors for text in entry["name"]]
    else:
        column = profile.columns[name]
        columns = [column.year, column.month] if isinstance(column, YearAndMonth) else list(column)
    return f"{' or '.join(columns)} ({name})"


def _check_number(number: str) -> None:
    if not number:
        raise RowProblem("no permit number")
    if len(number) > 40 or not any(character.isdigit() for character in number):
        raise RowProblem(f"this is no permit number: {shortened(number, 60)}")
