"""What an import did, for the clerk who started it and for the record of changes."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

SHOWN = 10  # examples of each kind that are kept, however many there are


@dataclass(frozen=True)
class Words:
    """What the counts of an import are called. Every row of the file is one of `rows`."""

    rows: Mapping[str, str]
    notes: Mapping[str, str]
    besides: Mapping[str, str] = field(default_factory=dict)


PERMIT_WORDS = Words(
    rows={
        "new": "new permits",
        "changed": "changed permits",
        "unchanged": "unchanged permits",
        "older": "permits issued later here than in the file, left as they are",
        "merged": "further rows of the same permits, merged",
        "rejected": "rejected",
    },
    besides={
        "companies": "new companies",
        "spellings": "new spellings of known companies",
        "possible_matches": "pairs of companies with names alike, for the supervisor",
    },
    notes={
        "rejected": "First rejects",
        "older": "Issued later here (--take-older takes the file's word)",
        "corrected": "Corrected by hand, kept against the source",
        "by_hand": "Entered by hand, now brought by the source",
        "taken_away": "Contractors the source no longer names, taken off",
        "kept": "Contractors the source no longer names, kept for their open inspections",
        "blank": "Cells that could not be read, left blank",
    },
)
INSPECTION_WORDS = Words(
    rows={
        "new": "new inspections",
        "changed": "changed inspections",
        "unchanged": "unchanged inspections",
        "here": "inspections of this system, left as they are",
        "no_result": "that did not take place (yet), left out",
        "merged": "rows that say the same as another, merged",
        "rejected": "rejected",
    },
    besides={"extended": "permits that expire later now"},
    notes={
        "rejected": "First rejects",
        "corrected": "Corrected by hand, kept against the source",
        "open_here": "With a result in the file, but open here: record it here",
        "blank": "Cells that could not be read, left blank",
    },
)


@dataclass
class Summary:
    """Counts of rows and of what is besides, and for some of them the first few by name."""

    words: Words = PERMIT_WORDS
    counts: Counter[str] = field(default_factory=Counter)
    noted: dict[str, list[str]] = field(default_factory=dict)
    times: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, text: str) -> None:
        self.times[kind] += 1
        if len(examples := self.noted.setdefault(kind, [])) < SHOWN:
            examples.append(text)

    def add(self, other: "Summary") -> None:
        self.counts.update(other.counts)
        self.times.update(other.times)
        for kind, texts in other.noted.items():
            self.noted[kind] = [*self.noted.get(kind, []), *texts][:SHOWN]

    def lines(self) -> list[str]:
        rows = [f"{self.counts[word]:>10,} {said}" for word, said in self.words.rows.items()]
        besides = [f"{self.counts[word]:>10,} {said}" for word, said in self.words.besides.items()]
        notes = []
        for kind, said in self.words.notes.items():
            if self.times[kind]:
                notes.append(f"{said} ({self.times[kind]:,}):")
                notes += [f"  {text}" for text in self.noted[kind]]
                notes += ["  …"] if self.times[kind] > len(self.noted[kind]) else []
        return [f"{self.counts['read']:>10,} rows read, of which", *rows, *besides, *notes]

    def as_counts(self) -> dict[str, int]:
        """For the record of changes: every count, zero or not."""
        words = ("read", *self.words.rows, *self.words.besides)
        return {word: self.counts[word] for word in words} | {
            word: self.times[word] for word in self.words.notes if word not in words
        }
