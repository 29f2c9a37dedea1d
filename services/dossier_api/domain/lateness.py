"""The instant from which an open dossier is late, if nothing more happens."""

from datetime import datetime, time, timedelta

from dossier_api.domain.catalogue import SupplementPolicy, TimeUnit
from dossier_api.domain.dossier import ClockState, Dossier
from dossier_api.domain.transitions import OPEN


def late_from(dossier: Dossier, *, by_extension: bool = False) -> datetime | None:
    """Return the instant a dossier turns late; None while its clock stands still, or it has none.

    Rule: contract section 4: after its civil day, for hour-based procedures after its moment.
    """
    due = dossier.due_current if by_extension else dossier.due_statutory
    if due is None or not _is_running(dossier):
        return None
    if dossier.version.processing_time.unit is TimeUnit.WORKING_HOUR:
        return due
    return datetime.combine(due.date() + timedelta(days=1), time.min, due.tzinfo)


def _is_running(dossier: Dossier) -> bool:
    if dossier.status not in OPEN or dossier.clock_ended_at is not None:
        return False
    clock = dossier.stretches[-1].clock
    return clock is ClockState.RUNNING or (clock is ClockState.SUPPLEMENT and dossier.policy is SupplementPolicy.NONE)
