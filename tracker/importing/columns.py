"""The columns of a file by the fields of a profile: texts, dates, and what is wrong with a row as a whole."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta, tzinfo

from tracker.importing import cleaning
from tracker.importing.cleaning import clean, shortened
from tracker.importing.dates import date_reader, month_start
from tracker.importing.parts import Column, Rule, YearAndMonth
from tracker.importing.problems import ImportProblem, RowProblem

# Further ahead than a year, a date is a slip of the pen.
AHEAD = timedelta(days=366)


class Columns:
    """Reads the cells below one header. `blanked` counts the cells of each field that could not be read."""

    def __init__(
        self,
        columns: Mapping[str, Column],
        header: Sequence[str],
        *,
        date_formats: list[str],
        dates: Collection[str],
        zone: tzinfo,
        today: date,
    ) -> None:
        """`dates` are the fields that hold one. Raises ImportProblem for a date format that is none."""
        self.named, self.header, self.latest = columns, header, today + AHEAD
        self.blanked: Counter[str] = Counter()
        self._place = {name.casefold(): place for place, name in reversed(list(enumerate(header)))}
        self.texts_at = {name: self.places(column) for name, column in columns.items() if isinstance(column, tuple)}
        self._months = {
            name: (self.places([column.year]), self.places([column.month]))
            for name, column in columns.items()
            if isinstance(column, YearAndMonth)
        }
        self._no_dates: dict[str, str | None] = dict.fromkeys(dates)
        self._dated = [name for name in dates if name in columns]
        try:
            self._date = date_reader(date_formats, zone)
        except ValueError as no:
            raise ImportProblem(f"The profile's date format {no} is none: write such as M/D/YYYY H:MM.") from None

    def places(self, names: Iterable[str]) -> list[int]:
        return [self._place[name.casefold()] for name in names if name.casefold() in self._place]

    def has(self, name: str) -> bool:
        """Whether the file has the column, or one of the columns, that the profile names for the field."""
        if name in self._months:
            return all(self._months[name])
        return bool(self.texts_at.get(name))

    def check(self, required: Iterable[str], one_of: Sequence[str], missing: Sequence[str] = ()) -> None:
        """Raises ImportProblem for columns the file lacks; `missing` are further ones, as they are to be named."""
        lacking = [self.called(name) for name in required if not self.has(name)] + list(missing)
        if not any(self.has(name) for name in one_of):
            lacking.append(" or ".join(self.called(name) for name in one_of if name in self.named))
        if lacking:
            hint = " Is the delimiter right?" if len(self.header) == 1 else ""
            raise ImportProblem(
                f"The file has no column {'; '.join(dict.fromkeys(lacking))}. "
                f"Its columns: {shortened(', '.join(self.header), 500)}.{hint}"
            )

    def called(self, name: str) -> str:
        column = self.named[name]
        names = [column.year, column.month] if isinstance(column, YearAndMonth) else column
        return f"{' or '.join(names)} ({name})"

    def check_cells(self, cells: Sequence[str]) -> None:
        """Raises RowProblem for a row that was torn or shifted."""
        width = len(self.header)
        if len(cells) != width and (len(cells) < width or any(cells[width:])):
            raise RowProblem(f"the row has {len(cells)} cells, the header {width}")
        if sum(map(len, cells)) > cleaning.LONGEST_CELL:
            raise RowProblem(f"more than {cleaning.LONGEST_CELL} characters; perhaps a quotation mark is never closed")

    def texts(self, cells: Sequence[str]) -> dict[str, str]:
        return {name: first(cells, places) for name, places in self.texts_at.items()}

    def dates(self, texts: Mapping[str, str], cells: Sequence[str], *, anywhere: str = "") -> dict[str, str | None]:
        """Every date (ISO), None where the cell is blank. Raises RowProblem; `anywhere` may lie in any year."""
        return self._no_dates | {name: self._day(name, texts, cells, anywhere) for name in self._dated}

    def _day(self, name: str, texts: Mapping[str, str], cells: Sequence[str], anywhere: str) -> str | None:
        try:
            if name in self._months:
                year, month = (first(cells, places) for places in self._months[name])
                day = month_start(year, month) if year and month else None
                shown = f"{year} {month}"
            else:
                shown = texts.get(name, "")
                day = self._date(shown) if shown else None
        except ValueError as no:
            raise RowProblem(f"{name} is no date: {shortened(str(no), 60)}") from None
        if day and day > self.latest and name != anywhere:
            raise RowProblem(f"{name} lies too far ahead: {shortened(shown, 60)}")
        return day.isoformat() if day else None


def first(cells: Sequence[str], places: Iterable[int]) -> str:
    """The first of the cells that is not blank, cleaned."""
    for place in places:
        if (cell := cells[place]) and (text := clean(cell)):
            return text
    return ""


def answer(rules: Iterable[Rule], texts: Mapping[str, str]) -> str | None:
    """Of the first rule whose patterns are all found."""
    for rule in rules:
        for name, pattern in rule.when:
            if not pattern.search(texts.get(name, "")):
                break
        else:
            return rule.answer
    return None


def check_number(number: str) -> None:
    if not number:
        raise RowProblem("no permit number")
    if len(number) > 40 or not any(character.isdigit() for character in number):
        raise RowProblem(f"this is no permit number: {shortened(number, 60)}")
