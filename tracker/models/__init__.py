"""Tables and their constraints. `TABLES` is every one of them, in the order they can be created."""

from tracker.models.city import (
    Capacity,
    ClosedDay,
    Correction,
    DayLoad,
    Edition,
    InspectionType,
    PermitType,
    PermitTypeInspection,
    Prerequisite,
)
from tracker.models.inspections import Inspection, InspectionResult, Request
from tracker.models.people import (
    Attempt,
    CompanyName,
    CompanyStart,
    Contractor,
    Person,
    PossibleMatch,
    SignIn,
    Staff,
    StaffTrade,
)
from tracker.models.permits import ExpiryNotice, Fee, NotApplicable, Permit, PermitContractor
from tracker.models.records import Change, Mail
from tracker.models.reports import Tally, Uncounted

TABLES = (
    InspectionType,
    Prerequisite,
    Correction,
    PermitType,
    PermitTypeInspection,
    Edition,
    ClosedDay,
    Capacity,
    DayLoad,
    Contractor,
    CompanyName,
    CompanyStart,
    PossibleMatch,
    Person,
    Staff,
    StaffTrade,
    SignIn,
    Attempt,
    Permit,
    PermitContractor,
    NotApplicable,
    Request,
    Inspection,
    InspectionResult,
    Fee,
    ExpiryNotice,
    Change,
    Mail,
    Tally,
    Uncounted,
)
