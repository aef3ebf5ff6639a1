"""One row of the file → what it says of a permit and its contractors, by the profile; or why it can't be right."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from tracker.importing import cleaning
from tracker.importing.cleaning import clean, plain_dashes, readable, shortened
from tracker.importing.columns import Columns, answer, check_number, first
from tracker.importing.problems import ImportProblem, RowProblem
from tracker.importing.profile import DATES, Profile
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


class Row(NamedTuple):
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
        self.profile, self.types = profile, types
        self._columns = Columns(
            profile.columns, header, date_formats=profile.date_formats, dates=DATES, zone=zone, today=today
        )
        self.blanked = self._columns.blanked
        self._contractors = [
            {name: self._columns.places(columns) for name, columns in entry.items() if name != "is"}
            for entry in profile.contractors
        ]
        asked = {name for rule in profile.trades for name, _ in rule.when}
        self._asked_of_contractors = [column for column in COMPANY if f"contractor_{column}" in asked]
        # One company has many rows.
        self._known_company = lru_cache(maxsize=4_096)(self._company_of)
        self._check()

    def _check(self) -> None:
        named = [text for entry in self.profile.contractors for text in entry["name"]]
        wanted = "contractors" in self.profile.required and not any(entry["name"] for entry in self._contractors)
        missing = [f"{' or '.join(named)} (contractors)"] if wanted else []
        required = [name for name in self.profile.required if name != "contractors"]
        self._columns.check(required, ("issued_on", "applied_on"), missing)
        answers = {rule.answer for rule in self.profile.permit_types} | {self.profile.otherwise.get("permit_type")}
        if lacking := sorted(code for code in answers if code and code.casefold() not in self.types):
            raise ImportProblem(f"The profile's permit type {', '.join(lacking)} is none of the city's.")

    def look_up(self, rows: Sequence[Sequence[str]]) -> None:
        """Nothing in the database decides about a permit's row."""

    def read(self, cells: Sequence[str]) -> Row:
        """Raises RowProblem with the reason."""
        self._columns.check_cells(cells)
        texts = self._columns.texts(cells)
        number = plain_dashes(texts["permit_num"])
        check_number(number)
        dates = self._columns.dates(texts, cells, anywhere="expires_on")
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

    def _status(
        self, texts: Mapping[str, str], cells: Sequence[str], dates: Mapping[str, str | None]
    ) -> dict[str, str]:
        raw = texts["status"]
        shown = texts.get("status_current") or raw
        for place in self._columns.texts_at["status"]:
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
        return answer(self.profile.permit_types, texts) or self.profile.otherwise.get("permit_type", "")

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
            column: first([next(cells) for _ in places], range(len(places)))
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
        return answer(self.profile.trades, {**texts, **asked}) or self.profile.otherwise.get("trade", Trade.GENERAL)


def _as_of(dates: Mapping[str, str | None]) -> str:
    later = max(dates["status_on"] or "", dates["completed_on"] or "")
    return f"{dates['issued_on'] or dates['applied_on'] or '':10}{later:10}"
