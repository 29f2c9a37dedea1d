"""Due dates that rest on days off nobody has decided yet."""

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.flags import Flag
from dossier_api.domain.transitions import OPEN
from shared.working_days import WorkingCalendar


def with_estimate_flag(dossier: Dossier, calendar: WorkingCalendar) -> Dossier:
    """Return an open dossier flagged where the calendar it is counted by only estimates the year it is due in.

    The yearly decision may still move the date.  Rule: domain h.3, rules 1 and 3.
    """
    start, due = calendar.estimated_from, dossier.due_statutory
    if start is None or due is None or dossier.status not in OPEN or due.date() < start:
        return dossier
    return dossier.flagged(Flag.DUE_ON_ESTIMATE)
