"""The columns of the steps: what a dossier adds to, or takes from, on one day."""

from enum import StrEnum
from types import MappingProxyType


class Basis(StrEnum):
    """The due date lateness is judged against.  Rule: contract section 4."""

    STATUTORY = "statutory"
    CURRENT = "current"


class Measure(StrEnum):
    """Something counted day by day.

    A flow is +1 on its day.  OPEN, WAITING and OVERDUE are stocks: +1 on the day they are entered,
    -1 on the day they are left.  `…_current` is the same judged against the extended due date.

    ENDED_766, a flow, and OPEN_766, a stock, tell what QĐ 766 judges otherwise than the clock: 1 for a
    dossier in time by its rules alone, -1 for one in time by the clock alone. For most there is nothing to tell.
    """

    RECEIVED = "received"
    RECEIVED_ONLINE = "received_online"
    RECEIVED_DIRECT = "received_direct"
    RECEIVED_POSTAL = "received_postal"
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    UNDETERMINED = "undetermined"
    WITHDRAWN = "withdrawn"
    STOPPED = "stopped"
    OPEN = "open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    EARLY_CURRENT = "early_current"
    ON_TIME_CURRENT = "on_time_current"
    LATE_CURRENT = "late_current"
    UNDETERMINED_CURRENT = "undetermined_current"
    OVERDUE_CURRENT = "overdue_current"
    SUBMITTED = "submitted"
    SUBMITTED_ONLINE = "submitted_online"
    LATE_ACCEPTANCES = "late_acceptances"
    REFUSED = "refused"
    SUPPLEMENT_REQUESTS = "supplement_requests"
    EXTENSIONS = "extensions"
    APOLOGIES_IN_TIME = "apologies_in_time"
    RETURNED = "returned"
    RETURNED_POSTAL = "returned_postal"
    RATED = "rated"
    SATISFIED = "satisfied"
    ENDED_766 = "ended_766"
    OPEN_766 = "open_766"
    ENDED_766_CURRENT = "ended_766_current"
    OPEN_766_CURRENT = "open_766_current"
    TRANSFERRED_IN = "transferred_in"
    TRANSFERRED_OUT = "transferred_out"


# A transfer lies between two units: whether it enters or leaves depends on the selection that asks.
TRANSFERS = (Measure.TRANSFERRED_IN, Measure.TRANSFERRED_OUT)
STEP_MEASURES = tuple(measure for measure in Measure if measure not in TRANSFERS)
STOCKS = (
    Measure.OPEN,
    Measure.WAITING,
    Measure.OVERDUE,
    Measure.OVERDUE_CURRENT,
    Measure.OPEN_766,
    Measure.OPEN_766_CURRENT,
)

CURRENT = MappingProxyType(
    {
        Measure.EARLY: Measure.EARLY_CURRENT,
        Measure.ON_TIME: Measure.ON_TIME_CURRENT,
        Measure.LATE: Measure.LATE_CURRENT,
        Measure.UNDETERMINED: Measure.UNDETERMINED_CURRENT,
        Measure.OVERDUE: Measure.OVERDUE_CURRENT,
        Measure.ENDED_766: Measure.ENDED_766_CURRENT,
        Measure.OPEN_766: Measure.OPEN_766_CURRENT,
    }
)


def on_basis(measure: Measure, basis: Basis) -> Measure:
    """Return the measure that tells the same under the given basis."""
    return CURRENT.get(measure, measure) if basis is Basis.CURRENT else measure
