"""One row of an export of inspections → an inspection that took place, by the profile; or why it can't be right."""

from collections.abc import Mapping, Sequence
from datetime import date, tzinfo
from functools import lru_cache
from typing import NamedTuple

from tracker.db import any_of
from tracker.importing.cleaning import clean, plain_dashes, shortened
from tracker.importing.columns import Columns, answer, check_number, first
from tracker.importing.problems import ImportProblem, LeftOut, RowProblem
from tracker.importing.profile import INSPECTION_DATES, InspectionPart, Profile
from tracker.models import Permit
from tracker.rules.words import Result, TimeFrame

LONGEST_ID = 60


class HistoryRow(NamedTuple):
    """Days are ISO; `on` is the one it is known by: inspected, or else scheduled. `type` is an id here."""

    number: str
    id: str  # the source's own number of it, '' where it has none
    type: int
    on: str
    day: str  # it was scheduled for
    result: str
    requested_on: str | None
    time_frame: str
    inspector: str
    comment: str
    company: str
    source_type: str
    source_result: str


class HistoryReader:
    """Reads the rows below one header. `blanked` counts the cells of each field that could not be read."""

    def __init__(
        self,
        profile: Profile,
        header: Sequence[str],
        *,
        codes: Mapping[str, int],
        names: Mapping[str, int],
        zone: tzinfo,
        today: date,
    ) -> None:
        """`codes` and `names`, in lower case, → the id of each of the city's inspection types.

        Raises ImportProblem for a column the profile requires and the header lacks, and for a type the city lacks.
        """
        assert profile.inspections is not None
        self._part: InspectionPart = profile.inspections
        self._codes, self._today = codes, today.isoformat()
        # The profile's words go before a name of the city's.
        self._words = {**names, **{word: codes.get(code.casefold(), 0) for word, code in self._part.types.items()}}
        self._columns = Columns(
            self._part.columns,
            header,
            date_formats=profile.date_formats,
            dates=INSPECTION_DATES,
            zone=zone,
            today=today,
        )
        self.blanked = self._columns.blanked
        self._columns.check(self._part.required, ("inspected_on", "scheduled_on"))
        answers = {*self._part.types.values(), *(rule.answer for rule in self._part.rules)}
        if lacking := sorted(code for code in answers if code.casefold() not in codes):
            raise ImportProblem(f"The profile's inspection type {', '.join(lacking)} is none of the city's.")
        self._known: set[str] = set()
        self._asked = sorted({name for rule in self._part.rules for name, _ in rule.when})
        self._type_of = lru_cache(maxsize=4_096)(self._ask_words)

    def look_up(self, rows: Sequence[Sequence[str]]) -> None:
        """Which of the permits that these rows name are here; `read` them next."""
        places, width = self._columns.texts_at["permit_num"], len(self._columns.header)
        numbers = {plain_dashes(first(cells, places)) for cells in rows if len(cells) >= width}
        query = Permit.select(Permit.permit_num).where(any_of(Permit.permit_num, numbers))
        self._known = {number for (number,) in query.tuples()}

    def read(self, cells: Sequence[str]) -> HistoryRow:
        """Raises RowProblem with the reason, and LeftOut where nothing took place (yet)."""
        self._columns.check_cells(cells)
        texts = self._columns.texts(cells)
        number = plain_dashes(texts["permit_num"])
        check_number(number)
        result = self._result(texts, cells)
        if number not in self._known:
            raise RowProblem(f"permit {number} is not here; import the permits first")
        kind = self._type(texts, cells)
        on, day, requested_on = self._days(texts, cells, result)
        return HistoryRow(
            number=number,
            id=_id(texts),
            type=kind,
            on=on,
            day=day,
            result=result,
            requested_on=requested_on,
            time_frame=_half(texts.get("desired_time", "")),
            inspector=shortened(texts.get("inspector", ""), 200),
            comment=texts.get("inspection_notes", ""),
            company=texts.get("contractor", ""),
            source_type=shortened(texts["insp_type"] or texts.get("type_code", ""), 100),
            source_result=shortened(texts.get("result_said") or texts["result"], 100),
        )

    def _result(self, texts: Mapping[str, str], cells: Sequence[str]) -> Result:
        said = [word for place in self._columns.texts_at["result"] if (word := clean(cells[place]).casefold())]
        for word in said:
            if word in self._part.results:
                return self._part.results[word]
        if not said or any(word in self._part.no_result for word in said):
            raise LeftOut("no_result")
        raise RowProblem(f"the result is no word of the profile: {shortened(texts['result'], 80)}")

    def _type(self, texts: Mapping[str, str], cells: Sequence[str]) -> int:
        if (code := texts.get("type_code", "").casefold()) in self._codes:
            return self._codes[code]
        said = tuple(clean(cells[place]) for place in self._columns.texts_at["insp_type"])
        asked = tuple(texts.get(name, "") for name in self._asked)
        if found := self._type_of(said, asked):
            return found
        shown = shortened(texts["insp_type"], 80)
        raise RowProblem(f"the inspection type is no word of the profile: {shown}" if shown else "no inspection type")

    def _ask_words(self, said: tuple[str, ...], asked: tuple[str, ...]) -> int | None:
        """The first word that the profile or the city knows, or else what the rules say of the texts they ask for."""
        for word in said:
            if id := self._words.get(word.casefold()):
                return id
        code = answer(self._part.rules, dict(zip(self._asked, asked, strict=True))) or ""
        return self._codes.get(code.casefold())

    def _days(self, texts: Mapping[str, str], cells: Sequence[str], result: Result) -> tuple[str, str, str | None]:
        dates = self._columns.dates(texts, cells)
        inspected_on, requested_on = dates["inspected_on"], dates["requested_on"]
        on = inspected_on or dates["scheduled_on"]
        if on is None:
            raise RowProblem("neither the day it was inspected nor the day it was scheduled for")
        if result == Result.CANCELLED and not inspected_on:
            raise LeftOut("no_result")  # called off before anybody was there
        if on > self._today:
            raise RowProblem(f"it has a result, but its day is to come: {on}")
        if requested_on and requested_on > on:
            self.blanked["requested_on"] += 1
            requested_on = None
        return on, dates["scheduled_on"] or on, requested_on


def _id(texts: Mapping[str, str]) -> str:
    id = plain_dashes(texts.get("inspection_id", ""))
    if len(id) > LONGEST_ID:
        raise RowProblem(f"this is no inspection's number: {shortened(id, LONGEST_ID)}")
    return id


def _half(text: str) -> str:
    text = text.casefold()
    return text if text in (TimeFrame.AM, TimeFrame.PM) else TimeFrame.ANY
