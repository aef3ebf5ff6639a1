"""What people under load were told: kept by them, not by the server, and compared with its rows at the end."""

import threading
from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Booking:
    """A request that was confirmed: under which key, as which number, with how many inspections."""

    key: str
    number: int
    inspections: int
    tries: int


@dataclass(frozen=True)
class Act:
    """Something done to an inspection: by whom, under which verb of the record of changes, and what the answer was."""

    actor: str
    verb: str
    inspection: int
    confirmed: bool
    tries: int


@dataclass
class Ledger:
    bookings: list[Booking] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)  # sentences, such as a day that has just filled up
    heard: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)  # what nobody should ever see
    lock: threading.Lock = field(default_factory=threading.Lock)

    def book(self, booking: Booking) -> None:
        with self.lock:
            self.bookings.append(booking)

    def note(self, act: Act) -> None:
        with self.lock:
            self.acts.append(act)

    def refuse(self, words: str) -> None:
        with self.lock:
            self.refused[words] += 1

    def trouble(self, words: str) -> None:
        with self.lock:
            self.troubles.append(words)

    @property
    def count(self) -> int:
        """How much was confirmed so far."""
        return len(self.bookings) + sum(act.confirmed for act in self.acts)
