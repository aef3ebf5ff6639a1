"""The words of the field, lower case: the same in the database, in an address and in a test."""

from enum import StrEnum

NOBODY = 0  # the inspector of what is not assigned, in a filter and in the sums


class Trade(StrEnum):
    """A trade of a permit's contractor or of an inspection type. The general contractor may request any."""

    GENERAL = "general"
    BUILDING = "building"
    ELECTRICAL = "electrical"
    PLUMBING = "plumbing"
    MECHANICAL = "mechanical"
    IRRIGATION = "irrigation"


class PermitStatus(StrEnum):
    """BLDS 1.2 StatusCurrentMapped, and two that it has no value for: on hold and expired."""

    APPLICATION_ACCEPTED = "application_accepted"
    FEES_PAYMENT = "fees_payment"
    IN_REVIEW = "in_review"
    ISSUED = "issued"
    INSPECTION_PHASE = "inspection_phase"
    FINALED = "finaled"
    FINALED_WITH_CONDITIONS = "finaled_with_conditions"
    OCCUPANCY = "occupancy"
    APPEAL = "appeal"
    CANCELLED = "cancelled"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"


# While a permit has one of these, and has not expired, inspections may be requested on it.
ACTIVE_PERMIT = (PermitStatus.ISSUED, PermitStatus.INSPECTION_PHASE)


class TimeFrame(StrEnum):
    """The half of the day a contractor wishes for."""

    ANY = "any"
    AM = "am"
    PM = "pm"


class Status(StrEnum):
    """The life of an inspection."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    ON_THE_WAY = "on_the_way"
    ARRIVED = "arrived"
    DONE = "done"
    CANCELLED = "cancelled"
    DECLINED = "declined"


# Still to come or going on: it holds a place on its day, and its type on the permit.
OPEN = (Status.REQUESTED, Status.SCHEDULED, Status.ON_THE_WAY, Status.ARRIVED)
UNDER_WAY = (Status.ON_THE_WAY, Status.ARRIVED)
# The contractor may still cancel or move it.
CHANGEABLE = (Status.REQUESTED, Status.SCHEDULED)


class Result(StrEnum):
    """What came of an inspection that took place, or could not."""

    PASSED = "passed"
    PASSED_WITH_CONDITIONS = "passed_with_conditions"
    PARTIAL = "partial"
    FAILED = "failed"
    NO_ACCESS = "no_access"
    NOT_READY = "not_ready"
    CANCELLED = "cancelled"
    WAIVED = "waived"


# What satisfies a prerequisite.
SATISFIES = (Result.PASSED, Result.PASSED_WITH_CONDITIONS, Result.WAIVED)
# What leaves the type open, so that it can be requested again.
LEAVES_OPEN = (Result.FAILED, Result.NO_ACCESS, Result.NOT_READY, Result.PARTIAL)
# What counts as an attempt for the re-inspection fee: not what was cancelled or waived, nor a stop never reached.
ATTEMPTS = (
    Result.PASSED,
    Result.PASSED_WITH_CONDITIONS,
    Result.PARTIAL,
    Result.FAILED,
    Result.NO_ACCESS,
    Result.NOT_READY,
)


# BLDS 1.2 PermitTypeMapped.
MAPPED_TYPES = (
    "Building",
    "Demolition",
    "Electrical",
    "Mechanical",
    "Plumbing",
    "Roof",
    "Fence",
    "Grading",
    "Pool/Spa",
)


class FeeState(StrEnum):
    """A re-inspection fee is due until it is paid or waived."""

    DUE = "due"
    PAID = "paid"
    WAIVED = "waived"


class Role(StrEnum):
    """What a member of the staff does, and so may do."""

    TECHNICIAN = "technician"
    INSPECTOR = "inspector"
    SUPERVISOR = "supervisor"


class Wants(StrEnum):
    """Which mails about the company's inspections a person of the company asked for."""

    ALL = "all"
    OWN = "own"
    NONE = "none"
