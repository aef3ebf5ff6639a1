"""What Assign all looks at: the day's unassigned requests, its inspectors, and where they are already."""

from datetime import date

from tracker.models import Inspection, Permit
from tracker.queries.day import COUNTS
from tracker.queries.queue import QueueRow
from tracker.rules.plan import Job


def job_of(row: QueueRow) -> Job:
    return Job(row.id, row.type.trade, row.zip, row.address, row.type.minutes)


def areas_on(day: date) -> list[tuple[int, str]]:
    """(inspector, ZIP code) of the stops there are on a day."""
    rows = (
        Inspection.select(Inspection.inspector, Permit.original_zip)
        .join(Permit)
        .where(Inspection.day == day, Inspection.inspector.is_null(False), COUNTS)
        .order_by(Inspection.id)
    )
    return list(rows.tuples())
