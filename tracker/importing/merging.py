"""The rows of one permit number → what the file says of that permit. The order of the rows makes no difference.

The row with the latest issue date (application date, where it was never issued) wins, whole. On the same day it is
the one with the later status or completion date, then the one whose status is further along, then the text that
comes later in the alphabet, so that there is always one winner. The contractors of all rows are on the permit.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.importing.rows import COMPANY, VALUES, Row
from tracker.rules.names import company_key
from tracker.rules.words import PermitStatus

STATUS, ISSUED = VALUES.index("status"), VALUES.index("issued_on")
# How far along a permit is with each status.
ALONG = {
    status: place
    for place, status in enumerate(
        (
            *(
                PermitStatus.APPLICATION_ACCEPTED,
                PermitStatus.FEES_PAYMENT,
                PermitStatus.IN_REVIEW,
                PermitStatus.APPEAL,
            ),
            *(PermitStatus.ISSUED, PermitStatus.ON_HOLD, PermitStatus.INSPECTION_PHASE, PermitStatus.EXPIRED),
            *(PermitStatus.CANCELLED, PermitStatus.FINALED_WITH_CONDITIONS, PermitStatus.FINALED),
            PermitStatus.OCCUPANCY,
        )
    )
}
ISSUED_WIDTH = 10  # an ISO date, or spaces


class Company(NamedTuple):
    """A contractor on a permit as the file names it; `key` tells two spellings of one apart from two companies."""

    trade: str
    name: str
    lic_num: str
    address: str
    city: str
    state: str
    zip: str
    phone: str
    email: str
    key: str


@dataclass(slots=True)
class Record:
    """What the file says of one permit. `digest` begins with its issue date, so that a stored one tells it."""

    number: str
    values: dict[str, str | float | None]
    companies: tuple[Company, ...]
    digest: str
    rows: int

    def is_older_than(self, digest: str) -> bool:
        """Whether this tells of an earlier issue than the record with that digest; not where either has no date."""
        return "" < self.digest[:ISSUED_WIDTH].strip() < digest[:ISSUED_WIDTH].strip()


def merged(number: str, rows: Sequence[Row], count: int) -> Record:
    """The record of `count` rows that all have this number; those that say the same need to be there once only."""
    winner = rows[0] if len(rows) == 1 else max(rows, key=_rank)
    companies = sorted({tuple(company) for row in rows for company in row.companies})
    said = repr((winner.values, companies)).encode("utf-8", "surrogatepass")
    return Record(
        number=number,
        values=dict(zip(VALUES, winner.values, strict=True)),
        companies=tuple(_company(company) for company in companies),
        digest=f"{winner.values[ISSUED] or '':{ISSUED_WIDTH}}{hashlib.blake2b(said, digest_size=15).hexdigest()}",
        rows=count,
    )


def _rank(row: Row) -> tuple[str, int, str]:
    return row.as_of, ALONG[PermitStatus(str(row.values[STATUS]))], repr(row.values)


def _company(said: Sequence[str]) -> Company:
    return Company._make([*said, company_key(said[COMPANY.index("name")])])
